// Step documents: a step in a file of its own. It is checked where it stands, then written into the step that uses it.
import { type MarkdownDocument, type Path, readDocument } from '../document/document.ts';
import { closest, didYouMean } from '../text/closest.ts';
import { holdsExpression } from '../text/expression-scan.ts';
import { spliceExpression, spliceInputs } from '../text/expression-splice.ts';
import type { Finding } from '../text/finding.ts';
import { isMap, type Json, texts } from '../text/json.ts';
import { type Draft, type DraftStep, mapOf, readDraft, readStep, say } from './draft.ts';
import { misfit } from './rules-inputs.ts';
import { cleanPath } from './rules-paths.ts';

/** The id that the step of a document has while it is checked by itself. */
const ALONE = 'this-step';

export interface StepDocument {
  readonly path: string;
  /** As a runbook of one step, so that all rules can be asked. */
  readonly draft: Draft;
  readonly findings: readonly Finding[];
}

/** The path of the document that a step uses. */
export function documentPath({ raw }: DraftStep): string | undefined {
  return typeof raw.uses === 'string' && /^\.\/.*\.md$/.test(raw.uses) ? cleanPath(raw.uses) : undefined;
}

/** Without a draft in the answer the findings hide everything else. */
export function readStepDocument(path: string, source: string): StepDocument | readonly Finding[] {
  const { document, findings } = readDocument(path, source);
  if (!document) return findings;
  const refused = (['id', 'uses'] as const).flatMap((key) =>
    Object.hasOwn(document.front, key)
      ? [
          say(
            document,
            [key],
            { code: 'unknown-key', message: `a step document has no "${key}"`, remedy: REFUSED[key] },
            'key',
          ),
        ]
      : [],
  );
  if (refused.length > 0) return [...findings, ...refused];
  const { draft, findings: shape } = readDraft(asRunbook(document));
  return { path, draft, findings: [...findings, ...shape] };
}

const REFUSED = { id: 'the step that uses it has one', uses: 'make it a step of the runbook' };

/** The same document seen as a runbook: `with` are its inputs, the other keys its one step. */
function asRunbook(document: MarkdownDocument): MarkdownDocument {
  const { with: declared, ...step } = document.front;
  const inFile = ([part, second, ...rest]: Path): Path => {
    if (part === 'inputs') return second === undefined ? ['with'] : ['with', second, ...rest];
    return part === 'steps' ? rest : [];
  };
  return {
    ...document,
    front: { runbook: 1, ...(declared !== undefined && { inputs: declared }), steps: [{ id: ALONE, ...step }] },
    spanOf: (path) => document.spanOf(inFile(path)),
    keySpanOf: (path) => document.keySpanOf(inFile(path)),
  };
}

/** The step with the document written into it. Keys of the step win. */
export function expandStep(
  step: DraftStep,
  used: StepDocument,
  document: MarkdownDocument,
): { readonly step: DraftStep; readonly findings: readonly Finding[] } {
  const { uses, with: given, ...own } = step.raw;
  const findings = [...wrongValues(step, mapOf(given), used.draft, document)];
  const values = valuesFor(mapOf(given), used.draft);
  const [template] = used.draft.steps;
  const { id, ...keys } = Object.fromEntries(
    Object.entries(template?.raw ?? {}).map(([key, value]) => [key, fillIn(key, value, values)]),
  );
  const { step: expanded, mistakes } = readStep({ ...keys, ...own }, step.index);
  for (const { path, at, key, ...problem } of mistakes) {
    const [first] = path;
    const inStep = typeof first === 'string' && Object.hasOwn(own, first);
    findings.push(say(document, ['steps', step.index, ...(inStep ? path : ['uses'])], problem, inStep ? at : 'value'));
  }
  const { text } = used.draft.document.body;
  return {
    step: { ...expanded, instruction: text, asWritten: step.raw, ...(step.id !== undefined && { id: step.id }) },
    findings,
  };
}

function* wrongValues(
  step: DraftStep,
  given: { readonly [name: string]: Json },
  { inputs }: Draft,
  document: MarkdownDocument,
): Generator<Finding> {
  const base = ['steps', step.index];
  for (const [name, value] of Object.entries(given)) {
    const input = inputs.get(name);
    const path = [...base, 'with', name];
    if (!inputs.has(name)) {
      const known = [...inputs.keys()];
      const remedy = didYouMean(name, known) ?? (known.length > 0 ? `there are ${known.join(', ')}` : 'it takes none');
      yield say(document, path, { code: 'unknown-key', message: `unknown key "${name}"`, remedy }, 'key');
    } else if (input && !dependsOnExpression(value)) {
      const list = Array.isArray(value) ? value.map(String) : undefined;
      const problem =
        typeof value === 'object' && !list ? NO_VALUE : misfit(input, list ?? (typeof value === 'object' ? '' : value));
      if (problem) yield say(document, path, { code: 'wrong-value', ...problem });
    } else if (Array.isArray(value)) {
      yield say(document, path, {
        code: 'expression-place',
        message: 'a list with expressions cannot be handed on',
        remedy: 'hand on one expression that is a list',
      });
    }
  }
  const misspelt = Object.keys(given).map((name) => (inputs.has(name) ? undefined : closest(name, inputs.keys())));
  const where = [...base, step.raw.with === undefined ? 'uses' : 'with'];
  for (const [name, input] of inputs) {
    const open = input && input.default === undefined && input.required !== false && !Object.hasOwn(given, name);
    if (!open || misspelt.includes(name)) continue;
    yield say(document, where, {
      code: 'missing-key',
      message: `"${name}" is missing`,
      remedy: 'give it under "with"',
    });
  }
}

const NO_VALUE = { message: 'expected a text, a number, true, false or a list' };

const dependsOnExpression = (value: Json): boolean => [...texts(value)].some(({ text }) => holdsExpression(text));

/** What each input of the document stands for: what is given, else its default, else nothing (`null`). */
function valuesFor(given: { readonly [name: string]: Json }, { inputs }: Draft): ReadonlyMap<string, Json> {
  return new Map(
    [...inputs].map(([name, input]) => [
      name,
      Object.hasOwn(given, name) ? (given[name] ?? null) : (input?.default ?? null),
    ]),
  );
}

function fillIn(key: string, value: Json, values: ReadonlyMap<string, Json>): Json {
  if (typeof value === 'string')
    return key === 'if' && !holdsExpression(value) ? spliceExpression(value, values) : spliceInputs(value, values);
  if (Array.isArray(value)) return value.map((item) => fillIn('', item, values));
  return isMap(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillIn('', item, values)]))
    : value;
}
