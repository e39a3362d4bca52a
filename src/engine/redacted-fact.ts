// An event without the secrets in its texts. What is no text stays as it is, whatever the values of the secrets are: by ids, names of files
// and our own words a run is read again, and one that had a password's name in place of a step's would be lost.
import type { Fact } from './events.ts';
import type { Outline } from './outline.ts';

type Text = (text: string) => string;

export const redactedFact = <T extends Fact>(fact: T, text: Text): T => withoutSecrets(fact, text, KEPT);

/** Titles are the runbook's own text, and shown wherever a step is told of. */
export const redactedOutline = (outline: Outline, text: Text): Outline => withoutSecrets(outline, text, OUTLINE);

/** Every text inside a value, the keys in `kept` left out; below them and in all else each text counts. */
export function withoutSecrets<T>(value: T, text: Text, kept: Kept = {}): T {
  const walk = (part: unknown, but: Kept): unknown => {
    if (typeof part === 'string') return text(part);
    if (Array.isArray(part)) return part.map((inner) => walk(inner, but));
    if (!part || typeof part !== 'object') return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => {
        const rule = Object.hasOwn(but, key) ? but[key] : {};
        return [key, rule === 'whole' ? inner : walk(inner, rule ?? {})];
      }),
    );
  };
  // The shape is the one that came in: only texts are replaced.
  return walk(value, kept) as T;
}

/** What is kept of an object, by key: the whole, or parts of what lies below. */
export interface Kept {
  readonly [key: string]: 'whole' | Kept;
}

const whole = (...keys: readonly string[]): Kept => Object.fromEntries(keys.map((key) => [key, 'whole']));

/** What a look or a check keeps of its answer, beside its sentences. */
const SEEN = whole('is');

const OUTLINE: Kept = { steps: whole('id') };

const KEPT: Kept = {
  ...whole('tool', 'aim', 'rehearsal'),
  runbook: whole('name', 'file', 'digest', 'copy', 'commit'),
  outline: OUTLINE,
  ...whole('type', 'step', 'run', 'question', 'name', 'app', 'file', 'item', 'tester'),
  ...whole('by', 'from', 'operator', 'for', 'is', 'how', 'does', 'result', 'as', 'to', 'outcome', 'mode', 'until'),
  ...whole('salt', 'hash', 'digest', 'copy', 'commit', 'edited', 'added', 'gone'),
  ...whole('pid', 'group', 'startTime', 'bootId', 'host', 'signal', 'receipt'),
  checks: SEEN,
  evidence: { ...whole('receipt'), seen: SEEN },
};
