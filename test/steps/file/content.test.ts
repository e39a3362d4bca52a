import { expect, test } from 'vitest';
import { content } from '../../../steps/file/content.ts';
import { ports } from '../http/ports.ts';

const look = async (want: object, files: Readonly<Record<string, string>>) => {
  const port = {
    read: async (path: string) => files[path],
    list: async () => [],
    resolve: async (path: string) => path,
    write: async () => {},
  };
  return content.verify?.(content.with.parse(want), ports({ files: port }), {});
};

const toml = '[env]\nPORT = "8080"\nFLAG = true\n[[services]]\ninternal_port = 8080\n';

test('a file that is there is so, one that is not is not so', async () => {
  expect(await look({ path: 'fly.toml' }, { 'fly.toml': toml })).toEqual({ is: 'so', seen: 'fly.toml, 66 characters' });
  expect(await look({ path: 'fly.toml' }, {})).toEqual({
    is: 'not-so',
    expected: 'a file fly.toml',
    seen: 'no such file',
  });
});

test('exists: false turns that round', async () => {
  expect(await look({ path: '.env', exists: false }, {})).toEqual({ is: 'so', seen: 'there is no .env' });
  expect(await look({ path: '.env', exists: false }, { '.env': '' })).toMatchObject({ is: 'not-so' });
});

test.each([
  ['fly.toml', toml, 'env.PORT'],
  ['a.json', '{"env":{"PORT":"8080"}}', 'env.PORT'],
  ['a.yml', 'env:\n  PORT: "8080"\n', 'env.PORT'],
  [
    'Info.plist',
    '<plist version="1.0"><dict><key>env</key><dict><key>PORT</key><integer>8080</integer></dict></dict></plist>',
    'env.PORT',
  ],
  ['fly.toml', toml, 'services.0.internal_port'],
])('a key is found by the format of %s', async (path, text, key) => {
  expect(await look({ path, key, equals: '8080' }, { [path]: text })).toMatchObject({ is: 'so' });
});

test('expected and seen stand side by side', async () => {
  expect(await look({ path: 'fly.toml', key: 'env.PORT', equals: '3000' }, { 'fly.toml': toml })).toEqual({
    is: 'not-so',
    expected: 'env.PORT = "3000"',
    seen: 'env.PORT = "8080"',
  });
  expect(await look({ path: 'fly.toml', key: 'env.NOPE' }, { 'fly.toml': toml })).toMatchObject({
    is: 'not-so',
    seen: 'env.NOPE is not there',
  });
});

test('a boolean of the file fits a boolean and its text', async () => {
  expect(await look({ path: 'fly.toml', key: 'env.FLAG', equals: true }, { 'fly.toml': toml })).toMatchObject({
    is: 'so',
  });
  expect(await look({ path: 'fly.toml', key: 'env.FLAG', equals: 'true' }, { 'fly.toml': toml })).toMatchObject({
    is: 'so',
  });
});

test('text is searched, and a pattern works line by line', async () => {
  expect(await look({ path: 'README.md', contains: 'launch' }, { 'README.md': 'how to launch' })).toMatchObject({
    is: 'so',
  });
  expect(await look({ path: 'README.md', matches: '^v\\d+$' }, { 'README.md': 'x\nv12\ny' })).toMatchObject({
    is: 'so',
  });
});

test('a broken file is not so, with the reason; a file that may not be read is unknown', async () => {
  expect(await look({ path: 'a.json', key: 'x' }, { 'a.json': '{' })).toMatchObject({
    is: 'not-so',
    seen: expect.stringContaining('it cannot be parsed'),
  });
  const files = {
    read: async () => Promise.reject(new Error('/etc/passwd lies outside the project')),
    list: async () => [],
    resolve: async () => '',
    write: async () => {},
  };
  const seen = await content.verify?.(content.with.parse({ path: '/etc/passwd' }), ports({ files }), {});
  expect(seen).toEqual({ is: 'unknown', why: '/etc/passwd cannot be read: /etc/passwd lies outside the project' });
});

test('keys with dots are given as a list; a key in plain text and a broken pattern are refused', async () => {
  expect(await look({ path: 'a.json', key: ['a.b', 'c'], equals: 1 }, { 'a.json': '{"a.b":{"c":1}}' })).toMatchObject({
    is: 'so',
  });
  expect(content.with.safeParse({ path: 'a.txt', key: 'x' }).success).toBe(false);
  expect(content.with.safeParse({ path: 'a.txt', matches: '(' }).success).toBe(false);
});

test('a mark of the byte order does not matter, and neither does a list that is nested without an end', async () => {
  const files = {
    'a.json': '\uFEFF{"a":1}',
    'a.toml': '\uFEFFa = 1\n',
    'deep.json': `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    'deep.yml': `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    'deep.toml': `a = ${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  };
  expect(await look({ path: 'a.json', key: 'a', equals: 1 }, files)).toMatchObject({ is: 'so' });
  expect(await look({ path: 'a.toml', key: 'a', equals: 1 }, files)).toMatchObject({ is: 'so' });
  expect(await look({ path: 'deep.json', key: 'a', equals: 1 }, files)).toMatchObject({
    is: 'not-so',
    seen: 'a = a list, nested very deep',
  });
  for (const path of ['deep.yml', 'deep.toml']) {
    const seen = await look({ path, key: 'a', equals: 1 }, files);
    expect(seen).toMatchObject({ is: 'not-so', seen: expect.stringMatching(/^it cannot be parsed: |^a = /) });
  }
});
