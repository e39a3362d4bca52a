// One of several, by one key each: Enter takes the marked one, arrows move the mark, `?` shows all, `q` stops. A line of keys where
// the person is at work, a list where there is something to weigh.
import { Prompt } from '@clack/core';
import type { Option } from '../question.ts';
import { safe, safeLine } from '../text/escape.ts';
import { HANGS_HERE } from './painter.ts';
import type { Streams } from './stage.ts';
import type { Theme } from './theme.ts';
import { pad } from './width.ts';

interface Choice {
  readonly message: string;
  readonly options: readonly Option[];
  /** Value of the option that Enter takes at first; without one Enter takes nothing before an arrow was used. */
  readonly default?: string;
  /** Tab is for other ways than to answer. */
  readonly aside?: boolean;
  /** As one line of keys, until `?` or an arrow asks for the list. */
  readonly brief?: boolean;
}

/** The value chosen, or undefined for `q`. */
export async function choose(choice: Choice, theme: Theme, streams: Streams): Promise<string | undefined> {
  const value = await new Choosing(choice, theme, streams).prompt();
  return typeof value === 'string' ? value : undefined;
}

interface Row extends Option {
  readonly key: string;
}

class Choosing extends Prompt<string> {
  readonly #rows: readonly Row[];
  readonly #theme: Theme;
  readonly #message: string;
  /** The option that `q` takes; without one, `q` is no answer at all. */
  readonly #stop: Option | undefined;
  readonly #brief: boolean;
  readonly #aside: boolean;
  #at: number;
  #all: boolean;
  /** Enter was pressed, and there was nothing that it could take. */
  #missed = false;

  constructor(
    { message, options, default: first, brief = false, aside = false }: Choice,
    theme: Theme,
    streams: Streams,
  ) {
    super({ ...streams, render: () => this.#frame() }, false);
    this.#stop = options.find((option) => option.key === STOP);
    this.#rows = withKeys(options.filter((option) => option !== this.#stop));
    this.#theme = theme;
    this.#message = message;
    this.#at = this.#rows.findIndex((row) => row.value === first);
    this.#brief = brief;
    this.#aside = aside;
    // One more takes no more room than the line that says so.
    this.#all = !brief && (this.#rows.length <= AT_MOST + 1 || this.#at >= AT_MOST);
    this.on('key', (char, info) => this.#pressed(char, info.name));
  }

  /** Only our own keys settle it. */
  protected override _shouldSubmit(): boolean {
    return false;
  }

  #pressed(char: string | undefined, name: string | undefined): void {
    if (name === 'up' || name === 'left') this.#mark(this.#at <= 0 ? this.#rows.length - 1 : this.#at - 1);
    else if (name === 'down' || name === 'right') this.#mark((this.#at + 1) % this.#rows.length);
    else if (name === 'return' || name === 'enter') this.#enter();
    else if (char === '?') this.#all = !this.#all || !this.#brief;
    else if (char) this.#byKey(char);
  }

  #enter(): void {
    const marked = this.#rows[this.#at];
    if (marked) this.#settle(marked.value);
    else this.#missed = true;
  }

  #byKey(char: string): void {
    const row = this.#rows.find(({ key }) => key === char) ?? this.#rows.find(({ key }) => key === char.toLowerCase());
    if (row) this.#settle(row.value);
    else if (char.toLowerCase() === STOP && this.#stop) this.#settle(this.#stop.value);
    else if (char.toLowerCase() === STOP) this.state = 'cancel';
  }

  #mark(at: number): void {
    this.#at = at;
    this.#missed = false;
    if (this.#brief || at >= AT_MOST) this.#all = true;
  }

  #settle(value: string | undefined): void {
    if (value === undefined) return;
    this.value = value;
    this.state = 'submit';
  }

  #frame(): string {
    const theme = this.#theme;
    const bar = theme.paint('note', theme.bar);
    const [first = '', ...more] = safe(this.#message).split('\n');
    const lines = [`${theme.paint('note', theme.ask)}  ${theme.bold(first)}`, ...more.map((line) => `${bar}  ${line}`)];
    lines.push(...(this.#brief && !this.#all ? this.#keys(bar) : this.#list(bar)));
    const end = theme.paint('note', theme.end);
    return [...lines, this.#missed ? `${end}  ${theme.dim(NOTHING_MARKED)}` : end].join('\n');
  }

  /** `Enter go on · s skip · ? all keys · q stop and keep`: four at most besides `?` and `q`. */
  #keys(bar: string): readonly string[] {
    const theme = this.#theme;
    const shown = this.#rows.slice(0, AT_MOST - 1).map((row, index) => ({
      key: index === this.#at ? 'Enter' : row.key,
      label: safeLine(row.short ?? row.label),
    }));
    const more = this.#rows.length > shown.length || this.#rows.some(({ hint }) => hint);
    const keys = [...shown, ...(more ? [{ key: '?', label: 'all keys' }] : []), { key: STOP, label: this.#stopLabel }];
    const words = keys.map(({ key, label }) => `${theme.bold(key)} ${label}`.replaceAll(' ', KEPT));
    return [`${bar}  ${words.join(`${KEPT}${theme.dim(theme.dot)} `)}`];
  }

  #list(bar: string): readonly string[] {
    const theme = this.#theme;
    const shown = this.#all ? this.#rows : this.#rows.slice(0, AT_MOST);
    const lines = shown.map((row, index) => {
      const marked = index === this.#at;
      const dot = marked ? theme.paint('good', theme.chosen) : theme.dim(theme.open);
      const hint = row.hint ? theme.dim(` (${safeLine(row.hint)})`) : '';
      return `${bar}  ${dot} ${this.#cap(marked ? 'Enter' : row.key)} ${HANGS_HERE}${safeLine(row.label)}${hint}`;
    });
    if (!this.#all) lines.push(`${bar}    ${this.#cap('?')} ${theme.dim(`show ${this.#rows.length - AT_MOST} more`)}`);
    if (this.#aside) lines.push(`${bar}    ${this.#cap('Tab')} ${theme.dim('other ways')}`);
    return [...lines, `${bar}    ${this.#cap(STOP)} ${theme.dim(this.#stopLabel)}`];
  }

  get #stopLabel(): string {
    return safeLine(this.#stop?.label ?? 'stop and keep');
  }

  #cap(key: string): string {
    return this.#theme.bold(pad(key, 'Enter'.length));
  }
}

/** Options without a key get a number, as far as numbers go. */
export function withKeys(options: readonly Option[]): readonly Row[] {
  const taken = new Set(options.map((option) => option.key));
  const free = [...'123456789'].filter((digit) => !taken.has(digit));
  return options.map((option) => ({ ...option, key: option.key ?? free.shift() ?? '' }));
}

const NOTHING_MARKED = 'Nothing is marked: press the key of one, or mark it with the arrows';
const AT_MOST = 5;
const STOP = 'q';
// A space that a line is not broken at: a key stays with its label.
const KEPT = '\u00a0';
