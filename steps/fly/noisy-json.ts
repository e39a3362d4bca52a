// Where in fly's output is the JSON? Warnings may stand before it, a human line after it, and `logs` prints one object after another.
import { stripVTControlCharacters } from 'node:util';

/**
 * Every JSON object, array or lone `null` that begins at the start of a line, in order. What is not JSON, or is cut off, is passed over
 * (facts/flyctl.md §2.8).
 */
export function* jsonValues(text: string): Generator<unknown> {
  const clean = stripVTControlCharacters(text);
  let at = 0;
  let open = 0;
  while (at < clean.length) {
    const end = endOfValue(clean, at);
    // Each bracket that is never closed costs a reading of all that follows.
    if (end === undefined && '{['.includes(clean.charAt(at)) && ++open > MOST_OPEN) return;
    const parsed = end === undefined ? undefined : parse(clean.slice(at, end));
    if (parsed) yield parsed.value;
    const next = clean.indexOf('\n', parsed && end !== undefined ? end : at);
    if (next === -1) return;
    at = next + 1;
  }
}

const MOST_OPEN = 20;

/** Index after the value that begins at `start`; undefined where none does, or the text ends before it. */
function endOfValue(text: string, start: number): number | undefined {
  // An empty list that the API left out (§2.15).
  if (/^null\r?(\n|$)/.test(text.slice(start, start + 6))) return start + 4;
  if (!'{['.includes(text.charAt(start))) return undefined;
  const bracket = /["{}[\]]/g;
  bracket.lastIndex = start;
  let depth = 0;
  for (let found = bracket.exec(text); found; found = bracket.exec(text)) {
    if (found[0] === '"') {
      const after = endOfString(text, found.index);
      if (after === undefined) return undefined;
      bracket.lastIndex = after;
    } else {
      depth += found[0] === '{' || found[0] === '[' ? 1 : -1;
      if (depth === 0) return found.index + 1;
    }
  }
  return undefined;
}

function endOfString(text: string, quote: number): number | undefined {
  for (let at = quote + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
    else if (text[at] === '\n') return undefined;
  }
  return undefined;
}

/** A JSON text of its own: `[WARNING] …` begins with a bracket too, and is none. */
function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Not JSON after all: the search goes on at the next line.
    return undefined;
  }
}
