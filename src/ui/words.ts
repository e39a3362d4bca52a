// The sentences in which screens, logs and the status command speak of events: one place, no terminal, no clock.
import type { FactOf, LaunchEvent, Seen } from '../engine/events.ts';
import { proofBehind } from '../engine/proof.ts';
import type { RunState } from '../engine/state.ts';
import type { Question } from '../question.ts';
import { count, type Outline, titleOf } from './outline.ts';
import { editedWords, howWords } from './standing.ts';
import type { Tone } from './theme.ts';
import { when } from './times.ts';

export { standingLines, standingSummary } from './again-words.ts';
export type { Outline } from './outline.ts';
export { planLines, planSummary } from './plan-words.ts';
export { changeLines, describeStatus, resumeLines, statusTable, statusText } from './standing.ts';
export { takingBackLines } from './undo-words.ts';

/** Something to tell: the first line is a sentence, the others belong to it. Not yet made safe for a terminal. */
export interface Told {
  readonly tone: Tone;
  readonly lines: readonly string[];
}

/** An event as a person is told of it; undefined where there is nothing to tell. */
export function describeEvent(event: LaunchEvent, outline: Outline): Told | undefined {
  const title = 'step' in event && event.step !== undefined ? titleOf(outline, event.step) : '';
  switch (event.type) {
    case 'run.started':
      return started(event);
    case 'run.resumed':
      return told(
        'note',
        `${event.operator} goes on${event.before && event.before !== event.operator ? ` after ${event.before}` : ''}`,
      );
    case 'run.paused':
      return told('care', `Stopped and kept${title ? ` at "${title}"` : ''}: ${event.why}`);
    case 'run.handed-over':
      return told('care', `Handed over${event.to ? ` to ${event.to}` : ''} by ${event.by}`);
    case 'run.finished':
      return finished(event);
    case 'runbook.adopted':
      return told('note', ['Goes on with the edited runbook', editedWords(event)].filter(Boolean).join(': '));
    case 'input.given':
      return told(
        'quiet',
        `${event.name} = ${event.secret ? '(secret)' : valueWords(event.value)}, from ${event.from}`,
      );
    case 'answer.given':
      return told('quiet', `${event.message} ${event.value === '' ? '(left empty)' : event.value}`);
    case 'secret.kept':
      return told('quiet', `${event.name} of ${event.app}: ${event.where}`);
    case 'step.looked':
      return looked(event, title);
    case 'step.started':
      return attempted(event, title);
    case 'step.ended':
      return ended(event, title);
    case 'step.waiting':
      return waiting(event, title);
    case 'step.resolved':
      return told(
        'note',
        `The doubt about "${title}" is settled, ${event.as === 'done' ? 'it was done' : 'it was not done'}: ${event.why}`,
      );
    case 'step.done':
      return done(event, title);
    case 'step.failed':
      return {
        tone: 'bad',
        lines: [`Failed: "${title}", ${event.why}`, ...(event.tail ?? []), ...(event.hint ? [event.hint] : [])],
      };
    case 'step.skipped':
      return told('care', `Skipped: "${title}", ${event.reason}`);
    case 'step.not-needed':
      return told('quiet', `Not needed: "${title}", ${event.reason}`);
    case 'step.reopened':
      return told('note', `Opened again: "${title}", ${event.why}`);
    case 'step.undone':
      return told('care', `Taken back: "${title}"${event.seen ? `, ${event.seen}` : ''}`);
    case 'item.ticked':
      return told(event.result === 'fail' ? 'bad' : 'quiet', tickWords(event));
    case 'note.added':
      return told('quiet', `Note by ${event.by}: ${event.text}`);
    case 'record.written':
      return told('good', `Record written to ${event.file}`);
    case 'step.spawned':
    case 'trust.given':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** One look in a sentence. */
function describeSeen(seen: Seen): string {
  if (seen.is === 'so') return seen.seen ?? seen.what;
  if (seen.is === 'not-so') return `expected ${seen.expected ?? seen.what}, seen ${seen.seen ?? 'something else'}`;
  return `cannot be seen: ${seen.why ?? seen.what}`;
}

/** What is asked, with its place among several. */
export const messageOf = ({ message, numbered }: Question): string =>
  numbered ? `${numbered.position}/${numbered.total} ${message}` : message;

const told = (tone: Tone, ...lines: readonly string[]): Told => ({ tone, lines });

/** The first screen of a run: what this is, how long, and what comes first. */
export function opening(event: FactOf<'run.started'>, outline: Outline, state: RunState): Told {
  const { tone, lines } = started(event);
  const phases = new Set(outline.steps.map(({ phase }) => phase).filter((phase) => phase !== '')).size;
  const inputs = (outline.inputs ?? []).filter(({ name }) => !Object.hasOwn(state.inputs, name)).length;
  return {
    tone,
    lines: [
      ...lines,
      `${count(outline.steps.length, 'step')}${phases > 1 ? ` in ${phases} phases` : ''}`,
      ...(event.mode === 'rehearsal' ? ['Nothing real is touched: stand-ins answer in place of the world'] : []),
      ...(inputs
        ? [
            `First ${inputs === 1 ? 'a value' : count(inputs, 'value')} to give; you can stop at any moment and go on later`,
          ]
        : []),
    ],
  };
}

function started(event: FactOf<'run.started'>): Told {
  const rehearsal = event.mode === 'rehearsal' ? 'Rehearsal' : 'Run';
  const aims = Object.entries(event.aim ?? {}).map(([name, value]) => `Aimed elsewhere: ${name}=${value}`);
  const fault = event.rehearsal?.fault ? [`It plays the fault ${event.rehearsal.fault}`] : [];
  return {
    tone: 'note',
    lines: [`${rehearsal} ${event.run} of "${event.runbook.title}", by ${event.operator}`, ...fault, ...aims],
  };
}

function finished({ outcome, why }: FactOf<'run.finished'>): Told {
  if (outcome === 'done') return told('good', `Finished${why ? `: ${why}` : ''}`);
  return told(
    outcome === 'failed' ? 'bad' : 'care',
    `${outcome === 'failed' ? 'Ended as failed' : 'Abandoned'}${why ? `: ${why}` : ''}`,
  );
}

/** Looks for a doubt, and drift: the others are told by what follows from them. */
function looked(event: FactOf<'step.looked'>, title: string): Told | undefined {
  if (event.for === 'drift' && event.is !== 'so')
    return { tone: 'care', lines: [`No longer seen to be so: "${title}"`, ...event.checks.map(describeSeen)] };
  if (event.for === 'doubt')
    return { tone: 'note', lines: [`Looked at "${title}", which is in doubt`, ...event.checks.map(describeSeen)] };
  return undefined;
}

function attempted(event: FactOf<'step.started'>, title: string): Told {
  const again = event.attempt > 1 ? ` (attempt ${event.attempt})` : '';
  const doing = { act: 'Running', undo: 'Taking back', background: 'Starting in the background' }[event.does];
  return { tone: 'note', lines: [`${doing}: "${title}"${again}`, ...event.commands.map((command) => `$ ${command}`)] };
}

function ended(event: FactOf<'step.ended'>, title: string): Told | undefined {
  if (event.result === 'ok') return undefined;
  const how = event.timedOut ? 'timed out' : event.result === 'failed' ? 'failed' : 'ended without a clear answer';
  return told('care', `Attempt ${event.attempt} of "${title}" ${how}${event.why ? `: ${event.why}` : ''}`);
}

function waiting(event: FactOf<'step.waiting'> & { readonly at: string }, title: string): Told {
  const until = event.until ? ` (until ${when(event.until, new Date(event.at))})` : '';
  if (event.for === 'person') return told('note', `Waiting for ${event.what}: "${title}"${until}`);
  return told('note', `Waiting: "${title}"${event.for === 'time' ? '' : `, ${event.what}`}${until}`);
}

function done(event: FactOf<'step.done'>, title: string): Told {
  const { evidence, how, by, already, reason } = event;
  const proofs = (evidence.seen ?? []).filter((seen) => seen.is === 'so').map(describeSeen);
  const answer = proofBehind(how, evidence) === 'answer' ? evidence.note : evidence.proof;
  const proof = how === 'verified' ? proofs.join('; ') || answer : (reason ?? evidence.proof);
  const said = howWords(how, by, evidence);
  const warnings = (evidence.seen ?? []).flatMap((seen) => (seen.warning ? [`Warning: ${seen.warning}`] : []));
  const simulated = evidence.notSimulated ? ['Not simulated: nothing stood in for this'] : [];
  return {
    tone: 'good',
    lines: [
      `${already ? 'Done already' : 'Done'}: "${title}", ${said}${proof ? `: ${proof}` : ''}`,
      ...warnings,
      ...simulated,
    ],
  };
}

function tickWords({ item, tester, result, note }: FactOf<'item.ticked'>): string {
  const word = { pass: 'passes', fail: 'fails', watching: 'is watched' }[result];
  return `Item ${item + 1}${tester ? ` for ${tester}` : ''} ${word}${note ? `: ${note}` : ''}`;
}

const valueWords = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.map(valueWords).join(', ')
      : value === undefined
        ? '(nothing)'
        : JSON.stringify(value);
