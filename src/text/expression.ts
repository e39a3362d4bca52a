// Expressions in values: `${{ inputs.app }}` filled in, conditions, names used, and commands whose values never become code.

import { holdsExpression, scan, wholeExpression } from './expression-scan.ts';
import { parseExpression } from './expression-tree.ts';
import { evaluate, type Value } from './expression-value.ts';
import { isMap, type Json, texts } from './json.ts';

type Outcome = 'done' | 'failed' | 'skipped' | 'not-needed';

/** What expressions can name. A name left out of its map is not known (yet); `null` is known to be empty. */
export type Contexts = {
  readonly inputs: Readonly<Record<string, Json>>;
  readonly steps: Readonly<
    Record<string, { readonly outputs: Readonly<Record<string, string>>; readonly outcome?: Outcome }>
  >;
  readonly run: { readonly id: string; readonly date: string; readonly operator: string };
  readonly env: Readonly<Record<string, string>>;
  /** By name, and by app and name. */
  readonly secrets: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
};

/** `missing`: names like `steps.certificate.outputs.target`. `problem`: it cannot be worked out at all, in words. */
interface NotFilled {
  readonly ok: false;
  readonly missing: readonly string[];
  readonly problem?: string;
}
export type Filled = { readonly ok: true; readonly value: Json } | NotFilled;
export type Truth = { readonly ok: true; readonly value: boolean } | NotFilled;

/** Fills every `${{ }}` of a value in. A text that is one expression keeps the expression's type; a value that is not there is never an empty text. */
export function fill(value: Json, contexts: Contexts): Filled {
  const missing = new Set<string>();
  const problems: string[] = [];
  const note = (found: NotFilled): null => {
    for (const name of found.missing) missing.add(name);
    if (found.problem !== undefined) problems.push(found.problem);
    return null;
  };
  const filled = fillDeep(value, contexts, note);
  if (missing.size === 0 && problems.length === 0) return { ok: true, value: filled };
  return { ok: false, missing: [...missing], ...(problems.length > 0 && { problem: problems.join('; ') }) };
}

/** Whether a condition holds, written with or without `${{ }}`. A missing name is missing, never false. */
export function truth(source: string, contexts: Contexts): Truth {
  const condition = wholeExpression(source) ?? source;
  if (holdsExpression(condition))
    return { ok: false, missing: [], problem: `"${source}" is a text around an expression: it would always be true` };
  const found = evaluate(condition, contexts);
  return found.ok ? { ok: true, value: found.truth } : found;
}

/** The names used in all `${{ }}` of a value: `['steps', 'certificate', 'outputs', 'target']`; `*` where a name is worked out while running. */
export function references(value: Json): readonly { readonly path: readonly string[] }[] {
  return [...texts(value)].flatMap(({ text }) => expressionsOf(text).flatMap(namesIn));
}

/** Moves each expression of a command into an environment variable. Load has checked that each stands inside double quotes. */
export function shellParts(command: string): {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
} {
  const names = new Map<string, string>();
  const parts = scan(command).parts.map((part) => {
    if ('text' in part) return part.text;
    const source = part.source.trim();
    const name = names.get(source) ?? `LAUNCH_VALUE_${names.size + 1}`;
    names.set(source, name);
    return `\${${name}}`;
  });
  return { command: parts.join(''), env: Object.fromEntries([...names].map(([source, name]) => [name, source])) };
}

function fillDeep(value: Json, contexts: Contexts, note: (found: NotFilled) => null): Json {
  if (typeof value === 'string') return holdsExpression(value) ? fillText(value, contexts, note) : value;
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillDeep(item, contexts, note)]));
  if (Array.isArray(value)) return value.map((item) => fillDeep(item, contexts, note));
  return value;
}

function fillText(text: string, contexts: Contexts, note: (found: NotFilled) => null): Json {
  const whole = wholeExpression(text);
  if (whole !== undefined) {
    const found = evaluate(whole, contexts);
    return found.ok ? found.value : note(found);
  }
  const { parts, unclosed } = scan(text);
  if (unclosed !== undefined) note({ ok: false, missing: [], problem: `\${{ is not closed in "${text}"` });
  const filled = parts.map((part) =>
    'text' in part ? part.text : inText(part.source, evaluate(part.source, contexts), note),
  );
  return filled.join('');
}

/** A value as it stands in the middle of a text. */
function inText(source: string, found: Value, note: (found: NotFilled) => null): string {
  if (!found.ok) return note(found) ?? '';
  if (typeof found.value === 'object' && found.value !== null) {
    return (
      note({
        ok: false,
        missing: [],
        problem: `\${{ ${source.trim()} }} is a list: inside a text write join(…, ', ')`,
      }) ?? ''
    );
  }
  return found.value === null ? '' : String(found.value);
}

const expressionsOf = (text: string): readonly string[] =>
  scan(text).parts.flatMap((part) => ('source' in part ? [part.source] : []));

function namesIn(source: string): readonly { readonly path: readonly string[] }[] {
  const parsed = parseExpression(source);
  return parsed.ok ? parsed.chains.map(({ segments }) => ({ path: segments.map(({ name }) => name) })) : [];
}
