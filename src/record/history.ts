// What did not go straight: failures, doubts, what was tried again or taken back, in the order it happened. Pure.
import type { LaunchEvent } from '../engine/events.ts';

export interface Happening {
  readonly at: string;
  readonly step?: string;
  readonly what: string;
  /** Last lines of output. */
  readonly tail?: readonly string[];
}

export function historyOf(events: readonly LaunchEvent[]): readonly Happening[] {
  const told: Happening[] = [];
  /** Reason of the last failed attempt by step: the failure of the step that follows is not told twice. */
  const before = new Map<string, string | undefined>();
  const byHand = new Map<string, string>();
  const drifted = new Map<string, string>();
  for (const event of events) {
    const what = wordsFor(event, before) ?? saidAndNotSo(event, byHand) ?? noLongerSo(event, drifted);
    if (what === undefined) continue;
    const step = 'step' in event ? event.step : undefined;
    const tail = event.type === 'step.ended' || event.type === 'step.failed' ? event.tail : undefined;
    told.push({ at: event.at, step, what, tail });
  }
  return told;
}

function wordsFor(event: LaunchEvent, before: Map<string, string | undefined>): string | undefined {
  switch (event.type) {
    case 'step.ended':
      if (event.result === 'ok' && !event.timedOut) return undefined;
      before.set(event.step, event.why);
      return `attempt ${event.attempt} ${endWords(event)}${because(event.why)}`;
    case 'step.failed': {
      const known = before.get(event.step) === event.why && event.why !== '';
      before.delete(event.step);
      return known ? undefined : `failed${because(event.why)}`;
    }
    case 'step.resolved':
      return `attempt ${event.attempt} was in doubt; ${resolvers[event.by]}: ${resolutions[event.as]}${because(event.why, ' – ')}`;
    case 'step.reopened':
      return `opened again by ${event.by}${event.to === 'act' ? ', to act again' : ''}${because(event.why)}`;
    case 'step.undone':
      return `taken back by ${event.by}${because(event.seen)}`;
    case 'run.resumed':
      return event.before === undefined
        ? undefined
        : `resumed by ${event.operator}; the process before was gone (${event.before})`;
    case 'runbook.adopted':
      return `a changed runbook was adopted${changes(event)}`;
    case 'run.handed-over':
      return `handed over by ${event.by}${event.to === undefined ? '' : ` to ${event.to}`}`;
    default:
      return undefined;
  }
}

/**
 * A step for a person is looked at when they say that it is done: what was seen then, where it was not so. `byHand` has such steps, each with
 * what was told last: a look that sees the same once more is no news.
 */
function saidAndNotSo(event: LaunchEvent, byHand: Map<string, string>): string | undefined {
  if (event.type === 'step.started') byHand.delete(event.step);
  if (event.type !== 'step.looked' || event.is !== 'not-so') return undefined;
  if (event.for === 'act') byHand.set(event.step, '');
  const last = byHand.get(event.step);
  if (event.for !== 'done' || last === undefined) return undefined;
  const seen = `it was looked at and was not so: ${missed(event)}`;
  byHand.set(event.step, gistOf(seen));
  return gistOf(seen) === last ? undefined : seen;
}

/** A done step looked at again. `drifted`: what was told of it last; the same once more is no news, until it was so between. */
function noLongerSo(event: LaunchEvent, drifted: Map<string, string>): string | undefined {
  if (event.type !== 'step.looked' || event.for !== 'drift') return undefined;
  const last = drifted.get(event.step);
  if (event.is === 'so') drifted.delete(event.step);
  if (event.is !== 'not-so')
    return event.is === 'so' && last !== undefined ? 'so again when it was looked at' : undefined;
  const seen = `not so when it was looked at again: ${missed(event)}`;
  drifted.set(event.step, gistOf(seen));
  return gistOf(seen) === last ? undefined : seen;
}

function missed({ checks }: Extract<LaunchEvent, { type: 'step.looked' }>): string {
  const check = checks.find(({ is }) => is === 'not-so');
  return `expected ${check?.expected ?? 'it to be so'}; seen ${check?.seen ?? 'nothing'}`;
}

/** Minutes that went by are no news. */
const gistOf = (seen: string): string => seen.replaceAll(/\d+/g, '');

function endWords({ result, timedOut }: Extract<LaunchEvent, { type: 'step.ended' }>): string {
  if (timedOut) return 'ran out of time';
  return result === 'unclear' ? 'ended unclear' : 'failed';
}

function changes({ edited, added, gone, parts = [] }: Extract<LaunchEvent, { type: 'runbook.adopted' }>): string {
  const steps = Object.entries({ edited, added, gone }).filter(([, ids]) => ids.length > 0);
  const all = [
    ...steps.map(([word, ids]) => `${word} ${ids.join(', ')}`),
    ...parts.map(({ part, names = [] }) => `${part} edited${names.length > 0 ? ` (${names.join(', ')})` : ''}`),
  ];
  return all.length === 0 ? '' : `: ${all.join('; ')}`;
}

const because = (why: string | undefined, joint = ': '): string => (why ? joint + why : '');
const resolvers = { look: 'a look decided', orphan: 'its process ended', person: 'a person decided' } as const;
const resolutions = { done: 'it was done', 'not-done': 'it was not done' } as const;
