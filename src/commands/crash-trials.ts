// `launch rehearse NAME --crash every`: the rehearsal is killed at every point and started again; it must end like one that nobody killed.
import { join, resolve } from 'node:path';
import { evolve, stepOf } from '../engine/evolve.ts';
import { type Kinds, offerOf } from '../engine/offer.ts';
import { crashPoints } from '../rehearsal/crash.ts';
import type { Runbook } from '../runbook/model.ts';
import type { Runs } from '../store/files.ts';
import { isThere, readText } from '../system/own-files.ts';
import { type SelfEnded, startSelf } from '../system/self.ts';
import { parseDuration } from '../text/duration.ts';
import { safeLine } from '../text/escape.ts';
import { count } from '../ui/outline.ts';
import { type Io, UsageError } from './io.ts';
import type { Call } from './main.ts';
import { loadKinds, readRunbook, runbookFile } from './project.ts';
import { runsOf } from './runs-of.ts';
import { mayRun } from './trust.ts';

/** So many starts without an end are a circle. */
const MOST_STARTS = 3000;

export async function crashTrials({ io, names, flags }: Call, project: string): Promise<number> {
  const every = /^every(:[1-9]\d*)?$/.exec(flags.crash ?? '');
  if (!every) throw new UsageError(`--crash ${flags.crash} is not there`, 'write --crash every');
  if (flags.fault !== undefined) throw new UsageError('--crash and --fault do not go together', 'give one of them');
  const [name = ''] = names;
  const runbook = await readRunbook(io, project, runbookFile(io, flags, project, name), flags);
  const runs = runsOf(io, flags, project, 'rehearsals');
  const argv = ['rehearse', name, '--auto', '--dir', project, ...passedOn({ io, names, flags })];

  const kinds = await loadKinds(runbook, { project, trusted: mayRun(io, flags, runbook) });
  const whole = await rehearseWhole(io, runs, argv);
  if ('exit' in whole) return whole.exit;
  const killed = await rehearseKilled(io, runs, argv, every[0]);
  if ('exit' in killed) return killed.exit;
  const trial = await compare(runs, { runbook, kinds }, whole.id, killed);
  if (flags.json) io.stdout.json(trial, 2);
  else io.stdout.write(`${inWords(trial).join('\n')}\n`);
  return trial.differences.length === 0 ? 0 : 1;
}

/** What each rehearsal is given too. */
function passedOn({ io, flags }: Call): readonly string[] {
  return [
    ...(flags.answers === undefined ? [] : ['--answers', resolve(io.cwd, flags.answers)]),
    ...(flags.input ?? []).flatMap((input) => ['--input', input]),
    ...(flags.skip ?? []).flatMap((skip) => ['--skip', skip]),
    ...(flags.who === undefined ? [] : ['--who', flags.who]),
    ...(flags.trust === undefined ? [] : ['--trust', flags.trust]),
  ];
}

type Stopped = { readonly exit: number };

async function rehearseWhole(io: Io, runs: Runs, argv: readonly string[]): Promise<{ readonly id: string } | Stopped> {
  const before = ids(runs);
  const ended = await start(io, [...argv, '--new'], undefined);
  if (ended.exit === 0) return { id: newOf(runs, before) };
  io.stderr.write(`${ended.tail}\nWithout a crash it does not end with exit 0 either: mend that first.\n`);
  return { exit: ended.exit ?? 1 };
}

interface Killed {
  readonly id: string;
  readonly kills: number;
}

async function rehearseKilled(io: Io, runs: Runs, argv: readonly string[], every: string): Promise<Killed | Stopped> {
  const before = ids(runs);
  let id: string | undefined;
  for (let kills = 0; kills < MOST_STARTS; kills++) {
    const ended = await start(io, [...argv, ...(id === undefined ? ['--new'] : ['--run', id])], every);
    id ??= newOf(runs, before);
    const last = crashPoints(join(runs.folder(id), 'world')).at(-1)?.at ?? 'nothing';
    if (ended.signal === 'SIGKILL') {
      if (kills % 10 === 9) io.stderr.write(`Killed ${kills + 1} times, last after ${safeLine(last)}\n`);
      continue;
    }
    if (ended.exit === 0) return { id, kills };
    io.stderr.write(
      `${ended.tail}\nStarted again after it was killed (${safeLine(last)}), it stopped with exit ${ended.exit}.\n`,
    );
    return { exit: io.signal.aborted ? 4 : 1 };
  }
  io.stderr.write(`Started ${MOST_STARTS} times, it has still not come to its end: it goes in a circle.\n`);
  return { exit: 1 };
}

const start = (io: Io, argv: readonly string[], crash: string | undefined): Promise<SelfEnded> =>
  startSelf(join(io.packageFolder, 'dist', 'launch.cjs'), argv, {
    cwd: io.cwd,
    env: { ...io.env, LAUNCHBOOK_CRASH: crash },
    signal: io.signal,
  });

const ids = (runs: Runs): ReadonlySet<string> => new Set(runs.find(''));

function newOf(runs: Runs, before: ReadonlySet<string>): string {
  const id = runs.find('').find((one) => !before.has(one));
  if (id === undefined) throw new Error('a rehearsal began, and none is there');
  return id;
}

