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
