// The actor of `rehearse --auto`: answers every question as a sensible person would, and leads out of the fault that is played.
import type { Face } from '../engine/face.ts';
import type { Answer, ChoiceQuestion, Question, SecretQuestion, TextQuestion } from '../question.ts';
import { canary } from './environment.ts';
import type { FaultPlayer, FaultSort } from './faults.ts';
import { isToMend } from './led-out.ts';
import { sampleOf } from './sample.ts';

type Back = NonNullable<FaultSort['back']>;

export interface ActorOptions {
  /** Where everything is shown. It is never asked. */
  readonly shown: Face;
  /** `--input` and `--answers`, by question id. Never used for a secret, a tick, a "done" or a typed name. */
  readonly answers: Readonly<Record<string, string>>;
  readonly faults?: FaultPlayer;
  /** Virtual milliseconds between two tries. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** What the fault's way out asks for outside of the wizard (log in again). */
  readonly mend?: () => void;
}

/**
 * Tries of a way forward before the actor gives up. Looking again is also waiting for what takes its time (a build that Apple processes,
 * caches): with the pauses below a little over two virtual hours. An act that fails again without a fault will not mend itself.
 */
const triesOf = { patient: 12, act: 4 };
const longestPause = 20 * 60_000;

export function createActor({ shown, answers, faults, sleep, mend }: ActorOptions): Face {
  const asked = new Map<string, number>();
  const times = (id: string): number => {
    const before = asked.get(id) ?? 0;
    asked.set(id, before + 1);
    return before;
  };
  // Back to an earlier step, once: what is made anew there is then tried again here.
  let back: 'not yet' | 'wanted' | 'gone' = 'not yet';
  const leadBack = ({ id, options, detail }: ChoiceQuestion, { when, to }: Back): string | undefined => {
    if (id.endsWith('.jump')) {
      back = 'gone';
      return stepBackTo(options, to);
    }
    if (back === 'not yet' && detail?.some((line) => when.test(line))) back = 'wanted';
    if (back !== 'wanted') return undefined;
    return ['jump', 'back-to-it'].find((way) => options.some(({ value }) => value === way));
  };
  const wayForward = async (question: ChoiceQuestion, signal: AbortSignal): Promise<Answer> => {
    const tries = times(question.id);
    const sort = faults?.fired() ? faults.sort : undefined;
    const away = sort?.back && leadBack(question, sort.back);
    if (away !== undefined) return { value: away };
    const value = wayOf(question, tries, sort?.ways ?? []);
    const most = sort || value === 'look' ? triesOf.patient : triesOf.act;
    if (tries >= most) return { absent: `The actor of the rehearsal tried ${most} times.` };
    if (value === undefined) return { absent: `The actor of the rehearsal knows no way among ${labels(question)}.` };
    if (isToMend(sort, question)) mend?.();
    await sleep(Math.min(longestPause, 15_000 * 2 ** tries), signal);
    return { value };
  };
  const answer = async (question: Question, signal: AbortSignal): Promise<Answer> => {
    switch (question.type) {
      case 'text':
        return {
          value: answers[question.id] ?? textFor(question, times(question.id), back === 'gone'),
        };
      case 'secret':
        return secretFor(question);
      case 'confirm':
        return { value: 'yes' };
      case 'name':
        return { value: question.name };
      case 'choice':
        if (question.about === 'way') return wayForward(question, signal);
        if (question.about === 'work' && back === 'wanted') return { value: 'jump' };
        if (question.about === 'work' && times(question.id) >= triesOf.patient)
          return { absent: `The actor of the rehearsal said "done" ${triesOf.patient} times.` };
        return choose(question, answers[question.id]);
      default:
        return question satisfies never;
    }
  };
  return {
    present: true,
    happened: (event, state) => shown.happened(event, state),
    card: (card) => shown.card(card),
    working: (step, what) => shown.working(step, what),
    tell: (lines) => shown.tell(lines),
    ask: async (question, { signal }) => {
      if (signal.aborted) return { withdrawn: true };
      const given = checked(question, await answer(question, signal));
      if (signal.aborted) return { withdrawn: true };
      shown.tell([said(question, given)]);
      return given;
    },
  };
}

/** `default`, `example`, then by shape. Asked again because something is made anew: its number is the next one. */
function textFor(question: TextQuestion, before: number, anew: boolean): string {
  const name = question.id.split('.').at(-1) ?? 'value';
  const text = question.default ?? question.example ?? (question.optional ? '' : byShape(question.shape, name));
  return anew && /^\d+$/.test(text) ? String(Number(text) + before) : text;
}

