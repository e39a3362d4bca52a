// A function that takes the name as a text, and what one call of it says about the name.
import type { Need, Sighting } from './sighting.ts';

/** `requireEnv('X')`. */
export interface Helper {
  readonly name: string;
  /** The class or object that it is a method of. */
  readonly owner?: string;
  readonly need: Need;
  readonly default?: string;
  /** A second argument is its default. */
  readonly takesDefault: boolean;
  /** What stands for a second argument that is not given. */
  readonly standard?: string;
  /** Without a second argument nothing stands for a missing name: `default=None`. */
  readonly mayLack?: boolean;
}

export function throughHelper(
  { sighting, hasDefault }: { readonly sighting: Sighting; readonly hasDefault: boolean },
  helper: Helper,
): readonly Sighting[] {
  const { default: argument, ...rest } = sighting;
  if (hasDefault && helper.takesDefault)
    return [{ ...rest, need: 'default', ...(argument !== undefined && { default: argument }) }];
  if (sighting.need === 'default') return [sighting];
  if (helper.takesDefault && helper.standard !== undefined)
    return [{ ...rest, need: 'default', default: helper.standard }];
  if (helper.mayLack && helper.need !== 'refused') return [{ ...rest, need: 'flag' }];
  const need = helper.takesDefault && helper.need === 'default' ? 'plain' : helper.need;
  return [
    {
      ...rest,
      need: need === 'plain' ? sighting.need : need,
      ...(helper.default !== undefined && need === 'default' && { default: helper.default }),
    },
  ];
}

/** Names of too many other things. */
export const isGeneric = (name: string): boolean =>
  /^(get|has|read|find|load|must|string|str|number|num|int|bool|boolean|url|value|optional|required|require)$/i.test(
    name,
  );
