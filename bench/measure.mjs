// Both sides of a comparison in turn, in one run, so that what else the machine does hits both; the median of the ratios is told.
import { spawn } from 'node:child_process';

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Milliseconds until a program has ended. Rejects where it ends otherwise than wanted. */
export function run(argv, { cwd, env = {}, exit = 0 } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let said = '';
    const child = spawn(process.execPath, argv, {
      cwd,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (data) => (said = (said + data).slice(-2000)));
    child.on('error', reject);
    child.on('close', (code) =>
      code === exit
        ? resolve(performance.now() - start)
        : reject(new Error(`${argv.join(' ')} ended with ${code}:\n${said}`)),
    );
  });
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
