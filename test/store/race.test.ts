// Real processes that want the same run at the same moment, and holders that were killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildSync } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { realDisk } from '../../src/system/disk.ts';
import { at, folder, runsOn, source, started } from './sample.ts';

const { run } = started();

/** A project with one run, and the program that contends for it. */
function begin() {
  const project = folder();
  const program = `${project}/contender.mjs`;
  const entry = new URL('./contender.ts', import.meta.url).pathname;
  buildSync({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm' });
  runsOn(realDisk(), project).create(started(), { at, source }).close();
  const contend = (...how: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [program, project, run, ...how], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const notes = () =>
    runsOn(realDisk(), project)
      .read(run)
      .flatMap((event) => (event.type === 'note.added' ? [event.text] : []));
  const locks = () =>
    realDisk()
      .list(`${project}/.launch/runs/${run}`)
      .filter((name) => name.startsWith('lock'));
  return { project, contend, notes, locks };
}

async function firstWord(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no output to read');
  const [bytes] = await once(child.stdout, 'data');
  return String(bytes).trim();
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('many processes take turns on one run: the chain stays whole and no acknowledged event is lost', async () => {
  const { contend, notes, locks } = begin();
  const children = Array.from({ length: 5 }, () => contend('turns', '60'));
  const counts = await Promise.all(children.map(firstWord));
  const found = notes();
  const wanted = children.map(({ pid }, i) => [String(pid), Number(counts[i])]);
  expect(wanted.map(([pid]) => [pid, found.filter((text) => text === pid).length])).toEqual(wanted);
  expect([found.length > 0, locks()]).toEqual([true, []]);
});

test('a killed holder is taken over by exactly one of many, again and again', async () => {
  const { contend, notes, locks } = begin();
  let holder = contend('hold');
  expect(await firstWord(holder)).toBe('held');
  for (let round = 0; round < 3; round++) {
    await killed(holder);
    const rivals = Array.from({ length: 4 }, () => contend('hold'));
    const words = await Promise.all(rivals.map(firstWord));
    expect([round, [...words].sort()]).toEqual([round, ['held', 'locked', 'locked', 'locked']]);
    holder = rivals[words.indexOf('held')] ?? holder;
    expect([round, locks()]).toEqual([round, ['lock']]);
  }
  const gone = once(holder, 'exit');
  holder.stdin?.end();
  await gone;
  expect([notes().length, locks()]).toEqual([4, []]);
});
