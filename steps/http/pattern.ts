// Compares a JSON answer with the pattern an author wrote: what must be there, with anything else allowed beside it.
import { z } from 'zod';
import type { Json } from '../../src/step.ts';
import { jsonText } from '../../src/text/json-text.ts';

/** Any JSON. */
export const JsonPattern: z.ZodType<Json> = z.json();

export interface Mismatch {
  /** `data.items.0.status`; '' is the whole answer. */
  readonly path: string;
  readonly expected: string;
  readonly seen: string;
}

/** Objects: the pattern's keys must be there. Lists: element by element, same length. Scalars: the same, type and all. */
export function mismatches(pattern: Json, seen: unknown, path: readonly string[] = []): readonly Mismatch[] {
  if (Array.isArray(pattern)) return mismatchesOfList(pattern, seen, path);
  if (isMap(pattern)) {
    if (!isMap(seen)) return [mismatch(path, 'an object', seen)];
    return Object.entries(pattern).flatMap(([key, value]) =>
      Object.hasOwn(seen, key)
        ? mismatches(value, seen[key], [...path, key])
        : [mismatch([...path, key], show(value), undefined)],
    );
  }
  return pattern === seen ? [] : [mismatch(path, show(pattern), seen)];
}

function mismatchesOfList(pattern: readonly Json[], seen: unknown, path: readonly string[]): readonly Mismatch[] {
  if (!Array.isArray(seen)) return [mismatch(path, 'a list', seen)];
  if (seen.length !== pattern.length)
    return [{ path: path.join('.'), expected: `a list of ${pattern.length}`, seen: `a list of ${seen.length}` }];
  return pattern.flatMap((value, index) => mismatches(value, seen[index], [...path, String(index)]));
}

/** The value at `a.b.0.c`; undefined where there is none. */
export function valueAt(json: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
    return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, json);
}

const isMap = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mismatch = (path: readonly string[], expected: string, seen: unknown): Mismatch => ({
  path: path.join('.'),
  expected,
  seen: show(seen),
});

const show = (value: unknown): string => (value === undefined ? 'nothing' : shorten(jsonText(value)));

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
