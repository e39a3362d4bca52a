// `npm run bench`: what a start, an act, an event and a resume cost, each beside the barest thing that could do it. Takes some minutes.
// `npm run bench -- start list` measures only those.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { keysWith, logWith } from './log.mjs';
import { compare, median, run, shown } from './measure.mjs';
import { digestOf, envOf, projectOf, runbookOf } from './projects.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const launch = join(root, 'dist/launch.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'launchbook-bench-'));
const nothing = () => run(['-e', '0']);
const wanted = process.argv.slice(2);
const rows = [];
const ms = (value) => `${value.toFixed(0)} ms`;

async function row(key, what, reach, measure) {
  if (wanted.length > 0 && !wanted.includes(key)) return;
  process.stderr.write(`${what} …\n`);
  const { value, reached, more } = await measure();
  rows.push({ what, value, reach, reached, more });
}
const atMost = (most, { ours, theirs, ratio }) => ({
  value: `${ratio.toFixed(2)} ×`,
  reached: ratio <= most,
  more: `${ms(ours)} against ${ms(theirs)}`,
});

execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale'], { timeout: 180_000 });
const partsFile = join(scratch, 'parts.mjs');
buildSync({
  entryPoints: [join(root, 'bench/parts.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: partsFile,
});
const { openRuns, realDisk, variantsOf } = await import(pathToFileURL(partsFile));

await row('start', '`--version` against `node -e 0`', '≤ 1.15 ×', async () =>
  atMost(1.15, await compare(31, () => run([launch, '--version']), nothing)),
);

const twenty = projectOf(
  Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`plan-${i}`, runbookOf([{ id: 'go', manual: true }], `Plan ${i}`)]),
  ),
);
await row('list', 'list of 20 runbooks against `node -e 0`', '≤ 1.5 ×', async () =>
  atMost(1.5, await compare(21, () => run([launch], { cwd: twenty, env: envOf(twenty) }), nothing)),
);

await row('status', '`status` with 50 runs against `node -e 0`', '≤ 1.9 ×', async () => {
  const project = projectOf({ small: runbookOf([{ id: 'go', manual: true }]) });
  const argv = [launch, 'small', '--trust', digestOf(launch, project, 'small'), '--new', '--yes'];
  for (let i = 0; i < 50; i++) await run(argv, { cwd: project, env: envOf(project), exit: 4 });
  return atMost(1.9, await compare(21, () => run([launch, 'status'], { cwd: project, env: envOf(project) }), nothing));
});

await row(
  'screen',
  'first screen on a terminal, 20 steps, against `node` writing a word to it',
  '≤ 3.0 ×',
  async () => {
    const pty = await import('@lydell/node-pty');
    const steps = Array.from({ length: 20 }, (_, i) => ({ id: `step-${i}`, manual: true }));
    // A fresh project each time: a run that is open already is another screen.
    const first = () => {
      const project = projectOf({ small: runbookOf(steps) });
      const argv = [launch, 'small', '--trust', digestOf(launch, project, 'small')];
      const env = { ...envOf(project), TERM: 'xterm-256color' };
      return shown(pty, argv, { cwd: project, env, text: 'stop and keep' });
    };
    const word = () => shown(pty, ['-e', 'console.log("word")'], { cwd: scratch, env: envOf(scratch), text: 'word' });
    return atMost(3, await compare(15, first, word));
  },
);

const thousand = projectOf({
  big: runbookOf([
    ...Array.from({ length: 1000 }, (_, i) => ({ id: `step-${i}`, run: 'true' })),
    { id: 'person', manual: true },
  ]),
});
await row('acts', '1,000 trivial `run` steps against bare spawns with pipes and a group', '≤ 2 ×', async () => {
  const bare = `const { spawn } = require('node:child_process'); (async () => { for (let i = 0; i < 1000; i++) await new Promise((done) => { const child = spawn('bash', ['-euo', 'pipefail', '-c', 'true'], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] }); child.stdout.resume(); child.stderr.resume(); child.on('close', done); }); })()`;
  const argv = [launch, 'big', '--trust', digestOf(launch, thousand, 'big'), '--new', '--yes'];
  return atMost(
    2,
    await compare(
      3,
      () => run(argv, { cwd: thousand, env: envOf(thousand), exit: 4 }),
      () => run(['-e', bare]),
    ),
  );
});

