// Both sides of a comparison in turn, in one run, so that what else the machine does hits both; the median of the ratios is told.
import { spawn } from 'node:child_process';

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** A program that takes longer hangs: it is ended with all it has started, and said. Milliseconds. */
const LONGEST = 180_000;

/** Milliseconds until a program has ended. Rejects where it ends otherwise than wanted, or not at all. `watch` is told its pid. */
export function run(argv, { cwd, env = {}, exit = 0, watch = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let said = '';
    const child = spawn(process.execPath, argv, {
      cwd,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    watch(child.pid);
    const late = bound(argv, (error) => {
      process.kill(-child.pid, 'SIGKILL');
      reject(error);
    });
    child.stderr.on('data', (data) => (said = (said + data).slice(-2000)));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(late);
      if (code === exit) resolve(performance.now() - start);
      else reject(new Error(`${argv.join(' ')} ended with ${code}:\n${said}`));
    });
  });
}

/** Milliseconds until a program has shown a text on a terminal; it is ended then. */
export function shown(pty, argv, { cwd, env, text }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = pty.spawn(process.execPath, argv, { cwd, cols: 100, rows: 40, env });
    let screen = '';
    let after;
    const late = bound(argv, (error) => {
      child.kill('SIGKILL');
      reject(new Error(`${error.message}; it has shown:\n${screen.slice(-2000)}`));
    });
    child.onData((data) => {
      screen += data;
      if (after !== undefined || !screen.includes(text)) return;
      after = performance.now() - start;
      child.kill('SIGKILL');
    });
    child.onExit(({ exitCode }) => {
      clearTimeout(late);
      if (after !== undefined) resolve(after);
      else
        reject(
          new Error(`${argv.join(' ')} ended with ${exitCode} without showing "${text}":\n${screen.slice(-2000)}`),
        );
    });
  });
}

function bound(argv, end) {
  return setTimeout(() => end(new Error(`${argv.join(' ')} has not ended after ${LONGEST / 1000} s`)), LONGEST);
}

/** `ours` and `theirs` give milliseconds. */
export async function compare(times, ours, theirs) {
  const pairs = [];
  for (let i = 0; i < times; i++)
    pairs.push(i % 2 === 0 ? [await ours(), await theirs()] : [await theirs(), await ours()].reverse());
  return {
    ours: median(pairs.map(([a]) => a)),
    theirs: median(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a / b)),
  };
}
