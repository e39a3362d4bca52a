// What is remembered of a person: readable for nobody else, never read wrongly.
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  isTrusted,
  operatorName,
  readSettings,
  rememberName,
  SettingsError,
  trustDigest,
} from '../../src/system/settings.ts';
import { temporaryFolder, writeFileIn } from './folder.ts';

const at = (folder: string) => ({ LAUNCHBOOK_CONFIG_DIR: folder });
const thrownBy = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error;
  }
};

test('without a file there are defaults, and nothing is made', () => {
  const folder = join(temporaryFolder(), 'none');
  expect(readSettings(at(folder))).toEqual({ colours: 'auto', trusted: [] });
  expect(() => statSync(folder)).toThrow();
});

test('a trusted digest is trusted from then on, and what else is there stays', async () => {
  const folder = join(temporaryFolder(), 'config');
  await rememberName('Ann', at(folder));
  await trustDigest('aa', at(folder));
  await trustDigest('bb', at(folder));
  await trustDigest('aa', at(folder));
  expect(readSettings(at(folder))).toEqual({ name: 'Ann', colours: 'auto', trusted: ['aa', 'bb'] });
  expect([isTrusted('bb', at(folder)), isTrusted('cc', at(folder))]).toEqual([true, false]);
});

test('the file and its folder are for the person alone, also where the folder was open', async () => {
  const folder = join(temporaryFolder(), 'config');
  mkdirSync(folder, { mode: 0o755 });
  await trustDigest('aa', at(folder));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'config.json')).mode & 0o777).toBe(0o600);
});

test.each([
  ['{ broken', /are not JSON$/],
  ['{"trusted":"aa"}', /are not right: trusted: /],
  ['[]', /are not right/],
])('a broken file (%s) is said with a remedy, and is not written over', async (text, message) => {
  const folder = temporaryFolder();
  const file = writeFileIn(folder, 'config.json', text);
  const error = thrownBy(() => readSettings(at(folder)));
  expect(error).toBeInstanceOf(SettingsError);
  expect(error).toMatchObject({
    message: expect.stringMatching(message),
    remedy: expect.stringContaining('delete it'),
  });
  await expect(trustDigest('aa', at(folder))).rejects.toThrow(SettingsError);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('a folder that cannot be made is said with a remedy', async () => {
  const file = writeFileIn(temporaryFolder(), 'file', '');
  await expect(trustDigest('aa', at(join(file, 'config')))).rejects.toMatchObject({
    name: 'SettingsError',
    remedy: 'make the folder writable for you',
  });
  chmodSync(file, 0o600);
});

test('the operator is the name in the settings, else the login name', () => {
  const settings = { colours: 'auto', trusted: [] } as const;
  expect(operatorName({ ...settings, trusted: [], name: 'Ann' }, { USER: 'root' })).toBe('Ann');
  expect(operatorName({ ...settings, trusted: [] }, { USER: 'root' })).toBe('root');
  expect(operatorName({ ...settings, trusted: [] }, {})).not.toBe('');
});
