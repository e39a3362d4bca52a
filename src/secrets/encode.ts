// Writes secrets so that `fly secrets import` stores exactly the value that was meant, or says why it cannot.

/** A line (or several) for stdin, or why there is none. The reason never holds the value. */
export type Encoded = { readonly text: string } | { readonly refused: string };

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/**
 * One secret in the import grammar. The forms and their conditions are the safe encoder of facts/flyctl.md §3.10.4:
 * triple quotes, or single quotes where an odd number of `"` stands before the first `#`. Needs flyctl 0.4.14 or later.
 */
export function encodeSecret({ name, value }: NamedValue): Encoded {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return refused('its name may hold only letters, digits and underscores');
  if (value.includes('\0')) return refused('it holds a NUL byte');
  if (!isWellFormed(value)) return refused('it is not valid Unicode');
  if (value.includes('\r\n')) return refused('it has Windows line ends (CR LF), and fly would drop the CR');
  const lines = value.split('\n');
  const encoded = lines.length === 1 ? encodeLine(name, value) : encodeLines(name, lines);
  if ('refused' in encoded) return encoded;
  const tooLong = encoded.text.split('\n').some((line) => Buffer.byteLength(line) >= LONGEST_LINE);
  return tooLong
    ? refused(`a line of it is ${LONGEST_LINE} bytes or longer, where fly stops reading without an error`)
    : encoded;
}

/** All secrets of one import, for stdin; or each that cannot be sent, with its reason. Nothing is encoded by half. */
export function encodeSecrets(
  secrets: readonly NamedValue[],
): { readonly stdin: string } | { readonly refused: readonly { readonly name: string; readonly why: string }[] } {
  const encoded = secrets.map((secret) => ({ name: secret.name, ...encodeSecret(secret) }));
  const bad = encoded.flatMap((one) => ('refused' in one ? [{ name: one.name, why: one.refused }] : []));
  if (bad.length > 0) return { refused: bad };
  return { stdin: encoded.map((one) => ('text' in one ? `${one.text}\n` : '')).join('') };
}

function encodeLine(name: string, value: string): Encoded {
  return { text: survivesTripleQuotes(value) ? `${name}="""${value}"""` : `${name}='${value}'` };
}

function encodeLines(name: string, lines: readonly string[]): Encoded {
  const first = lines[0] ?? '';
  if (!survivesTripleQuotes(first))
    return refused('its first line has a # after an odd number of " and would be cut there');
  // The last line is the one that is meant to end with the closing quotes.
  if (lines.slice(0, -1).some((line) => line.endsWith('"""'))) return refused('a line before its last ends with """');
  return { text: `${name}="""${lines.join('\n')}"""` };
}

/** Behind `"""`, a `#` is kept when the `"` before it are odd in number: three, and an even number of the value's own. */
function survivesTripleQuotes(line: string): boolean {
  const hash = line.indexOf('#');
  if (hash < 0) return true;
  return line.slice(0, hash).split('"').length % 2 === 1;
}

/** No half of a surrogate pair: it would be sent as U+FFFD. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

const refused = (why: string): Encoded => ({ refused: why });

/** flyctl stops silently at a line of 64 KiB (facts/flyctl.md §3.10.4); the rest is margin. */
const LONGEST_LINE = 64_000;
