// `launch secrets` as a person or a program types it, aimed at stand-ins: the tables, the findings, the values that arrive, the exit codes.
import { createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { eventsOf, launch } from './launching.ts';
import { emptyProject, runbookWith } from './secrets-project.ts';

const root = join(import.meta.dirname, '../..');
let world: Rehearsal;
let project: string;

beforeAll(async () => {
  project = emptyProject();
  world = await openRehearsal({
    folder: join(project, '.world'),
    project,
    flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'sollabs' } },
    apps: [
      { name: 'sol-staging', secrets: ['API_KEY', 'FORGOTTEN'] },
      { name: 'sol-prod', secrets: ['EXTRA'] },
      { name: 'sol-again', secrets: [] },
    ],
  });
});
afterAll(() => world.close());

const digestOf = (text: string): string => /--trust ([0-9a-f]{64})/.exec(text)?.[1] ?? '';
const fillTrusted = async (env: Record<string, string> = {}) => {
  const { stderr } = await launch(project, ['secrets', 'fill', 'prod'], world.aim);
  return launch(project, ['secrets', 'fill', 'prod', '--trust', digestOf(stderr)], {
    ...world.aim,
    ...env,
  });
};

/** What the stand-in keeps of the secrets of an app: the name, and a digest of the exact value. */
const digestsOn = (app: string): Readonly<Record<string, string>> => {
  const { apps }: { apps: { name: string; secrets: { name: string; digest: string }[] }[] } = JSON.parse(
    readFileSync(join(project, '.world/fly.json'), 'utf8'),
  );
  const found = Object.values(apps).find(({ name }) => name === app);
  return Object.fromEntries((found?.secrets ?? []).map(({ name, digest }) => [name, digest]));
};
const digestOfValue = (value: string): string =>
  createHmac('sha256', 'the digests of the stand-in').update(value).digest('hex').slice(0, 16);

describe('launch secrets scan', () => {
  test('prints the table of names; as Markdown it is ready for a pull request; as JSON it is for programs', async () => {
    const text = await launch(project, ['secrets', 'scan']);
    expect(text.exit).toBe(0);
    expect(text.stdout).toMatch(/^API_KEY +yes +secret +– +app +src\/server\.ts:1 and \d+ more$/m);
    expect(text.stdout).toMatch(/^MODE +no +config +strict +app +src\/server\.ts:2 and 1 more$/m);
    const markdown = await launch(project, ['secrets', 'scan', '--format', 'markdown']);
    expect(markdown.stdout).toContain('| `API_KEY` | yes | secret | – | app | `src/server.ts:1`');
    const json = JSON.parse((await launch(project, ['secrets', 'scan', '--json'])).stdout);
    expect(json.entries.find(({ name }: { name: string }) => name === 'MODE')).toMatchObject({
      required: false,
      default: 'strict',
    });
  });

  test('works in a folder that has no runbooks', async () => {
    const folder = emptyProject({ runbook: false });
    expect((await launch(folder, ['secrets', 'scan'])).stdout).toContain('API_KEY');
  });
});

describe('launch secrets diff', () => {
  test('ends with 1 where something required is missing, says what to do, and never shows a value', async () => {
    const ran = await launch(project, ['secrets', 'diff', 'prod'], world.aim);
    expect(ran.exit).toBe(1);
    expect(ran.stdout).toMatch(/^API_KEY +required +set +– +– +secret$/m);
    expect(ran.stdout).toContain('API_KEY is missing on sol-prod');
    expect(ran.stdout).toContain('launch secrets fill');
    expect(ran.stdout).toContain('EXTRA is set on sol-prod, and neither the runbook nor the code knows it');
    expect(ran.stdout).toContain('FORGOTTEN is set on sol-staging, but neither on sol-prod nor in the runbook');
    const [json] = JSON.parse((await launch(project, ['secrets', 'diff', '--json'], world.aim)).stdout);
    expect(json).toMatchObject({ app: 'sol-prod', other: 'sol-staging' });
    expect(json.findings[0]).toMatchObject({ weight: 'wrong', remedy: expect.any(String) });
  });

  test('a staging app that does not exist is said; what is wrong on production is found all the same', async () => {
    const other = emptyProject({ text: runbookWith({ staging: 'sol-nowhere' }) });
    const ran = await launch(other, ['secrets', 'diff'], world.aim);
    expect(ran.stderr).toContain('sol-prod was not compared with sol-nowhere');
    expect(ran.stdout).toContain('API_KEY is missing on sol-prod');
    expect(ran.exit).toBe(1);
  });

  test('an app that cannot be read ends with 4', async () => {
    const other = emptyProject({ text: runbookWith({ app: 'sol-nowhere' }) });
    const ran = await launch(other, ['secrets', 'diff'], world.aim);
    expect(ran.stderr).toContain('the secrets of sol-nowhere cannot be read');
    expect(ran.exit).toBe(4);
  });

  test.each([
    [['secrets'], 'scan, diff or fill'],
    [['secrets', 'dif'], 'did you mean `launch secrets diff`?'],
    [['secrets', 'scan', 'x'], 'takes no name'],
    [['secrets', 'scan', '--format', 'xml'], 'text, markdown or json'],
    [['secrets', 'diff', 'nothing'], 'no runbook is called "nothing"'],
  ])('launch %j is wrong usage', async (argv, says) => {
    const ran = await launch(project, argv, world.aim);
    expect([ran.exit, ran.stderr]).toEqual([2, expect.stringContaining(says)]);
  });
});