interface Trial {
  readonly kills: number;
  readonly points: number;
  readonly steps: readonly {
    readonly id: string;
    readonly points: number;
    readonly whole: string;
    readonly killed: string;
  }[];
  readonly made: readonly { readonly what: string; readonly whole: number; readonly killed: number }[];
  /** What nothing can look at: after a crash a person is asked, and may be wrong. */
  readonly unsure: readonly string[];
  /** Steps that can be looked at, and whose doubt a person settled all the same: it was not so, and a command is not repeated unasked. */
  readonly asked: readonly string[];
  readonly differences: readonly string[];
}

async function compare(
  runs: Runs,
  { runbook, kinds }: { readonly runbook: Runbook; readonly kinds: Kinds },
  whole: string,
  { id, kills }: Killed,
): Promise<Trial> {
  const offers = runbook.steps.map((step) => ({ id: step.id, offer: offerOf(step, kinds, parseDuration) }));
  const unsure = offers.filter(({ offer }) => offer.acts && !offer.looks).map((step) => step.id);
  const points = crashPoints(join(runs.folder(id), 'world'));
  const [one, other] = [outcomes(runs, whole, runbook, unsure), outcomes(runs, id, runbook, unsure)];
  const steps = runbook.steps.map((step) => ({
    id: step.id,
    points: points.filter((point) => point.step === step.id).length,
    whole: one.get(step.id) ?? '',
    killed: other.get(step.id) ?? '',
  }));
  const [once, again] = [madeIn(runs.folder(whole)), madeIn(runs.folder(id))];
  const made = [...new Set([...once.keys(), ...again.keys()])].map((what) => ({
    what,
    whole: once.get(what) ?? 0,
    killed: again.get(what) ?? 0,
  }));
  return {
    kills,
    points: points.length,
    steps,
    made,
    unsure,
    asked: askedIn(runs, id).filter((step) => !unsure.includes(step)),
    differences: differencesOf({ steps, made }),
  };
}

/** Steps of which a person said whether they had happened. */
function askedIn(runs: Runs, id: string): readonly string[] {
  const asked = runs
    .read(id)
    .flatMap((event) => (event.type === 'step.resolved' && event.by === 'person' ? [event.step] : []));
  return [...new Set(asked)];
}

/** In sentences: where the killed rehearsal ended otherwise, and what it made more or less often. */
export function differencesOf({ steps, made }: Pick<Trial, 'steps' | 'made'>): readonly string[] {
  return [
    ...steps
      .filter((step) => step.whole !== step.killed)
      .map((step) => `${step.id}: ${step.killed} instead of ${step.whole}`),
    ...made
      .filter((one) => one.whole !== one.killed)
      .map((one) => `${one.what}: ${one.killed} times instead of ${one.whole}`),
  ];
}

/** By step, as the record tells it. How a step that nothing can look at came to be done is a person's word. */
function outcomes(runs: Runs, id: string, runbook: Runbook, unsure: readonly string[]): ReadonlyMap<string, string> {
  const state = evolve(runs.read(id));
  return new Map(
    runbook.steps.map((step) => {
      const { status, how } = stepOf(state, step.id);
      return [step.id, how === undefined || unsure.includes(step.id) ? status : `${status}, ${how}`];
    }),
  );
}

/** What the stand-ins were made to do by acts, and how often; names that they thought of themselves left out. */
function madeIn(folder: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const calls = join(folder, 'world', 'calls.jsonl');
  // A runbook that needs none of the stand-ins calls none.
  for (const line of isThere(calls) ? readText(calls).split('\n') : []) {
    if (line === '') continue;
    const { tool, changed }: { tool: string; changed?: string } = JSON.parse(line);
    if (changed === undefined || tool === 'pretend') continue;
    const what = changed
      .split(' ')
      .filter((word) => !/^(?:vol_)?[0-9a-f]{14,}$|^\d+$/.test(word))
      .join(' ');
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return counts;
}

function inWords({ kills, points, steps, made, unsure, asked, differences }: Trial): readonly string[] {
  const width = Math.max(...steps.map(({ id }) => id.length), ...made.map(({ what }) => what.length));
  const row = (name: string, ...cells: readonly string[]) =>
    `${name.padEnd(width)}  ${cells.map((cell) => cell.padEnd(18)).join('  ')}`.trimEnd();
  return [
    row('Step', 'Uninterrupted', 'Killed', 'Points'),
    ...steps.map((step) => row(step.id, step.whole, step.killed, String(step.points))),
    '',
    row('Made', 'Uninterrupted', 'Killed'),
    ...made.map((one) => row(one.what, String(one.whole), String(one.killed))),
    '',
    ...(unsure.length > 0
      ? [`Nothing can look at what these steps do, so after a crash a person is asked: ${unsure.join(', ')}.`]
      : []),
    ...(asked.length > 0
      ? [
          `What these steps do is looked at; where it is not so after a crash, a person is asked too: ${asked.join(', ')}.`,
        ]
      : []),
    ...differences.map((difference) => `Differs: ${difference}`),
    `Killed ${count(kills, 'time')} at ${count(points, 'point')}, ${
      differences.length === 0
        ? 'it ended as if nobody had: nothing is missing, nothing was done twice.'
        : 'it ended differently.'
    }`,
  ];
}
