// Rules about expressions: they stand where they are read, can be read, name what is there, and never become code.
import type { MarkdownDocument } from '../document/document.ts';
import { holdsExpression, scan, wholeExpression } from '../text/expression-scan.ts';
import { parseExpression } from '../text/expression-tree.ts';
import type { Finding } from '../text/finding.ts';
import { findingAt, type Problem } from '../text/place.ts';
import { type Unquoted, unquotedExpressions } from '../text/shell-quotes.ts';
import { wrongName } from './names.ts';
import type { Rule, Subject } from './rule.ts';
import { type Site, sitesOf } from './sites.ts';

export const expressionsAreRight: Rule = function* (subject) {
  for (const site of sitesOf(subject)) {
    if (site.use === 'condition') yield* inCondition(site, subject);
    else if (holdsExpression(site.text)) yield* inText(site, subject);
  }
};

function* inText(site: Site, subject: Subject): Generator<Finding> {
  const { document } = subject;
  const { parts, unclosed } = scan(site.text);
  const expressions = parts.flatMap((part) => ('source' in part ? [part] : []));
  if (site.use === 'none' || site.use === 'script') {
    yield sayIn(
      document,
      site,
      0,
      { at: -3, length: expressions[0] ? expressions[0].source.length + 5 : 3 },
      NOT_READ[site.use],
    );
    return;
  }
  if (unclosed !== undefined) {
    const problem = {
      code: 'expression-syntax',
      message: 'this expression is never closed',
      remedy: 'end it with }}; a " #" before it begins a comment: then put the text in quotes',
    };
    yield sayIn(document, site, expressions.length, { at: -3, length: 3 }, problem);
  }
  for (const [nth, { source }] of expressions.entries()) yield* inExpression(source, nth, site, subject);
  if (site.use === 'command')
    yield* inCommand(
      site,
      subject,
      expressions.map(({ start }) => start),
    );
}

/** A condition is one expression, with or without braces. */
function* inCondition(site: Site, subject: Subject): Generator<Finding> {
  const whole = wholeExpression(site.text);
  if (whole !== undefined) yield* inExpression(whole, 0, site, subject);
  else if (holdsExpression(site.text)) {
    const problem = {
      code: 'expression-syntax',
      message: 'a text around an expression is always true',
      remedy: 'write the whole condition inside one ${{ }}, or without braces',
    };
    yield sayIn(subject.document, site, 0, { at: -3, length: 3 }, problem);
  } else yield* inExpression(site.text, undefined, site, subject);
}

/** `nth`: which `${{` of the text; undefined for a condition without braces. */
function* inExpression(source: string, nth: number | undefined, site: Site, subject: Subject): Generator<Finding> {
  const parsed = parseExpression(source);
  if (!parsed.ok) {
    const { at, length, message, remedy } = parsed;
    yield sayIn(
      subject.document,
      site,
      nth,
      { at, length, source },
      { code: 'expression-syntax', message, ...(remedy && { remedy }) },
    );
    return;
  }
  for (const chain of parsed.chains) {
    const wrong = wrongName(chain, site, subject);
    if (!wrong) continue;
    const { segment, ...problem } = wrong;
    yield sayIn(subject.document, site, nth, { at: segment.at, length: segment.length, source }, problem);
  }
}

function* inCommand(site: Site, { document }: Subject, starts: readonly number[]): Generator<Finding> {
  for (const { at, length, why } of unquotedExpressions(site.text)) {
    const text = site.text.slice(at, at + length);
    yield sayIn(
      document,
      site,
      starts.indexOf(at),
      { at: -3, length },
      { code: 'expression-quotes', ...quotesProblem(why, text) },
    );
  }
}

function quotesProblem(why: Unquoted['why'], text: string): Omit<Problem, 'code'> {
  switch (why) {
    case 'bare':
      return { message: 'in a command an expression stands inside double quotes', remedy: `write "${text}"` };
    case 'single':
      return { message: 'inside single quotes the shell fills nothing in', remedy: `use double quotes: "${text}"` };
    case 'heredoc':
      return {
        message: 'an expression cannot stand in a here-document',
        remedy: `pass it by "env", or as a word: "${text}"`,
      };
    case 'code':
      return {
        message: 'here a shell reads the value again, as code',
        remedy: `pass it as a word of its own: bash -c '… "$1"' _ "${text}"`,
      };
    default:
      return why satisfies never;
  }
}

const NOT_READ: Readonly<Record<'none' | 'script', Problem>> = {
  none: { code: 'expression-place', message: 'an expression is not read here', remedy: 'write the value itself' },
  script: {
    code: 'expression-place',
    message: 'a script takes no expressions: values are never code',
    remedy: 'put it under "env" of this step and read process.env.NAME',
  },
};

/** A finding inside the text of a site: at an offset of its n-th expression, or of the text itself. */
function sayIn(
  document: MarkdownDocument,
  site: Site,
  nth: number | undefined,
  part: { at: number; length: number; source?: string },
  problem: Problem,
): Finding {
  const whole = site.key ? document.keySpanOf(site.path) : document.spanOf(site.path);
  const raw = document.lines.text.slice(whole.offset, whole.offset + whole.length);
  const begin = nth === undefined ? 0 : nthBraces(raw, nth);
  if (begin === undefined) return findingAt(document.lines, whole, problem);
  if (part.at < 0)
    return findingAt(
      document.lines,
      { offset: whole.offset + begin - 3, length: closing(raw, begin, part.length) },
      problem,
    );
  const { source = '' } = part;
  const offset = inRaw(raw, begin, source, part.at, part.length);
  return findingAt(document.lines, { offset: whole.offset + offset, length: part.length }, problem);
}

/** Right behind the n-th `${{` of a scalar as written. */
function nthBraces(raw: string, nth: number): number | undefined {
  let at = -1;
  for (let count = 0; count <= nth; count++) {
    at = raw.indexOf('${{', at + 1);
    if (at === -1) return undefined;
  }
  return at + 3;
}

/** Quotes and line breaks of YAML make a scalar longer than its text: the same word is looked for, as often as it comes before. */
function inRaw(raw: string, begin: number, source: string, at: number, length: number): number {
  const word = source.slice(at, at + length);
  if (raw.startsWith(word, begin + at)) return begin + at;
  let offset = begin - 1;
  for (let from = source.indexOf(word); from !== -1 && from <= at; from = source.indexOf(word, from + 1)) {
    offset = raw.indexOf(word, offset + 1);
    if (offset === -1) return Math.max(0, begin - 3);
  }
  return Math.max(0, offset);
}

/** From `${{` to `}}` as written. */
function closing(raw: string, begin: number, fallback: number): number {
  const end = raw.indexOf('}}', begin);
  return end === -1 || fallback === 3 ? fallback : end + 2 - (begin - 3);
}
