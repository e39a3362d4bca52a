// One sitting, from an open journal to the record: shared by `launch run` and `launch rehearse`.
import { createHash } from 'node:crypto';
import type { LaunchEvent } from '../engine/events.ts';
import { evolve, finishOf, stepOf } from '../engine/evolve.ts';
import type { Face } from '../engine/face.ts';
import { carryOut, type SittingEnd } from '../engine/loop.ts';
import { offerOf } from '../engine/offer.ts';
import { Sitting } from '../engine/sitting.ts';
import type { RunState, SentSecret } from '../engine/state.ts';
import { type Journal, StateError } from '../engine/store.ts';
import type { Runbook } from '../runbook/model.ts';
import type { Json } from '../step.ts';
import type { OpenJournal, Runs } from '../store/files.ts';
import type { NamedSecret, RunRecord } from '../system/ports.ts';
import type { World } from '../system/world.ts';
import { parseDuration } from '../text/duration.ts';
import type { Redactor } from '../text/redact.ts';
import type { Flags } from './flags.ts';
import { pairs } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { loadKinds } from './project.ts';
import { readable, runsOf } from './runs-of.ts';

export interface Launching {
  readonly io: Io;
  readonly runbook: Runbook;
  readonly journal: OpenJournal;
  readonly world: World;
  readonly face: Face;
  readonly operator: string;
  /** `--skip`, by step. */
  readonly skip: Readonly<Record<string, string>>;
  /** Done steps are looked at again first. */
  readonly recheck: boolean;
  /** This version of the runbook may run what is its own. */
  readonly trusted: boolean;
  readonly afterEvent?: (event: LaunchEvent) => void;
  readonly lastInputs?: () => Readonly<Record<string, Json>>;
  /** What the events add up to, where that was worked out before: of a long run it is felt. */
  readonly state?: RunState;
}

/** The record as the journal gives it, for a step that writes it. Loaded late: most runbooks have no such step. */
async function recordOf(runbook: Runbook, journal: Journal): Promise<RunRecord> {
  const { renderRecord } = await import('../record/markdown.ts');
  const { isRecord, recordedEvent } = await import('../record/check.ts');
  const { recordPath } = await import('./record-place.ts');
  return {
    // Inputs that it names may be given in this sitting.
    get path() {
      return recordPath(runbook, journal.events);
    },
    text: () => renderRecord(runbook, journal.events, evolve(journal.events)),
    of: (text) => recordedEvent(runbook, journal.events, text),
    isOne: isRecord,
  };
}

/** To its end, or to where this sitting must stop. Nothing is done in a run that is finished and lacks only its record. */
export async function carryOn(launching: Launching): Promise<SittingEnd> {
  const over = finishedAs(launching.journal);
  if (over) return over;
  const { journal, face } = launching;
  const [first, ...more] = journal.events;
  if (first && more.length === 0) face.happened(first, evolve(journal.events));
  return carryOut(await sittingOf(launching));
}

/** A sitting of this run: what its steps offer, and everything they may reach. */
export async function sittingOf(
  launching: Omit<Launching, 'journal'> & { readonly journal: Journal },
): Promise<Sitting> {
  const { io, runbook, journal, world, face, operator, skip, recheck, trusted } = launching;
  const { redactor } = io;
  const { afterEvent, lastInputs, state } = launching;
  const kinds = await loadKinds(runbook, { project: world.project, trusted });
  const offers = new Map(runbook.steps.map((step) => [step.id, offerOf(step, kinds, parseDuration)]));
  const { environment, words } = await learnReady(io, { runbook, world });
  if (words.length > 0) face.tell([plainWords(words)]);
  return new Sitting(
    {
      runbook,
      kinds,
      offers,
      journal,
      world,
      face,
      redactor,
      operator,
      signal: io.signal,
      environment,
      skip,
      ...(kinds.has('record/write') && { record: await recordOf(runbook, journal) }),
      recheck,
      trusted,
      ...(!world.pretend && { sentBefore: sentIn(earlierRuns(launching)) }),
      ...(afterEvent && { afterEvent }),
      ...(lastInputs && { lastInputs }),
    },
    state?.last.n === journal.events.length ? state : evolve(journal.events),
  );
}

const earlierRuns = ({ io, world, operator }: Pick<Launching, 'io' | 'world' | 'operator'>): Runs =>
  runsOf(io, { who: operator }, world.project, 'runs');

/** Looks through the runs, the newest first, when first asked; one that cannot be read tells nothing. */
function sentIn(runs: Runs): (of: NamedSecret) => SentSecret | undefined {
  let sent: readonly SentSecret[] | undefined;
  return ({ app, name }) => {
    sent ??= runs
      .list()
      .filter(readable)
      .flatMap(({ id }) => readSent(runs, id));
    return sent.find((one) => one.app === app && one.name === name);
  };
}

function readSent(runs: Runs, id: string): readonly SentSecret[] {
  try {
    return evolve(runs.read(id)).secrets;
  } catch (error) {
    if (error instanceof StateError) return [];
    throw error;
  }
}

