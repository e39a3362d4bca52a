// `launch rehearse`: the whole launch against stand-ins, with the real code of every step.
import { join } from 'node:path';
import type { LaunchEvent } from '../engine/events.ts';
import { type CrashPoint, isCrashDue, killDriver, withCrashes } from '../rehearsal/crash.ts';
import { listOfFaults, parseFault, whyNot } from '../rehearsal/faults.ts';
import { openRehearsal, type Rehearsal } from '../rehearsal/world.ts';
import type { Runbook } from '../runbook/model.ts';
import type { Json } from '../step.ts';
import type { OpenJournal } from '../store/files.ts';
import { isThere, writePrivate } from '../system/own-files.ts';
import { findProject } from '../system/project.ts';
import { count } from '../ui/outline.ts';
import { againOf } from './again.ts';
import { readAnswers } from './answers.ts';
import { facesFor, shownFace } from './faces.ts';
import type { Flags } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { carryOn, finishedAs, notSimulated, readSkips, swept, writeRecord } from './launching.ts';
import type { Call } from './main.ts';
import { loadKinds, readRunbook, runbookFile } from './project.ts';
import { openOne, rehearsalProject } from './rehearsal-of.ts';
import { resume } from './resuming.ts';
import { close } from './run.ts';
import { operatorOf, runsOf } from './runs-of.ts';
import { mayRun } from './trust.ts';

export async function rehearse({ io, names, flags }: Call): Promise<number> {
  if (flags.fault === 'list') {
    for (const { name, what, wayOut } of listOfFaults())
      io.stdout.write(`${name.padEnd(24)} ${what}; way out: ${wayOut}\n`);
    return 0;
  }
  const [name] = names;
  if (name === undefined) throw new UsageError('which runbook?', '`launch rehearse prod`');
  const project = rehearsalProject(io, flags, name);
  if (flags.crash !== undefined) return (await import('./crash-trials.ts')).crashTrials({ io, names, flags }, project);
  const runbook = await readRunbook(io, project, runbookFile(io, flags, project, name), flags);
  const fault = await faultFor(runbook, flags, project);
  const given = readAnswers(io, flags, runbook);
  const skip = readSkips(runbook, flags);
  const runs = runsOf(io, flags, project, 'rehearsals');
  const auto = flags.auto ?? false;
  const beginning = {
    auto,
    fresh: Boolean(flags.new || fault),
    fault,
    operator: operatorOf(io, flags),
    run: flags.run,
  };
  const journal = openOne(runs, runbook, beginning, (line) => io.stderr.write(`${line}\n`));
  const again = againOf(
    findProject(flags.dir ?? io.cwd) === project ? io : { ...io, argv: [...io.argv, '--dir', project] },
    name,
  );
  const fixtures = join(io.packageFolder, 'runbooks', 'fixtures', runbook.name);
  const faces = auto ? undefined : await facesFor(io, flags, { outline: runbook, again, answers: given });
  const folder = join(journal.folder, 'world');
  const world = await openRehearsal({
    folder,
    project,
    ...(isThere(fixtures) && { fixtures }),
    flyExecutable: join(io.packageFolder, 'dist', 'stand-in-fly.cjs'),
    env: { ...io.env, LAUNCHBOOK_PID: String(io.pid) },
    now: new Date(),
    ...(fault !== undefined && { fault }),
    accounts: runbook.accounts,
    apps: runbook.secrets.flatMap(({ compareWith, names: specs }) =>
      compareWith === undefined || compareWith.includes('${{')
        ? []
        : [{ name: compareWith, secrets: specs.map((spec) => spec.name) }],
    ),
    senders: sendersOf(runbook, given),
    readXcode: async (wanted, ports) => (await import('../../steps/xcode/facts.ts')).whatIsArchived(wanted, ports),
    canaries: runbook.secrets.flatMap(({ names: specs }) =>
      specs.flatMap((spec) => (spec.from && 'env' in spec.from ? [spec.from.env] : [])),
    ),
  }).catch((error: unknown) => {
    faces?.close();
    throw error;
  });
  try {
    const answers = Object.fromEntries(
      Object.entries(given).map(([id, value]) => [id, Array.isArray(value) ? value.join(', ') : String(value)]),
    );
    const face = faces ? world.watch(faces.face) : world.actor({ shown: shownFace(io, flags, runbook), answers });
    const crash = crashOf(io, folder);
    if (journal.events.length === 1) crash({ at: 'run.started' });
    const now = () => world.world.clock.now();
    const operator = operatorOf(io, flags);
    const resuming = { io, face, runs, journal, current: runbook, project, operator, now };
    const goesOn = journal.events.length > 1 && !finishedAs(journal);
    const resumed = goesOn ? await resume(resuming) : { recheck: false };
    if (!resumed) {
      faces?.close();
      return await close({ io, flags, end: { stopped: 'not now', exit: 4 }, again }, async () => '');
    }
    const launching = {
      io: { ...io, env: world.environment },
      skip,
      runbook,
      journal,
      world: withCrashes(world.world, crash),
      face,
      operator: operatorOf(io, flags),
      recheck: resumed.recheck,
      trusted: mayRun(io, flags, runbook),
      afterEvent: (event: LaunchEvent) => crash(pointOf(event)),
    };
    const end = await carryOn(launching);
    faces?.close();
    const code = await close({ io, flags, end, again }, () =>
      writeRecord(launching, async (text) => {
        const path = join(journal.folder, runbook.record.split('/').at(-1) ?? 'RECORD.md');
        writePrivate(path, text);
        return path;
      }),
    );
    tellAfterwards(io, runbook, journal, world);
    const exit = await swept(launching, code);
    // Nobody is led out of what did not happen.
    return exit === 0 && world.unmet() !== undefined ? 1 : exit;
  } finally {
    faces?.close();
    await world.close();
    journal.close();
  }
}

