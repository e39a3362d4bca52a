// What stands around a read in a language that has no tree here: the defaults and tests that say whether the name may be missing.
import { argumentsIn, insideCall } from './masked.ts';
import type { Sighting } from './sighting.ts';

export type Said = Pick<Sighting, 'need' | 'default'>;

/** A read and its surroundings. */
export interface At {
  /** From the start of its line. */
  readonly before: string;
  /** Up to some lines further on. */
  readonly after: string;
  readonly match: RegExpMatchArray;
}

/** What the call says behind the name: `, "x")`, `, default=5)`. The rest is what follows the call. */
export function callBehind(after: string): { readonly rest: string; readonly args: readonly string[] } {
  const inside = insideCall(after, 0);
  return { rest: after.slice(inside.length + 1), args: argumentsIn(inside.replace(/^\s*,/, '')) };
}

/** A default that is a literal is told; of any other it is only known that there is one. */
export function byDefault(text: string | undefined): Said {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return { need: 'plain' };
  if (/^(None|nil|null|undef)$/.test(trimmed)) return { need: 'flag' };
  const plain =
    /^[rbu]?(["'`])(?<text>.*?)\1/.exec(trimmed)?.groups?.text ??
    /^(-?\d+(?:\.\d+)?|True|False|true|false)\b/.exec(trimmed)?.[1];
  return { need: 'default', ...(plain !== undefined && { default: plain }) };
}

/** `or "x"`, `|| 'x'`, `?? "x"` behind a read, or that it ends there. */
export function behind({ before: line, after }: Pick<At, 'before' | 'after'>, words: RegExp): Said {
  const [operator] = words.exec(after) ?? [];
  if (operator === undefined) return { need: tested({ before: line, after }) };
  const standard = after.slice(operator.length);
  if (/^\s*\(?\s*(raise|throw|fatalError|preconditionFailure|fail|abort|exit|die|panic)\b/.test(standard))
    return { need: 'refused' };
  return byDefault(standard.split('\n')[0]);
}

/** Compared or tested on its line: it may be missing. */
export function tested({ before, after }: Pick<At, 'before' | 'after'>): 'plain' | 'flag' | 'refused' {
  const line = after.split('\n')[0] ?? '';
  const inTest =
    /^\s*(==|!=|=~|is\b|in\b|\.present\?|\.nil\?|\.blank\?|\.empty\?|\.isEmpty|\.is_some|&\.|\?\.|\?\s|&&|and\b)/.test(
      line,
    ) || /\b(if|unless|elif|not|while|and)\s+(not\s+)?\(?\s*$|[!&]\s*$/.test(before);
  // `raise "A" unless ENV["A"]`, `abort("A") if ENV["A"].nil?`
  if (/^\s*(raise|abort|exit|fail|die)\b.*\b(unless|if)\s+!?\s*$/.test(before)) return 'refused';
  return inTest ? 'flag' : 'plain';
}

interface Test {
  /** What must stand in the line of the test for the name to be missing there. */
  readonly missing: RegExp;
  readonly held: RegExp;
}

/** A name told to be missing some lines below its read: `if key == "" { log.Fatal(…) }`, `if not key: raise …`. */
export function checkedBelow(said: Said, { before, after }: Pick<At, 'before' | 'after'>, test: Test): Said {
  if (said.need !== 'plain' && said.need !== 'flag') return said;
  const held = test.held.exec(before)?.slice(1).filter(Boolean) ?? [];
  const lines = (before + after).split('\n').slice(0, 9);
  const names = held.length > 0 ? new RegExp(`\\b(${held.join('|')})\\b`) : undefined;
  const at = lines.findIndex(
    (line, index) =>
      TEST.test(line) &&
      (index === 0
        ? names === undefined || said.need === 'flag'
        : names?.test(line.replace(/^.*?\b(if|unless|guard)\b/, ''))),
  );
  const header = lines[at];
  if (header === undefined) return said;
  const body = bodyBelow(lines, at);
  if (!test.missing.test(header)) return { need: 'flag' };
  if (ENDS.test(body)) return { need: 'refused' };
  const again =
    held[0] === undefined ? undefined : new RegExp(`\\b${held[0]}\\s*=\\s*(["'\`][^"'\`]*["'\`])`).exec(body)?.[1];
  return again === undefined ? { need: 'flag' } : byDefault(again);
}

/** The line of a test and what is further in below it. */
function bodyBelow(lines: readonly string[], at: number): string {
  const indent = (line: string) => line.search(/\S/);
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && indent(line) <= indent(lines[at] ?? ''));
  return [lines[at], ...(end < 0 ? rest : rest.slice(0, end))].join('\n');
}

const TEST = /^\s*(\}?\s*else\s+)?(if|unless|elif|guard)\b/;

/** The program ends there, or says that it cannot go on. */
export const ENDS =
  /\b(log\.Fatal\w*|\w+\.Fatal\w*|panic!?\(|os\.Exit|sys\.exit|exit\(|exit \d|SystemExit|raise\b|throw\b|fatalError|preconditionFailure|abort\b|errors\.New|fmt\.Errorf|ImproperlyConfigured)/;

/** In quotes of either sort, as the source of a pattern. */
export const QUOTED_NAME = `(["'])(?<name>[A-Za-z_][A-Za-z0-9_]*)\\1`;
