// `launch undo`: the done steps in reverse, which can be taken back and which cannot; takes back those a person chooses, each proven.
import { ask } from '../engine/ask.ts';
import { evolve } from '../engine/evolve.ts';
import type { Sitting } from '../engine/sitting.ts';
import { type Chooser, type TakingBack, takeBack, takingsBack } from '../engine/undo.ts';
import { tableLines } from '../ui/told-lines.ts';
import { takingBackLines } from '../ui/words.ts';
import { againOf, calledAs } from './again.ts';
import { facesFor, shownFace } from './faces.ts';
import { inMemory } from './in-memory.ts';
import { isPresent } from './io.ts';
import { type KeptRun, keptRun, takeRun } from './kept-run.ts';
import { sittingOf, swept } from './launching.ts';
import type { Call } from './main.ts';
import { operatorOf } from './runs-of.ts';
import { themeOf } from './style.ts';
import { mayRun, requireTrust } from './trust.ts';

export async function undo(call: Call): Promise<number> {
  const run = await keptRun(call);
  return isPresent(call.io, call.flags) ? choose(call, run) : list(call, run);
}

/** Nobody is there to choose, and nothing is taken back by silence. */
async function list(call: Call, run: KeptRun): Promise<number> {
  const { io, flags } = call;
  const { runbook, world, id } = run;
  const sitting = await sittingOf({
    ...common(call),
    runbook,
    world,
    journal: inMemory(id, run.events),
    face: shownFace(io, { ...flags, json: false }, runbook),
    trusted: mayRun(io, flags, runbook),
  });
  const takings = takingsBack(sitting);
  if (flags.json) {
    const rows = takings.map(({ step, ...taking }) => ({ step: step.id, title: step.title, ...taking }));
    io.stdout.json({ run: id, steps: rows }, 2);
  } else show(call, run, takings);
  if (!takings.some(isPossible)) return 0;
  io.stderr.write(`Nothing was taken back: what to take back is chosen in a terminal, with launch undo --run ${id}\n`);
  return 4;
}

async function choose(call: Call, run: KeptRun): Promise<number> {
  const { io, flags } = call;
  const { runbook, world } = run;
  await requireTrust(io, flags, runbook);
  const journal = takeRun(call, run, { sits: true });
  // A person has chosen; `--yes` chooses nothing and agrees to nothing here.
  const faces = await facesFor(io, { ...flags, yes: false }, { outline: runbook, again: againOf(io, 'undo') });
  try {
    const { face } = faces;
    const launching = { ...common(call), runbook, world, journal, face, trusted: true };
    const sitting = await sittingOf(launching);
    show(call, run, takingsBack(sitting));
    const ended = await takeBack(sitting, chooserFor(sitting));
    faces.close();
    tellEnd(call, run, evolve(journal.events).finished !== undefined);
    return await swept(launching, 'stopped' in ended ? ended.exit : 0);
  } finally {
    faces.close();
    journal.close();
  }
}

const common = ({ io, flags }: Call) => ({
  io,
  operator: operatorOf(io, flags),
  skip: {},
  recheck: false,
});

const isPossible = ({ by }: TakingBack): boolean => by !== 'none';

/** One of them, all, or nothing more. */
function chooserFor(sitting: Sitting): Chooser {
  return async (left) => {
    const possible = left.filter(isPossible);
    if (possible.length === 0) return [];
    const options = [
      { value: '', label: 'nothing more' },
      ...possible.map(({ step, what }) => ({ value: step.id, label: step.title, hint: what.split('\n')[0] ?? '' })),
      ...(possible.length > 1
        ? [{ value: ALL, label: 'all of these', hint: 'one after the other, the last first' }]
        : []),
    ];
    const message = 'What is taken back?';
    const chosen = await ask(sitting, {
      id: 'run.undo',
      type: 'choice',
      about: 'value',
      message,
      options,
      default: '',
    });
    if (chosen === ALL) return possible.map(({ step }) => step.id);
    return chosen === '' ? [] : [chosen];
  };
}

/** No id of a step looks like this. */
const ALL = '*';

function show({ io, flags }: Call, { id, state }: KeptRun, takings: readonly TakingBack[]): void {
  const theme = themeOf(io, flags);
  const heading = { tone: 'heading' as const, text: `${id} of "${state.runbook.title}": what is done, the last first` };
  io.stdout.write(io.redactor.text(`${tableLines([heading, ...takingBackLines(takings)], theme).join('\n')}\n`));
}

function tellEnd({ io }: Call, { id, state }: KeptRun, finished: boolean): void {
  io.stderr.write(
    finished
      ? `The record as it is now: ${calledAs(io)} export --run ${id} --out FILE\n`
      : `Go on with the launch: ${calledAs(io)} ${state.runbook.name}\n`,
  );
}
