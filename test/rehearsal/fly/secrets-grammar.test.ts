// The grammar of `fly secrets import` against the table of facts/flyctl.md §3.10.4, as a function and as a process.
import { afterAll, describe, expect, test } from 'vitest';
import { Panic } from '../../../src/rehearsal/fly/errors.ts';
import { parseSecrets } from '../../../src/rehearsal/fly/secrets-grammar.ts';
import { openRoom } from './stand-in.ts';

const cases: readonly [claim: string, input: string, stored: Record<string, string>][] = [
  ['a # cuts an unquoted value', 'A=abc#def', { A: 'abc' }],
  ['single quotes give no protection from #', "A='abc#def'", { A: "'abc" }],
  ['double quotes protect a #', 'A="abc#def"', { A: 'abc#def' }],
  ['a comment after a quoted value is cut with the spaces before it', 'A="abc" # note', { A: 'abc' }],
  ['an odd number of quotes before the # keeps it', 'A=p"w#d', { A: 'p"w#d' }],
  ['three quotes before the # keep it', 'A={"k":"a#b"}', { A: '{"k":"a#b"}' }],
  ['an even number of quotes before the # cuts', 'A={"k":1,"c":"x"} #y', { A: '{"k":1,"c":"x"}' }],
  ['a # in triple quotes swallows all that follows', 'A="""{"k":"a#b"}"""\nB=2', {}],
  ['a trailing space keeps the quotes', 'A="x" ', { A: '"x" ' }],
  ['an empty value is stored', 'A=', { A: '' }],
  ['a newline after the opening quotes is part of the value', 'A="""\none\ntwo\n"""', { A: '\none\ntwo\n' }],
  ['the value may begin and end on the lines of the quotes', 'A="""one\ntwo"""', { A: 'one\ntwo' }],
  [
    'there is no comment inside a value of several lines',
    'A="""one # 1\n# two\nthree"""',
    { A: 'one # 1\n# two\nthree' },
  ],
  ['a # on a later line of a value stays', 'A="""one\n# two\nthree"""', { A: 'one\n# two\nthree' }],
  ['triple quotes on one line', 'A="""a b"""', { A: 'a b' }],
  ['CR LF ends are plain line ends', 'A=1\r\nB="""x\r\ny"""\r\n', { A: '1', B: 'x\ny' }],
  ['unclosed triple quotes drop the rest', 'A=1\nB="""x\nC=3', { A: '1' }],
  ['of the same name the last wins', 'A=1\nA=2', { A: '2' }],
  ['blank lines and comments in the first column are skipped', '\n  \n# A=1\nB=2', { B: '2' }],
  ['the name is trimmed, leading spaces of the value too', '  A  =   x', { A: 'x' }],
  ['a tab before the value stays', 'A=\tx', { A: '\tx' }],
  ['there are no escapes', 'A="a\\nb"', { A: 'a\\nb' }],
  ['export is part of the name', 'export A=1', { 'export A': '1' }],
  ['one pair of quotes is removed', `A="'x'"`, { A: "'x'" }],
  ['only the first = separates', 'A=b=c', { A: 'b=c' }],
];

test.each(cases)('%s', (_, input, stored) => {
  expect(Object.fromEntries(parseSecrets(input))).toEqual(stored);
});

test('a line of 64 KiB ends the reading without an error, one byte less does not', () => {
  const line = (bytes: number) => `B=${'x'.repeat(bytes - 2)}`;
  expect([...parseSecrets(`A=1\n${line(65_536)}\nC=3`).keys()]).toEqual(['A']);
  expect([...parseSecrets(`A=1\n${line(65_535)}\nC=3`).keys()]).toEqual(['A', 'B', 'C']);
});

test('a lone quote panics', () => {
  expect(() => parseSecrets('A="')).toThrow(Panic);
  expect(() => parseSecrets("A='")).toThrow(Panic);
});

describe('as a process', () => {
  const fly = openRoom();
  afterAll(() => fly.remove());

  async function withApp() {
    const world = fly.world();
    await world.fly('apps', 'create', 'sol', '--org', 'sollabs');
    return world;
  }
  const imported = ['secrets', 'import', '--stage', '-a', 'sol'];

  test('what was imported has the digest of the value that the grammar says', async () => {
    const world = await withApp();
    await world.run(imported, { stdin: 'CUT=abc#def\nLINES="""one\ntwo"""\n' });
    await world.fly('secrets', 'set', '--stage', '-a', 'sol', 'SAME=abc', 'SAME_LINES=one\ntwo');
    const digest = new Map(theSecrets(await world.json('secrets', 'list', '-a', 'sol', '--json')));
    expect(digest.get('CUT')).toBe(digest.get('SAME'));
    expect(digest.get('LINES')).toBe(digest.get('SAME_LINES'));
    expect(digest.get('CUT')).toMatch(/^[0-9a-f]{16}$/);
    expect(digest.get('CUT')).not.toBe(digest.get('LINES'));
  });

  test('a line without = fails, is echoed whole, and nothing is stored', async () => {
    const world = await withApp();
    const { exit, stderr } = await world.run(imported, { stdin: 'A=1\n  canary-of-a-secret\n' });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('  canary-of-a-secret') });
    expect(stderr).toMatch(/^Error: Failed to parse secrets from stdin: .*must be provided as NAME=VALUE pairs/);
    expect(await world.json('secrets', 'list', '-a', 'sol', '--json')).toEqual([]);
  });

  test('a lone quote ends with exit 3, nothing at all with exit 1', async () => {
    const world = await withApp();
    expect((await world.run(imported, { stdin: 'A=1\nB="\n' })).exit).toBe(3);
    expect(await world.run(imported, { stdin: '# nothing\n' })).toMatchObject({
      exit: 1,
      stderr: 'Error: requires at least one SECRET=VALUE pair\n',
    });
    expect(await world.json('secrets', 'list', '-a', 'sol', '--json')).toEqual([]);
  });

  test('one bad name refuses all of the call', async () => {
    const world = await withApp();
    const { exit, stderr } = await world.run(imported, { stdin: 'A=1\nexport B=2\n' });
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining("'export B' is not a valid secret name"),
    });
    expect(await world.json('secrets', 'list', '-a', 'sol', '--json')).toEqual([]);
  });

  test('a wrong app fails before stdin is read, and no value is written to the list of calls', async () => {
    const world = await withApp();
    expect((await world.run(['secrets', 'import', '-a', 'sol2'], { stdin: 'A=1\n' })).stderr).toContain(
      'Could not find App',
    );
    await world.fly('secrets', 'set', '--stage', '-a', 'sol', 'A=canary-of-a-secret');
    expect(world.calls().at(-1)?.argv).toEqual(['secrets', 'set', '--stage', '-a', 'sol', 'A=[redacted]']);
    expect(JSON.stringify([world.state(), world.calls()])).not.toContain('canary');
  });
});

const theSecrets = (list: unknown): [string, string][] =>
  (list as { name: string; digest: string }[]).map(({ name, digest }) => [name, digest]); // the shape is the subject of another test
