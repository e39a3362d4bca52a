// Which events are on disk before anything goes on: what a person is shown as final, or must not be lost in a power cut.
import type { Fact } from './events.ts';

const SYNCED = new Set<Fact['type']>([
  'run.started',
  'run.finished',
  'run.handed-over',
  'step.started',
  'secret.kept',
  'step.done',
  'step.failed',
  'step.skipped',
  'step.undone',
  'answer.given',
  'item.ticked',
  'record.written',
]);

export const isSynced = (fact: Fact): boolean =>
  SYNCED.has(fact.type) || (fact.type === 'step.waiting' && fact.for === 'time');