await row('resume', 'resume of 1,000 steps that are done, to the next, against `node -e 0`', '≤ 6 ×', async () => {
  const argv = [launch, 'big', '--trust', digestOf(launch, thousand, 'big')];
  const go = () => run(argv, { cwd: thousand, env: envOf(thousand), exit: 4 });
  await go();
  const [newest] = JSON.parse(
    execFileSync(process.execPath, [launch, 'runs', '--json'], { cwd: thousand, env: envOf(thousand) }),
  );
  const found = atMost(6, await compare(9, go, nothing));
  return { ...found, more: `${found.more}; ${newest.events} events` };
});

/** A run of 1,000 steps that use the answer to its first; `answers` are given one after the other, before any of them is done. */
const withAnswers = once(() => {
  const use = { run: 'true "${{ steps.first.outputs.answer }}"' };
  const steps = Array.from({ length: 1000 }, (_, i) => ({ id: `step-${i}`, ...use }));
  const text = runbookOf([{ id: 'first', question: 'Where?' }, ...steps, { id: 'person', manual: true }]);
  const made = (...answers) => {
    const project = projectOf({ long: text });
    const argv = [launch, 'long', '--trust', digestOf(launch, project, 'long')];
    const at = { cwd: project, env: envOf(project) };
    const answer = (value) => run([launch, 'answer', 'first', value], at);
    const begin = async () => {
      await run([...argv, '--new', '--yes'], { ...at, exit: 4 });
      for (const value of answers) await answer(value);
    };
    return { begin, answer, go: () => run(argv, { ...at, exit: 4 }) };
  };
  return { once: made('a'), anew: made('b', 'a') };
});
await row(
  'stale',
  '1,000 `run` steps with an answer that was given anew, against one that was given once',
  '≤ 1.1 ×',
  async () => {
    const { once: plain, anew } = withAnswers();
    const begun = async ({ begin, go }) => {
      await begin();
      return go();
    };
    return atMost(
      1.1,
      await compare(
        3,
        () => begun(anew),
        () => begun(plain),
      ),
    );
  },
);
await row(
  'stale',
  'resume of 1,000 done steps of which each is stale, to the first, against none stale',
  '≤ 1.2 ×',
  async () => {
    const { once: plain, anew } = withAnswers();
    await anew.answer('c');
    return atMost(1.2, await compare(9, anew.go, plain.go));
  },
);

await row('event', 'a durable event against write and fdatasync', '≤ 1.3 ×', async () => {
  const project = projectOf({});
  const me = { pid: process.pid, startTime: '1', bootId: 'b', host: 'h', operator: 'ann' };
  const runs = openRuns(project, 'runs', { disk: realDisk(), me, now: () => new Date(), lives: () => true });
  const digest = '0'.repeat(64);
  const journal = runs.create(
    {
      type: 'run.started',
      run: 'bench-20260101-aaa',
      runbook: {
        name: 'bench',
        file: 'runbooks/bench.md',
        title: 'x',
        digest,
        copy: `runbook-${digest.slice(0, 8)}.md`,
      },
      operator: 'ann',
      tool: '0',
      mode: 'real',
    },
    { at: new Date(), source: 'x' },
  );
  const raw = openSync(join(project, 'raw'), 'a');
  const timed = (act) => async () => {
    const start = performance.now();
    for (let i = 0; i < 20; i++) act();
    return performance.now() - start;
  };
  const line = Buffer.alloc(220, 'x');
  const found = await compare(
    41,
    timed(() =>
      journal.append({ type: 'note.added', text: 'a note of some words', by: 'ann' }, { sync: true, at: new Date() }),
    ),
    timed(() => {
      writeSync(raw, line);
      fdatasyncSync(raw);
    }),
  );
  closeSync(raw);
  journal.close();
  return {
    ...atMost(1.3, found),
    more: `${(found.ours / 20).toFixed(2)} ms against ${(found.theirs / 20).toFixed(2)} ms`,
  };
});

