// What the whole-program tests share: the built launch, started as a person or a program would, in a project of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
export const launchFile = join(root, 'dist/launch.cjs');

export interface Ran {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project with one runbook and the packaged files beside it. */
export function projectWith(name = 'prod'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-session-')));
  mkdirSync(join(folder, 'runbooks'));
  cpSync(join(root, 'runbooks', `${name}.md`), join(folder, 'runbooks', `${name}.md`));
  const fixtures = join(root, 'runbooks/fixtures', name);
  if (existsSync(fixtures)) cpSync(fixtures, folder, { recursive: true });
  return folder;
}

/** A project with these files. */
export function projectOf(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-session-')));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The text of a runbook: its definitions as YAML, and a section for each of these steps. */
export function runbookOf(definitions: string, ...steps: readonly string[]): string {
  const sections = steps.map((id) => `### ${id}\n\nWhat ${id} is for.\n`);
  return `---\nrunbook: 1\ntitle: A small launch\n${definitions.trim()}\n---\n\n## All\n\n${sections.join('\n')}`;
}

const HOUR = 60 * 60_000;
/** Nine in the morning of yesterday, so that no file is of a later time than it is. */
export const MORNING = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 15 * HOUR;
const toMorning = MORNING - Date.now();

/**
 * For the environment of a launch: it is that morning when the file of tests begins, whenever that is. Beside midnight a time is told in other
 * words (`tomorrow 00:10`). `file`: moved by `moveClock`.
 */
export const inTheMorning = (file?: string) => ({
  NODE_OPTIONS: `--require "${join(import.meta.dirname, 'moved-clock.cjs')}"`,
  CLOCK_MOVED: file ?? String(toMorning),
  TZ: 'UTC',
});

/** So many hours after the morning. A process that reads it meanwhile reads the one before or this one. */
export function moveClock(file: string, hours: number): void {
  writeFileSync(`${file}.new`, String(toMorning + hours * HOUR));
  renameSync(`${file}.new`, file);
}

export interface Started {
  readonly child: ChildProcess;
  /** Settles once this has been written, to either stream. */
  until(text: string): Promise<void>;
  readonly ended: Promise<Ran>;
}

/** Starts it without a terminal, with settings of its own. `as`: a user who may less than root. */
export function start(
  cwd: string,
  argv: readonly string[],
  {
    env = {},
    file = launchFile,
    node = process.execPath,
    as,
  }: { env?: Record<string, string>; file?: string; node?: string; as?: number } = {},
): Started {
  const child = spawn(node, [file, ...argv], {
    cwd,
    env: {
      ...process.env,
      npm_command: '',
      FORCE_COLOR: undefined,
      NO_COLOR: undefined,
      LAUNCHBOOK_CONFIG_DIR: join(cwd, '.config'),
      NODE_EXTRA_CA_CERTS: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(as !== undefined && { uid: as, gid: as }),
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (data) => {
    stdout += data;
    for (const watch of watchers) watch();
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    for (const watch of watchers) watch();
  });
  const ended = new Promise<Ran>((resolve) =>
    child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr })),
  );
  return {
    child,
    ended,
    until: (text) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          if (stdout.includes(text) || stderr.includes(text)) resolve();
        };
        watchers.add(watch);
        watch();
        void ended.then(() => reject(new Error(`it ended without "${text}":\n${stderr}`)));
      }),
  };
}

export const launch = (cwd: string, argv: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  start(cwd, argv, { env }).ended;

/** A real run, of which the digest is given. */
export async function trusted(cwd: string, name: string, ...more: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await launch(cwd, ['trust', name]);
  return [name, '--trust', /Digest: ([0-9a-f]{64})/.exec(stdout)?.[1] ?? '', ...more];
}

/** The folder of the only real run of a project. */
export function runOf(project: string): string {
  return onlyOf(join(project, '.launch/runs'));
}

/** What the stand-ins made, over all sittings of the only rehearsal of a project. */
export function made(project: string): readonly string[] {
  const calls = readFileSync(join(rehearsalOf(project), 'world/calls.jsonl'), 'utf8');
  return calls
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { changed }: { changed?: string } = JSON.parse(line);
      return changed === undefined ? [] : [changed];
    });
}

export const rehearsalOf = (project: string): string => onlyOf(join(project, '.launch/rehearsals'));

function onlyOf(folder: string): string {
  const [only, ...more] = readdirSync(folder).filter((name) => !name.startsWith('.'));
  if (only === undefined || more.length > 0) throw new Error(`${more.length + 1} runs in ${folder} instead of one`);
  return join(folder, only);
}

export const eventsOf = (
  folder: string,
): readonly { readonly n: number; readonly type: string; readonly step?: string }[] =>
  readFileSync(join(folder, 'journal.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
