// The machine does not go to sleep in the middle of an act: a program of the system holds it awake for as long as we do.
import { spawn } from 'node:child_process';
import { type Environment, kindEnvironment } from './environment.ts';
import { findExecutable } from './executables.ts';

interface AwakeOptions {
  readonly env: Environment;
  readonly platform?: NodeJS.Platform;
  /** What is over sooner needs nothing. Milliseconds. */
  readonly after?: number;
}

/** Call it when an act begins, and what it gives when the act has ended. Where the system has no such program, nothing happens. */
export function createAwake({ env, platform = process.platform, after = 2000 }: AwakeOptions): () => () => void {
  return () => {
    let release = () => {};
    const begun = setTimeout(() => {
      release = hold(env, platform);
    }, after);
    begun.unref();
    return () => {
      clearTimeout(begun);
      release();
    };
  };
}

/** It goes when its input ends: when it is released, and also when we are killed. */
function hold(env: Environment, platform: NodeJS.Platform): () => void {
  const [name = '', ...args] = platform === 'darwin' ? CAFFEINATE : INHIBIT;
  const file = findExecutable(name, { path: env.PATH ?? '', cwd: '/' });
  if (file === undefined) return () => {};
  const child = spawn(file, [...args, 'cat'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: kindEnvironment(env, name),
    detached: true,
  });
  child.on('error', () => {}); // It could not be started: the machine sleeps as it would without us.
  child.stdin.on('error', () => {}); // It has ended already.
  child.unref();
  return () => child.stdin.end();
}

const CAFFEINATE = ['caffeinate', '-i'];
const INHIBIT = [
  'systemd-inhibit',
  '--what=idle:sleep',
  '--who=launch',
  '--why=A step of a launch is being carried out',
];
