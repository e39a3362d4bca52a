// The line parser of `fly secrets import`, with everything it loses silently (facts/flyctl.md §3.10.4).
import { FlyError, Panic } from './errors.ts';

/** Go's line scanner gives up, without an error, on a line of this many bytes. */
const LINE_LIMIT = 65_536;

/** Names and values as they would be stored; a later one of the same name wins. Throws what makes flyctl fail. */
export function parseSecrets(input: string): Map<string, string> {
  const found = new Map<string, string>();
  let open: { name: string; value: string } | undefined;
  for (const line of scannedLines(input)) {
    if (open !== undefined) {
      if (!line.endsWith('"""')) open.value += line + '\n';
      else {
        found.set(open.name, open.value + line.slice(0, -3));
        open = undefined;
      }
      continue;
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [name, value] = split(line);
    if (isWrapped(value, '"""', 6)) found.set(name, value.slice(3, -3));
    else if (value.startsWith('"""')) open = { name, value: value.slice(3) + '\n' };
    else found.set(name, unquoted(value));
  }
  return found;
}

function split(line: string): [name: string, value: string] {
  const equals = line.indexOf('=');
  if (equals < 0)
    throw new FlyError(
      `Failed to parse secrets from stdin: Secrets must be provided as NAME=VALUE pairs (${line} is invalid)`,
    );
  return [line.slice(0, equals).trim(), withoutComment(line.slice(equals + 1).replace(/^ +/, ''))];
}

/** Only an odd number of double quotes before the first `#` protects it. */
function withoutComment(value: string): string {
  const hash = value.indexOf('#');
  if (hash < 0) return value;
  const before = value.slice(0, hash);
  return (before.split('"').length - 1) % 2 === 0 ? before.replace(/ +$/, '') : value;
}

function unquoted(value: string): string {
  for (const quote of ['"', "'"]) {
    if (value === quote) throw new Panic('runtime error: slice bounds out of range [1:0]');
    if (isWrapped(value, quote, 2)) return value.slice(1, -1);
  }
  return value;
}

const isWrapped = (value: string, quote: string, atLeast: number): boolean =>
  value.length >= atLeast && value.startsWith(quote) && value.endsWith(quote);

function* scannedLines(input: string): Generator<string> {
  const lines = input.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) {
    if (Buffer.byteLength(line) >= LINE_LIMIT) return;
    yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}
