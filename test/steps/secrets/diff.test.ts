import { expect, test } from 'vitest';
import type { SecretSpec } from '../../../src/system/ports.ts';
import { diff } from '../../../steps/secrets/diff.ts';
import { ports } from '../http/ports.ts';
import { fly, secrets, spec } from './fly.ts';

const secret = (name: string, digest = name, status = 'Deployed') => ({ name, digest, status });
const look = async (
  names: readonly SecretSpec[],
  apps: Parameters<typeof fly>[0],
  files: Readonly<Record<string, string>> = {},
  want: object = {},
) => {
  const port = {
    read: async (path: string) => files[path],
    list: async () => Object.keys(files),
    resolve: async () => '',
    write: async () => {},
  };
  return diff.verify?.(
    diff.with.parse({ app: 'prod', ...want }),
    ports({
      processes: fly(apps).processes,
      secrets: secrets(names, {}, { compareWith: 'staging' }).port,
      files: port,
    }),
    {},
  );
};

test('what is required and missing is not so; the rest stands beside it', async () => {
  const apps = [
    { name: 'prod', secrets: [secret('A', 'd1', 'Staged')] },
    { name: 'staging', secrets: [secret('A', 'd1'), secret('FORGOTTEN')] },
  ];
  expect(await look([spec('A'), spec('B')], apps)).toEqual({
    is: 'not-so',
    expected: 'everything the runbook and the code require of prod',
    seen: 'B is missing on prod',
    hint: 'Also: A is staged and not deployed: the next deploy applies it; A seems to have the same value as on staging (equal digests); FORGOTTEN is set on staging, but neither on prod nor in the runbook.',
  });
});

test('what a person should know is a warning', async () => {
  const apps = [
    { name: 'prod', secrets: [secret('A', 'd1'), secret('PORT')] },
    { name: 'staging', secrets: [secret('A', 'd2')] },
  ];
  const files = {
    'fly.toml': 'app = "other"\n[env]\nA = "x"\n',
    'fly.prod.toml': 'app = "prod"\n[env]\nPORT = 8080\n',
  };
  expect(await look([spec('A')], apps, files)).toEqual({
    is: 'so',
    seen: 'nothing required is missing: 2 secrets on prod, 1 on staging',
    warning:
      'PORT is set on prod, and neither the runbook nor the code knows it; PORT is both a secret and in [env] of fly.prod.toml: keep one of them',
  });
});

test('the same of several names is said once', async () => {
  const apps = [{ name: 'prod', secrets: [secret('A', 'd1', 'Staged'), secret('B', 'd2', 'Staged')] }];
  expect(await look([spec('A'), spec('B')], apps, {}, { 'compare-with': 'prod' })).toMatchObject({
    is: 'so',
    warning: 'A, B are staged and not deployed: the next deploy applies it',
  });
});

test('the app to compare with may be another than the declared one', async () => {
  const apps = [
    { name: 'prod', secrets: [] },
    { name: 'old', secrets: [secret('X')] },
  ];
  expect(await look([], apps, {}, { 'compare-with': 'old' })).toMatchObject({
    warning: 'X is set on old, but neither on prod nor in the runbook',
  });
});

test('a side that cannot be read is unknown, never a difference', async () => {
  const apps = [{ name: 'prod', secrets: [] }];
  expect(await look([], apps)).toMatchObject({
    is: 'unknown',
    why: expect.stringContaining('the secrets of staging cannot be read'),
  });
  const both = [...apps, { name: 'staging', secrets: [] }];
  expect(await look([], both, { 'fly.toml': 'app = "prod"\n[env\n' })).toMatchObject({
    is: 'unknown',
    why: expect.stringContaining('fly.toml'),
  });
});
