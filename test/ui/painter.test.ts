// The bottom of the screen, on a terminal that is an emulator: what stays, what changes, what a resize leaves.
import headless from '@xterm/headless';
import { expect, test } from 'vitest';
import { control, unmarked } from '../../src/text/control.ts';
import { ClackOutput } from '../../src/ui/clack-output.ts';
import { createPainter, HANGS_HERE } from '../../src/ui/painter.ts';

function stage(columns: number, rows: number) {
  const terminal = new headless.Terminal({
    cols: columns || 80,
    rows: rows || 24,
    allowProposedApi: true,
    convertEol: true,
  });
  const listeners = new Set<() => void>();
  const written: string[] = [];
  const size = { columns, rows };
  const painter = createPainter({
    write: (text) => {
      written.push(unmarked(text));
      terminal.write(unmarked(text));
    },
    get columns() {
      return size.columns;
    },
    get rows() {
      return size.rows;
    },
    onResize(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const seen = () =>
    new Promise<string>((resolve) =>
      terminal.write('', () => {
        const { active } = terminal.buffer;
        resolve(
          Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
            .join('\n')
            .trimEnd(),
        );
      }),
    );
  const resize = async (wide: number, high: number) => {
    await seen();
    Object.assign(size, { columns: wide, rows: high });
    terminal.resize(wide, high);
    for (const listener of listeners) listener();
  };
  return { painter, seen, resize, listeners, written, painting: () => terminal.modes.synchronizedOutputMode };
}

test('what stays goes above what changes', async () => {
  const { painter, seen } = stage(40, 10);
  painter.print(['first']);
  painter.set('question', ['◆  Go on?', '└']);
  painter.flush();
  painter.print(['second']);
  painter.set('working', ['● Deploy']);
  painter.flush();
  expect(await seen()).toBe('first\nsecond\n● Deploy\n◆  Go on?\n└');
  painter.set('question', []);
  painter.set('working', []);
  painter.flush();
  painter.print(['third']);
  expect(await seen()).toBe('first\nsecond\nthird');
});

test('a frame higher than the screen shows its end, one wider is wrapped behind its bar', async () => {
  const { painter, seen } = stage(12, 5);
  painter.set('question', ['1', '2', '3', '4', '│  one two three', '└']);
  painter.flush();
  expect(await seen()).toBe('4\n│  one two\n│  three\n└');
});

test.each([0, 1, 2, 5])('a terminal of %i columns crashes nothing', async (columns) => {
  const { painter, seen } = stage(columns, columns);
  painter.set('question', ['◆  A question', '│  ● Enter yes', '└']);
  painter.flush();
  painter.print(['above']);
  painter.close();
  expect(await seen()).toContain('a');
});

test('after any resize there is one frame, and nobody listens once it is gone', async () => {
  const { painter, seen, resize, listeners } = stage(60, 20);
  painter.print(['stays']);
  painter.set('question', ['◆  Where does the deploy go, and who is told of it?', '│  ● Enter here', '└']);
  painter.flush();
  for (const [wide, high] of [
    [30, 20],
    [18, 12],
    [44, 12],
    [90, 30],
  ] as const)
    await resize(wide, high);
  expect(await seen()).toBe('stays\n◆  Where does the deploy go, and who is told of it?\n│  ● Enter here\n└');
  painter.close();
  expect(await seen()).toBe('stays');
  expect(listeners.size).toBe(0);
});

test('a painting is shown at once or not at all, in whatever pieces it comes to the terminal', async () => {
  const { painter, seen, written, painting } = stage(40, 10);
  painter.set('question', ['◆  Go on?', '└']);
  painter.flush();
  painter.print(['above']);
  painter.set('working', ['● Deploy']);
  painter.flush();
  expect(written).toHaveLength(3);
  for (const bytes of written) expect(bytes).toMatch(/^\x1b\[\?2026h[\s\S]*\x1b\[\?2026l$/);
  expect(await seen()).toBe('above\n● Deploy\n◆  Go on?\n└');
  expect(painting()).toBe(false);
});

test('the lines of a clack prompt are kept through what clack draws with', () => {
  let lines: readonly string[] = [];
  const output = new ClackOutput((now) => {
    lines = [...now];
  });
  output.write('\x1b[?25l');
  output.write('\x1b[36m◆\x1b[39m  Name\n│  \n└');
  output.write('\x1b[999D\x1b[2A');
  output.write('\x1b[1B');
  output.write('\x1b[2K\x1b[G');
  output.write('│  ab');
  expect(lines.map(unmarked)).toEqual(['\x1b[36m◆\x1b[39m  Name', '│  ab', '└']);
  output.write('\x1b[999D\x1b[1A');
  output.write('\x1b[J');
  output.write('◇  Name');
  expect(lines).toEqual(['◇  Name']);
});

test('a line that says where it hangs goes on there, behind its bar', async () => {
  const { painter, seen } = stage(22, 10);
  painter.set('question', [
    `${control('\x1b[36m')}│${control('\x1b[39m')}  ● Enter ${HANGS_HERE}try again (acts once more)`,
  ]);
  painter.flush();
  expect(await seen()).toBe('│  ● Enter try again\n│          (acts once\n│          more)');
});
