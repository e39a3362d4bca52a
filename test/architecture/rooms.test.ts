// The rooms of the house: who may import whom. Arrows only go down; types may be taken from the room that owns them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Values a room may import, by room; `step` and `question` are single files. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  text: [],
  system: ['text'],
  document: ['text'],
  secrets: ['text'],
  step: [],
  question: [],
  steps: ['step', 'secrets', 'text'],
  runbook: ['text', 'document', 'step'],
  authoring: ['text', 'document', 'runbook', 'question', 'secrets'],
  engine: ['text', 'secrets', 'step', 'question'],
  store: ['engine', 'text'],
  record: ['engine', 'text'],
  ui: ['engine', 'text'],
  rehearsal: ['system', 'text'],
  commands: [
    'text',
    'system',
    'document',
    'secrets',
    'step',
    'question',
    'steps',
    'runbook',
    'authoring',
    'engine',
    'store',
    'record',
    'ui',
    'rehearsal',
  ],
  cli: ['commands'],
};

function roomOf(path: string): string {
  const parts = relative(root, path).split('/');
  if (parts[0] === 'steps') return 'steps';
  return (parts[1] ?? '').replace(/\.ts$/, '');
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(root, folder, path));
}

const files = [...filesOf('src'), ...filesOf('steps')].filter((path) => !path.endsWith('.d.ts'));

describe('imports', () => {
  test('of values only go down the rooms', () => {
    const wrong = files.flatMap((path) => {
      const room = roomOf(path);
      const source = readFileSync(path, 'utf8');
      return [
        ...source.matchAll(/^(?:import|export) (?!type )([^;]*?)from '(\.[^']+)'/gms),
        ...source.matchAll(/()import\('(\.[^']+)'\)/g),
      ].flatMap(([, names = '', target = '']) => {
        // `import { type A, type B }` takes no value.
        const list = /^\{(.*)\}\s*$/s.exec(names)?.[1];
        if (list?.split(',').every((name) => /^\s*(type\s|$)/.test(name))) return [];
        const to = roomOf(normalize(join(dirname(path), target)));
        return to === room || ROOMS[room]?.includes(to) ? [] : [`${relative(root, path)} → ${target}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  test('of the outside world stay in system and rehearsal, and in the file at the edge', () => {
    const wrong = files
      .filter((path) =>
        /(?:from|import\() ?'(?:node:)?(?:fs|fs\/promises|child_process|net|dgram|https?|tls|dns)'|from 'execa'/.test(
          readFileSync(path, 'utf8'),
        ),
      )
      .filter((path) => !['system', 'rehearsal', 'cli'].includes(roomOf(path)));
    expect(wrong.map((path) => relative(root, path))).toEqual([]);
  });
});

test('only the one writer writes to the streams of this process, and only marked controls are ours', () => {
  const found = (pattern: RegExp, but: readonly string[]) =>
    files
      .map((path) => ({ path: relative(root, path), source: readFileSync(path, 'utf8') }))
      .filter(({ path, source }) => pattern.test(source) && !but.includes(path) && !path.startsWith('src/rehearsal/'))
      .map(({ path }) => path);
  // The edge hands the bare streams to `main`, which wraps them; the child that runs a zx script has streams of its own.
  expect(
    found(/process\.std(out|err)|\bconsole\.(?:log|error|warn|info|debug)\b|writeSync\((1|2)\b/, [
      'src/cli.ts',
      'src/system/zx.ts',
    ]),
  ).toEqual([
    'src/system/shell.ts', // Asks whether it is a terminal, for the person's own shell.
  ]);
  expect(found(/\b(createOutput|guardStream)\(/, ['src/ui/terminal.ts', 'src/commands/main.ts'])).toEqual([]);
  expect(found(/(?<!#)\bunmarked\b/, ['src/ui/terminal.ts', 'src/text/control.ts'])).toEqual([]);
  // A library that draws for us is adoptColours at its door, and nowhere else.
  expect(found(/\badoptColours\b/, ['src/ui/clack-output.ts', 'src/text/control.ts'])).toEqual([]);
});
