// What `fly secrets import` makes of its stdin, as facts/flyctl.md §3.10.4 describes it line by line: with all its losses.

export type Imported =
  | { readonly exit: 0; readonly stored: ReadonlyMap<string, string> }
  | { readonly exit: 1 | 3; readonly why: string };

export function importSecrets(stdin: string): Imported {
  const stored = new Map<string, string>();
  // As Go's line scanner: split at newlines, one trailing CR removed, a last empty piece is no line.
  const lines = stdin.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  let open: { name: string; text: string } | undefined;
  for (const line of lines) {
    if (Buffer.byteLength(line) >= 65_536) break;
    if (open !== undefined) {
      if (line.endsWith('"""')) {
        stored.set(open.name, open.text + line.slice(0, -3));
        open = undefined;
      } else open.text += `${line}\n`;
      continue;
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    if (equals < 0) return { exit: 1, why: `'${line}': must be provided as NAME=VALUE pairs` };
    const name = line.slice(0, equals).trim();
    let value = line.slice(equals + 1).replace(/^ +/, '');
    const hash = value.indexOf('#');
    if (hash >= 0 && value.slice(0, hash).split('"').length % 2 === 1) value = value.slice(0, hash).replace(/ +$/, '');
    if (value.startsWith('"""') && value.endsWith('"""') && value.length >= 6) stored.set(name, value.slice(3, -3));
    else if (value.startsWith('"""')) open = { name, text: `${value.slice(3)}\n` };
    else if (value === '"' || value === "'") return { exit: 3, why: 'panic: slice bounds out of range' };
    else stored.set(name, unquoted(value));
  }
  if (stored.size === 0) return { exit: 1, why: 'requires at least one SECRET=VALUE pair' };
  return { exit: 0, stored };
}

const unquoted = (value: string): string =>
  value.length >= 2 && (value[0] === '"' || value[0] === "'") && value.at(-1) === value[0] ? value.slice(1, -1) : value;
