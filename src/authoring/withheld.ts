// What a plan holds that is a secret by its shape or its name stays in the plan: a runbook is committed, frozen and handed over.
import { KEY_SHAPES } from '../secrets/key-shapes.ts';
import { isSecretName } from '../secrets/scan/sort-of-name.ts';
import { indexLines, lineOf } from '../text/place.ts';

export interface Withheld {
  /** In the plan, from 1. */
  readonly line: number;
  /** The name of the variable, or what it looks like. */
  readonly what: string;
}

/** The same text, line for line, with a placeholder for each value: in code one that is asked for as a secret. */
export function withoutValues(source: string): { readonly source: string; readonly withheld: readonly Withheld[] } {
  const found = spansIn(source);
  const lines = indexLines('', source);
  const fenced = fencedLines(source);
  let text = '';
  let at = 0;
  const withheld: Withheld[] = [];
  for (const { start, end, what } of found) {
    if (start < at) continue;
    const line = lineOf(lines, start);
    const before = source.slice(source.lastIndexOf('\n', start - 1) + 1, start);
    const code = fenced.has(line) || (before.match(/`+/g) ?? []).length % 2 === 1;
    text += source.slice(at, start) + placeholder(what, code) + newlines(source.slice(start, end));
    at = end;
    withheld.push({ line, what });
  }
  return { source: text + source.slice(at), withheld };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

/** In order; of those that begin together the longest. */
function spansIn(source: string): readonly Span[] {
  const all = [...shaped(source), ...RULES.flatMap((rule) => [...valuesBy(rule, source)])];
  return all.sort((a, b) => a.start - b.start || b.end - a.end);
}

function* shaped(source: string): Generator<Span> {
  for (const { index, 0: block } of source.matchAll(PRIVATE_KEY))
    yield { start: index, end: index + block.length, what: 'a private key' };
  for (const { shape, unless, what } of KEY_SHAPES) {
    if (what === 'a private key') continue;
    for (const { index, 0: found } of source.matchAll(new RegExp(shape, 'g'))) {
      // Some shapes take what stands before and after, to see that it is no part of something longer.
      const [key = ''] = /[A-Za-z0-9].*[A-Za-z0-9_=-]/.exec(found) ?? [];
      const start = index + found.indexOf(key);
      // Of an address only the password is one: the next rule has it.
      if (!/:\/\/[^/]*@/.test(found) && !unless?.test(found)) yield { start, end: start + key.length, what };
    }
  }
}

interface Rule {
  /** Groups: `name` (may be missing) and `value`. */
  readonly shape: RegExp;
  readonly what: string;
  /** The value must look like one: what stands there may as well be a word about it. */
  readonly strict?: boolean;
}

function* valuesBy({ shape, what, strict = false }: Rule, source: string): Generator<Span> {
  for (const { groups = {}, indices } of source.matchAll(shape)) {
    const { name, value = '' } = groups;
    const [start, end] = indices?.groups?.value ?? [0, 0];
    if (name !== undefined && !isSecretName(name, { sensitive: false, open: false })) continue;
    if (isValue(value, strict)) yield { start, end, what: name ?? what };
  }
}

function isValue(value: string, strict: boolean): boolean {
  if (
    value.length < 6 ||
    /^[A-Z]+(_[A-Z0-9]+)*$/.test(value) ||
    NO_VALUE.test(value) ||
    /^[a-z][a-z0-9+.-]*:\/\/[^@]*$/i.test(value)
  )
    return false;
  return !strict || (value.length >= 8 && /\d/.test(value) && /[A-Za-z]/.test(value));
}

const QUOTED = `"(?<value>[^"\\n]*)"`;
const WORD = `(?<value>[^\\s"'\`|<>]+?)(?=[,;)]*\\.?[,;)]*(?:[\\s"'\`|]|$))`;
const NAME = '\\b(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]|TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PASSPHRASE)\\b';

const rule = (
  shape: string,
  what: string,
  more: { readonly strict?: boolean; readonly flags?: string } = {},
): Rule => ({
  shape: new RegExp(shape, `dg${more.flags ?? ''}`),
  what,
  ...(more.strict && { strict: true }),
});

const RULES: readonly Rule[] = [
  rule(`${NAME}=${QUOTED}`, 'a secret'),
  rule(`${NAME}='(?<value>[^'\\n]*)'`, 'a secret'),
  rule(`${NAME}=${WORD}`, 'a secret'),
  // Told in text, in a list, in a table.
  rule(`${NAME}[\`*]*[ \\t]*(?:[:=|→]|is|to)[ \\t]*[\`"'*]*${WORD}`, 'a secret', { strict: true }),
  rule(':\\/\\/[^\\s/:@<>]*:(?<value>[^\\s/@<>]+)@', 'the password of an address'),
  rule('\\b(?:Bearer|Basic)\\s+(?<value>[A-Za-z0-9+/=._~-]{12,})', 'a token'),
  rule('\\b(?<value>eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{2,}\\.[A-Za-z0-9_-]{2,})', 'a token'),
  rule('(?:^|\\s)-u[ =]?["\']?[^\\s:"\']+:(?<value>[^\\s"\'`]+)', 'a password'),
  rule(`--?(?:password|passwd|token|secret|api-?key|auth)[= ]["']?${WORD}`, 'a secret', { flags: 'i' }),
  rule(
    `\\b(?:password|passphrase|passcode|token|secret|api[ -]?key)\\b[^\`\\n]{0,24}\`(?<value>[^\`\\s]+)\``,
    'a secret',
    { strict: true, flags: 'i' },
  ),
];

/** A place for a value, a reference to one, a word about one. */
const NO_VALUE =
  /^[$<{[(@%]|\$\{|\$\(|…|\.\.|\*\*\*|(?:^|[-_.])x{3,}$|^((your|my|new|some|the|same|prod|staging)[-_].*|change[-_]?me|replace[-_]?me|example|required|optional|generated?|random|secret|password|missing|unset|undefined|default)$|^op:\/\/|^(fly|flyctl|openssl)$/i;

const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?=[\s\\n]*[A-Za-z0-9+/]{16})[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$(?![\s\S]))/g;

/** `<NAME>` in code is asked for when a step is made of it, unseen where its name says so; in text it would be taken for HTML. */
function placeholder(what: string, code: boolean): string {
  const word = what.replace(/^(an?|the) /, '');
  if (!code) return `«${word}»`;
  return `<${word.replaceAll(' ', '-')}${/pass|pw|token|secret|key|credential/i.test(word) ? '' : '-secret'}>`;
}

const newlines = (text: string): string => text.replace(/[^\n]/g, '');

/** Numbers of the lines between fences. */
function fencedLines(source: string): ReadonlySet<number> {
  const fenced = new Set<number>();
  let open = false;
  for (const [at, line] of source.split('\n').entries()) {
    if (/^[ \t>]*(`{3,}|~{3,})/.test(line)) open = !open;
    else if (open) fenced.add(at + 1);
  }
  return fenced;
}
