// No secret ever gets out: not into a file, an argument list or a terminal, however it came in and however it is printed.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { openPty } from '../terminal/pty.ts';
import { filesBelow, traces, transcript } from './canaries.ts';
import { eventsOf, launch, launchFile, projectOf, projectWith, rehearsalOf, trusted } from './launching.ts';

const root = join(import.meta.dirname, '../..');
const TIME = 300_000;

const SECRETS = `runbook: 1
title: Canaries
secrets:
  sol-prod:
    names:
      TYPED: {}
      PASTED: {}
      MADE: { generate: hex32 }
      READ: { from: { env: CANARY_OF_THE_ENVIRONMENT } }
      FILED: { from: { file: keys/pem } }
`;

/** Each of them reaches a command. */
const IN_THE_ENVIRONMENT = `    env:
      TYPED: "\${{ secrets.TYPED }}"
      PASTED: "\${{ secrets.PASTED }}"
      MADE: "\${{ secrets.MADE }}"
      READ: "\${{ secrets.READ }}"
      FILED: "\${{ secrets.FILED }}"
    continue-on-error: true
`;

const RUNBOOK = `---
${SECRETS}steps:
  - { id: fill, uses: secrets/fill, with: { app: sol-prod } }
  - id: print
    run: node print.mjs
${IN_THE_ENVIRONMENT}  - { id: leak, uses: ./steps/leak.mjs, continue-on-error: true }
  - { id: last, question: Is it over?, needs: [leak] }
---

# Canaries

## Phase

### Fill

### Print

### Leak

### Last
`;

/** A kind that tells what it must not, in every way that a kind can tell something. */
const LEAK = `export default ({ defineStep, z }) => {
  const value = process.env.CANARY_OF_THE_ENVIRONMENT;
  return defineStep({
    name: 'leak', summary: 'x', example: 'with: {}', with: z.strictObject({}), checkedAgainst: 'source',
    describe: () => 'tells ' + value,
    commands: () => [['tell', value, encodeURIComponent(value)]],
    verify: async () => ({ is: 'not-so', expected: value, seen: 'https://sol:' + encodeURIComponent(value) + '@db/x', hint: value }),
    act: async (_want, { tell }) => { tell(value); return { ended: 'failed', why: 'no: ' + value, hint: JSON.stringify(value) }; },
  });
};`;
const THROWS = `---
runbook: 1
title: Throws
secrets: { sol-prod: { names: { READ_AGAIN: { from: { env: CANARY_OF_THE_ENVIRONMENT } } } } }
steps:
  - { id: fill, uses: secrets/fill, with: { app: sol-prod } }
  - id: print
    run: node print.mjs
    env:
      TYPED: "\${{ secrets.READ_AGAIN }}"
      PASTED: "\${{ secrets.READ_AGAIN }}"
      MADE: "\${{ secrets.READ_AGAIN }}"
      READ: "\${{ secrets.READ_AGAIN }}"
      FILED: "\${{ secrets.READ_AGAIN }}"
    continue-on-error: true
  - { id: throw, uses: ./steps/throw.mjs }
---
`;
const THROW = `export default ({ defineStep, z }) => defineStep({
  name: 'throw', summary: 'x', example: 'with: {}', with: z.strictObject({}), checkedAgainst: 'source', describe: () => 'throws',
  act: () => new Promise(() => setTimeout(() => { throw new Error('no: ' + process.env.CANARY_OF_THE_ENVIRONMENT); }, 1)),
});`;

/** Prints each in every form and in pieces, lists the arguments of all processes, and ends with an error that holds one. */
const PRINT = `
import { readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
const values = ['TYPED', 'PASTED', 'MADE', 'READ', 'FILED'].map((name) => process.env[name]);
const xml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
for (const value of values) {
  for (const letter of value) writeSync(1, letter);
  const forms = [
    value, encodeURIComponent(value), JSON.stringify({ value }), JSON.stringify(JSON.stringify(value)), xml(value),
    Buffer.from(value).toString('hex'), Buffer.from(value).toString('base64'), Buffer.from('x' + value).toString('base64'),
    Buffer.from('xy' + value + 'z').toString('base64'), 'https://sol:' + encodeURIComponent(value) + '@db.internal/x', value.split('\\n').reverse().join('\\n| '),
  ];
  for (const form of forms) { writeSync(1, form.slice(0, 9)); writeSync(2, ''); writeSync(1, form.slice(9) + '\\n'); writeSync(2, 'error: ' + form + '\\n'); }
}
try {
  const lists = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map((id) => { try { return readFileSync('/proc/' + id + '/cmdline', 'latin1'); } catch { return ''; } });
  writeFileSync(process.env.ARGUMENT_LISTS, lists.join('\\n'));
} catch {}
throw new Error('the server said no to ' + values[0]);
`;

