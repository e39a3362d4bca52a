// Names of an expression replaced by what is given for them: how a step document gets the values of the step that uses it.
import { scan, wholeExpression } from './expression-scan.ts';
import { type Chain, parseExpression } from './expression-tree.ts';
import type { Json } from './json.ts';

/** In every `${{ }}` of a text, `inputs.NAME` becomes the value given for NAME (itself a text with expressions, or any plain value). */
export function spliceInputs(text: string, given: ReadonlyMap<string, Json>): string {
  return scan(text)
    .parts.map((part) => ('text' in part ? part.text : `\${{ ${spliceExpression(part.source, given).trim()} }}`))
    .join('');
}

/** The same in an expression without braces. What cannot be read is left as it is: the rules say so. */
export function spliceExpression(source: string, given: ReadonlyMap<string, Json>): string {
  const parsed = parseExpression(source);
  if (!parsed.ok) return source;
  let spliced = source;
  for (const { start, end, name } of spots(parsed.chains, source)) {
    const value = given.get(name);
    if (value !== undefined) spliced = `${spliced.slice(0, start)}${asExpression(value)}${spliced.slice(end)}`;
  }
  return spliced;
}

/** Where `inputs.NAME` stands, from the back, so that each can be replaced without moving the next. */
function spots(chains: readonly Chain[], source: string): readonly { start: number; end: number; name: string }[] {
  return chains
    .flatMap(({ segments: [root, name] }) => {
      if (root?.name !== 'inputs' || !name || name.computed) return [];
      const bracket = source.slice(root.at + root.length, name.at).includes('[');
      const end = bracket ? source.indexOf(']', name.at + name.length) + 1 : name.at + name.length;
      return [{ start: root.at, end, name: name.name }];
    })
    .sort((a, b) => b.start - a.start);
}

/** A value as an expression that comes to it. */
function asExpression(value: Json): string {
  if (typeof value !== 'string')
    return typeof value === 'object' && value !== null ? `fromJSON(${quote(JSON.stringify(value))})` : String(value);
  const whole = wholeExpression(value);
  if (whole !== undefined) return `(${whole.trim()})`;
  const { parts } = scan(value);
  const sources = parts.flatMap((part) => ('source' in part ? [part.source.trim()] : []));
  if (sources.length === 0) return quote(value);
  let nth = 0;
  const pattern = parts.map((part) => ('text' in part ? part.text.replace(/[{}]/g, '$&$&') : `{${nth++}}`)).join('');
  return `format(${[quote(pattern), ...sources].join(', ')})`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
