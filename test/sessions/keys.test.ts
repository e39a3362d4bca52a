// Keys of a step and of a runbook, as a launch without a terminal obeys them: the whole program, real files, real commands.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRehearsal } from '../../src/rehearsal/world.ts';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from './launching.ts';

const root = join(import.meta.dirname, '../..');

async function launched(definitions: string, ...ids: readonly string[]) {
  const project = projectOf({ 'runbooks/small.md': runbookOf(definitions, ...ids) });
  const argv = await trusted(project, 'small');
  const go = (...more: readonly string[]) => launch(project, [...argv, ...more]);
  return { project, go, ran: await go() };
}

/** Each step that came to an end: how, and why. */
function endsIn(run: string): readonly string[] {
  const ends = /^step\.(done|skipped|not-needed|failed)$/;
  return eventsOf(run).flatMap((event) => {
    const [, end] = ends.exec(event.type) ?? [];
    const more = ['how', 'reason'].flatMap((key) =>
      Object.entries(event).flatMap(([name, value]) => (name === key ? [String(value)] : [])),
    );
    return end === undefined ? [] : [[event.step, end, ...more].join(' ')];
  });
}

test('what an earlier run did is seen to be so, and not done again', async () => {
  const { project, go, ran } = await launched(
    `steps:
  - { id: made, run: 'echo made >> done', unless: [{ run: test -e done }] }
  - { id: told, run: 'echo told >> done' }`,
    'made',
    'told',
  );
  expect(ran.exit, ran.stderr).toBe(0);
  const again = await go('--new');
  expect(again.exit, again.stderr).toBe(0);
  expect(readFileSync(join(project, 'done'), 'utf8')).toBe('made\ntold\ntold\n');
});

test('two runbooks share a step document, each with its own values', async () => {
  const step = `---\nrun: 'echo "\${{ inputs.word }}" >> said'\nwith: { word: { pattern: "[a-z]+" } }\n---\n\nSay it.\n`;
  const of = (word: string) => runbookOf(`steps: [{ id: say, uses: ./steps/say.md, with: { word: ${word} } }]`, 'say');
  const project = projectOf({ 'runbooks/one.md': of('good'), 'runbooks/two.md': of('morning'), 'steps/say.md': step });
  for (const name of ['one', 'two']) {
    const { exit, stderr } = await launch(project, await trusted(project, name));
    expect(exit, stderr).toBe(0);
  }
  expect(readFileSync(join(project, 'said'), 'utf8')).toBe('good\nmorning\n');
  // What is shared is part of what was trusted.
  const argv = await trusted(project, 'one');
  writeFileSync(join(project, 'steps/say.md'), step.replace('echo', 'printf'));
  expect((await launch(project, [...argv, '--new', '--yes'])).exit).toBe(7);
});

test('already, optional and not-needed: seen, taken on the plan, left, not asked for; and nothing is run', async () => {
  const { project, ran } = await launched(
    `inputs: { host: { default: fly } }
steps:
  - { id: seen, manual: true, already: "built, yesterday", verify: [{ run: "true" }] }
  - { id: planned, manual: true, already: "agreed, in May" }
  - { id: extra, run: 'touch extra', optional: true }
  - { id: railway, run: 'touch railway', if: inputs.host == 'railway' }
  - { id: later, run: 'touch later', not-needed: "phase 8" }`,
    'seen',
    'planned',
    'extra',
    'railway',
    'later',
  );
  expect(ran.exit, ran.stderr).toBe(0);
  expect(endsIn(runOf(project))).toEqual([
    'seen done verified',
    expect.stringMatching(/^planned done on-plan/),
    expect.stringMatching(/^extra skipped .*optional/),
    expect.stringMatching(/^railway not-needed .*host == 'railway'/),
    expect.stringMatching(/^later not-needed .*phase 8/),
  ]);
});

test('what the plan says is done and is not is for a person: 4', async () => {
  const { ran } = await launched(
    `steps: [{ id: seen, run: 'touch acted', already: "built, yesterday", verify: [{ run: "false" }] }]`,
    'seen',
  );
  expect(ran.exit, ran.stderr).toBe(4);
});

test('a proof that is required is for a person: 4, and the step is named', async () => {
  const { ran } = await launched(`steps: [{ id: merged, manual: true, evidence: required }]`, 'merged');
  expect(ran.stderr).toContain('Stopped and kept at "merged"');
  expect(ran.exit).toBe(4);
});

test('a tool that is not here stops before the first act: 1, and it is named', async () => {
  const { project, ran } = await launched(
    `steps:
  - { id: first, run: 'touch first' }
  - { id: copied, run: 'psql-of-tomorrow -f x', requires: [psql-of-tomorrow] }`,
    'first',
    'copied',
  );
  expect(ran.stderr).toContain('psql-of-tomorrow');
  expect(ran.exit).toBe(1);
  expect(endsIn(runOf(project))).toEqual([]);
});

test('another account than the runbook names stops before the first act: 1, with both', async () => {
  const project = projectOf({
    'runbooks/small.md': runbookOf(
      `accounts: { fly: { org: sollabs } }\nsteps: [{ id: app, uses: fly/app, with: { name: some-app } }]`,
      'app',
    ),
  });
  const world = await openRehearsal({
    folder: join(project, '.world'),
    project,
    flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'elsewhere' } },
  });
  try {
    const ran = await launch(project, await trusted(project, 'small'), world.aim);
    expect(ran.stderr).toMatch(/sollabs/);
    expect(ran.stderr).toMatch(/elsewhere/);
    expect(ran.exit).toBe(1);
    expect(eventsOf(runOf(project)).filter(({ type }) => type === 'step.started')).toEqual([]);
  } finally {
    await world.close();
  }
});