const canaries = {
  TYPED: 'typed-Kd83<&>"x\'%/+=Zq91nvW5pLm2',
  PASTED: '-----BEGIN KEY-----\nvT7bQe3Yk9RmW2sLx0Zc8Hf4Jd1\nOF/2NxApJCzGCEdfSp6VQO30hyh\n-----END KEY-----',
  READ: 'read $PATH `id` \\n {"k":"8sJq2LxR4vTn6Bz"} #1',
  FILED: '-----BEGIN KEY-----\nZz9yXx8wVv7uTt6sRr5qPp4oNn3\nmM2lLk1jJi0hHg9gFf8eEd7cCb6\n-----END KEY-----',
} as const;

describe('canaries typed, pasted, generated, of the environment and of a file', () => {
  let outside: string;
  let world: Rehearsal;
  beforeAll(async () => {
    outside = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-canaries-')));
    for (const name of ['project', 'project/runbooks', 'project/keys', 'project/steps', 'bin', 'config', 'other'])
      mkdirSync(join(outside, name));
    writeFileSync(join(outside, 'project/runbooks/canaries.md'), RUNBOOK);
    writeFileSync(join(outside, 'project/print.mjs'), PRINT);
    writeFileSync(join(outside, 'project/steps/leak.mjs'), LEAK);
    writeFileSync(join(outside, 'project/steps/throw.mjs'), THROW);
    writeFileSync(join(outside, 'project/runbooks/throws.md'), THROWS);
    for (const part of ['runbooks', 'steps', 'print.mjs'])
      cpSync(join(outside, 'project', part), join(outside, 'other', part), { recursive: true });
    writeFileSync(join(outside, 'other/answers.yaml'), 'steps.last.answer: yes\n');
    writeFileSync(join(outside, 'project/keys/pem'), `${canaries.FILED}\n`);
    writeFileSync(join(outside, 'bin/xclip'), `#!/bin/sh\ncat >> ${outside}/clipboard\n`);
    chmodSync(join(outside, 'bin/xclip'), 0o755);
    world = await openRehearsal({
      folder: join(outside, 'world'),
      project: join(outside, 'project'),
      flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
      env: process.env,
      now: new Date(),
      accounts: { fly: { org: 'sollabs' } },
      apps: [{ name: 'sol-prod', secrets: [] }],
    });
  });
  afterAll(() => world.close());

  test(
    'printed in pieces and in every form by a step that fails: none in a file, an argument list or the terminal',
    async () => {
      const project = join(outside, 'project');
      const env = {
        ...world.aim,
        HOME: join(outside, 'config'),
        LAUNCHBOOK_CONFIG_DIR: join(outside, 'config'),
        PATH: `${join(outside, 'bin')}:${process.env.PATH}`,
        DISPLAY: ':0',
        CANARY_OF_THE_ENVIRONMENT: canaries.READ,
        ARGUMENT_LISTS: join(outside, 'arguments'),
      };
      const digest = /--trust ([0-9a-f]{64})/.exec((await launch(project, ['canaries'], env)).stderr)?.[1] ?? '';
      const pty = openPty({
        file: process.execPath,
        args: [launchFile, 'canaries', '--yes', '--trust', digest],
        cwd: project,
        env,
        columns: 120,
        rows: 40,
      });
      await pty.until('TYPED for sol-prod');
      await pty.type(`${canaries.TYPED}\r`);
      await pty.until('PASTED for sol-prod');
      await pty.type(`\u001b[200~${canaries.PASTED}\u001b[201~`);
      await pty.type('\r');
      await pty.until('A new value for MADE was made');
      await pty.type('y');
      await pty.until(/MADE is on the clipboard[\s\S]*└$/);
      const made = readFileSync(join(outside, 'clipboard'), 'utf8');
      await pty.type('d');
      await pty.until('Is it over?');
      await pty.type('\u0003');
      expect(await pty.ended()).not.toBe(0);
      // It goes on elsewhere, to its end and its record; in a program's words too.
      const sent = await launch(project, ['handover', '--out', '../sent.launch'], env);
      const other = join(outside, 'other');
      const more = ['--trust', digest, '--answers', 'answers.yaml', '--yes'];
      const opened = await launch(other, ['handover', 'open', '../sent.launch', ...more], env);
      expect([sent.exit, opened.exit, opened.stderr]).toEqual([0, 0, expect.stringContaining('Finished')]);
      const told = await Promise.all(
        ['status', 'log', 'export', 'undo', 'verify'].flatMap((command) => [
          launch(other, [command], env),
          launch(other, [command, '--json'], env),
        ]),
      );
      const untrusted = (await launch(project, ['throws'], env)).stderr;
      const thrown = await launch(project, ['throws', '--trust', /[0-9a-f]{64}/.exec(untrusted)?.[0] ?? ''], env);
      // Line by line everything that a child prints is shown.
      expect(thrown.stderr.split('«READ_AGAIN»').length).toBeGreaterThan(50);
      expect([thrown.exit, thrown.stderr]).toEqual([70, expect.stringContaining('no: «READ_AGAIN»')]);
      expect(made).toMatch(/^[0-9a-f]{64}$/);
      const places = filesBelow([outside], [join(project, 'keys'), join(outside, 'clipboard')]);
      places.set('terminal', transcript(pty.raw()));
      for (const [at, ran] of [sent, opened, thrown, ...told].entries())
        places.set(`output ${at}`, ran.stdout + ran.stderr);
      expect(traces({ ...canaries, MADE: made }, places)).toEqual([]);
      // It was printed, and the names stand in its place.
      const [receipt = ''] = [...places]
        .filter(([path]) => path.includes('/receipts/print'))
        .map(([, text]) => Buffer.from(text, 'latin1').toString());
      for (const name of ['TYPED', 'PASTED', 'MADE', 'READ', 'FILED'])
        expect(receipt.split(`«${name}»`).length).toBeGreaterThan(10);
      expect(places.has(join(outside, 'arguments'))).toBe(process.platform === 'linux');
    },
    TIME,
  );

  test('the measure finds a planted leak in each form', () => {
    const value = canaries.TYPED;
    const forms = [
      value,
      encodeURIComponent(value),
      JSON.stringify(value),
      Buffer.from(value).toString('hex'),
      Buffer.from(`a${value}`).toString('base64'),
      value.replace(/.{20}/, '$&\n'),
    ];
    for (const form of forms) expect(traces({ value }, new Map([['file', `x ${form} y`]]))).not.toEqual([]);
    expect(traces({ value }, new Map([['file', 'nothing of the sort, only words and more words']]))).toEqual([]);
  });
});

