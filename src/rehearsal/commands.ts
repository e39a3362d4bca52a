// The commands of a rehearsal: `fly` is the stand-in, `git` works on the copy, and whatever else has no stand-in.
import { chmodSync, mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { findExecutable } from '../system/executables.ts';
import type { Ended, ProcessOptions } from '../system/ports.ts';
import { createProcesses } from '../system/processes.ts';
import type { HeldChild, World } from '../system/world.ts';
import type { AppStoreFault } from './app-store-faults.ts';
import type { FaultPlayer } from './faults.ts';
import { createOnePassword } from './one-password.ts';
import { replaceFile } from './stand-in-file.ts';
import type { StandIns } from './stand-ins.ts';
import { type ReadXcode, runXcodeTool, xcodeTools } from './xcode-tools.ts';

export interface CommandsOptions {
  /** The folder of the stand-in world. */
  readonly folder: string;
  readonly project: string;
  /** The rehearsal's, without tokens. */
  readonly env: Readonly<Record<string, string>>;
  readonly flyExecutable: string;
  /** Where children find the stand-in web as their proxy, and what they must trust. */
  readonly web: { readonly port: number; readonly caFile: string };
  readonly standIns: Pick<StandIns, 'clock' | 'repository' | 'called' | 'appStore' | 'files'>;
  readonly faults: FaultPlayer;
  readonly readXcode?: ReadXcode;
  /** Which step is at work. */
  step(): string | undefined;
}

export function createCommands(options: CommandsOptions): World['processes'] {
  const { folder, project, env, standIns, faults, readXcode, step } = options;
  const { clock, repository, called } = standIns;
  const fly = writeFly(options);
  const onePassword = createOnePassword();
  const executables: Readonly<Record<string, string>> = { fly, flyctl: fly, git: 'git', bash: 'bash' };
  const real = createProcesses({
    project,
    env,
    executables,
    always: { ...forChildren(options), ...repository.environment() },
    refuse: (name) => (Object.hasOwn(executables, name) ? undefined : `no stand-in for ${name}`),
  });
  /** What has to be so before a command starts: where it runs, and the fault that may strike it. */
  const prepared = async <O extends ProcessOptions>(argv: readonly string[], given: O): Promise<Prepared<O>> => {
    const [name = ''] = argv;
    if (name === 'op') return { answer: onePassword(argv, given.stdin) };
    if (xcodeTools.includes(name)) {
      const due = (fault: AppStoreFault): boolean => faults.due(fault, step() ?? '');
      return { answer: await runXcodeTool(argv, { standIns, due, ...(readXcode && { readXcode }) }) };
    }
    if ((name === 'fly' || name === 'flyctl') && faults.missing(argv, step()))
      return { answer: { exit: 127, missing: true, stdout: '', stderr: '' } };
    if (name === 'fly' || name === 'flyctl') return { given, after: faults.arm(argv, step()) };
    if (name !== 'git' && name !== 'bash') return { given, after: nothing };
    try {
      const copy = await repository.folder();
      if (name === 'bash') writeGit(folder, copy, env);
      if (name === 'bash') return { given, after: nothing };
      const cwd = resolve(copy, relative(project, resolve(project, given.cwd ?? '.')));
      const after = (exit: number | null): void => called({ tool: 'git', argv: argv.slice(1), exit: exit ?? -1 });
      return { given: { ...given, cwd, env: { ...repository.environment(), ...given.env } }, after };
    } catch (error) {
      // No git on this machine, or a repository that cannot be copied: an end like any other of a command.
      return { answer: { exit: 128, stdout: '', stderr: error instanceof Error ? error.message : String(error) } };
    }
  };
  return {
    look: (argv, given = {}) =>
      clock.during(async () => {
        const ready = await prepared(argv, given);
        if ('answer' in ready) return ready.answer;
        const ended = await real.look(argv, ready.given);
        ready.after(ended.exit);
        return ended;
      }),
    hold: async (argv, given) => {
      const over = clock.begin();
      try {
        const ready = await prepared(argv, given);
        if ('answer' in ready) {
          over();
          return { go: nothing, ended: Promise.resolve(ready.answer), end: async () => undefined };
        }
        const child = await real.hold(argv, ready.given);
        const ended = child.ended.then((end) => {
          ready.after(end.exit);
          return end;
        });
        return { ...spawnedOf(child), go: () => child.go(), ended: ended.finally(over), end: () => child.end() };
      } catch (error) {
        over();
        throw error;
      }
    },
    lives: (child) => real.lives(child),
    endOrphan: (child) => clock.during(() => real.endOrphan(child)),
  };
}

/** A command with its options and what follows its end, or one that is answered without a process. */
type Prepared<O> = { readonly given: O; after(exit: number | null): void } | { readonly answer: Ended };

const nothing = (): void => undefined;

const spawnedOf = ({ spawned }: HeldChild): Pick<HeldChild, 'spawned'> => (spawned ? { spawned } : {});

/** The stand-in fly, told where its world is: also for a real run that is aimed here, and for scripts that find it on PATH. */
function writeFly({ folder, flyExecutable }: CommandsOptions): string {
  const file = join(folder, 'bin', 'fly');
  writeScript(file, [
    `export LAUNCHBOOK_STANDIN=${quoted(folder)}`,
    // It speaks to no server, and Node reads all certificates there are before anything else: as long as its whole start.
    'unset NODE_EXTRA_CA_CERTS',
    `exec ${quoted(flyExecutable)} "$@"`,
  ]);
  writeScript(join(folder, 'bin', 'flyctl'), [`exec ${quoted(file)} "$@"`]);
  return file;
}

/** `git` for scripts of the project: in the copy, from wherever it is called. */
function writeGit(folder: string, repository: string, env: Readonly<Record<string, string>>): void {
  const git = findExecutable('git', { path: env.PATH ?? '', cwd: folder });
  if (git === undefined) return;
  writeScript(join(folder, 'bin', 'git'), [`cd ${quoted(repository)} && exec ${quoted(git)} "$@"`]);
}

function writeScript(file: string, lines: readonly string[]): void {
  replaceFile(file, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(file, 0o700);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The stand-in world in the words that programs understand (`facts/feasibility.md` §4). What ignores these needs `rehearse: { stdout }`. */
function forChildren({ folder, env, web }: CommandsOptions): Readonly<Record<string, string | undefined>> {
  const proxy = `http://127.0.0.1:${web.port}`;
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return {
    LAUNCHBOOK_STANDIN: folder,
    LAUNCHBOOK_CRASH: env.LAUNCHBOOK_CRASH,
    LAUNCHBOOK_PID: String(process.pid),
    PATH: `${join(folder, 'bin')}:${env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}`,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    ALL_PROXY: proxy,
    all_proxy: proxy,
    NO_PROXY: undefined,
    no_proxy: undefined,
    SSL_CERT_FILE: web.caFile,
    CURL_CA_BUNDLE: web.caFile,
    REQUESTS_CA_BUNDLE: web.caFile,
    NODE_EXTRA_CA_CERTS: web.caFile,
    GIT_SSL_CAINFO: web.caFile,
  };
}
