// What the YAML parser found wrong, in words for who wrote the file: it names its own rules, we name the usual mistake.
import type { Document, YAMLError } from 'yaml';
import { isScalar, visit } from 'yaml';
import type { Finding } from '../text/finding.ts';
import { findingAt, type Lines, lineOf, lineText, type Problem } from '../text/place.ts';

/** One finding a line, at most this many: the rest are consequences. */
const AT_MOST = 20;

export function inWords(errors: readonly YAMLError[], document: Document.Parsed, lines: Lines): readonly Finding[] {
  const found = new Map<number, Finding>();
  for (const error of errors) {
    const finding = wordsOf(error, document, lines);
    if (!found.has(finding.place.line) && found.size < AT_MOST) found.set(finding.place.line, finding);
  }
  return [...found.values()];
}

function wordsOf(error: YAMLError, document: Document.Parsed, lines: Lines): Finding {
  const offset = Math.min(error.pos[0], Math.max(0, lines.text.length - 1));
  const line = lineOf(lines, offset);
  const say = (at: number, length: number, problem: Omit<Problem, 'code'>, code = 'yaml') =>
    findingAt(lines, { offset: at, length }, { code, ...problem });

  const expression = bareExpression(lineText(lines, line));
  if (expression) {
    const at = (lines.starts[line - 1] ?? 0) + expression.at;
    return say(
      at,
      expression.text.length,
      {
        message: 'an expression needs quotes here',
        remedy: `write "${expression.text.startsWith('$') ? '' : '$'}${expression.text}"`,
      },
      'yaml-expression',
    );
  }
  const comment = swallowed(lines, line);
  if (comment !== undefined && (error.code === 'BAD_INDENT' || error.code === 'MISSING_CHAR')) {
    return say(comment, 2, {
      message: 'a # after a space begins a comment: the rest of this line is not read',
      remedy: 'put the text in quotes',
    });
  }
  if (error.code === 'MISSING_CHAR' && error.message.startsWith('Missing closing')) {
    const at = openQuote(document, offset) ?? offset;
    return say(at, 1, { message: 'this quote is never closed', remedy: `close it with ${lines.text[at] ?? '"'}` });
  }
  const words = WORDS[error.code];
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'MULTILINE_IMPLICIT_KEY')
    return say(...colonOrIndent(lines, line, offset));
  const length = Math.max(1, error.pos[1] - error.pos[0]);
  return say(
    offset,
    length,
    words ?? { message: `not YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}` },
  );
}

const WORDS: Readonly<Record<string, Omit<Problem, 'code'>>> = {
  TAB_AS_INDENT: { message: 'a tab cannot indent YAML', remedy: 'indent with spaces' },
  BAD_INDENT: {
    message: 'this line is indented differently from the lines it belongs to',
    remedy: 'align it with them; close every { and [ further in',
  },
  BAD_SCALAR_START: { message: 'a text cannot begin with this character', remedy: 'put the text in quotes' },
  UNEXPECTED_TOKEN: {
    message: 'this stands where a value has already ended',
    remedy: 'put the whole value in one pair of quotes, or take this away',
  },
  BAD_DQ_ESCAPE: {
    message: 'unknown escape in a text in double quotes',
    remedy: 'write \\\\ for a backslash, or use single quotes',
  },
};

function colonOrIndent(lines: Lines, line: number, offset: number): [number, number, Omit<Problem, 'code'>] {
  const start = lines.starts[line - 1] ?? 0;
  const text = lineText(lines, line);
  const second = /:\s.*?(: |:$)/.exec(text);
  if (second?.index !== undefined && second[1] !== undefined) {
    const at = start + second.index + second[0].length - second[1].length;
    return [at, 1, { message: 'a colon and a space inside a text without quotes', remedy: 'put the text in quotes' }];
  }
  if (!/:(\s|$)/.test(text))
    return [
      start + text.search(/\S|$/),
      text.trim().length,
      { message: 'a key without a value', remedy: 'write "key: value", with a space after the colon' },
    ];
  return [
    offset,
    1,
    {
      message: 'the lines below are indented as if they belonged to this text',
      remedy: 'put the value on its own, or align the lines',
    },
  ];
}

/** `${{ … }}` or `{{ … }}` outside quotes, where YAML reads the braces itself. */
function bareExpression(line: string): { readonly at: number; readonly text: string } | undefined {
  const outside = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, (quoted) => ' '.repeat(quoted.length));
  const found = /\$?\{\{[^{}]*\}\}/.exec(outside);
  return found ? { at: found.index, text: line.slice(found.index, found.index + found[0].length) } : undefined;
}

/** Offset of a ` #` on this line or the one before that hides the end of a `{` or `[`. */
function swallowed(lines: Lines, line: number): number | undefined {
  for (const number of [line, line - 1]) {
    if (number < 1) continue;
    const outside = lineText(lines, number).replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, (quoted) =>
      '_'.repeat(quoted.length),
    );
    const found = /[[{].*?\s(#.*[\]}])/.exec(outside);
    if (found?.[1] !== undefined)
      return (lines.starts[number - 1] ?? 0) + found.index + found[0].length - found[1].length;
  }
  return undefined;
}

function openQuote(document: Document.Parsed, end: number): number | undefined {
  let at: number | undefined;
  visit(document, {
    Scalar(_, node) {
      const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
      if (isScalar(node) && quoted && node.range && node.range[1] >= end) at ??= node.range[0];
    },
  });
  return at;
}
