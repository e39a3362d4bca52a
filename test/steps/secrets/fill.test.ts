import { describe, expect, test } from 'vitest';
import type { SecretSpec } from '../../../src/system/ports.ts';
import { fill } from '../../../steps/secrets/fill.ts';
import { ports } from '../http/ports.ts';
import { fly, secrets, spec } from './fly.ts';

const declared: readonly SecretSpec[] = [
  spec('API_KEY'),
  spec('PEM'),
  spec('MODE', { secret: false, default: 'strict' }),
  spec('OPTIONAL', { required: false }),
  spec('EXTRA_KEY', { required: false, generate: 'hex32' }),
  spec('DATABASE_URL', { setBy: 'attach' }),
  spec('PORT', { to: 'fly-env', default: '8080' }),
];
const values = { API_KEY: 'sk-"1"#2', PEM: '-----BEGIN\nabc\n', MODE: 'strict', EXTRA_KEY: 'ffff' };
const stored = (...names: string[]) => [
  { name: 'prod', secrets: names.map((name) => ({ name, digest: 'd', status: 'Deployed' })) },
];

const verify = async (names: readonly SecretSpec[], apps: ReturnType<typeof stored>) =>
  fill.verify?.({ app: 'prod' }, ports({ processes: fly(apps).processes, secrets: secrets(names, {}).port }), {});

const act = async (
  names: readonly SecretSpec[],
  given: Readonly<Record<string, string>>,
  world: ReturnType<typeof fly>,
) => {
  const { port, happened } = secrets(names, given);
  const acted = await fill.act?.(
    { app: 'prod' },
    ports({ processes: world.processes, secrets: port, tell: (text) => happened.push(text) }),
    {},
  );
  return { acted, happened };
};

describe('verify', () => {
  test('names what is missing; what a step sets, [env] and optional ones are not asked for', async () => {
    expect(await verify(declared, stored('API_KEY'))).toEqual({
      is: 'not-so',
      expected: 'set: API_KEY, PEM, MODE',
      seen: 'missing: PEM, MODE',
    });
  });

  test('is so with every required name, and names the optional ones that are left', async () => {
    expect(await verify(declared, stored('API_KEY', 'PEM', 'MODE', 'OTHER'))).toEqual({
      is: 'so',
      seen: '3 of 3 required secrets are set on prod; optional and not set: OPTIONAL, EXTRA_KEY',
    });
  });

  test('a name that must be absent and is there is not so', async () => {
    expect(await verify([spec('DEBUG', { absent: true })], stored('DEBUG'))).toMatchObject({
      is: 'not-so',
      expected: 'not set: DEBUG',
      seen: 'set: DEBUG',
    });
  });

  test('an app that is not there is not so; a list that cannot be read is unknown', async () => {
    expect(await verify(declared, [])).toMatchObject({ is: 'not-so' });
    const broken = {
      look: async () => ({ exit: 0, stdout: 'hello', stderr: '' }),
      act: async () => ({ exit: 0, stdout: '', stderr: '' }),
    };
    const seen = await fill.verify?.(
      { app: 'prod' },
      ports({ processes: broken, secrets: secrets(declared, {}).port }),
      {},
    );
    expect(seen).toMatchObject({ is: 'unknown' });
  });
});

describe('a value that is set, and whose source has another one now', () => {
  const names = [spec('PEM', { from: { file: 'pem' } }), spec('KEY', { from: { env: 'KEY' } })];
  const why = 'the value of PEM in pem is not what was last sent to prod';
  const since = { PEM: { is: 'other', why }, KEY: { is: 'same' } } as const;

  test('is not so, and says which', async () => {
    const { port } = secrets(names, {}, { since });
    const seen = await fill.verify?.(
      { app: 'prod' },
      ports({ processes: fly(stored('PEM', 'KEY')).processes, secrets: port }),
      {},
    );
    expect(seen).toEqual({ is: 'not-so', expected: 'set: PEM, KEY; as at their source: PEM', seen: why });
  });

  test('is sent again, told, and the others are left', async () => {
    const world = fly(stored('PEM', 'KEY'));
    const { port, happened } = secrets(names, { PEM: 'new' }, { since });
    const acted = await fill.act?.(
      { app: 'prod' },
      ports({ processes: world.processes, secrets: port, tell: (text) => happened.push(text) }),
      {},
    );
    expect(acted).toEqual({ ended: 'ok', seen: 'staged on prod: PEM' });
    expect(happened).toEqual([
      `${why}: it is sent again`,
      'obtained PEM',
      'kept PEM: Fly secret of prod',
      'sending PEM to prod',
    ]);
    expect([...world.stored]).toEqual([['PEM', 'new']]);
  });

  test('a source that cannot be read now takes nothing back: so, with a warning', async () => {
    const { port } = secrets(names, {}, { since: { PEM: { is: 'unknown', why: 'pem could not be read' } } });
    const seen = await fill.verify?.(
      { app: 'prod' },
      ports({ processes: fly(stored('PEM', 'KEY')).processes, secrets: port }),
      {},
    );
    expect(seen).toMatchObject({ is: 'so', warning: 'pem could not be read' });
  });
});