test.each(['reply-lost', 'network-lost@secrets', 'health-failing'])(
  'a rehearsal with the fault %s leaves no canary in any file, argument list or line of output',
  async (fault) => {
    const project = projectWith();
    const ran = await launch(project, ['rehearse', 'prod', '--auto', '--fault', fault], {
      OPENAI_API_KEY: 'sk-real-Aa1Bb2Cc3Dd4Ee5Ff6',
    });
    expect(ran.exit).toBe(0);
    expect(eventsOf(rehearsalOf(project)).filter(({ type }) => type === 'secret.kept').length).toBeGreaterThan(2);
    const places = filesBelow([project]);
    places.set('stdout', ran.stdout);
    places.set('stderr', ran.stderr);
    // What all canaries of the actor end with (they begin with their name), and the person's own key, which a rehearsal must not even see.
    const hidden = { canary: '-0123456789abcdef', own: 'sk-real-Aa1Bb2Cc3Dd4Ee5Ff6' };
    expect(traces(hidden, places)).toEqual([]);
  },
  TIME,
);

const CRASHED = `---
${SECRETS}steps:
  - { id: app, uses: fly/app, with: { name: sol-prod } }
  - { id: fill, uses: secrets/fill, with: { app: sol-prod } }
  - id: print
    run: node print.mjs
    rehearse: run
${IN_THE_ENVIRONMENT}---
`;

test(
  'killed at every second point and started again, a rehearsal leaves no canary in any file, argument list or line of output',
  async () => {
    const project = projectOf({
      'runbooks/small.md': CRASHED,
      'print.mjs': `${PRINT.replace('throw new', 'new')}console.log('printed');`,
      'keys/pem': canaries.FILED,
    });
    const env = { CANARY_OF_THE_ENVIRONMENT: canaries.READ, ARGUMENT_LISTS: join(project, 'arguments') };
    const [, , digest = ''] = await trusted(project, 'small');
    const ran = await launch(project, ['rehearse', 'small', '--crash', 'every:2', '--trust', digest], env);
    expect([ran.exit, ran.stdout]).toEqual([0, expect.stringContaining('it ended as if nobody had')]);
    const places = filesBelow([project], [join(project, 'keys')]);
    places.set('stdout', ran.stdout);
    places.set('stderr', ran.stderr);
    const hidden = { canary: '-0123456789abcdef', read: canaries.READ, filed: canaries.FILED };
    expect(traces(hidden, places)).toEqual([]);
    const receipts = [...places]
      // One that was cut off may have printed nothing.
      .filter(([path, text]) => path.includes('/receipts/print') && text !== '');
    expect(receipts.length).toBeGreaterThan(1);
    for (const [, text] of receipts) {
      expect(Buffer.from(text, 'latin1').toString()).toContain('«MADE»');
      expect(text).not.toMatch(/[0-9a-f]{64}/);
    }
  },
  TIME,
);
