// What YAML and JSON can say, as the text room sees it (the same shape as `Json` of step.ts, which lies above this room).
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const isMap = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every text inside a value, with the path to it; keys of maps are not texts. */
export function* texts(
  value: Json,
  path: readonly (string | number)[] = [],
): Generator<{ readonly text: string; readonly path: readonly (string | number)[] }> {
  if (typeof value === 'string') yield { text: value, path };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* texts(item, [...path, index]);
  else if (isMap(value)) for (const [key, item] of Object.entries(value)) yield* texts(item, [...path, key]);
}
