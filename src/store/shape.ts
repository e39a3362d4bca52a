// Which fields an event must have to be used at all. By hand: it is asked of every line of every resume.
import type { Fact, LaunchEvent } from '../engine/events.ts';

type Sort = 'string' | 'number' | 'boolean' | 'array' | 'object';

/** What is wrong with the fields of an event, as a sentence without a full stop; undefined when nothing is. */
export function misshapen(event: Readonly<Record<string, unknown>>): string | undefined {
  const { type } = event;
  if (typeof type !== 'string') return 'it has no type';
  if (!isType(type)) return `the event "${type}" is not known`;
  for (const [name, sort] of entries[type] ?? []) {
    if (sortOf(event[name]) !== sort)
      return `"${name}" of ${type} is not ${sort === 'array' ? 'a list' : `of type ${sort}`}`;
  }
  return undefined;
}

export function isType(type: string): type is Fact['type'] {
  return Object.hasOwn(fields, type);
}

function sortOf(value: unknown): Sort | 'other' {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'other';
  const sort = typeof value;
  return sort === 'string' || sort === 'number' || sort === 'boolean' || sort === 'object' ? sort : 'other';
}

const step = { step: 'string' } as const;
const attempt = { step: 'string', attempt: 'number' } as const;
const fields: Readonly<Record<LaunchEvent['type'], Readonly<Record<string, Sort>>>> = {
  'run.started': { run: 'string', runbook: 'object', operator: 'string', tool: 'string', mode: 'string' },
  'run.resumed': { operator: 'string' },
  'run.paused': { why: 'string' },
  'run.handed-over': { by: 'string' },
  'run.finished': { outcome: 'string' },
  'runbook.adopted': { digest: 'string', copy: 'string', edited: 'array', added: 'array', gone: 'array' },
  'input.given': { name: 'string', from: 'string' },
  'answer.given': { question: 'string', message: 'string', value: 'string', by: 'string' },
  'secret.kept': { app: 'string', name: 'string', where: 'string', salt: 'string', hash: 'string' },
  'step.looked': { ...step, for: 'string', is: 'string', checks: 'array' },
  'step.started': { ...attempt, does: 'string', commands: 'array' },
  'step.spawned': { ...attempt, pid: 'number', group: 'number', startTime: 'string', bootId: 'string', host: 'string' },
  'step.ended': { ...attempt, result: 'string' },
  'step.waiting': { ...step, for: 'string', what: 'string' },
  'step.resolved': { ...attempt, by: 'string', as: 'string', why: 'string' },
  'step.done': { ...step, how: 'string', by: 'string', outputs: 'object', evidence: 'object' },
  'step.failed': { ...step, why: 'string' },
  'step.skipped': { ...step, reason: 'string', by: 'string' },
  'step.not-needed': { ...step, reason: 'string' },
  'step.reopened': { ...step, why: 'string', by: 'string', to: 'string' },
  'step.undone': { ...step, by: 'string' },
  'item.ticked': { ...step, item: 'number', result: 'string', by: 'string' },
  'note.added': { text: 'string', by: 'string' },
  'trust.given': { digest: 'string', by: 'string' },
  'record.written': { file: 'string', of: 'number', hash: 'string' },
};

/** Made once: a resume asks for them ten thousand times. */
const entries: Readonly<Record<string, readonly (readonly [string, Sort])[]>> = Object.fromEntries(
  Object.entries(fields).map(([type, needed]) => [type, Object.entries(needed)]),
);

/** Every type of event there is. */
export const types: readonly string[] = Object.keys(fields);