await row('output', '1 GB of a child’s output, redacted (500 patterns) and kept', '≥ 400 MB/s, ≤ 160 MiB', async () => {
  const { keys } = keysWith(500, variantsOf);
  const log = logWith(keys, 16);
  const times = Math.ceil(1e9 / log.length);
  const project = projectOf({
    loud: runbookOf([
      { id: 'loud', run: `for i in {1..${times}}; do cat log; done` },
      { id: 'person', manual: true },
    ]),
  });
  writeFileSync(join(project, 'log'), log);
  // Tokens of the environment are known as secrets.
  const tokens = Object.fromEntries(keys.map((key, i) => [`BENCH_${i}_TOKEN`, key]));
  const argv = [launch, 'loud', '--trust', digestOf(launch, project, 'loud'), '--new', '--yes'];
  let most = 0;
  const once = async () => {
    let watching;
    const watch = (pid) => (watching = setInterval(() => (most = Math.max(most, peakOf(pid))), 20));
    try {
      return await run(argv, { cwd: project, env: { ...envOf(project), ...tokens }, exit: 4, watch });
    } finally {
      clearInterval(watching);
    }
  };
  const took = [await once(), await once(), await once()];
  const speed = (log.length * times) / 1000 / median(took);
  const left = keys.filter((key) => receiptsOf(project).some((text) => text.includes(key))).length;
  return {
    value: `${speed.toFixed(0)} MB/s, ${most.toFixed(0)} MiB`,
    reached: speed >= 400 && most > 0 && most <= 160 && left === 0,
    more: `start and end of the program included; of ${keys.length} keys ${left} stand in a receipt`,
  };
});

const redactor = once(() => JSON.parse(ownProgram('redactor.mjs', '--json')));
for (const [at, count, least] of [
  [0, 500, 300],
  [1, 5000, 60],
])
  await row('redactor', `redactor with ${count} patterns`, `≥ ${least} MB/s`, async () => {
    const { megabytesPerSecond, secrets, left, ratio, leftByRegularExpression } = redactor().results[at];
    return {
      value: `${megabytesPerSecond.toFixed(0)} MB/s`,
      reached: megabytesPerSecond >= least && left === 0,
      more: `of ${secrets} keys in 100 MB of a log ${left} are left; ${ratio.toFixed(1)} times as fast as one regular expression, which leaves ${leftByRegularExpression}`,
    };
  });

await row('scan', '`secrets scan` of 5,000 files against `node -e 0`', '', async () => {
  const { seconds, ratio, megabytes, names } = JSON.parse(ownProgram('scan.mjs', '--json'));
  return {
    value: `${seconds.toFixed(1)} s`,
    more: `${ratio.toFixed(0)} ×; ${megabytes.toFixed(0)} MB, ${names} names`,
  };
});

await row('package', 'what a user installs', '≤ 5 MB', async () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ unpackedSize, size }] = JSON.parse(packed.slice(packed.indexOf('[')));
  return {
    value: `${(unpackedSize / 1e6).toFixed(2)} MB`,
    reached: unpackedSize <= 5e6,
    more: `1 package, ${(size / 1e6).toFixed(2)} MB to fetch, ${readdirSync(join(root, 'dist')).length} files built`,
  };
});

/** A program of this folder, in a process of its own: what it prints. */
function ownProgram(name, ...args) {
  return execFileSync(process.execPath, [join(root, 'bench', name), ...args], { encoding: 'utf8', timeout: 600_000 });
}

function once(make) {
  let made;
  return () => (made ??= make());
}

function receiptsOf(project) {
  const runs = join(project, '.launch/runs');
  return readdirSync(runs, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.log'))
    .map((path) => readFileSync(join(runs, path), 'latin1'));
}

/** MiB that a process has held at most; 0 where that cannot be read. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // It has ended just now, or there is no /proc.
  }
}

console.log(`\n| what | measured | reach | | |\n|---|---|---|---|---|`);
for (const { what, value, reach, reached, more } of rows)
  console.log(`| ${what} | ${value} | ${reach} | ${reached === undefined ? '' : reached ? 'yes' : 'no'} | ${more} |`);
console.log(`\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}.`);
