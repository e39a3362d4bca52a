// `launch rehearse`: the whole launch against stand-ins, with the real code of every step.
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evolve } from '../engine/evolve.ts';
import { listOfFaults, parseFault, whyNot } from '../rehearsal/faults.ts';
import { openRehearsal } from '../rehearsal/world.ts';
import type { Runbook } from '../runbook/model.ts';
import { copyName, type OpenJournal, type Runs } from '../store/files.ts';
import { findProject, listRunbooks } from '../system/project.ts';
import { safe } from '../text/escape.ts';
import { createRedactor } from '../text/redact.ts';
import { againOf } from './again.ts';
import { readAnswers } from './answers.ts';
import { facesFor, shownFace } from './faces.ts';
import type { Flags } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { carryOn, notSimulated, readSkips, swept, writeRecord } from './launching.ts';
import type { Call } from './main.ts';
import { readRunbook, runbookFile } from './project.ts';
import { resume } from './resuming.ts';
import { close } from './run.ts';
import { operatorOf, readable, runsOf } from './runs-of.ts';

export async function rehearse({ io, names, flags }: Call): Promise<number> {
  if (flags.fault === 'list') {
    for (const { name, what, wayOut } of listOfFaults())
      io.stdout.write(`${name.padEnd(24)} ${what}; way out: ${wayOut}\n`);
    return 0;
  }
  if (flags.crash !== undefined)
    throw new UsageError(
      '--crash is not part of this version',
      'the tests of the project kill a rehearsal after every event',
    );
  const [name] = names;
  if (name === undefined) throw new UsageError('which runbook?', '`launch rehearse prod`');
  const project = rehearsalProject(io, flags, name);
  const runbook = await readRunbook(io, project, runbookFile(io, flags, project, name), flags);
  const fault = faultFor(runbook, flags);
  const given = readAnswers(io, flags, runbook);
  const skip = readSkips(runbook, flags);
  const runs = runsOf(io, flags, project, 'rehearsals');
  const auto = flags.auto ?? false;
  const journal = openOne(runs, runbook, {
    auto,
    fresh: Boolean(flags.new || fault),
    fault,
    operator: operatorOf(io, flags),
  });
  const again = againOf(findProject(flags.dir ?? io.cwd) === project ? io.argv : [...io.argv, '--dir', project], name);
  const fixtures = join(io.packageFolder, 'runbooks', 'fixtures', runbook.name);
  const faces = auto ? undefined : await facesFor(io, flags, { outline: runbook, again, answers: given });
  const world = await openRehearsal({
    folder: join(journal.folder, 'world'),
    project,
    ...(existsSync(fixtures) && { fixtures }),
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
    const now = () => world.world.clock.now();
    const resuming = { io, face, runs, journal, current: runbook, project, operator: operatorOf(io, flags), now };
    const resumed = journal.events.length > 1 ? await resume(resuming) : { recheck: false };
    if (!resumed) {
      faces?.close();
      return await close({ io, flags, end: { stopped: 'not now', exit: 4 }, again }, async () => '');
    }
    const launching = {
      io: { ...io, env: world.environment },
      skip,
      runbook,
      journal,
      world: world.world,
      face,
      redactor: createRedactor(),
      operator: operatorOf(io, flags),
      recheck: resumed.recheck,
      ...crashing(io),
    };
    const end = await carryOn(launching);
    faces?.close();
    const code = await close({ io, flags, end, again }, () =>
      writeRecord(launching, async (text) => {
        const path = join(journal.folder, runbook.record.split('/').at(-1) ?? 'RECORD.md');
        writeFileSync(path, text, { mode: 0o600 });
        return path;
      }),
    );
    tellAfterwards(io, runbook, journal, world.borrowed());
    return await swept(launching, code);
  } finally {
    faces?.close();
    await world.close();
    journal.close();
  }
}

function tellAfterwards(io: Io, runbook: Runbook, journal: OpenJournal, borrowed: readonly string[]): void {
  if (borrowed.length > 0)
    io.stderr.write(safe(`Files that are not in this project came with the sample: ${borrowed.join(', ')}\n`));
  const unplayed = notSimulated(runbook, journal);
  if (unplayed > 0) io.stderr.write(`${unplayed} steps were not simulated: nothing stands in for what they run.\n`);
}

/** The project with that runbook; else a new folder with the packaged sample, whose path is printed. */
function rehearsalProject(io: Io, flags: Flags, name: string): string {
  const project = findProject(flags.dir ?? io.cwd);
  if (project !== undefined && (name.endsWith('.md') || listRunbooks(project).some((one) => one.startsWith(name))))
    return project;
  const sample = join(io.packageFolder, 'runbooks', `${name}.md`);
  if (!existsSync(sample))
    throw new UsageError(
      `no runbook is called "${name}", here or in the package`,
      '`launch rehearse prod` rehearses the sample',
    );
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-rehearsal-'));
  chmodSync(folder, 0o700);
  mkdirSync(join(folder, 'runbooks'));
  copyFileSync(sample, join(folder, 'runbooks', `${name}.md`));
  const fixtures = join(io.packageFolder, 'runbooks', 'fixtures', name);
  if (existsSync(fixtures)) cpSync(fixtures, folder, { recursive: true });
  io.stderr.write(`There is no such runbook here: the packaged sample is rehearsed in ${folder}\n`);
  return folder;
}

function faultFor(runbook: Runbook, flags: Flags): string | undefined {
  if (flags.fault === undefined) return undefined;
  const fault = parseFault(flags.fault);
  if ('problem' in fault) throw new UsageError(fault.problem, '`launch rehearse NAME --fault list` names them');
  const targets = runbook.steps.map((step) => ({
    id: step.id,
    ...(step.form.form === 'uses' && { kind: step.form.kind }),
    checks: step.verify.flatMap((check) => ('uses' in check.does ? [check.does.uses] : [])),
  }));
  const why = whyNot(fault, targets);
  if (why !== undefined) throw new UsageError(why, '`launch rehearse NAME --fault list` says what each can hit');
  return flags.fault;
}

interface Beginning {
  readonly auto: boolean;
  readonly fresh: boolean;
  readonly fault: string | undefined;
  readonly operator: string;
}

/** The open rehearsal begun the same way, or a fresh one. */
function openOne(runs: Runs, runbook: Runbook, { auto, fresh, fault, operator }: Beginning): OpenJournal {
  const open = fresh
    ? undefined
    : runs
        .list()
        .find((one) => readable(one) && one.runbook.name === runbook.name && !one.finished && one.auto === auto);
  if (open) {
    const journal = runs.open(open.id);
    if (evolve(journal.events).runbook.digest === runbook.digest) return journal;
    journal.append(
      { type: 'run.finished', outcome: 'abandoned', why: 'the runbook was changed' },
      { sync: true, at: new Date() },
    );
    journal.close();
  }
  const at = new Date();
  return runs.create(
    {
      type: 'run.started',
      run: runs.newId(runbook.name, at, (bytes) =>
        Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex'),
      ),
      runbook: {
        name: runbook.name,
        file: runbook.file,
        title: runbook.title,
        digest: runbook.digest,
        copy: copyName(runbook.digest),
      },
      operator,
      tool: LAUNCHBOOK_VERSION,
      mode: 'rehearsal',
      rehearsal: { auto, ...(fault !== undefined && { fault }) },
    },
    { at, source: runbook.source },
  );
}

/** Crash trials: LAUNCHBOOK_CRASH=event:N ends this process, as a power cut would, once event N is on disk. */
function crashing(io: Io): { readonly afterEvent?: (n: number) => void } {
  const [, at] = /^event:(\d+)$/.exec(io.env.LAUNCHBOOK_CRASH ?? '') ?? [];
  if (at === undefined) return {};
  return {
    afterEvent: (n) => {
      if (n === Number(at)) process.kill(io.pid, 'SIGKILL');
    },
  };
}
