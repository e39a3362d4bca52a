// A record that belongs into another repository: the person says where its checkout is, and it is written there, not into the project.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from './launching.ts';

const DEFINITIONS = `
record: "\${{ inputs.docs }}/launches/PRODUCTION_DEPLOYMENT.md"
inputs:
  docs: { type: directory, description: A checkout of infra-docs }
secrets: { some-app: { names: { API_KEY: { from: { env: THE_KEY } } } } }
steps:
  - { id: made, run: "true" }
  - { id: told, run: 'echo "$KEY" | rev', env: { KEY: "\${{ secrets.API_KEY }}" } }`;

const git = (cwd: string, ...argv: readonly string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', '-c', 'commit.gpgSign=false', ...argv],
    { cwd, encoding: 'utf8' },
  );

/** Two repositories beside each other, each with a commit. */
function repositories() {
  const folder = projectOf({
    'app/runbooks/small.md': runbookOf(DEFINITIONS, 'made', 'told'),
    'infra docs/README.md': 'x',
  });
  const [app, docs] = [join(folder, 'app'), join(folder, 'infra docs')];
  for (const each of [app, docs]) {
    git(each, 'init', '-q');
    git(each, 'add', '.');
    git(each, 'commit', '-qm', 'begun');
  }
  return { app, docs, record: join(docs, 'launches/PRODUCTION_DEPLOYMENT.md') };
}

const KEY = { THE_KEY: 'kx93hf02mzq1' };

async function launched(app: string, env: Record<string, string> = KEY) {
  return launch(app, [...(await trusted(app, 'small')), '--input', 'docs=../infra docs', '--new'], env);
}

test('it is written there and nowhere else, and the commands that commit it are for that repository', async () => {
  const { app, docs, record } = repositories();
  const { exit, stderr } = await launched(app);
  expect(exit, stderr).toBe(0);
  expect(stderr).toContain('The record: ../infra docs/launches/PRODUCTION_DEPLOYMENT.md');
  expect(readFileSync(record, 'utf8')).toContain('# A small launch: launch record');
  expect(readdirSync(app)).not.toContain('launches');
  expect(eventsOf(runOf(app)).at(-1)).toMatchObject({
    type: 'record.written',
    file: '../infra docs/launches/PRODUCTION_DEPLOYMENT.md',
  });
  const [, command = ''] = /^Commit it: (.*)$/m.exec(stderr) ?? [];
  execFileSync(
    'bash',
    ['-c', command.replaceAll('git ', 'git -c user.name=Ann -c user.email=a@b.c -c commit.gpgSign=false ')],
    { cwd: app },
  );
  expect(git(docs, 'show', '--stat', '--format=%s', 'HEAD')).toMatch(
    /Record of small-\S+\n[\s\S]*launches\/PRODUCTION_DEPLOYMENT\.md/,
  );
  expect(git(docs, 'status', '--porcelain')).toBe('');
});

test('a file of that name that is no record of a launch is left as it is: the record is written beside it', async () => {
  const { app, record, docs } = repositories();
  mkdirSync(join(docs, 'launches'));
  writeFileSync(record, '# How we deploy\n\nWritten by hand.\n');
  const { exit, stderr } = await launched(app);
  expect(exit, stderr).toBe(0);
  expect(readFileSync(record, 'utf8')).toBe('# How we deploy\n\nWritten by hand.\n');
  const beside = readdirSync(join(docs, 'launches')).filter((name) =>
    /^PRODUCTION_DEPLOYMENT\.small-\S+\.md$/.test(name),
  );
  expect(beside).toHaveLength(1);
  expect(stderr).toContain(`The record: ../infra docs/launches/${beside[0]}`);
  expect(stderr).toContain('was there and is no record of a launch');
});

test('the record of an earlier launch is replaced', async () => {
  const { app, record } = repositories();
  await launched(app);
  const before = readFileSync(record, 'utf8');
  const { exit, stderr } = await launched(app);
  expect(exit, stderr).toBe(0);
  expect(readFileSync(record, 'utf8')).not.toBe(before);
});

test('the sweep for secrets reads it there', async () => {
  const { app, record } = repositories();
  // Its text reaches the record by the title of a step, which is no secret to who wrote it.
  const runbook = join(app, 'runbooks/small.md');
  writeFileSync(runbook, readFileSync(runbook, 'utf8').replace('### made', '### Made with kx93hf02mzq1 <!-- made -->'));
  const { exit, stderr } = await launched(app);
  expect(stderr).toMatch(/API_KEY stands in \.\.\/infra docs\/launches\/PRODUCTION_DEPLOYMENT\.md/);
  expect(exit).toBe(1);
  expect(existsSync(record)).toBe(true);
});

test.each([
  ['"${{ inputs.app }}/RECORD.md"', 'app: { default: x }'],
  ['"docs/${{ inputs.docs }}.md"', 'docs: { type: directory }'],
  ['"${{ inputs.docs }}/../../RECORD.md"', 'docs: { type: directory }'],
  ['"../infra-docs/RECORD.md"', 'docs: { type: directory }'],
])('record: %s is a finding: 3', async (record, input) => {
  const project = projectOf({
    'runbooks/small.md': runbookOf(
      `record: ${record}\ninputs: { ${input} }\nsteps: [{ id: made, run: "true" }]`,
      'made',
    ),
  });
  const { exit, stdout } = await launch(project, ['lint', 'small']);
  expect(stdout).toMatch(/leaves the project|is no place for a record/);
  expect(exit).toBe(3);
});
