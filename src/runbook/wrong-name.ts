// What can be said about a name in an expression, and what all kinds of names share.

import { type Chain, type Segment, spell } from '../text/expression-tree.ts';
import type { Problem } from '../text/place.ts';

export interface WrongName extends Problem {
  /** The part of the chain that is wrong. */
  readonly segment: Segment;
}

/** A value that is no map: names behind it mean nothing. `length`: of the chain up to the value. */
export function tooLong({ segments }: Chain, length: number): WrongName | undefined {
  const segment = segments[length];
  return (
    segment && {
      segment,
      code: 'unknown-context',
      message: `${spell(segments.slice(0, length).map(({ name }) => name))} is one value: nothing is in it`,
      remedy: 'take the rest away',
    }
  );
}
