// A runbook of plain data, carried out by the engine in a rehearsal: what `launch rehearse --auto` does, without its command.
import { createHash } from 'node:crypto';
import type { LaunchEvent } from '../../src/engine/events.ts';
import { evolve } from '../../src/engine/evolve.ts';
import { carryOut, type SittingEnd } from '../../src/engine/loop.ts';
import { kindsOf, offerOf } from '../../src/engine/offer.ts';
import { Sitting } from '../../src/engine/sitting.ts';
import type { Journal } from '../../src/engine/store.ts';
import type { Form, Runbook, Step } from '../../src/runbook/model.ts';
import type { StepKind } from '../../src/step.ts';
import { parseDuration } from '../../src/text/duration.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { loadKind } from '../../steps/index.ts';
import { inOrder, place, runbookNamed } from '../samples.ts';
import { silentFace } from './faces.ts';
import { rehearse } from './rehearsing.ts';

export type Short = { readonly id: string; readonly form: Form } & Partial<Step>;

/** Steps one after the other. */
export const runbookOf = (steps: readonly Short[], more: Partial<Runbook> = {}): Runbook =>
  runbookNamed('test', { title: 'Test', record: 'RECORD.md', digest: '00', steps: inOrder(steps), ...more });

export const uses = (kind: string, given: object): Form => ({
  form: 'uses',
  kind,
  with: JSON.parse(JSON.stringify(given)),
});
export const check = (kind: string, given: object, within?: number) => ({
  does: { uses: kind, with: JSON.parse(JSON.stringify(given)) },
  place,
  ...(within !== undefined && { within }),
});

export interface Session {
  readonly end: SittingEnd;
  readonly events: readonly LaunchEvent[];
  readonly told: readonly string[];
  readonly folder: string;
}

export async function rehearseRunbook(
  runbook: Runbook,
  options: Parameters<typeof rehearse>[0] & { readonly answers?: Readonly<Record<string, string>> } = {},
): Promise<Session> {
  const rehearsal = await rehearse({ accounts: runbook.accounts, ...options });
  const journal = journalInMemory();
  journal.append(
    {
      type: 'run.started',
      run: 'test-1',
      runbook: { name: runbook.name, file: runbook.file, title: runbook.title, digest: runbook.digest, copy: '' },
      operator: 'ann',
      tool: 'test',
      mode: 'rehearsal',
    },
    { sync: false, at: rehearsal.world.clock.now() },
  );
  const kinds = new Map<string, StepKind>();
  for (const name of kindsOf(runbook)) {
    const kind = await loadKind(name);
    if (kind) kinds.set(name, kind);
  }
  const shown = silentFace();
  const sitting = new Sitting(
    {
      runbook,
      kinds,
      offers: new Map(runbook.steps.map((step) => [step.id, offerOf(step, kinds, parseDuration)])),
      journal,
      world: rehearsal.world,
      face: rehearsal.actor({ shown, answers: options.answers ?? {} }),
      redactor: createRedactor(),
      operator: 'ann',
      signal: new AbortController().signal,
      environment: rehearsal.environment,
      skip: {},
    },
    evolve(journal.events),
  );
  const end = await carryOut(sitting);
  return { end, events: journal.events, told: shown.told, folder: rehearsal.folder };
}

function journalInMemory(): Journal {
  const events: LaunchEvent[] = [];
  return {
    run: 'test-1',
    events,
    append: (fact, { at }) => {
      const prev = createHash('sha256')
        .update(JSON.stringify(events.at(-1) ?? ''))
        .digest('hex');
      const event: LaunchEvent = { v: 1, n: events.length + 1, at: at.toISOString(), prev, ...fact };
      events.push(event);
      return event;
    },
    freeze: () => '',
    receipt: (step, attempt) => ({ name: `${step}-${attempt}.log`, write: () => undefined, end: () => undefined }),
    at: () => undefined,
    close: () => undefined,
  };
}
