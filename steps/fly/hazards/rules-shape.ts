// Keys that fly ignores, shapes that it refuses, and durations that mean something else than they seem to.
import { misshapenIn } from '../fly-shape.ts';
import type { Hazard } from './hazard.ts';

const misshapen = (
  code: 'unknown-key' | 'wrong-shape' | 'bare-duration',
  rest: Omit<Hazard, 'code' | 'find'>,
): Hazard => ({
  code,
  ...rest,
  find: ({ file }) => misshapenIn(file).filter((one) => one.code === code),
});

export const shapeHazards: readonly Hazard[] = [
  misshapen('unknown-key', {
    why: 'fly ignores keys that it does not know, without a word: what it should do is not done',
    remedy: 'correct the key or take it out; `fly config validate --strict` lists them',
    stops: false,
  }),
  misshapen('wrong-shape', {
    why: 'fly refuses the file',
    remedy: 'write it as fly expects',
    stops: true,
  }),
  misshapen('bare-duration', {
    why: 'a number without a unit is milliseconds or nanoseconds there, so the check or the deploy gives up at once',
    remedy: 'write it as text with a unit: "10s"',
    stops: true,
  }),
];
