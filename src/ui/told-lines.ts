// What is told, as lines for a screen or a log: marked, coloured, made safe, wrapped.
import { safe } from '../text/escape.ts';
import type { StatusLine } from './standing.ts';
import type { Theme } from './theme.ts';
import { cells, wrap } from './width.ts';
import type { Told } from './words.ts';

/** A sentence and what belongs to it, behind its mark. `width` undefined: not wrapped (a log). */
export function toldLines({ tone, lines }: Told, theme: Theme, width?: number): readonly string[] {
  const mark = theme.mark[tone];
  const indent = ' '.repeat(cells(mark) + 1);
  return lines.flatMap((line, index) =>
    safe(line)
      .split('\n')
      .flatMap((part, at) => {
        const first = index === 0 && at === 0;
        const styled = tone === 'quiet' || (index > 0 && !part.startsWith('$ ')) ? theme.dim(part) : part;
        const text = first ? `${theme.paint(tone, mark)} ${styled}` : indent + styled;
        return width === undefined ? [text] : wrap(text, width, indent);
      }),
  );
}

/** Without the commands that the card has shown already. */
export function withoutCommands(told: Told, shown: readonly string[]): Told {
  return { ...told, lines: told.lines.filter((line) => !(line.startsWith('$ ') && shown.includes(line.slice(2)))) };
}

/** A table of the status or the plan: headings bold, each line in its tone behind its mark. */
export function tableLines(lines: readonly StatusLine[], theme: Theme): readonly string[] {
  const widest = Math.max(...Object.values(theme.mark).map(cells));
  return lines.flatMap(({ tone, text }, index) => {
    const shown = safe(text);
    if (tone === 'heading') return shown === '' ? [] : [...(index ? [''] : []), theme.bold(shown)];
    const continues = /^ {4}/.test(shown);
    const mark = continues
      ? ' '.repeat(widest)
      : theme.paint(tone, theme.mark[tone]) + ' '.repeat(widest - cells(theme.mark[tone]));
    return [`${mark} ${tone === 'quiet' ? theme.dim(shown) : shown}`];
  });
}
