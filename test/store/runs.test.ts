// The contract of the runs of a project, on a real disk and in memory.
import { lstatSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { copyName } from '../../src/store/files.ts';
import { hashOf } from '../../src/store/lines.ts';
import { memoryDisk } from '../../src/store/memory.ts';
import { realDisk } from '../../src/system/disk.ts';
import { at, digest, first, folder, note, refusal, runsOn, second, source, started } from './sample.ts';

const disks = [
  { name: 'on a real disk', make: realDisk },
  { name: 'in memory', make: memoryDisk },
];

describe.each(disks)('runs $name', ({ make }) => {
  function begin() {
    const disk = make();
    const project = folder();
    disk.makeFolder(project);
    return { disk, project, runs: runsOn(disk, project, { alive: [first.pid] }) };
  }

  test('a new run is there with its first event, its runbook and a .gitignore of its own', () => {
    const { disk, project, runs } = begin();
    const journal = runs.create(started(), { at, source });
    expect(journal.events).toEqual([{ v: 1, n: 1, at: at.toISOString(), ...started(), prev: '' }]);
    expect(runs.frozen(journal.run, copyName(digest))).toBe(source);
    expect(Buffer.from(disk.read(`${project}/.launch/.gitignore`) ?? []).toString()).toBe('*\n');
    expect([...disk.list(journal.folder)].sort()).toEqual(['journal.jsonl', 'lock', copyName(digest)]);
  });

  test('one process at a time may begin a run of a runbook; one that died, or is on another machine, holds nobody up', () => {
    const { disk, project, runs } = begin();
    const held = runs.holdBeginning('prod');
    const other = runsOn(disk, project, { me: second, alive: [first.pid, second.pid] });
    expect(refusal(() => other.holdBeginning('prod'))).toMatch(/^LockedError: prod is held by jam on studio/);
    other.holdBeginning('staging').release();
    runsOn(disk, project, { me: { ...second, host: 'laptop' }, alive: [] })
      .holdBeginning('prod')
      .release();
    held.release();
    runs.holdBeginning('prod');
    runsOn(disk, project, { me: second, alive: [second.pid] })
      .holdBeginning('prod')
      .release();
  });

  test('what is appended is what is read back, chained line by line', () => {
    const { disk, runs } = begin();
    const journal = runs.create(started(), { at, source });
    journal.append(
      { type: 'step.looked', step: 'a', for: 'plan', is: 'so', checks: [], outputs: undefined },
      { sync: false, at },
    );
    journal.append(note('zwei\nLines “ü”\u2028'), { sync: true, at });
    journal.close();
    expect(runs.read(journal.run)).toEqual(journal.events);
    const lines = Buffer.from(disk.read(`${journal.folder}/journal.jsonl`) ?? [])
      .toString()
      .trimEnd()
      .split('\n');
    const prevs = journal.events.map((event) => event.prev);
    expect(prevs).toEqual(['', hashOf(lines[0] ?? ''), hashOf(lines[1] ?? '')]);
  });

  test('a run is opened again and goes on in its chain', () => {
    const { runs } = begin();
    runs.create(started(), { at, source }).close();
    const again = runs.open(started().run);
    again.append(note('on'), { sync: true, at });
    expect([again.torn, again.before, runs.read(again.run).map((event) => event.n)]).toEqual([
      undefined,
      undefined,
      [1, 2],
    ]);
  });

  test('a run that someone holds is refused, naming who, where, since when, at which step', () => {
    const { disk, project, runs } = begin();
    const journal = runs.create(started(), { at, source });
    journal.at('create-app');
    journal.at('deploy');
    const other = runsOn(disk, project, { me: second, alive: [first.pid] });
    expect(refusal(() => other.open(journal.run))).toBe(
      'LockedError: prod-20261122-k3f is held by jam on studio (process 100) since 2026-11-22T21:30:00.000Z, at step "deploy"' +
        ' | Go on there, or end that process (kill 100) and start again.',
    );
    expect(other.read(journal.run)).toHaveLength(1);
    journal.close();
    other.open(journal.run).close();
    expect(other.holder(journal.run)).toBeUndefined();
  });

  test('a dead holder is taken over and named', () => {
    const { disk, project, runs } = begin();
    const journal = runs.create(started(), { at, source });
    journal.at('deploy');
    const other = runsOn(disk, project, { me: second, alive: [] }).open(journal.run);
    expect(other.before).toMatchObject({ ...first, step: 'deploy' });
    other.close();
    expect([...disk.list(other.folder)].sort()).toEqual(['journal.jsonl', copyName(digest)]);
  });

  test('after a restart of the machine the holder is gone, whatever has its number now', () => {
    const { disk, project, runs } = begin();
    const { run } = runs.create(started(), { at, source });
    const rebooted = runsOn(disk, project, { me: { ...second, bootId: 'next' }, alive: [first.pid] });
    expect(rebooted.open(run).before?.pid).toBe(first.pid);
  });

  test('a holder on another machine is refused until a person unlocks it', () => {
    const { disk, project, runs } = begin();
    const { run } = runs.create(started(), { at, source });
    const elsewhere = runsOn(disk, project, { me: { ...second, host: 'laptop' }, alive: [] });
    expect(refusal(() => elsewhere.open(run))).toMatch(
      /is held by jam on studio .* \| Ask there whether it still goes on\. If it does not: launch unlock prod-20261122-k3f/,
    );
    expect(elsewhere.unlock(run)?.pid).toBe(first.pid);
    expect(elsewhere.unlock(run)).toBeUndefined();
    elsewhere.open(run).close();
  });

  test('who lost the lock to an unlock cannot write on', () => {
    const { disk, project, runs } = begin();
    const journal = runs.create(started(), { at, source });
    const other = runsOn(disk, project, { me: second });
    const taken = other.open(journal.run);
    taken.append(note('mine now'), { sync: true, at });
    expect(refusal(() => journal.append(note('still here'), { sync: true, at }))).toMatch(
      /was changed by someone else while this run was open/,
    );
    journal.close();
    expect(other.holder(journal.run)?.holder.pid).toBe(second.pid);
  });

  test('an unreadable lock is refused, and unlocked by a person', () => {
    const { disk, runs } = begin();
    const journal = runs.create(started(), { at, source });
    journal.close();
    disk.append(`${journal.folder}/lock`).close();
    expect(refusal(() => runs.open(journal.run))).toMatch(/its lock file cannot be read \| Make sure .* launch unlock/);
    runs.unlock(journal.run);
    runs.open(journal.run).close();
  });

  test('two texts of one digest are both kept, the same text once', () => {
    const { runs } = begin();
    const journal = runs.create(started(), { at, source });
    const names = [
      journal.freeze(digest, source),
      journal.freeze(digest, 'other prose\n'),
      journal.freeze(digest, 'other prose\n'),
    ];
    expect(names).toEqual(['runbook-a1b2c3d4.md', 'runbook-a1b2c3d4-2.md', 'runbook-a1b2c3d4-2.md']);
    expect(runs.frozen(journal.run, 'runbook-a1b2c3d4-2.md')).toBe('other prose\n');
  });

  test('a receipt is a file in the folder of the run', () => {
    const { disk, runs } = begin();
    const journal = runs.create(started(), { at, source });
    const receipt = journal.receipt('deploy', 2);
    receipt.write(Buffer.from('building\n'));
    receipt.end();
    expect([receipt.name, Buffer.from(disk.read(`${journal.folder}/${receipt.name}`) ?? []).toString()]).toEqual([
      'receipts/deploy-2.log',
      'building\n',
    ]);
  });

  test('the list tells how each run stands, newest first, and names what cannot be read', () => {
    const { disk, project, runs } = begin();
    const later = (minutes: number) => ({ sync: false, at: new Date(at.getTime() + minutes * 60_000) });
    const open = runs.create(started('prod-20261122-aaa'), { at, source });
    open.append({ type: 'run.paused', why: 'waiting for jam', step: 'dns' }, later(5));
    const done = runs.create(started('prod-20261122-bbb'), { at, source });
    done.append({ type: 'run.finished', outcome: 'done' }, later(9));
    done.append({ type: 'input.given', name: 'x', value: { type: 'run.finished' }, from: 'flag' }, later(10));
    const reopened = runs.create(started('prod-20261122-ccc'), { at, source });
    reopened.append({ type: 'run.finished', outcome: 'failed' }, later(1));
    reopened.append({ type: 'run.resumed', operator: 'ann' }, later(2));
    reopened.append({ type: 'step.reopened', step: 'a', why: 'again', by: 'ann', to: 'act' }, later(3));
    const bad = `${project}/.launch/runs/prod-20261122-ddd`;
    disk.makeFolder(bad);
    disk.append(`${bad}/journal.jsonl`).write(Buffer.from('no json\n'));
    const rows = runs
      .list()
      .map((run) =>
        run.readable ? [run.id, run.events, run.operator, run.finished?.outcome, run.paused?.step] : [run.id, run.why],
      );
    expect(rows).toEqual([
      ['prod-20261122-bbb', 3, 'jam', 'done', undefined],
      ['prod-20261122-aaa', 2, 'jam', undefined, 'dns'],
      ['prod-20261122-ccc', 4, 'ann', undefined, undefined],
      [
        'prod-20261122-ddd',
        '.launch/runs/prod-20261122-ddd/journal.jsonl:1  this line cannot be used: it is not a JSON object',
      ],
    ]);
  });

  test('an id is found by a prefix, the exact one before longer ones', () => {
    const { runs } = begin();
    for (const run of ['prod-1', 'prod-12', 'other-1']) runs.create(started(run), { at, source });
    expect([runs.find('prod'), runs.find('prod-1'), runs.find('o'), runs.find('x')]).toEqual([
      ['prod-1', 'prod-12'],
      ['prod-1'],
      ['other-1'],
      [],
    ]);
  });

  test('a new id is one that no run has', () => {
    const { runs } = begin();
    const always = (bytes: number) => '00'.repeat(bytes);
    const id = runs.newId('Prod Launch', at, always);
    runs.create(started(id), { at, source });
    expect([id, runs.newId('Prod Launch', at, always)]).toEqual([
      'prod-launch-20261122-aaa',
      'prod-launch-20261122-aaaa',
    ]);
  });

  test('a second run of the same id is refused and leaves the first as it is', () => {
    const { disk, project, runs } = begin();
    runs.create(started(), { at, source }).close();
    expect(refusal(() => runs.create(started(), { at, source }))).toMatch(
      /there is one of that name already \| Start again/,
    );
    expect(disk.list(`${project}/.launch/runs`)).toEqual([started().run]);
    expect(runs.read(started().run)).toHaveLength(1);
  });

  test('a rehearsal is never resumed as a real run, nor a copied folder as another one', () => {
    const { disk, project, runs } = begin();
    const rehearsals = runsOn(disk, project, { kind: 'rehearsals' });
    rehearsals.create(started('prod-1', 'rehearsal'), { at, source }).close();
    disk.makeFolder(`${project}/.launch/runs`);
    disk.rename(`${project}/.launch/rehearsals/prod-1`, `${project}/.launch/runs/prod-1`);
    expect(refusal(() => runs.open('prod-1'))).toBe(
      'StateError: .launch/runs/prod-1 holds a rehearsal | Move the folder back to .launch/rehearsals.',
    );
    disk.rename(`${project}/.launch/runs/prod-1`, `${project}/.launch/rehearsals/prod-2`);
    expect(refusal(() => rehearsals.open('prod-2'))).toMatch(/holds the run prod-1 \| Give the folder its name back/);
    expect(rehearsals.holder('prod-2')).toBeUndefined();
  });

  test.each(['../x', '', 'A', 'a/b', '.new-x', 'nothing-here'])('there is no run %j', (id) => {
    expect(refusal(() => begin().runs.open(id))).toBe(
      `StateError: there is no run ${JSON.stringify(id)} | \`launch runs\` lists them.`,
    );
  });
});

test('nothing is made before the first run', () => {
  const project = folder();
  const runs = runsOn(realDisk(), project);
  expect([runs.list(), runs.find(''), realDisk().list(project)]).toEqual([[], [], []]);
});

test('folders are for their owner only, and so are files', () => {
  const project = folder();
  const journal = runsOn(realDisk(), project).create(started(), { at, source });
  const receipt = journal.receipt('deploy', 1);
  receipt.write(Buffer.from('x'));
  receipt.end();
  const mode = (path: string) => (lstatSync(`${project}/.launch/${path}`).mode & 0o777).toString(8);
  const run = `runs/${journal.run}`;
  const files = [
    `${run}/journal.jsonl`,
    `${run}/lock`,
    `${run}/${copyName(digest)}`,
    `${run}/receipts/deploy-1.log`,
    '.gitignore',
  ];
  expect(['', 'runs', run, `${run}/receipts`].map(mode)).toEqual(['700', '700', '700', '700']);
  expect(files.map(mode)).toEqual(['600', '600', '600', '600', '600']);
  expect(readFileSync(`${journal.folder}/journal.jsonl`, 'utf8')).toMatch(
    /^\{"v":1,"n":1,"at":"2026-11-22T21:30:00\.000Z","type":"run\.started",.*"prev":""\}\n$/,
  );
});
