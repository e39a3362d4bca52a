// A sitting that only looks: with the events of the open run where there is one, and a journal that is nowhere.
import { evolve } from '../engine/evolve.ts';
import { typed } from '../engine/input.ts';
import { offerOf } from '../engine/offer.ts';
import { Sitting } from '../engine/sitting.ts';
import type { Runbook } from '../runbook/model.ts';
import { readAim } from '../system/aim.ts';
import { createRealWorld } from '../system/real-world.ts';
import { isTrusted } from '../system/settings.ts';
import { parseDuration } from '../text/duration.ts';
import { readAnswers } from './answers.ts';
import { shownFace } from './faces.ts';
import { inMemory } from './in-memory.ts';
import { learnReady } from './launching.ts';
import type { Call } from './main.ts';
import { loadKinds } from './project.ts';
import { operatorOf, readable, runsOf } from './runs-of.ts';

interface Looking {
  readonly project: string;
  readonly runbook: Runbook;
  /** Trust was given just now: kinds of the project may be loaded. */
  readonly trusted: boolean;
}

/** What `launch plan` and `launch doctor` look with. Leaves no trace on disk. */
export async function lookingSitting({ io, flags }: Call, { project, runbook, trusted }: Looking): Promise<Sitting> {
  const runs = runsOf(io, flags, project, 'runs');
  const open = runs.list().find((one) => readable(one) && one.runbook.name === runbook.name && !one.finished);
  const answers = readAnswers(io, flags, runbook);
  const operator = operatorOf(io, flags);
  const journal = inMemory('plan', open ? runs.read(open.id) : []);
  if (!open)
    journal.append(
      {
        type: 'run.started',
        run: 'plan',
        runbook: { ...runbook, copy: '' },
        operator,
        tool: LAUNCHBOOK_VERSION,
        mode: 'real',
      },
      { sync: false, at: new Date() },
    );
  for (const input of runbook.inputs) {
    const value = answers[`inputs.${input.name}`] ?? input.default;
    if (value !== undefined && !input.secret)
      journal.append(
        {
          type: 'input.given',
          name: input.name,
          value: typeof value === 'string' ? typed(input, value) : value,
          from: 'plan',
        },
        { sync: false, at: new Date() },
      );
  }
  const kinds = await loadKinds(runbook, { project, trusted: isTrusted(runbook.digest, io.env) || trusted });
  const world = createRealWorld({ project, aim: readAim(io.env), env: io.env });
  const { environment } = await learnReady(io, { runbook, world });
  return new Sitting(
    {
      runbook,
      kinds,
      offers: new Map(runbook.steps.map((step) => [step.id, offerOf(step, kinds, parseDuration)])),
      journal,
      world,
      face: shownFace(io, flags, runbook),
      redactor: io.redactor,
      operator,
      signal: io.signal,
      environment,
      skip: {},
    },
    evolve(journal.events),
  );
}
