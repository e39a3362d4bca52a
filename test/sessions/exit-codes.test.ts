// The exit codes that scripts and people rely on (DESIGN §6): each one by a program that ends with it.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventsOf, launch, launchFile, projectOf, runbookOf, runOf, start, trusted } from './launching.ts';

const of = (definitions: string, ...steps: string[]) =>
  projectOf({ 'runbooks/small.md': runbookOf(definitions, ...steps) });
const works = () => of(`steps: [{ id: go, run: "true" }]`, 'go');
/** Goes on until it is ended. */
const lasts = () => of(`steps: [{ id: go, run: "echo under way; sleep 100" }]`, 'go');
const person = () => of(`steps: [{ id: go, manual: true }]`, 'go');

describe('the exit code', () => {
  test('is 0 when the run is finished', async () => {
    const project = works();
    const ran = await launch(project, await trusted(project, 'small'));
    expect(ran.exit).toBe(0);
    expect(eventsOf(runOf(project)).at(-1)).toMatchObject({ type: 'record.written' });
  });

  test('is 1 at a failed step', async () => {
    const project = of(`steps: [{ id: go, run: "echo no good; exit 9" }]`, 'go');
    const ran = await launch(project, await trusted(project, 'small'));
    expect(ran.stderr).toContain('no good');
    expect(ran.exit).toBe(1);
  });

  test('is 2 for wrong usage', async () => {
    expect((await launch(works(), ['small', '--yse'])).exit).toBe(2);
  });

  test('is 2 for an aim that cannot be understood, before anything is made', async () => {
    const project = works();
    const ran = await launch(project, ['small'], { LAUNCH_DNS: 'here' });
    expect(ran.stderr).toContain('LAUNCH_DNS: "here" is not of the form');
    expect(ran.exit).toBe(2);
    expect(readdirSync(project)).toEqual(['runbooks']);
  });

  test('is 3 for a runbook that is not valid', async () => {
    expect((await launch(of(`steps: [{ id: go, rum: "true" }]`, 'go'), ['small'])).exit).toBe(3);
  });

  test('is 4 where a person is needed', async () => {
    const project = person();
    const ran = await launch(project, await trusted(project, 'small'));
    expect(ran.stderr).toContain('Go on with: launch small');
    expect(ran.exit).toBe(4);
  });

  test('is 5 where another process holds the run, which it names', async () => {
    const project = lasts();
    const argv = await trusted(project, 'small');
    const first = start(project, argv);
    await first.until('under way');
    const second = await launch(project, argv);
    expect(second.stderr).toContain(`process ${first.child.pid}`);
    expect(second.stderr).toContain('at step "go"');
    expect(second.exit).toBe(5);
    first.child.kill('SIGTERM');
    await first.ended;
  });

  test('of plan is 6 with --exit-code where there is work left, and 0 without', async () => {
    const project = works();
    expect((await launch(project, ['plan', 'small', '--exit-code'])).exit).toBe(6);
    expect((await launch(project, ['plan', 'small'])).exit).toBe(0);
  });

  test('is 7 where the runbook is not trusted', async () => {
    expect((await launch(works(), ['small'])).exit).toBe(7);
  });

  test('is 8 where the journal or the settings cannot be used', async () => {
    const project = person();
    const argv = await trusted(project, 'small');
    await launch(project, argv);
    const journal = join(runOf(project), 'journal.jsonl');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"v":1', '"v":99'));
    expect((await launch(project, argv)).exit).toBe(8);
    const other = projectOf({
      'runbooks/small.md': runbookOf('steps: [{ id: go, manual: true }]'),
      '.config/config.json': '{',
    });
    const ran = await launch(other, ['small']);
    expect(ran.stderr).toContain('config.json are not JSON');
    expect(ran.stderr).toContain('mend the file or delete it');
    expect(ran.exit).toBe(8);
  });

  test('is 70 where it is our fault, which it says', async () => {
    const broken = join(mkdtempSync(join(tmpdir(), 'launchbook-broken-')), 'dist');
    cpSync(join(launchFile, '..'), broken, { recursive: true });
    for (const name of readdirSync(broken)) if (name.startsWith('chunk-lint-')) rmSync(join(broken, name));
    const ran = await start(works(), ['lint'], { file: join(broken, 'launch.cjs') }).ended;
    expect(ran.stderr).toContain('this is a bug of ours');
    expect(ran.exit).toBe(70);
  });

  test.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'after %s is %i; the child is ended, the run is kept, and its start is in doubt',
    async (signal, exit) => {
      const project = lasts();
      const argv = await trusted(project, 'small', '--json');
      const run = start(project, argv);
      await run.until('step.spawned');
      run.child.kill(signal);
      const ran = await run.ended;
      expect(ran.exit).toBe(exit);
      expect(ran.stderr).toContain('Go on with: launch small');
      const events = eventsOf(runOf(project));
      expect(events.at(-1)?.type).toBe('run.paused');
      const { pid } = JSON.parse(ran.stdout.split('\n').find((line) => line.includes('step.spawned')) ?? '');
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    },
  );
});