describe('act', () => {
  test('obtains what is missing, keeps each before anything is sent, and sends all in one import', async () => {
    const world = fly(stored('MODE'));
    const { acted, happened } = await act(declared, values, world);
    expect(acted).toEqual({ ended: 'ok', seen: 'staged on prod: API_KEY, PEM, EXTRA_KEY' });
    expect(happened).toEqual([
      'obtained API_KEY',
      'obtained PEM',
      'obtained EXTRA_KEY',
      'kept API_KEY: Fly secret of prod',
      'kept PEM: Fly secret of prod',
      'kept EXTRA_KEY: Fly secret of prod',
      'sending API_KEY, PEM, EXTRA_KEY to prod',
    ]);
    expect(Object.fromEntries(world.stored)).toEqual({
      API_KEY: values.API_KEY,
      PEM: values.PEM,
      EXTRA_KEY: values.EXTRA_KEY,
    });
    expect(world.imports()).toHaveLength(1);
    expect(JSON.stringify(world.calls.map(({ argv }) => argv))).not.toContain('sk-');
  });

  test('a value that cannot be encoded is refused with its reason, and nothing is kept or sent', async () => {
    const world = fly(stored('MODE'));
    const { acted, happened } = await act(declared, { ...values, PEM: 'a\r\nb' }, world);
    expect(acted).toMatchObject({ ended: 'failed', why: expect.stringContaining('nothing was sent') });
    expect(acted).toMatchObject({ why: expect.stringContaining('PEM: it has Windows line ends') });
    expect(JSON.stringify(acted)).not.toContain('sk-');
    expect(happened.filter((line) => line.startsWith('kept'))).toEqual([]);
    expect(world.imports()).toEqual([]);
  });

  test('all values that cannot be had are named at once, nobody is asked for the others, and nothing is sent', async () => {
    const world = fly(stored());
    const names = [
      spec('TYPED'),
      spec('A', { from: { file: 'a' } }),
      spec('B', { from: { env: 'B' } }),
      spec('LEFT', { from: { env: 'L' }, required: false }),
    ];
    const { acted, happened } = await act(names, { TYPED: 'x' }, world);
    expect(acted).toEqual({
      ended: 'failed',
      why: 'there is no value for A; there is no value for B; nothing was sent',
    });
    expect(happened).toEqual([
      'obtained A',
      'obtained B',
      'obtained LEFT',
      'there is no value for LEFT: left out, since it is optional',
    ]);
    expect(world.imports()).toEqual([]);
  });

  test('a lost reply is settled by the list where it can be, and stays unclear where it cannot', async () => {
    expect((await act([spec('A')], { A: 'x' }, fly(stored(), { trouble: 'reply-lost' }))).acted).toMatchObject({
      ended: 'ok',
    });
    expect((await act([spec('A')], { A: 'x' }, fly(stored(), { trouble: 'never-arrived' }))).acted).toMatchObject({
      ended: 'unclear',
    });
  });

  test('a name that fly dropped without an error is found out', async () => {
    const { acted } = await act([spec('A'), spec('B')], { A: 'x', B: 'y' }, fly(stored(), { trouble: 'drops-one' }));
    expect(acted).toEqual({
      ended: 'failed',
      why: 'fly took the secrets without an error, but A did not arrive on prod',
    });
  });

  test('a name that must be absent is never taken away by us', async () => {
    const world = fly(stored('DEBUG'));
    const { acted } = await act([spec('DEBUG', { absent: true }), spec('A')], { A: 'x' }, world);
    expect(acted).toMatchObject({
      ended: 'failed',
      hint: expect.stringContaining('fly secrets unset DEBUG --stage -a prod'),
    });
    expect(world.imports()).toEqual([]);
  });
});
