// The README's first command: the whole sample launch against stand-ins, without anyone.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, launch, projectOf, projectWith, rehearsalOf, start } from './launching.ts';

test('launch rehearse prod --auto ends with exit 0, with a record that leaves no step out, and no canary in any file it wrote', async () => {
  const project = projectWith();
  const { exit, stderr } = await launch(project, ['rehearse', 'prod', '--auto']);
  expect(stderr).toContain('Finished. The record:');
  expect(exit).toBe(0);
  const record = readFileSync(join(rehearsalOf(project), 'PRODUCTION_DEPLOYMENT.md'), 'utf8');
  const events = eventsOf(rehearsalOf(project));
  const ended = new Set(
    events.filter(({ type }) => /^step\.(done|skipped|not-needed)$/.test(type)).map(({ step }) => step),
  );
  expect(ended.size).toBeGreaterThan(40);
  expect(record).not.toContain('not reached');
  expect(record.startsWith('---\n')).toBe(true);
  const written = readdirSync(rehearsalOf(project), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/world'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  expect(written.filter((text) => text.includes('canary-'))).toEqual([]);
}, 120_000);

/** The path of another Node than the one that runs the tests; where there is none this has nothing to say. */
const other = process.env.LAUNCHBOOK_OTHER_NODE;

test.skipIf(other === undefined)(
  'it does so on another Node too',
  async () => {
    const { exit, stderr } = await start(projectWith(), ['rehearse', 'prod', '--auto'], { node: other }).ended;
    expect(stderr).not.toMatch(/ExperimentalWarning|DeprecationWarning/);
    expect(stderr).toContain('Finished. The record:');
    expect(exit).toBe(0);
  },
  120_000,
);

test('the same in a clone of this repository, as the README says', async () => {
  const clone = join(mkdtempSync(join(tmpdir(), 'launchbook-clone-')), 'clone');
  execFileSync('git', ['clone', '-q', join(import.meta.dirname, '../..'), clone]);
  const { exit, stderr } = await launch(clone, ['rehearse', 'prod', '--auto']);
  expect(stderr).toContain('Finished. The record:');
  expect(exit).toBe(0);
}, 300_000);

test('a rehearsal is of one version of the runbook: the open one of another is closed, and that is said', async () => {
  const runbook = (command: string) =>
    `---\nrunbook: 1\nsteps:\n  - { id: a, question: Why }\n  - { id: b, run: ${command} }\n---\n\n### A\n\n### B\n`;
  const project = projectOf({ 'runbooks/mine.md': runbook('"true"') });
  const first = await launch(project, ['rehearse', 'mine', '--non-interactive']);
  expect(first.exit).toBe(4);
  writeFileSync(join(project, 'runbooks/mine.md'), runbook('"false"'));
  const { stderr } = await launch(project, ['rehearse', 'mine', '--non-interactive']);
  expect(stderr).toMatch(/^The open rehearsal mine-\S+ was of the runbook before it was changed: it is closed, /);
});
