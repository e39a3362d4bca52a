// The real world, put together: what the engine is given when a run is no rehearsal.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Aim } from './aim.ts';
import { createAwake } from './awake.ts';
import { copyText, openPage } from './desktop.ts';
import type { Environment } from './environment.ts';
import { type DiskFiles, diskFiles } from './files.ts';
import { createPostgres } from './postgres.ts';
import { createProcesses } from './processes.ts';
import { openShell } from './shell.ts';
import type { World } from './world.ts';

export interface RealWorld extends World {
  readonly files: DiskFiles;
}

/** `project`: absolute. `env`: the person's environment, as it is now. */
export function createRealWorld({
  project,
  aim,
  env: living,
}: {
  project: string;
  aim: Aim;
  env: Environment;
}): RealWorld {
  const env = { ...living }; // `process.env` asks the system for each name, each time.
  return {
    project,
    processes: createProcesses({ project, env, ...(aim.fly && { executables: { fly: aim.fly }, always: ours(env) }) }),
    zx: ['node', '--import', ZX, '--input-type=module', '-'],
    pause: (ms) => pause(ms),
    // Loaded with the first look that goes out: the first screen needs none of the network.
    http: { exchange: async (...asked) => (await import('./http.ts')).createHttp(aim).exchange(...asked) },
    dns: { ask: async (question) => (await import('./dns.ts')).createDns(aim).ask(question) },
    tls: { handshake: async (to) => (await import('./tls.ts')).createTls(aim).handshake(to) },
    postgres: createPostgres(),
    files: diskFiles(project),
    clock: systemClock,
    env: { get: (name) => env[name], file: (name) => readNamed(env[name]) },
    urls: aim.urls,
    scratch: createScratch(),
    open: (url) => openPage(url, env),
    copy: (text) => copyText(text, env),
    ...(!env.CI && { awake: createAwake({ env }) }),
    shell: ({ env: given, cwd }) => openShell(cwd, given),
    random: (bytes) => randomBytes(bytes).toString('hex'),
  };
}

/** Beside us in dist/, built from zx.ts. */
const ZX = new URL('./zx.mjs', import.meta.url).href;
const LARGEST_KEY = 2 ** 20;

/** A key file of the person, mostly outside the project: its path stands in a variable. Rejects in words where it cannot be read. */
async function readNamed(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === '') return undefined;
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new Error(`cannot read ${path}: ${error.message}`, { cause: error });
  });
  if (file === undefined) return undefined;
  try {
    if ((await file.stat()).size > LARGEST_KEY) throw new Error(`${path} is too large for a key`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Within this a sleep notices that the machine itself has slept. */
const GLANCE = 15_000;

/** The machine's clock. */
const systemClock: World['clock'] = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => systemClock.sleepUntil(Date.now() + ms, signal),
  async sleepUntil(wall, signal) {
    const monotonic = performance.now() + wall - Date.now();
    // The one does not count while the machine sleeps, the other may be set back: whichever is there first ends it.
    const left = () => Math.min(wall - Date.now(), monotonic - performance.now());
    while (left() > 0 && !signal?.aborted) {
      await pause(Math.min(left(), GLANCE), undefined, { signal }).catch(() => undefined); // Only an abort rejects.
    }
  },
};

const LONGEST_OUTPUT = 2 ** 20;

/** Files of their own in one folder, readable for nobody else. At once, since a wait for each call costs a step more than all of them. */
function createScratch(): World['scratch'] {
  let folder: string | undefined;
  let made = 0;
  const makeFolder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'launch-'));
    process.once('exit', () => rmSync(path, { recursive: true, force: true }));
    return path;
  };
  return async () => {
    // A run may wait for days, and a machine tidies its temporary folder.
    if (folder === undefined || !existsSync(folder)) folder = makeFolder();
    const path = join(folder, `output-${++made}`);
    writeFileSync(path, '', { mode: 0o600 });
    return {
      path,
      read: async () => readStart(path),
      remove: async () => rmSync(path, { recursive: true, force: true }),
    };
  };
}

/** Outputs are names and short values; '' where the step removed the file or put something else there. Throws above 1 MB. */
function readStart(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size === 0) return '';
  if (found.size > LONGEST_OUTPUT) throw new Error('more than 1 MB was written to $LAUNCH_OUTPUT');
  return readFileSync(path, 'utf8');
}

/** A stand-in for fly finds its world by these. */
function ours(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('LAUNCHBOOK_')));
}