function tellAfterwards(io: Io, runbook: Runbook, journal: OpenJournal, world: Rehearsal): void {
  const [borrowed, unmet] = [world.borrowed(), world.unmet()];
  if (unmet !== undefined)
    io.stderr.write(`The fault "${unmet}" did not strike: no step came to what it needs. So nothing was led out of.\n`);
  if (borrowed.length > 0)
    io.stderr.write(`Files that are not in this project came with the sample: ${borrowed.join(', ')}\n`);
  const unplayed = notSimulated(runbook, journal);
  if (unplayed > 0)
    io.stderr.write(
      `${count(unplayed, 'step')} ${unplayed === 1 ? 'was' : 'were'} not simulated: nothing stands in for what is run or looked at there.\n`,
    );
}

/** WhatsApp senders that the runbook names, by themselves or by an input with a value to rehearse with. */
function sendersOf({ steps, inputs }: Runbook, given: Readonly<Record<string, unknown>>): readonly string[] {
  return steps.flatMap(({ form }) => {
    const written = form.form === 'uses' && isMap(form.with) ? form.with.sender : undefined;
    if (typeof written !== 'string') return [];
    const [, name] = /^\$\{\{\s*inputs\.([\w-]+)\s*\}\}$/.exec(written) ?? [];
    const input = inputs.find((one) => one.name === name);
    const sender = name === undefined ? written : (given[`inputs.${name}`] ?? input?.default ?? input?.example);
    return sender === undefined ? [] : [String(sender)];
  });
}

const isMap = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function faultFor(runbook: Runbook, flags: Flags, project: string): Promise<string | undefined> {
  if (flags.fault === undefined) return undefined;
  const fault = parseFault(flags.fault);
  if ('problem' in fault) throw new UsageError(fault.problem, '`launch rehearse NAME --fault list` names them');
  // Of the project's own kinds nothing is loaded for this: they are not trusted here.
  const kinds = await loadKinds(runbook, { project, trusted: false });
  const targets = runbook.steps.map((step) => {
    const own = step.form.form === 'uses' ? step.form.kind : undefined;
    const checks = step.verify.flatMap((check) => ('uses' in check.does ? [check.does.uses] : []));
    // A kind that never acts comes true by somebody's doing, as a check does.
    const looked = own !== undefined && kinds.get(own)?.act === undefined ? [own, ...checks] : checks;
    const bundleId = bundleIdOf(step);
    return {
      id: step.id,
      ...(own !== undefined && { kind: own }),
      checks: looked,
      ...(bundleId !== undefined && { bundleId }),
    };
  });
  const why = whyNot(fault, targets);
  if (why !== undefined) throw new UsageError(why, '`launch rehearse NAME --fault list` says what each can hit');
  return flags.fault;
}

/** As it is written, an expression too. */
function bundleIdOf({ form, verify }: Runbook['steps'][number]): string | undefined {
  const written = [form, ...verify.map(({ does }) => does)].flatMap((one) => ('with' in one ? [one.with] : []));
  return written.flatMap((one) => (isMap(one) && typeof one['bundle-id'] === 'string' ? [one['bundle-id']] : []))[0];
}

/** Crash trials (LAUNCHBOOK_CRASH): the process ends, as in a power cut, at points that it has not met before. */
function crashOf(io: Io, folder: string): (point: CrashPoint) => void {
  return (point) => {
    if (isCrashDue(folder, io.env.LAUNCHBOOK_CRASH, point)) killDriver(io.pid);
  };
}

/** What an event is about, without what another attempt would have otherwise: numbers, times, values. */
function pointOf(event: LaunchEvent): CrashPoint {
  const step = 'step' in event ? event.step : undefined;
  const about = ['for', 'is', 'question', 'name', 'item', 'tester'].flatMap((key) =>
    Object.entries(event).flatMap(([name, value]) => (name === key ? [String(value)] : [])),
  );
  return {
    at: [event.type, ...(step === undefined ? [] : [step]), ...about].join(' '),
    ...(step !== undefined && { step }),
  };
}
