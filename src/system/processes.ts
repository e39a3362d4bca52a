// The processes of the world: which file a command is, what it gets to see, and then a look or a held child.
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ended, type HeldCommand, hold } from './children.ts';
import { type Environment, kindEnvironment, merged, personEnvironment } from './environment.ts';
import { findExecutable } from './executables.ts';
import { endGroup } from './groups.ts';
import { groupLives } from './identity.ts';
import { look } from './looks.ts';
import type { Ended } from './ports.ts';
import type { HoldOptions, LookOptions, World } from './world.ts';

export interface ProcessesOptions {
  readonly project: string;
  /** The person's environment. */
  readonly env: Environment;
  /** Files behind names, before PATH is searched: LAUNCH_FLY, the stand-ins of a rehearsal. */
  readonly executables?: Readonly<Record<string, string>>;
  /** Set (or, with undefined, unset) for every child. */
  readonly always?: Environment;
  /** Rehearsal: for a name that `executables` does not have, the sentence that says so; nothing is searched on PATH. */
  readonly refuse?: (name: string) => string | undefined;
}

/** Never rejects: what cannot be started is an end with exit 127. */
export function createProcesses(world: ProcessesOptions): World['processes'] {
  return {
    async look(argv, options: LookOptions = {}) {
      const command = prepare(world, argv, { environment: 'kind', ...options });
      return 'exit' in command ? command : look({ ...command, signal: options.signal });
    },
    async hold(argv, options) {
      const command = prepare(world, argv, options);
      return 'exit' in command ? ended(command) : hold(command);
    },
    lives: groupLives,
    async endOrphan(child) {
      if (groupLives(child) === 'alive') await endGroup(child.group);
    },
  };
}

/** A bash that sees itself as the outermost, with a socket as input, takes this for a remote login and reads ~/.bashrc. */
const NESTED: Environment = { SHLVL: '1' };

function prepare(world: ProcessesOptions, argv: readonly string[], options: HoldOptions): HeldCommand | Ended {
  const [name = '', ...args] = argv;
  const cwd = resolve(world.project, options.cwd ?? '.');
  if (!isFolder(cwd)) return absent(`no such folder: ${cwd}`);

  const own =
    options.environment === 'kind'
      ? kindEnvironment(world.env, basename(name))
      : personEnvironment(world.env, options.without ?? []);
  const env = merged(NESTED, own, world.always ?? {}, { PWD: cwd }, options.env ?? {});
  const path = env.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  const known: Readonly<Record<string, string>> = { node: process.execPath, ...world.executables };
  const given = Object.hasOwn(known, name) ? known[name] : undefined;
  const refusal = given === undefined ? world.refuse?.(name) : undefined;
  if (refusal !== undefined) return { ...absent(refusal), missing: true };

  const file = findExecutable(given ?? name, { path, cwd });
  if (file === undefined) return { ...absent(`no such command: ${given ?? name}`), missing: true };
  const bash = name === 'bash' && given === undefined ? file : (findExecutable('bash', { path, cwd }) ?? '/bin/bash');
  return { file, args, cwd, env, bash, stdin: options.stdin, timeout: options.timeout, onOutput: options.onOutput };
}

function absent(why: string): Ended {
  return { exit: 127, stdout: '', stderr: why };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // Not there, or not to be entered.
  }
}
