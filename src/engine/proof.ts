// What stands behind a step that is called verified: a look, or only the act's own word. Pure.
import type { Evidence, How } from './events.ts';

/** `look`: seen in the world. `answer`, `exit`: what the act said of itself. `time`: it is over. `start`: it runs. */
export type Proof = 'look' | 'answer' | 'exit' | 'time' | 'start' | 'word' | 'plan';

export function proofBehind(how: How, { seen = [], tail, receipt, note }: Evidence): Proof {
  if (how !== 'verified') return how === 'on-word' ? 'word' : 'plan';
  if (seen.some(({ is }) => is === 'so')) return 'look';
  // An act that has ended has its last lines, though there be none, and no receipt where it printed nothing.
  if ((tail ?? receipt) !== undefined) return note === undefined ? 'exit' : 'answer';
  return note === undefined ? 'start' : 'time';
}
