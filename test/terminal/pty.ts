// A real pseudo-terminal with an emulator as the eye: start a program, type keys, read the screen as a person sees it.
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { onTestFinished } from 'vitest';

interface PtyOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Pty {
  /** Once the screen has been still for as long as a person needs to look: keys that come earlier answer nothing. */
  type(keys: string): Promise<void>;
  /** Once the screen has been still for as long as a person needs to look. */
  still(): Promise<void>;
  /** Settles once the program has painted for the new size. */
  resize(columns: number, rows: number): Promise<void>;
  signal(name: string): void;
  /** What is on the screen and above it, once it holds the text (or matches, or satisfies); rejects with the screen after a time. */
  until(what: string | RegExp | ((screen: string) => boolean)): Promise<string>;
  /** The exit code. */
  ended(): Promise<number>;
  /** The screen and what has scrolled off it. */
  screen(): string;
  /** What is within the window. */
  view(): string;
  /** Every byte the program wrote. */
  raw(): string;
}

/** Longer than the wizard is deaf after a question has come up. Milliseconds. */
const GLANCE = 80;
const PATIENCE = 60_000;

export function openPty({ file, args, cwd, env = {}, columns = 80, rows = 24 }: PtyOptions): Pty {
  const terminal = new headless.Terminal({
    cols: columns || 80,
    rows: rows || 24,
    allowProposedApi: true,
    scrollback: 5000,
  });
  const { PATH = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(file, [...args], {
    cols: columns,
    rows,
    name: env.TERM ?? 'xterm-256color',
    env: { PATH, TMPDIR, TERM: 'xterm-256color', LANG: 'C.UTF-8', TZ: 'UTC', ...env },
    ...(cwd !== undefined && { cwd }),
  });
  onTestFinished(() => child.kill());
  let written = '';
  let heard = performance.now();
  let exit: number | undefined;
  const watchers = new Set<() => void>();
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  child.onData((data) => {
    written += data;
    heard = performance.now();
    terminal.write(data, wake);
  });
  child.onExit(({ exitCode }) =>
    terminal.write('', () => {
      exit = exitCode;
      wake();
    }),
  );

  const lines = (from: number, to: number) => {
    const { active } = terminal.buffer;
    const all = Array.from(
      { length: to - from },
      (_, row) =>
        active
          .getLine(from + row)
          ?.translateToString(true)
          .trimEnd() ?? '',
    );
    return all.join('\n').trimEnd();
  };
  const screen = () => lines(0, terminal.buffer.active.length);
  const view = () => lines(terminal.buffer.active.baseY, terminal.buffer.active.baseY + terminal.rows);

  /** What `read` gives, once it gives something. */
  const when = <T>(what: string, read: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(limit);
        watchers.delete(look);
      };
      const fail = (why: string) => {
        end();
        reject(new Error(`${why}, waiting for ${what}. The screen:\n${view()}`));
      };
      const limit = setTimeout(() => fail(`nothing in ${PATIENCE / 1000} s`), PATIENCE);
      const look = () => {
        // Half a painting is nothing that a person sees.
        if (terminal.modes.synchronizedOutputMode && exit === undefined) return;
        const value = read();
        if (value !== undefined) {
          end();
          resolve(value);
        } else if (exit !== undefined) fail(`the program has ended with ${exit}`);
      };
      watchers.add(look);
      look();
    });

  const still = async () => {
    for (let quiet = 0; quiet < GLANCE; quiet = performance.now() - heard)
      await new Promise((resolve) => setTimeout(resolve, GLANCE - Math.max(0, performance.now() - heard)));
  };

  return {
    still,
    async type(keys) {
      await still();
      child.write(keys);
    },
    resize(wide, high) {
      const before = written.length;
      terminal.resize(wide, high);
      child.resize(wide, high);
      return when('the new size', () => (written.length > before ? true : undefined)).then(() => {});
    },
    signal: (name) => child.kill(name),
    until(what) {
      const holds =
        typeof what === 'function'
          ? what
          : (text: string) => (typeof what === 'string' ? text.includes(what) : what.test(text));
      return when(String(what), () => (holds(screen()) ? screen() : undefined));
    },
    ended: () => when('its end', () => exit),
    screen,
    view,
    raw: () => written,
  };
}
