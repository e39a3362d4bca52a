// An unkind runbook, an unkind child and an unkind file try to get a secret out before and beside the steps that know it.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, traces } from './canaries.ts';
import { launch, projectOf, trusted } from './launching.ts';

const ENV = 'env-Kd83Zq91nvW5pLm2Hf4Jd1';
const FILED = 'file-vT7bQe3Yk9RmW2sLx0Zc8';

const runbook = (steps: string): string => `---
runbook: 1
title: Unkind
secrets:
  sol-prod:
    names:
      OF_ENV: { from: { env: PLAIN_NAME } }
      OF_FILE: { from: { file: keys/pem } }
steps:
${steps.replace(/^/gm, '  ')}
---
`;

async function outcome(steps: string, files: Readonly<Record<string, string>> = {}) {
  const project = projectOf({ 'runbooks/unkind.md': runbook(steps), 'keys/pem': `${FILED}\n`, ...files });
  const argv = await trusted(project, 'unkind', '--yes');
  const ran = await launch(project, argv, { PLAIN_NAME: ENV });
  const places = filesBelow([join(project, '.launch')]);
  places.set('output', ran.stdout + ran.stderr);
  return { ran, project, found: traces({ ENV, FILED }, places) };
}

test('a step that runs before any secret was obtained cannot print those that lie ready at their sources', async () => {
  const { ran, found } = await outcome(
    '- { id: print, run: "env | grep PLAIN || true; cat keys/pem; echo ${PLAIN_NAME:-} >&2" }',
  );
  expect(found).toEqual([]);
  expect(ran.stderr).toContain('«OF_FILE»');
  expect(ran.stderr).not.toContain('PLAIN_NAME=');
  expect(ran.exit).toBe(0);
});

test('an output of a step is not a way around', async () => {
  const { found } = await outcome(
    '- { id: leave, run: "echo value=$(cat keys/pem) >> $LAUNCH_OUTPUT" }\n- { id: show, run: \'echo "${{ steps.leave.outputs.value }}"\' }',
  );
  expect(found).toEqual([]);
});

test('a check that prints it, and a file that is named after it, are not either', async () => {
  const { found } = await outcome(
    '- { id: look, gate: true, verify: [{ run: "cat keys/pem; exit 1", every: 1s, within: 1s }], continue-on-error: true }\n- { id: name, run: "cat /nowhere/$(cat keys/pem)", continue-on-error: true }',
  );
  expect(found).toEqual([]);
});

test('what a kind of the project writes past us is shown by nobody', async () => {
  const kind = `import { readFileSync } from 'node:fs';
export default ({ defineStep, z }) => defineStep({
  name: 'past', summary: 'x', example: 'with: {}', with: z.strictObject({}), checkedAgainst: 'source', describe: () => 'writes past us',
  act: async () => {
    const value = readFileSync('keys/pem', 'utf8');
    console.log(value); console.error(value + '\\u001b]52;c;eA==\\u0007'); process.stdout.write(value); process.stderr.write(Buffer.from(value));
    return { ended: 'ok' };
  },
});`;
  const { ran, found } = await outcome('- { id: past, uses: ./steps/past.mjs }', { 'steps/past.mjs': kind });
  expect(found).toEqual([]);
  expect(ran.stderr).toContain('^[]52;c;eA==^G');
  expect(ran.exit).toBe(0);
});

test('a scan repeats no value that looks like a key, whatever its name is', async () => {
  const project = projectOf({
    'src/a.ts':
      "a(process.env.STRIPE ?? 'sk_live_Ab12Cd34Ef56Gh78Ij90'); b(process.env.BOT ?? 'xoxb-1234567890-abcdefghij'); c(process.env.MODE ?? 'strict');",
    'fly.toml': "app = 'x'\n[env]\nGITHUB = 'ghp_Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56Qr78'\n",
    Dockerfile: 'FROM scratch\nENV AWS=AKIAABCDEFGHIJKLMNOP\n',
  });
  for (const format of ['text', 'markdown', 'json']) {
    const { stdout } = await launch(project, ['secrets', 'scan', '--format', format]);
    expect(stdout).not.toMatch(/sk_live|xoxb|ghp_|AKIA/);
    expect(stdout).toContain('strict');
  }
  expect((await launch(project, ['secrets', 'scan'])).stdout).toContain(
    'STRIPE looks like a secret and has a default in the code',
  );
});
