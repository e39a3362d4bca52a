// A step as written becomes a step as code uses it: durations in milliseconds, defaults filled, texts as texts.

import type { z } from 'zod';
import type { Path } from '../document/document.ts';
import { parseDuration } from '../text/duration.ts';
import { wholeExpression } from '../text/expression-scan.ts';
import type { Place } from '../text/finding.ts';
import type { Json } from '../text/json.ts';
import type { Ask, Check, ChecklistItem, Form, Rehearse, Step, UndoSpec } from './model.ts';
import type { forms, WrittenCheck, WrittenStep } from './schema-step.ts';

export interface StepContext {
  readonly title: string;
  readonly phase: string;
  readonly prose: string;
  readonly needs: readonly string[];
  readonly digest: string;
  readonly script?: string;
  placeOf(path: Path): Place;
}

type Plain = string | number | boolean;
type Of<F extends keyof typeof forms> = z.output<(typeof forms)[F]>;

export function buildStep(
  written: WrittenStep,
  { title, phase, prose, needs, digest, script, placeOf }: StepContext,
): Step {
  const checks = (list: readonly WrittenCheck[] | undefined, path: Path) =>
    (list ?? []).map((check, index) => buildCheck(check, placeOf([...path, index])));
  const timing = 'with' in written || 'uses' in written ? times(written) : {};
  return {
    id: written.id,
    title,
    phase,
    prose,
    form: buildForm(written, script),
    needs,
    verify: checks(written.verify, ['verify']),
    ...timing,
    unless: 'unless' in written ? checks(written.unless, ['unless']) : [],
    ...given('already', written.already),
    ...given('notNeeded', written['not-needed']),
    optional: written.optional ?? false,
    ...given('who', written.who),
    ...given('if', condition(written.if)),
    env: plainMap(written.env),
    ...('timeout' in written && given('timeout', ms(written.timeout))),
    continueOnError: written['continue-on-error'] ?? false,
    ...given('workingDirectory', written['working-directory']),
    requires: written.requires ?? [],
    ...('retry' in written &&
      written.retry && { retry: { attempts: written.retry.attempts, interval: ms(written.retry.interval) ?? 0 } }),
    ...given('open', written.open),
    copy: plainMap(written.copy),
    ask: 'ask' in written ? buildAsk(written.ask) : [],
    evidence: written.evidence === 'required',
    ...given('confirm', written.confirm),
    ...given('irreversible', written.irreversible),
    ...given('undo', written.undo as UndoSpec | undefined), // the shapes are the same
    onError: written['on-error'] ?? [],
    ...('background' in written && written.background && { background: buildBackground(written.background, checks) }),
    allow: written.allow ?? [],
    ...given('costs', written.costs),
    ...given('takes', written.takes),
    ...given('rehearse', buildRehearse(written.rehearse)),
    place: placeOf(['id']),
    digest,
  };
}

function buildForm(written: WrittenStep, script: string | undefined): Form {
  if ('uses' in written) return { form: 'uses', kind: written.uses, with: asJson(written.with ?? {}) };
  if ('run' in written) return { form: 'run', command: written.run };
  if ('script' in written) return { form: 'script', script: script ?? written.script };
  if ('checklist' in written)
    return { form: 'checklist', items: written.checklist.map(buildItem), testers: [written.testers ?? []].flat() };
  if ('question' in written) return buildQuestion(written);
  if ('wait' in written)
    return typeof written.wait === 'string'
      ? { form: 'wait', ms: ms(written.wait) ?? 0 }
      : { form: 'wait', until: written.wait.until };
  return 'gate' in written ? { form: 'gate' } : { form: 'manual' };
}

function buildQuestion(written: Of<'question'>): Form {
  return {
    form: 'question',
    question: written.question,
    shape: written.options ? 'choice' : (written.type ?? 'text'),
    ...given('options', written.options?.map(String)),
    ...given('default', text(written.default)),
    ...given('example', text(written.example)),
    ...given('pattern', written.pattern),
  };
}

function buildItem(item: Of<'checklist'>['checklist'][number]): ChecklistItem {
  if (typeof item === 'string') return { text: item };
  return { text: item.text, ...given('for', ms(item.for)) };
}

function buildCheck(check: WrittenCheck, place: Place): Check {
  const does = 'run' in check ? { run: check.run } : { uses: check.uses, with: asJson(check.with ?? {}) };
  return { does, ...times(check), place };
}

function buildBackground(
  written: NonNullable<Of<'run'>['background']>,
  checks: (list: readonly WrittenCheck[] | undefined, path: Path) => readonly Check[],
): NonNullable<Step['background']> {
  return {
    readyWhen: checks(written['ready-when'], ['background', 'ready-when']),
    ...given('stopAfter', written['stop-after']),
  };
}

const buildAsk = (asked: Of<'manual'>['ask']): readonly Ask[] =>
  Object.entries(asked ?? {}).map(([name, ask]) => ({
    name,
    ...given('message', ask?.message),
    ...given('pattern', ask?.pattern),
    ...given('example', text(ask?.example)),
    ...given('options', ask?.options?.map(String)),
    required: ask?.required ?? true,
  }));

function buildRehearse(written: WrittenStep['rehearse']): Rehearse | undefined {
  if (written === undefined) return undefined;
  if (written === 'run') return { run: true };
  return {
    ...given('stdout', written.stdout),
    ...given('exit', written.exit),
    ...(written.outputs && { outputs: plainMap(written.outputs) }),
    ...given('instead', written.instead),
  };
}

const times = ({
  every,
  within,
}: {
  readonly every?: string | undefined;
  readonly within?: string | undefined;
}): { every?: number; within?: number } => ({
  ...given('every', ms(every)),
  ...given('within', ms(within)),
});

/** Always with braces: then conditions, texts and references are read alike. */
export const condition = (written: string | boolean | undefined): string | undefined =>
  written === undefined
    ? undefined
    : typeof written === 'string' && wholeExpression(written) !== undefined
      ? written
      : `\${{ ${String(written).trim()} }}`;

export const text = (value: Plain | undefined): string | undefined => (value === undefined ? undefined : String(value));
export const plainMap = (map: Readonly<Record<string, Plain>> | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, String(value)]));

/** One optional property: there when its value is. */
export const given = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]: V }); // TypeScript widens a computed key

const ms = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : parseDuration(duration);
/** What came out of YAML is plain data; the schema of `with` does not say so. */
const asJson = (value: Readonly<Record<string, unknown>>): Json => value as Json;
