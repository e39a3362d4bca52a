// One call of the stand-in fly: as a function where a process adds nothing, for a start of Node is nearly all that a call costs.
//
// The function is the executable itself, run in this process with a `process` of its own. The conformance table holds the two together.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { compileFunction } from 'node:vm';

/** As the package has it; `test/whole-run.ts` makes it. */
export const flyExecutable = join(import.meta.dirname, '../../../dist/stand-in-fly.cjs');

export interface Result {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A call that is to be killed is a process. */
export function callFly(argv: readonly string[], around: Surroundings, stdin = ''): Promise<Result> {
  return around.env.LAUNCHBOOK_CRASH ? ended(spawnFly(argv, around), stdin) : flyHere(argv, around, stdin);
}

export function spawnFly(argv: readonly string[], { cwd, env }: Surroundings): ChildProcess {
  return spawn(process.execPath, [flyExecutable, ...argv], { cwd, env });
}

/** Waits for the end of a process and gathers what it wrote. */
export function ended(child: ChildProcess, stdin?: string): Promise<Result> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (part) => (stdout += part));
  child.stderr?.on('data', (part) => (stderr += part));
  child.stdin?.on('error', () => {}); // a command that does not read its stdin closes it
  child.stdin?.end(stdin ?? '');
  return new Promise((resolve) => child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr })));
}

let program: ReturnType<typeof compileFunction> | undefined;

/** What is about processes it cannot play: a kill rejects, and a call that hangs does so for ever. */
export function flyHere(argv: readonly string[], around: Surroundings, stdin: string): Promise<Result> {
  program ??= compileFunction(
    readFileSync(flyExecutable, 'utf8').replace(/^#!.*/, ''),
    ['require', 'module', 'exports', 'process'],
    { filename: flyExecutable },
  );
  const module = { exports: {} };
  return new Promise((done, fail) =>
    program?.(createRequire(flyExecutable), module, module.exports, ownProcess(argv, around, stdin, done, fail)),
  );
}

/** All of `process` that the stand-in uses; what else it asks for is not there. Setting the exit code is its end. */
function ownProcess(
  argv: readonly string[],
  { cwd, env }: Surroundings,
  stdin: string,
  done: (result: Result) => void,
  fail: (error: Error) => void,
) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const stream = (parts: string[]) => ({ on: () => {}, write: (text: string) => void parts.push(text) });
  let folder = cwd;
  return {
    argv: [process.execPath, flyExecutable, ...argv],
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    pid: process.pid,
    ppid: process.ppid,
    stdin: Readable.from(stdin === '' ? [] : [stdin]),
    stdout: stream(stdout),
    stderr: stream(stderr),
    on: () => {},
    cwd: () => folder,
    chdir: (to: string) => {
      folder = resolve(folder, to);
      statSync(folder);
    },
    // Whether a process is alive may be asked.
    kill: (_: number, signal: unknown) =>
      signal === 0 || fail(new Error(`fly ${argv.join(' ')}: a call that is killed is to be a process`)),
    set exitCode(exit: number) {
      done({ exit, signal: null, stdout: stdout.join(''), stderr: stderr.join('') });
    },
  };
}
