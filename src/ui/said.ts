// What the person has just read is not told again: a failure, what was seen, the same card.
import type { LaunchEvent } from '../engine/events.ts';
import type { Card } from '../engine/face.ts';
import type { Question } from '../question.ts';

export interface Said {
  /** These lines are on the screen. */
  note(lines: readonly string[]): void;
  happened(event: LaunchEvent): void;
  /** Is it on the screen, with nothing after it that changes anything? */
  isShown(card: Card): boolean;
  /** Lines above a question that are not on the screen yet. */
  newDetail(question: Question): readonly string[];
  /** Someone else had the terminal. */
  forget(): void;
}

export function createSaid(): Said {
  let lines = new Set<string>();
  let asked = '';
  let shown = '';
  return {
    note(more) {
      for (const line of more) lines.add(line);
    },
    happened({ type }) {
      if (!ASIDE.has(type)) shown = '';
    },
    isShown(card) {
      const before = shown;
      shown = JSON.stringify(card);
      return shown === before;
    },
    newDetail({ id, detail = [] }) {
      // Of another question nothing was said but what was told since the last.
      const fresh = detail.filter((line) => !lines.has(line));
      lines = new Set(id === asked ? [...lines, ...detail] : detail);
      asked = id;
      return fresh;
    },
    forget() {
      lines = new Set();
      shown = '';
    },
  };
}

/** What a person does beside the step leaves it as it was shown. */
const ASIDE: ReadonlySet<LaunchEvent['type']> = new Set(['note.added', 'answer.given'] as const);