/** undefined while there is something to do. */
export function finishedAs({ events }: Pick<OpenJournal, 'events'>): SittingEnd | undefined {
  const outcome = finishOf(events)?.outcome;
  return outcome === 'done' || outcome === 'failed' ? { finished: outcome } : undefined;
}

/** What is known as secret before anything is asked: before the first line is written, and before the first is shown. */
export async function learnReady(
  { env, redactor }: Pick<Io, 'env' | 'redactor'>,
  { runbook, world }: { readonly runbook: Runbook; readonly world: Pick<World, 'files'> },
): Promise<{ readonly environment: Readonly<Record<string, string>>; readonly words: readonly string[] }> {
  const environment = Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const words = learnTokens(redactor, { environment, runbook });
  await learnSources(redactor, { runbook, environment, files: world.files });
  return { environment, words };
}

/** Secrets that lie ready at their sources: a step may print one before any step has asked for it. */
async function learnSources(
  redactor: Redactor,
  {
    runbook,
    environment,
    files,
  }: { readonly runbook: Runbook; readonly environment: Readonly<Record<string, string>> } & Pick<World, 'files'>,
): Promise<void> {
  for (const { name, from, secret } of runbook.secrets.flatMap(({ names }) => names)) {
    if (!secret || !from) continue;
    // One that cannot be read is told by the step that needs it.
    const text = 'file' in from ? await files.read(from.file).catch(() => undefined) : undefined;
    const value = 'env' in from ? environment[from.env] : text?.replace(/\r?\n$/, '');
    if (value !== undefined) redactor.learn(name, value);
  }
}

/**
 * Values of the environment that are tokens by their name. One that is a plain word of the runbook (`DB_PASSWORD=postgres`) is no secret to
 * its readers, and would stand in the place of the word wherever that is shown: it is not learnt. Gives the names of those.
 */
export function learnTokens(
  redactor: Redactor,
  { environment, runbook }: { readonly environment: Readonly<Record<string, string>>; readonly runbook: Runbook },
): readonly string[] {
  const words: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!/(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i.test(name)) continue;
    if (isPlainWordOf(runbook.source, value)) words.push(name);
    else redactor.learn(name, value);
  }
  return words;
}

/** Letters alone, as in a dictionary; shorter ones are never learnt. */
const isPlainWordOf = (text: string, value: string): boolean =>
  /^[A-Za-z]{6,15}$/.test(value) && new RegExp(`\\b${value}\\b`).test(text);

const plainWords = (names: readonly string[]): string =>
  `${names.join(', ')} of your environment: the value is a plain word that stands in the runbook too, so it is not kept out of what is shown and written. If it is a secret all the same, change it.`;

/** `--skip ID=REASON`. Throws UsageError where no step is called so. */
export function readSkips(runbook: Runbook, flags: Flags): Readonly<Record<string, string>> {
  const skips = pairs('skip', flags.skip);
  const unknown = Object.keys(skips).find((id) => !runbook.steps.some((step) => step.id === id));
  if (unknown !== undefined)
    throw new UsageError(`--skip: no step is called "${unknown}"`, '`launch plan` lists the steps');
  return skips;
}

/** Writes the record and says so in the journal. `write` puts it in its place and gives the name shown. */
export async function writeRecord(
  launching: Pick<Launching, 'runbook' | 'journal' | 'world'>,
  write: (text: string) => Promise<string>,
): Promise<string> {
  const { renderRecord } = await import('../record/markdown.ts');
  const { journal, runbook, world } = launching;
  const text = renderRecord(runbook, journal.events, evolve(journal.events));
  const file = await write(text);
  const hash = createHash('sha256').update(text).digest('hex');
  journal.append(
    { type: 'record.written', file, of: journal.events.length, hash },
    { sync: true, at: world.clock.now() },
  );
  return file;
}

/** The last thing of every run: is a secret in what it wrote? Says where, never which value; then the exit code is 1. */
export async function swept({ io, journal, world }: Launching, code: number): Promise<number> {
  const { redactor } = io;
  const leaks = [...journal.leaks((bytes) => redactor.holds(bytes))].map(({ file, secret }) => ({
    file: `${journal.folder}/${file}`,
    secret,
  }));
  // From the two events alone: adding all of them up once more is a tenth of a resume.
  const real = journal.events.some((event) => event.type === 'run.started' && event.mode === 'real');
  const record = journal.events.findLast((event) => event.type === 'record.written');
  if (real && record) {
    const text = await world.files.read(record.file);
    const secret = redactor.holds(Buffer.from(text ?? ''));
    if (secret !== undefined) leaks.push({ file: record.file, secret });
  }
  for (const { file, secret } of leaks)
    io.stderr.write(
      `launch: ${secret} stands in ${file}\n  change that secret, and take it out of the file before it goes anywhere\n`,
    );
  return leaks.length > 0 ? 1 : code;
}

/** Steps of a finished rehearsal that nothing stood in for. */
export function notSimulated(runbook: Runbook, journal: Pick<OpenJournal, 'events'>): number {
  const state = evolve(journal.events);
  return runbook.steps.filter((step) => stepOf(state, step.id).evidence?.notSimulated).length;
}