/** The last step before this one whose name says so, else the one just before. */
function stepBackTo(options: ChoiceQuestion['options'], wanted: RegExp): string {
  const here = options.findIndex(({ value }) => value === '');
  const steps = options.slice(0, here);
  const named = steps.filter(({ value, label }) => wanted.test(value) || wanted.test(label));
  return (named.at(-1) ?? steps.at(-1))?.value ?? '';
}

function byShape(shape: TextQuestion['shape'], name: string): string {
  if (shape === 'number') return '1';
  if (shape === 'boolean') return 'true';
  if (shape === 'email') return 'rehearsal@example.com';
  if (shape === 'directory') return '.';
  return `rehearsed-${name}`;
}

function secretFor({ id, pattern }: SecretQuestion): Answer {
  const seed = canary(id.split('.').at(-1) ?? 'SECRET');
  if (pattern === undefined) return { value: seed };
  const value = sampleOf(pattern, seed);
  return value === undefined
    ? {
        absent: `The actor of the rehearsal cannot make a value for ${id} that matches ${pattern}: write a simpler pattern.`,
      }
    : { value };
}

/** What each sort of choice is answered with; the first value that is offered. */
const choices: Readonly<Record<Exclude<ChoiceQuestion['about'], 'way'>, readonly string[]>> = {
  value: [],
  act: ['go'],
  work: ['store', 'done'],
  tick: ['watching', 'pass'],
  optional: ['do'],
  resume: ['go', 'go-on', 'wait', 'adopt'],
};

function choose(question: ChoiceQuestion, given: string | undefined): Answer {
  const offered = question.options.map(({ value }) => value);
  if (question.about === 'value' && given !== undefined) return { value: given };
  const wanted = question.about === 'way' ? [] : choices[question.about];
  const value = wanted.find((one) => offered.includes(one)) ?? question.default ?? offered[0];
  return value === undefined ? { absent: `${question.id} has no option to choose.` } : { value };
}

/** What looking does not settle (a doubt, what the plan calls done already, what was done with another value) is done: stand-ins do not mind. */
function wayOf(question: ChoiceQuestion, tries: number, ofFault: readonly string[]): string | undefined {
  const offered = question.options.map(({ value }) => value);
  const doubt = offered.includes('was-not');
  const forward = tries === 0 ? ['look', 'act'] : ['act', 'look'];
  const order = doubt ? (tries === 0 ? ['look', 'was-not'] : ['was-not']) : [...ofFault, 'again', 'open', ...forward];
  return order.find((one) => offered.includes(one)) ?? (offered.includes('') ? '' : undefined);
}

const labels = (question: ChoiceQuestion): string => question.options.map(({ label }) => `"${label}"`).join(', ');

/** An answer that the question does not take ends the run (exit 4), and says what to add to the runbook. */
function checked(question: Question, answer: Answer): Answer {
  if (!('value' in answer)) return answer;
  const { value } = answer;
  if (question.type === 'choice' && !question.options.some((option) => option.value === value))
    return {
      absent: `"${value}" is none of the options of ${question.id}: ${question.options.map((option) => option.value).join(', ')}.`,
    };
  if (question.type !== 'text' || question.pattern === undefined || (question.optional && value === '')) return answer;
  if (new RegExp(`^(?:${question.pattern})$`).test(value)) return answer;
  return {
    absent: `The rehearsal answered ${question.id} with "${value}", which does not match ${question.pattern}: add \`example:\` to ${placeOf(question.id)}.`,
  };
}

/** `inputs.app` → `inputs.app`; `steps.point-dns.ask.team_id` → `ask.team_id` of the step. */
function placeOf(id: string): string {
  const [, step, what] = /^steps\.([^.]+)\.(.+)$/.exec(id) ?? [];
  return step === undefined || what === undefined ? id : `${what} of the step ${step}`;
}

function said(question: Question, answer: Answer): string {
  if ('absent' in answer) return `${question.message} → no answer: ${answer.absent}`;
  if (!('value' in answer)) return question.message;
  if (question.type === 'secret') return `${question.message} → (a canary)`;
  const label =
    question.type === 'choice' ? question.options.find(({ value }) => value === answer.value)?.label : undefined;
  return `${question.message} → ${label ?? answer.value}`;
}
