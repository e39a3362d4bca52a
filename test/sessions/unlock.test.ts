// A lock that another machine left: refused with who holds it, taken away by `launch unlock` after asking, and the run goes on.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, projectOf, runbookOf, runOf, start, trusted } from './launching.ts';

const project = () => projectOf({ 'runbooks/small.md': runbookOf('steps: [{ id: go, manual: true }]', 'go') });

/** A run that stands at its first step, held by ann on another machine. */
async function heldElsewhere(
  lock = JSON.stringify({
    pid: 7,
    startTime: '1',
    bootId: 'b',
    host: 'elsewhere.invalid',
    operator: 'ann',
    since: '2026-11-22T20:00:00.000Z',
    token: 't',
  }),
) {
  const folder = project();
  const argv = await trusted(folder, 'small');
  await launch(folder, argv);
  const file = join(runOf(folder), 'lock');
  writeFileSync(file, `${lock}\n"go"\n`);
  return { folder, argv, file, id: basename(runOf(folder)) };
}

describe('a run held on another machine', () => {
  test('is refused with who holds it and the way on, and is free after unlock --yes', async () => {
    const { folder, argv, id } = await heldElsewhere();
    const refused = await launch(folder, argv);
    expect(refused.stderr).toContain(
      `${id} is held by ann on elsewhere.invalid (process 7) since 2026-11-22T20:00:00.000Z, at step "go"`,
    );
    expect(refused.stderr).toContain(`launch unlock ${id}`);
    expect(refused.exit).toBe(5);
    const unlocked = await launch(folder, ['unlock', id, '--yes']);
    expect(unlocked.stdout).toContain('it was held by ann on elsewhere.invalid');
    expect(unlocked.exit).toBe(0);
    expect((await launch(folder, argv)).exit).toBe(4);
  });

  test('stays locked where nobody is there to say that it is certain', async () => {
    const { folder, file, id } = await heldElsewhere();
    const before = readFileSync(file, 'utf8');
    const ran = await launch(folder, ['unlock', id]);
    expect(ran.stderr).toContain('from here nobody can see whether the process lives');
    expect(ran.stderr).toContain('give --yes');
    expect(ran.exit).toBe(4);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('with a lock that cannot be read is free after unlock --yes', async () => {
    const { folder, argv, id } = await heldElsewhere('half a li');
    const refused = await launch(folder, argv);
    expect(refused.stderr).toContain('its lock file cannot be read');
    expect(refused.exit).toBe(5);
    expect(await launch(folder, ['unlock', id, '--yes'])).toMatchObject({
      exit: 0,
      stdout: `${id} is no longer locked.\n`,
    });
    expect((await launch(folder, argv)).exit).toBe(4);
  });
});

describe('launch unlock', () => {
  test('never takes a run from a process of this machine that lives', async () => {
    const folder = projectOf({
      'runbooks/small.md': runbookOf('steps: [{ id: go, run: "echo under way; sleep 100" }]', 'go'),
    });
    const first = start(folder, await trusted(folder, 'small'));
    await first.until('under way');
    const ran = await launch(folder, ['unlock', basename(runOf(folder)), '--yes']);
    expect(ran.stderr).toContain(`end that process (kill ${first.child.pid})`);
    expect(ran.exit).toBe(5);
    first.child.kill('SIGTERM');
    expect((await first.ended).exit).toBe(143);
  });

  test('says that a run is not locked, and that there is none of that name', async () => {
    const folder = project();
    await launch(folder, await trusted(folder, 'small'));
    const id = basename(runOf(folder));
    expect(await launch(folder, ['unlock', id.slice(0, -1)])).toMatchObject({
      exit: 0,
      stdout: `${id} is not locked.\n`,
    });
    expect((await launch(folder, ['unlock', 'zzz'])).exit).toBe(2);
    expect((await launch(folder, ['unlock'])).exit).toBe(2);
  });
});
