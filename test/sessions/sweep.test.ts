// Every run ends with a look at what it wrote: a secret in it is an error.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch, projectOf, trusted } from './launching.ts';

const PLANTED = 'planted-4f9c2e71';
const runbook = (title: string) => `---
runbook: 1
steps:
  - { id: go, run: 'echo "token ${PLANTED}"' }
---
# A launch
## Phase
### ${title} <!-- go -->
Do it.
`;

async function launched(title: string) {
  return launchedWith(runbook(title), { DEMO_TOKEN: PLANTED });
}

async function launchedWith(text: string, env: Record<string, string>, ...more: readonly string[]) {
  const project = projectOf({ 'runbooks/small.md': text });
  return launch(project, await trusted(project, 'small', ...more), env);
}

test('a secret that reached a file of the run ends it with 1 and names the file, never the value', async () => {
  const { exit, stderr } = await launched(`Go with ${PLANTED}`);
  expect(stderr).toMatch(/DEMO_TOKEN stands in .*\/runbook-[0-9a-f]{8}\.md/);
  expect(stderr).toContain('DEMO_TOKEN stands in PRODUCTION_DEPLOYMENT.md');
  expect(stderr).not.toMatch(/receipts|journal\.jsonl/);
  // Also where the runbook itself says it, in a title.
  expect(stderr).toContain('Done: "Go with «DEMO_TOKEN»"');
  expect(stderr).not.toContain(PLANTED);
  expect(exit).toBe(1);
});

test('so does one that a command of the runbook wrote past us into a file of the run, whatever it is called', async () => {
  const files = ['receipts/go-9.log', 'journal.torn-1', 'notes.txt'];
  const plants = files.map((file) => `echo $DEMO_TOKEN > .launch/runs/small-*/${file}`).join('; ');
  const text = runbook('Go').replace(
    /echo "token.*"/,
    `cd .launch/runs/small-*; mkdir -p receipts; ${plants.replaceAll('.launch/runs/small-*/', '')}`,
  );
  const { exit, stderr } = await launchedWith(text, { DEMO_TOKEN: PLANTED });
  for (const file of files) expect(stderr).toMatch(new RegExp(`DEMO_TOKEN stands in .*/${file}\\n`));
  expect(stderr).not.toContain(PLANTED);
  expect(exit).toBe(1);
});

test('a variable whose value is a plain word of the runbook is said, and neither replaced nor found', async () => {
  const text = runbook('Start postgres')
    .replace('id: go, run', 'id: postgres, run')
    .replace('<!-- go -->', '<!-- postgres -->');
  const { exit, stderr } = await launchedWith(text, { DB_PASSWORD: 'postgres' });
  expect(stderr).toContain('DB_PASSWORD of your environment: the value is a plain word that stands in the runbook too');
  expect(stderr).toContain('Done: "Start postgres"');
  expect(exit).toBe(0);
});

test('an input with a secret in it is refused before it is written down, and not carried on with a name in its place', async () => {
  const text = runbook('Go').replaceAll(PLANTED, 'x').replace('steps:', 'inputs: { url: {} }\nsteps:');
  const given = `--input=url=https://x:${PLANTED}@db/x`;
  const { exit, stderr } = await launchedWith(text, { DEMO_TOKEN: PLANTED }, given);
  expect(stderr).toContain('url cannot be https://x:«DEMO_TOKEN»@db/x: it would be written down with the secret in it');
  expect(stderr).not.toContain(PLANTED);
  expect(exit).toBe(4);
});

test.each(['md', 'html', 'json'])(
  'an export as %s is looked through: with a secret in it nothing is written',
  async (format) => {
    const project = projectOf({ 'runbooks/small.md': runbook('Go') });
    expect((await launch(project, await trusted(project, 'small'))).exit).toBe(0);
    const out = join(project, 'out.txt');
    const asked = ['export', '--format', format, '--out', out];
    // What was no secret when it ran is one now.
    const refused = await launch(project, asked, { LATER_TOKEN: PLANTED });
    expect(refused.stderr).toBe(
      'launch: LATER_TOKEN stands in what would be exported: nothing was written\n  change that secret; `launch log` shows where it stands\n',
    );
    expect([refused.exit, refused.stdout, existsSync(out)]).toEqual([1, '', false]);
    const shown = await launch(project, asked.slice(0, 3), { LATER_TOKEN: PLANTED });
    expect([shown.exit, shown.stdout]).toEqual([1, '']);
    expect([(await launch(project, asked)).exit, existsSync(out)]).toEqual([0, true]);
  },
);

const PIECES = `export default ({ defineStep, z }) => defineStep({
  name: 'own/pieces', summary: 'x', example: 'with: {}', with: z.strictObject({}),
  outputs: z.object({ a: z.string(), b: z.string() }),
  describe: () => 'x',
  verify: async () => ({ is: 'so', seen: 'x', outputs: { a: '${PLANTED.slice(0, 8)}', b: '${PLANTED.slice(8)}' } }),
  checkedAgainst: 'real',
});
`;

test('a kind of the project that tells a value in pieces is found out at the end', async () => {
  const text = runbook('Go').replace(/run: .*\}/, 'uses: ./steps/pieces.mjs }');
  const project = projectOf({ 'runbooks/small.md': text, 'steps/pieces.mjs': PIECES });
  const { exit, stderr } = await launch(project, await trusted(project, 'small'), { DEMO_TOKEN: PLANTED });
  expect(stderr).toMatch(/DEMO_TOKEN stands in .*journal\.jsonl/);
  expect(stderr).not.toContain(PLANTED);
  expect(exit).toBe(1);
});

test('what a plan shows has no known secret in it, and its ids stay', async () => {
  const project = projectOf({
    'runbooks/small.md': runbook(`Go with ${PLANTED}`).replace(
      "' }\n---",
      `', verify: [{ run: 'echo "saw ${PLANTED}"' }] }\n---`,
    ),
  });
  const trust = (await trusted(project, 'small')).slice(1);
  for (const asked of [
    ['plan', 'small'],
    ['plan', 'small', '--json'],
  ]) {
    const { exit, stdout, stderr } = await launch(project, [...asked, ...trust], {
      DEMO_TOKEN: PLANTED,
      OTHER_TOKEN: 'step-of-mine',
    });
    expect(stdout + stderr).not.toContain(PLANTED);
    expect(stdout).toContain('Go with «DEMO_TOKEN»');
    expect(exit).toBe(0);
  }
  const { stdout } = await launch(project, ['plan', 'small', '--json', ...trust], { DEMO_TOKEN: PLANTED });
  expect(JSON.parse(stdout)).toMatchObject({ steps: [{ step: 'go', will: 'run', title: 'Go with «DEMO_TOKEN»' }] });
});
