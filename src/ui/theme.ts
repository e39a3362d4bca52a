// Colours and symbols, each with its plain twin: what is shown must be understood with neither.
import { control } from '../text/control.ts';

export type Tone = 'good' | 'bad' | 'care' | 'note' | 'quiet';

export interface Theme {
  readonly colour: boolean;
  readonly unicode: boolean;
  paint(tone: Tone, text: string): string;
  bold(text: string): string;
  dim(text: string): string;
  underline(text: string): string;
  /** What stands before a line of that tone: `✔`, or `ok`. */
  readonly mark: Readonly<Record<Tone, string>>;
  readonly bar: string;
  readonly rule: string;
  readonly bullet: string;
  readonly dot: string;
  readonly chosen: string;
  readonly open: string;
  readonly ask: string;
  readonly answered: string;
  readonly end: string;
  readonly more: string;
}

interface ThemeOptions {
  readonly colour: boolean;
  readonly unicode: boolean;
}

/** Symbols and colours for a terminal, or for lines that may land in a log. */
export function createTheme({ colour, unicode }: ThemeOptions): Theme {
  const style = (on: number, off: number) => (text: string) =>
    colour && text ? control(`\x1b[${on}m`) + text + control(`\x1b[${off}m`) : text;
  const tones = {
    good: style(32, 39),
    bad: style(31, 39),
    care: style(33, 39),
    note: style(36, 39),
    quiet: style(2, 22),
  };
  return {
    colour,
    unicode,
    paint: (tone, text) => tones[tone](text),
    bold: style(1, 22),
    dim: style(2, 22),
    underline: style(4, 24),
    ...(unicode ? SYMBOLS : PLAIN_SYMBOLS),
  };
}

interface StyleAsked {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The stream is a terminal. */
  readonly terminal: boolean;
  /** Its width; 0 or undefined where it has none. */
  readonly columns: number | undefined;
  /** `--no-color`. */
  readonly noColor?: boolean;
  /** `--plain`. */
  readonly plain?: boolean;
}

/**
 * How to write to a stream: `NO_COLOR`, `FORCE_COLOR`, `CI`, `TERM=dumb` are honoured; the flag wins over the environment.
 * `plain`: without redrawing.
 */
export function styleFor({
  env,
  terminal,
  columns,
  noColor,
  plain,
}: StyleAsked): ThemeOptions & { readonly plain: boolean } {
  const dumb = env.TERM === 'dumb';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  const refused = noColor || Boolean(env.NO_COLOR) || (env.FORCE_COLOR !== undefined && !forced);
  return {
    colour: !refused && (forced || (terminal && !dumb)),
    unicode:
      !dumb &&
      env.TERM !== 'linux' &&
      (terminal ? !/^(C|POSIX)$/.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '') : true),
    plain: Boolean(plain) || dumb || !terminal || !columns || (Boolean(env.CI) && env.CI !== 'false'),
  };
}

/** Our symbols as plain characters, for a terminal that has no others. Cell for cell, so that what was laid out still fits. */
export const plainly = (text: string): string =>
  text.replace(/[◆◇■▲│└●○▪•·…→↑↓─]/g, (symbol) => TWINS[symbol] ?? symbol);

const TWINS: Readonly<Record<string, string>> = {
  '◆': '*',
  '◇': 'o',
  '■': 'x',
  '▲': '!',
  '│': '|',
  '└': '+',
  '●': '>',
  '○': ' ',
  '▪': '*',
  '•': '-',
  '·': '-',
  '…': '~',
  '→': '>',
  '↑': '^',
  '↓': 'v',
  '─': '-',
};

type Symbols = Omit<Theme, 'colour' | 'unicode' | 'paint' | 'bold' | 'dim' | 'underline'>;

const SYMBOLS: Symbols = {
  mark: { good: '✔', bad: '✘', care: '▲', note: '●', quiet: '·' },
  bar: '│',
  rule: '─',
  bullet: '•',
  dot: '·',
  chosen: '●',
  open: '○',
  ask: '◆',
  answered: '◇',
  end: '└',
  more: '…',
};

const PLAIN_SYMBOLS: Symbols = {
  mark: { good: 'ok', bad: 'x', care: '!', note: '*', quiet: '-' },
  bar: '|',
  rule: '-',
  bullet: '-',
  dot: '-',
  chosen: '>',
  open: ' ',
  ask: '*',
  answered: 'o',
  end: '+',
  more: '...',
};
