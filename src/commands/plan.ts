// `launch plan`: each step with what a run would do about it. Looks only; leaves no trace on disk.

import type { Fact, LaunchEvent } from '../engine/events.ts';
import { evolve } from '../engine/evolve.ts';
import { forecast } from '../engine/forecast.ts';
import { offerOf } from '../engine/offer.ts';
import { type PlanLine, planStep } from '../engine/plan.ts';
import { lookAtLogins } from '../engine/preflight.ts';
import { typed } from '../engine/question-step.ts';
import { Sitting } from '../engine/sitting.ts';
import type { Journal } from '../engine/store.ts';
import { readAim } from '../system/aim.ts';
import { createRealWorld } from '../system/real-world.ts';
import { isTrusted } from '../system/settings.ts';
import { parseDuration } from '../text/duration.ts';
import { safeJson, safeLine } from '../text/escape.ts';
import { createRedactor } from '../text/redact.ts';
import { createTheme, styleFor } from '../ui/theme.ts';
import { tableLines } from '../ui/told-lines.ts';
import { planLines, planSummary } from '../ui/words.ts';
import { readAnswers } from './answers.ts';
import { shownFace } from './faces.ts';
import { UsageError } from './io.ts';
import type { Call } from './main.ts';
import { loadKinds, readRunbook, runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';
import { operatorOf, readable, runsOf } from './runs-of.ts';
import { requireTrust } from './trust.ts';

export async function plan({ io, names, flags }: Call): Promise<number> {
  const [name] = names;
  if (name === undefined) throw new UsageError('which runbook?', '`launch plan prod`');
  const project = projectFolder(io, flags);
  const runbook = await readRunbook(io, project, runbookFile(io, flags, project, name), flags);
  const runsCommands = runbook.steps.some((step) =>
    [...step.verify, ...step.unless].some((check) => 'run' in check.does),
  );
  if (runsCommands) await requireTrust(io, flags, runbook);
  const runs = runsOf(io, flags, project, 'runs');
  const open = runs.list().find((one) => readable(one) && one.runbook.name === runbook.name && !one.finished);
  const answers = readAnswers(io, flags, runbook);
  const operator = operatorOf(io, flags);
  const journal = inMemory(open ? runs.read(open.id) : []);
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
  const kinds = await loadKinds(runbook, { project, trusted: isTrusted(runbook.digest, io.env) || runsCommands });
  const environment = Object.fromEntries(
    Object.entries(io.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const sitting = new Sitting(
    {
      runbook,
      kinds,
      offers: new Map(runbook.steps.map((step) => [step.id, offerOf(step, kinds, parseDuration)])),
      journal,
      world: createRealWorld({ project, aim: readAim(io.env), env: io.env }),
      face: shownFace(io, flags, runbook),
      redactor: createRedactor(),
      operator,
      signal: io.signal,
      environment,
      skip: {},
    },
    evolve(journal.events),
  );
  const lines: PlanLine[] = [];
  for (const step of runbook.steps) lines.push(await planStep(sitting, step));
  if (flags.json)
    io.stdout.write(
      `${safeJson(
        lines.map(({ step, ...line }) => ({ step: step.id, title: step.title, ...line })),
        2,
      )}\n`,
    );
  else {
    const theme = createTheme(
      styleFor({
        env: io.env,
        terminal: Boolean(io.stdout.isTTY),
        columns: io.stdout.columns,
        noColor: flags['no-color'],
        plain: flags.plain,
      }),
    );
    const ahead = lines.filter(isLeft).map(({ step }) => step);
    const told = [...(ahead.length > 0 ? await lookAtLogins(sitting) : []), ...forecast(sitting, ahead)];
    const block = told.length > 0 ? ['', ...told.map(safeLine)] : [];
    io.stdout.write(`${[...tableLines(planLines(lines), theme), ...block, '', planSummary(lines)].join('\n')}\n`);
  }
  return flags['exit-code'] && lines.some(isLeft) ? 6 : 0;
}

const isLeft = ({ will }: PlanLine): boolean => will !== 'over' && will !== 'so-already' && will !== 'not-needed';

/** A journal that is nowhere: a plan writes nothing. */
function inMemory(before: readonly LaunchEvent[]): Journal {
  const events = [...before];
  return {
    run: 'plan',
    events,
    append(fact: Fact, { at }) {
      const event: LaunchEvent = { v: 1, n: events.length + 1, at: at.toISOString(), prev: '', ...fact };
      events.push(event);
      return event;
    },
    freeze: () => '',
    receipt: () => ({ write: () => {}, end: () => {}, name: '' }),
    at: () => {},
    close: () => {},
  };
}