describe('launch secrets fill', () => {
  test('a command that gives a value is shown before trust is given', async () => {
    const other = emptyProject({
      text: runbookWith({ extra: '      OF_COMMAND: { from: { command: [my-vault, get, key] } }\n' }),
    });
    const { exit, stderr } = await launch(other, ['secrets', 'fill'], world.aim);
    expect([exit, stderr]).toEqual([7, expect.stringContaining('the value of OF_COMMAND: my-vault get key')]);
  });

  test('without trust nothing is run', async () => {
    expect((await launch(project, ['secrets', 'fill', 'prod'], world.aim)).exit).toBe(7);
  });

  test('a source that is not there fails the step with 1, says which, and nothing is set', async () => {
    const missing = await fillTrusted();
    expect([missing.exit, missing.stderr]).toEqual([
      1,
      expect.stringContaining('API_KEY is read from the environment variable SOL_KEY, which is not set'),
    ]);
  });

  test('sets what is missing from its sources, staged, exactly; a second time there is nothing to do; no record is written', async () => {
    const key = 'sk "quoted" #with\ta $PATH \'';
    const ran = await fillTrusted({ SOL_KEY: key });
    expect([ran.exit, ran.stderr]).toEqual([0, expect.stringContaining('Finished.')]);
    expect(digestsOn('sol-prod')).toMatchObject({ API_KEY: digestOfValue(key), MODE: digestOfValue('strict') });
    expect(readdirSync(project)).not.toContain('PRODUCTION_DEPLOYMENT.md');
    const folders = readdirSync(join(project, '.launch/runs')).map((run) => join(project, '.launch/runs', run));
    const keptIn = (folder: string) => eventsOf(folder).filter(({ type }) => type === 'secret.kept').length;
    const folder = folders.find((one) => keptIn(one) > 0) ?? '';
    expect(keptIn(folder)).toBe(3);
    expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).not.toContain('quoted');
    const again = await fillTrusted({ SOL_KEY: key });
    expect(again.stderr).toContain('3 of 3 required secrets are set on sol-prod');
    const compared = await launch(project, ['secrets', 'diff'], world.aim);
    expect([compared.exit, compared.stdout]).toEqual([
      1,
      expect.stringContaining(
        'Wrong (1):\n  DATABASE_URL is missing on sol-prod\n    → carry out the step later, which sets it\n',
      ),
    ]);
  });

  test('started again after it failed it tries again, by the runbook as it is then, and says how to start it again', async () => {
    const other = emptyProject({ text: runbookWith({ app: 'sol-again' }) });
    const fillIn = async (env: Record<string, string> = {}) => {
      const { stderr } = await launch(other, ['secrets', 'fill'], world.aim);
      return launch(other, ['secrets', 'fill', '--trust', digestOf(stderr)], { ...world.aim, ...env });
    };
    const first = await fillIn();
    expect([first.exit, first.stderr]).toEqual([1, expect.stringContaining('SOL_KEY, which is not set')]);
    expect(first.stderr).toMatch(/\nGo on with: launch secrets fill --trust [0-9a-f]{64} prod\n$/);
    writeFileSync(
      join(other, 'runbooks/prod.md'),
      runbookWith({ app: 'sol-again', extra: '      NEW: { secret: false, default: added }\n' }),
    );
    const second = await fillIn({ SOL_KEY: 'k'.repeat(20) });
    expect([second.exit, second.stderr]).toEqual([0, expect.stringContaining('sending API_KEY, PEM, MODE, NEW')]);
    expect(readdirSync(join(other, '.launch/runs'))).toHaveLength(1);
  });

  test('a value that fly would change is refused with its reason, and none of the others is sent', async () => {
    const other = emptyProject({
      text: runbookWith({
        app: 'sol-staging',
        extra: '      BIG: { from: { file: keys/big } }\n      GOOD: { secret: false, default: fine }\n',
      }),
    });
    mkdirSync(join(other, 'keys'), { recursive: true });
    for (const [content, says] of [
      ['x'.repeat(65_537), 'BIG: a line of it is 64000 bytes or longer'],
      ['a\r\nb', 'BIG: it has Windows line ends'],
      ['one"""\ntwo', 'BIG: a line before its last ends with'],
      ['\0\u0001', 'BIG: it holds a NUL byte'],
    ] as const) {
      writeFileSync(join(other, 'keys/big'), content);
      const { stderr } = await launch(other, ['secrets', 'fill'], world.aim);
      const ran = await launch(other, ['secrets', 'fill', '--trust', digestOf(stderr)], {
        ...world.aim,
        SOL_KEY: 'k'.repeat(20),
      });
      expect(ran.stderr).toContain('nothing was sent');
      expect(ran.stderr).toContain(says);
      expect(ran.exit).not.toBe(0);
    }
    writeFileSync(join(other, 'keys/big'), Buffer.from([0x66, 0xff, 0xfe, 0x00]));
    const { stderr } = await launch(other, ['secrets', 'fill'], world.aim);
    const junk = await launch(other, ['secrets', 'fill', '--trust', digestOf(stderr)], {
      ...world.aim,
      SOL_KEY: 'k'.repeat(20),
    });
    expect([junk.exit, junk.stderr]).toEqual([1, expect.stringContaining('bytes that are no UTF-8 text')]);
    expect(digestsOn('sol-staging')).not.toHaveProperty('GOOD');
  });
});
