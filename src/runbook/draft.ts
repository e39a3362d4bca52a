// A runbook between file and model: each part read by its shape, and kept where it fits, so that the rules can go on past a mistake.
import type { z } from 'zod';
import type { MarkdownDocument, Path } from '../document/document.ts';
import { LIMITS } from '../document/limits.ts';
import { closest, didYouMean } from '../text/closest.ts';
import { holdsExpression } from '../text/expression-scan.ts';
import type { Finding } from '../text/finding.ts';
import { isMap, type Json } from '../text/json.ts';
import { findingAt, type Problem } from '../text/place.ts';
import { type Mistake, read, valueAt } from './issues.ts';
import { Head, Input, SecretsOfApp, type WrittenHead, type WrittenInput, type WrittenSecrets } from './schema.ts';
import { type FormName, formNames, forms, ID, type WrittenStep } from './schema-step.ts';

type Map_ = { readonly [key: string]: Json };

export interface DraftStep {
  readonly index: number;
  readonly raw: Map_;
  /** Where it is one: rules about ids go on without the rest. */
  readonly id?: string;
  readonly form?: FormName;
  /** Missing where the shape is wrong. */
  readonly written?: WrittenStep;
  /** Of a step that uses a step document: the document's body, and the step before the document was written into it. */
  readonly instruction?: string;
  readonly asWritten?: Map_;
}

export interface Draft {
  readonly document: MarkdownDocument;
  readonly head?: WrittenHead;
  /** Every name that is declared; undefined where its shape is wrong. */
  readonly inputs: ReadonlyMap<string, WrittenInput | undefined>;
  /** By app as written, expressions and all. */
  readonly secrets: ReadonlyMap<string, WrittenSecrets | undefined>;
  readonly steps: readonly DraftStep[];
}

/** A finding at a value, or at its key. */
export function say(document: MarkdownDocument, path: Path, problem: Problem, at: 'key' | 'value' = 'value'): Finding {
  const { offset, length } = at === 'key' ? document.keySpanOf(path) : document.spanOf(path);
  return findingAt(document.lines, { offset, length }, problem);
}

export function readDraft(document: MarkdownDocument): {
  readonly draft: Draft;
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const { front } = document;
  const report = (base: Path, root: Json, { path, at, key, ...problem }: Mistake) => {
    const value = valueAt(root, path);
    // Where an expression does not fit, the rule about their places says so.
    if (problem.code === 'wrong-value' && typeof value === 'string' && holdsExpression(value)) return;
    findings.push(say(document, [...base, ...path], problem, at));
  };
  const readAt = <S extends z.ZodType>(schema: S, value: Json, path: Path): z.output<S> | undefined => {
    const found = read(schema, value);
    if ('data' in found) return found.data;
    for (const mistake of found.mistakes) report(path, value, mistake);
    return undefined;
  };
  const head = readAt(Head, front, []);
  const inputs = new Map(
    Object.entries(mapOf(front.inputs)).map(([name, value]) => [name, readAt(Input, value ?? {}, ['inputs', name])]),
  );
  const secrets = new Map(
    Object.entries(mapOf(front.secrets)).map(([app, value]) => [app, readAt(SecretsOfApp, value, ['secrets', app])]),
  );
  const raw: readonly Json[] = Array.isArray(front.steps) ? front.steps : [];
  if (raw.length > LIMITS.steps) {
    findings.push(
      say(document, ['steps', LIMITS.steps], {
        code: 'too-many-steps',
        message: `more than ${LIMITS.steps} steps`,
        remedy: 'split the runbook',
      }),
    );
    return { draft: { document, inputs, secrets, steps: [] }, findings };
  }
  const steps = raw.map((step, index) => {
    const found = readStep(step, index);
    for (const mistake of found.mistakes) report(['steps', index], step, mistake);
    return found.step;
  });
  return { draft: { document, ...(head && { head }), inputs, secrets, steps }, findings };
}

/** One step: its form is chosen by its key, then that form's shape decides. */
export function readStep(
  value: Json,
  index: number,
): { readonly step: DraftStep; readonly mistakes: readonly Mistake[] } {
  const raw = mapOf(value);
  const step = { index, raw, ...(typeof raw.id === 'string' && ID.test(raw.id) && { id: raw.id }) };
  if (!isMap(value))
    return {
      step,
      mistakes: [{ code: 'wrong-type', message: 'a step is a map of keys and values', path: [], at: 'value' }],
    };
  const present = formNames.filter((form) => Object.hasOwn(raw, form));
  const [form, second] = present;
  if (form === undefined) return { step, mistakes: [noForm(raw)] };
  if (second !== undefined) {
    const message = `a step has one form: it is "${form}" already`;
    return {
      step,
      mistakes: [
        {
          code: 'two-forms',
          message,
          remedy: `take "${second}" away, or make it a step of its own`,
          path: [second],
          at: 'key',
        },
      ],
    };
  }
  const found = read(forms[form], raw);
  if ('mistakes' in found)
    return { step: { ...step, form }, mistakes: found.mistakes.map((mistake) => elsewhere(mistake, form)) };
  return { step: { ...step, form, written: found.data }, mistakes: [] };
}

function noForm(raw: Map_): Mistake {
  const known: readonly string[] = Object.values(forms).flatMap((form) => Object.keys(form.shape));
  for (const key of Object.keys(raw).filter((name) => !known.includes(name))) {
    const near = closest(key, formNames);
    if (near)
      return {
        code: 'unknown-key',
        message: `unknown key "${key}"`,
        remedy: didYouMean(key, [near]),
        path: [key],
        at: 'key',
      };
  }
  const remedy = `give it one of ${formNames.join(', ')}`;
  return { code: 'no-form', message: 'the step does not say what is to be done', remedy, path: [], at: 'value' };
}

/** A key that another form knows is no misspelling. */
function elsewhere(mistake: Mistake, form: FormName): Mistake {
  const key = mistake.path[0];
  if (mistake.code !== 'unknown-key' || mistake.path.length !== 1 || typeof key !== 'string') return mistake;
  const owners = formNames.filter((other) => Object.hasOwn(forms[other].shape, key));
  if (owners.length === 0) return mistake;
  return { ...mistake, message: `"${key}" does not go with "${form}"`, remedy: `it belongs to ${owners.join(', ')}` };
}

export const mapOf = (value: Json | undefined): Map_ => (isMap(value) ? value : {});
