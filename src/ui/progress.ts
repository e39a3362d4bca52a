// What is under way, in a few lines: what, since when, the last output, what is waited for, and a child that has gone silent.
import type { Working } from '../engine/face.ts';
import { safeLine } from '../text/escape.ts';
import { createTail, readAs } from '../text/tail.ts';
import type { Theme } from './theme.ts';
import { clockTime, elapsed } from './times.ts';
import { clip } from './width.ts';

export interface Progress extends Working {
  /** `asking`: the person is being asked something, so that silence means nothing. */
  lines(now: number, width: number, asking: boolean): readonly string[];
  /** Silence counts from now. */
  heard(): void;
  /** Takes a note that the person leaves meanwhile. */
  readonly note?: (text: string) => void;
  /** Has what is waited for looked at now. */
  readonly look?: () => void;
}

interface ProgressOptions {
  readonly what: string;
  readonly theme: Theme;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called when there is something new to show, at most every tenth of a second for output. */
  readonly changed: () => void;
  readonly stopped: () => void;
  readonly note?: (text: string) => void;
  readonly look?: () => void;
  /** How long it has gone on already, in ms. */
  readonly already?: number;
}

/** Keeps the tail of what a child prints, whatever it prints: cost does not grow with the output. */
export function createProgress({
  what,
  theme,
  now,
  changed,
  stopped,
  note,
  look,
  already = 0,
}: ProgressOptions): Progress {
  const began = now() - already;
  let heard = now();
  let shownAt = heard - OFTEN;
  let sentence = '';
  const said = createTail(ENOUGH);
  let over = false;

  return {
    ...(note && { note }),
    ...(look && { look }),
    heard: () => {
      heard = now();
    },
    output(bytes) {
      heard = now();
      said.write(bytes);
      if (heard - shownAt < OFTEN) return;
      shownAt = heard;
      changed();
    },
    say(text) {
      heard = now();
      sentence = text;
      changed();
    },
    stop() {
      if (over) return;
      over = true;
      stopped();
    },
    lines(at, width, asking) {
      const shown = lastLines(said.read().bytes.toString());
      if (at - began < FLICKER && shown.length === 0 && sentence === '') return [];
      const since = at - began;
      const quiet = at - heard;
      const head = `${theme.paint('note', theme.mark.note)} ${clip(safeLine(what), Math.max(8, width - 12))} ${theme.dim(`${theme.dot} ${elapsed(since)}`)}`;
      const box = shown.map((line) => clip(`${theme.dim(theme.bar)} ${theme.dim(safeLine(line))}`, width));
      const state = sentence === '' ? [] : [clip(`${theme.dim(theme.bar)} ${safeLine(sentence)}`, width)];
      const silent =
        quiet >= SILENT && !asking
          ? [
              clip(
                `${theme.dim(theme.bar)} ${theme.paint('care', `nothing heard for ${elapsed(quiet)}, since ${clockTime(heard)}`)}`,
                width,
              ),
            ]
          : [];
      const keys =
        look && !asking
          ? [clip(`${theme.dim(theme.bar)} ${theme.dim(`c look now ${theme.dot} Ctrl-C stop and keep`)}`, width)]
          : [];
      return [head, ...box, ...state, ...silent, ...keys];
    },
  };
}

const lastLines = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map(readAs)
    .filter((line) => line !== '')
    .slice(-SHOWN);

const SHOWN = 5;
/** Bytes in which the last lines stand. */
const ENOUGH = 16_384;
const OFTEN = 100;
/** What is over so soon is not shown at all. */
const FLICKER = 200;
const SILENT = 60_000;
