// What every kind owes, whichever it is. Walks the registry and the folders; a new kind needs nothing here.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Look, StepKind } from '../../src/step.ts';
import { kindNames, loadKind } from '../../steps/index.ts';
import { badAnswers, badWorld, hangingWorld } from './bad-worlds.ts';

const steps = fileURLToPath(new URL('../../steps', import.meta.url));

async function kindOf(name: string): Promise<StepKind> {
  const kind = await loadKind(name);
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
}

/** What the example's `with:` parses to. */
function wantOf(kind: StepKind): unknown {
  return kind.with.parse(parse(kind.example).with);
}

test('an unknown name is no kind', async () => {
  expect(await loadKind('fly/apps')).toBeUndefined();
  expect(await loadKind('toString')).toBeUndefined();
});

test('every kind in a file under steps/ is in the registry, under the name of its file', async () => {
  const found: string[] = [];
  const folders = (await readdir(steps, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name: folder } of folders) {
    for (const file of (await readdir(join(steps, folder))).filter((entry) => entry.endsWith('.ts'))) {
      const exported: Record<string, unknown> = await import(pathToFileURL(join(steps, folder, file)).href);
      const kinds = Object.entries(exported).filter(([, value]) => isKind(value));
      if (kinds.length === 0) continue;
      expect(kinds.map(([name]) => name)).toEqual([camelCase(basename(file, '.ts'))]);
      found.push(`${folder}/${basename(file, '.ts')}`);
    }
  }
  expect(found.toSorted()).toEqual([...kindNames]);
});

describe.each(kindNames)('%s', (name) => {
  test('bears its own name and says what it makes so', async () => {
    const kind = await kindOf(name);
    expect(kind.name).toBe(name);
    expect(kind.summary).toMatch(/^[A-Z].{8,90}[^.]$/);
  });

  test('offers a verify, an act or a guide', async () => {
    const kind = await kindOf(name);
    expect(kind.verify ?? kind.act ?? kind.guide).toBeDefined();
    if (kind.canAct) expect(kind.act && kind.guide).toBeDefined();
  });

  test('has an example that parses, and refuses a key it does not know', async () => {
    const kind = await kindOf(name);
    const example: unknown = parse(kind.example);
    expect(Object.keys(example ?? {})).toEqual(['with']);
    const { with: written } = z.object({ with: z.record(z.string(), z.unknown()) }).parse(example);
    expect(kind.with.safeParse(written).error?.issues ?? []).toEqual([]);
    expect(kind.with.safeParse({ ...written, 'no-such-key': 1 }).success).toBe(false);
  });

  test('describes its example, in one line', async () => {
    const kind = await kindOf(name);
    expect(kind.describe(wantOf(kind))).toMatch(/^\S[^\n]{5,}$/);
  });

  test('shows its commands as lists of words', async () => {
    const kind = await kindOf(name);
    const commands = kind.commands?.(wantOf(kind)) ?? [];
    for (const command of commands) {
      expect(command.length).toBeGreaterThan(1);
      expect(command.every((word) => typeof word === 'string' && word !== '' && !word.includes('undefined'))).toBe(
        true,
      );
    }
  });

  test('has names of outputs that an expression can use', async () => {
    const { outputs } = await kindOf(name);
    for (const output of Object.keys(outputs?.shape ?? {})) expect(output).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  test('names the keys of `with` in kebab-case, and its secret fields among them', async () => {
    const kind = await kindOf(name);
    const keys = Object.keys(
      z
        .object({ properties: z.record(z.string(), z.unknown()) })
        .parse(z.toJSONSchema(kind.with, { io: 'input', unrepresentable: 'any' })).properties,
    );
    for (const key of keys) expect(key).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(keys).toEqual(expect.arrayContaining([...(kind.secretFields ?? [])]));
  });

  test('says how long and how often in durations', async () => {
    const { within, every, disturbs } = await kindOf(name);
    for (const duration of [within, every, disturbs?.every]) expect(duration ?? '1s').toMatch(/^\d+[smhd]$/);
  });

  test('names a tool it needs with where to get it', async () => {
    for (const { get, atLeast } of (await kindOf(name)).requires ?? []) {
      expect(get).toMatch(/./);
      if (atLeast)
        expect(atLeast).toEqual({
          version: expect.stringMatching(/^\d+\.\d+(\.\d+)?$/),
          why: expect.stringMatching(/.{10}/),
        });
    }
  });

  test('has words for a guide and an undo where it offers them', async () => {
    const kind = await kindOf(name);
    if (kind.guide) expect(kind.guide(wantOf(kind)).text).toMatch(/.{20}/);
    if (kind.undo) expect(kind.undo.describe(wantOf(kind))).toMatch(/.{10}/);
  });

  test.each(Object.entries(badAnswers))(
    'never says "so" of a %s, nor of what is gone, and has words for it',
    async (what, answers) => {
      const kind = await kindOf(name);
      const content = name in CONTENT && /^(wrong|half) answer$/.test(what);
      const answer = content ? undefined : await kind.verify?.(wantOf(kind), badWorld(answers), {});
      const gone = await kind.undo?.verify(wantOf(kind), badWorld(answers), { outputs: {} });
      for (const look of [answer, gone]) {
        expect(['not-so', 'unknown', undefined]).toContain(look?.is);
        for (const text of textsOf(look)) expect(text).toMatch(WORDS);
      }
    },
  );

  test.each(Object.entries(badAnswers))('never says that an act went well with a %s', async (_, answers) => {
    const kind = await kindOf(name);
    const acted = await kind.act?.(wantOf(kind), badWorld(answers), {});
    expect(['failed', 'unclear', undefined]).toContain(acted?.ended);
    if (acted && acted.ended !== 'ok') expect(acted.why).toMatch(WORDS);
  });

  test('a look that is stopped while it waits ends, and asks for next to nothing more', async () => {
    const kind = await kindOf(name);
    const stopping = new AbortController();
    const { ports, asked } = hangingWorld(stopping.signal);
    const looked = kind.verify?.(wantOf(kind), ports, {});
    await new Promise((resolve) => setImmediate(resolve));
    stopping.abort();
    expect(['not-so', 'unknown', undefined]).toContain((await looked)?.is);
    expect(asked.after).toBeLessThanOrEqual(3);
  });
});

/** Kinds that are content with whatever answers, and why. */
const CONTENT: Readonly<Record<string, string>> = {
  'fly/proxy': 'it asks whether something listens at the near end of a tunnel, and half an answer says so',
};

const isKind = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'summary' in value && 'describe' in value && 'with' in value;

const camelCase = (file: string): string => file.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const textsOf = (look: Look | undefined): readonly string[] =>
  look === undefined || look.is === 'so' ? [] : look.is === 'unknown' ? [look.why] : [look.expected, look.seen];

/** Something to read, and nothing that only a program would say. */
const WORDS = /^(?!.*(?:undefined|\[object|NaN|Cannot read prop)).{4,}/s;
