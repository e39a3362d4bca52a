// What a file may be at most, looked at in one pass before any parser sees it: parsers hang, or end the process, on what is refused here.

import type { Finding } from '../text/finding.ts';
import { findingAt, type Lines, lineText } from '../text/place.ts';

/** facts/performance-and-reliability.md §4.4: where yaml and marked were seen to hang, overflow the stack or abort. */
export const LIMITS = { bytes: 5_000_000, line: 100_000, indent: 200, depth: 64, steps: 10_000 };

/** The first thing that is too much, or is no text at all. */
export function beyondLimits(lines: Lines): Finding | undefined {
  return tooLarge(lines) ?? notText(lines) ?? longOrDeepLine(lines);
}

function tooLarge(lines: Lines): Finding | undefined {
  // A character is three bytes at most for each unit of the text: counting is needed only in between.
  if (lines.text.length * 3 <= LIMITS.bytes) return undefined;
  if (lines.text.length <= LIMITS.bytes && new TextEncoder().encode(lines.text).length <= LIMITS.bytes)
    return undefined;
  return findingAt(
    lines,
    { offset: 0 },
    { code: 'too-large', message: 'the file is larger than 5 MB', remedy: 'split it into several runbooks' },
  );
}

function notText(lines: Lines): Finding | undefined {
  const offset = lines.text.search(/[\0\ufffd]/);
  if (offset === -1) return undefined;
  return findingAt(
    lines,
    { offset },
    { code: 'not-utf8', message: 'this is not UTF-8 text', remedy: 'save the file as UTF-8' },
  );
}

function longOrDeepLine(lines: Lines): Finding | undefined {
  for (const [index, offset] of lines.starts.entries()) {
    const text = lineText(lines, index + 1);
    if (text.length > LIMITS.line) {
      return findingAt(
        lines,
        { offset },
        { code: 'line-too-long', message: `the line is longer than ${LIMITS.line} characters`, remedy: 'break it' },
      );
    }
    if (text.length > LIMITS.indent && nesting(text) > LIMITS.indent) {
      return findingAt(
        lines,
        { offset },
        {
          code: 'too-deep',
          message: `the line is indented by more than ${LIMITS.indent} columns`,
          remedy: 'nest less',
        },
      );
    }
  }
  return undefined;
}

/** Columns before the first word: white space, and what opens a nested block in YAML or Markdown. */
const nesting = (line: string): number => /^(?:[ \t]|[-?*+>](?=[ \t>]))*/.exec(line)?.[0].length ?? 0;
