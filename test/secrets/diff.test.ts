import { expect, test } from 'vitest';
import { compareSecrets } from '../../src/secrets/diff.ts';
import type { SecretSpec } from '../../src/system/ports.ts';

const spec = (name: string, more: Partial<SecretSpec> = {}): SecretSpec => ({
  app: 'prod',
  name,
  secret: true,
  required: true,
  absent: false,
  to: 'fly-secret',
  sameAsStaging: 'warn',
  ...more,
});
const deployed = (name: string, digest = `${name}-digest`) => ({ name, digest, status: 'Deployed' });
const briefly = (sides: Parameters<typeof compareSecrets>[0]) =>
  compareSecrets(sides).map(({ name, kind, weight }) => `${weight} ${kind} ${name}`);

test('nothing is found where both sides agree', () => {
  expect(compareSecrets({ app: 'prod', declared: [spec('A')], stored: [deployed('A')] })).toEqual([]);
});

test('what is wrong stands first, then what a person should know, by name within', () => {
  const found = briefly({
    app: 'prod',
    declared: [
      spec('B'),
      spec('A'),
      spec('OPTIONAL', { required: false }),
      spec('GONE', { absent: true }),
      spec('PORT', { to: 'fly-env', default: '80' }),
    ],
    stored: [deployed('GONE'), { name: 'EXTRA', status: 'Staged' }],
    env: { file: 'fly.toml', values: { PORT: '8080' } },
  });
  expect(found).toEqual([
    'wrong missing A',
    'wrong missing B',
    'wrong must-be-absent GONE',
    'wrong differs-in-env PORT',
    'look not-declared EXTRA',
    'look staged EXTRA',
    'look missing-optional OPTIONAL',
  ]);
});

test('an equal digest on staging is a hint, unless it is allowed, is configuration, or the digest is not known', () => {
  const other = {
    app: 'staging',
    stored: [deployed('A', 'd1'), deployed('B', 'd2'), deployed('C', 'd3'), deployed('D', '')],
  };
  const found = compareSecrets({
    app: 'prod',
    declared: [spec('A'), spec('B', { sameAsStaging: 'allow' }), spec('C', { secret: false }), spec('D')],
    stored: [deployed('A', 'd1'), deployed('B', 'd2'), deployed('C', 'd3'), deployed('D', '')],
    other,
  });
  expect(found.map(({ sentence }) => sentence)).toEqual([
    'A seems to have the same value as on staging (equal digests)',
    'C is configuration kept as a secret: nobody can read it back',
  ]);
});

test('a name that only staging has is named, but not where [env] holds it', () => {
  const found = briefly({
    app: 'prod',
    declared: [],
    stored: [],
    other: { app: 'staging', stored: [deployed('FORGOTTEN'), deployed('PORT')] },
    env: { file: 'fly.toml', values: { PORT: '1' } },
  });
  expect(found).toEqual(['look only-on-other FORGOTTEN']);
});

test('a name that is both a secret and in [env] is named', () => {
  const found = briefly({
    app: 'prod',
    declared: [spec('A')],
    stored: [deployed('A')],
    env: { file: 'fly.toml', values: { A: 'x' } },
  });
  expect(found).toEqual(['look secret-and-env A']);
});

test('a required name for [env] is missing where there is no such file', () => {
  expect(briefly({ app: 'prod', declared: [spec('PORT', { to: 'fly-env' })], stored: [] })).toEqual([
    'wrong missing-in-env PORT',
  ]);
});

const required = (name: string, file = 'src/server.ts', groups: readonly string[] = []) => ({
  name,
  required: true,
  secret: true,
  given: false,
  groups,
  read: [{ file, line: 1 }],
  named: [],
});

test('a name that must be absent is wrong in [env] too', () => {
  const sides = { app: 'prod', declared: [spec('GONE', { absent: true })], stored: [] };
  expect(briefly({ ...sides, env: { file: 'fly.toml', values: { GONE: 'x' } } })).toEqual([
    'wrong must-be-absent GONE',
  ]);
  expect(briefly({ ...sides, env: { file: 'fly.toml', values: {} } })).toEqual([]);
});

test('a name whose `when` does not hold is not missing for the code, not undeclared, and not forgotten', () => {
  const sides = { app: 'prod', declared: [], stored: [deployed('SET')], inventory: [required('READ')] };
  const other = { app: 'staging', stored: [deployed('THERE')] };
  expect(compareSecrets({ ...sides, other, notNow: ['SET', 'READ', 'THERE'] }).map(({ sentence }) => sentence)).toEqual(
    ['SET is set on prod, and its `when` in the runbook does not hold'],
  );
  expect(briefly({ ...sides, other })).toEqual([
    'wrong missing-for-code READ',
    'look not-read SET',
    'look only-on-other THERE',
  ]);
});

test('what the code reads and another app of the runbook declares is for a person to look at', () => {
  const sides = { app: 'server', declared: [], stored: [], inventory: [required('WORKER_KEY')] };
  expect(compareSecrets({ ...sides, ofOthers: ['WORKER_KEY'] })).toMatchObject([
    {
      weight: 'look',
      sentence: 'WORKER_KEY is read by src/server.ts:1 and declared for another app, not for server',
    },
  ]);
  expect(briefly(sides)).toEqual(['wrong missing-for-code WORKER_KEY']);
});

test('what only scripts read is for a person to look at, where no process is known', () => {
  const sides = { app: 'prod', declared: [], stored: [] };
  expect(briefly({ ...sides, inventory: [required('SEED', 'scripts/seed.ts')] })).toEqual([
    'look missing-for-code SEED',
  ]);
  expect(briefly({ ...sides, inventory: [required('SEED', 'scripts/start.ts', ['app'])] })).toEqual([
    'wrong missing-for-code SEED',
  ]);
});

test('a stored name that says test looks like a test value, but not on the staging app, and not where it must be absent', () => {
  const sides = { app: 'prod', declared: [spec('STRIPE_TEST_KEY')], stored: [deployed('STRIPE_TEST_KEY')] };
  expect(briefly(sides)).toEqual(['look test-looking STRIPE_TEST_KEY']);
  expect(briefly({ ...sides, comparedBy: 'real' })).toEqual([]);
  expect(briefly({ ...sides, declared: [spec('STRIPE_TEST_KEY', { absent: true })] })).toEqual([
    'wrong must-be-absent STRIPE_TEST_KEY',
  ]);
});

test('a test value in [env] is named for production only', () => {
  const env = { file: 'fly.toml', values: { PAY: 'sk_test_abc' } };
  expect(briefly({ app: 'prod', declared: [], stored: [], env })).toEqual(['look test-looking PAY']);
  expect(briefly({ app: 'staging', declared: [], stored: [], env, comparedBy: 'prod' })).toEqual([]);
});

test('configuration that nobody declares and the code knows as such is configuration kept as a secret', () => {
  const sides = { app: 'prod', declared: [], stored: [deployed('LOG_LEVEL')] };
  expect(briefly({ ...sides, inventory: [{ ...required('LOG_LEVEL'), secret: false }] })).toEqual([
    'look not-declared LOG_LEVEL',
    'look config-as-secret LOG_LEVEL',
  ]);
  expect(briefly({ ...sides, inventory: [required('LOG_LEVEL')] })).toEqual(['look not-declared LOG_LEVEL']);
});
