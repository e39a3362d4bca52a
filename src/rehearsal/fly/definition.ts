// Reading values out of a parsed fly.toml without trusting its types.

export type Value = null | boolean | number | string | Value[] | Definition;
export interface Definition {
  [key: string]: Value;
}

export const isTable = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = (value: Value | undefined): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;

export const number = (value: Value | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

/** A table where an array is expected is taken as one element (§4.1). */
export const tables = (value: Value | undefined): Definition[] =>
  Array.isArray(value) ? value.filter(isTable) : isTable(value) ? [value] : [];

export const texts = (value: Value | undefined): string[] | undefined =>
  Array.isArray(value) ? value.map((one) => text(one) ?? '') : undefined;

/** `10`, `"10"`, `"10gb"` in GB; undefined where it is none of these. */
export function gigabytes(value: Value | undefined): number | undefined {
  const found = /^(\d+)\s*(gb?)?$/i.exec(text(value) ?? '');
  return found ? Number(found[1]) : undefined;
}

/** `512`, `"512mb"`, `"1gb"` in MB. */
export function megabytes(value: Value | undefined): number | undefined {
  const found = /^(\d+)\s*(mb?|gb?)?$/i.exec(text(value) ?? '');
  if (!found) return undefined;
  return Number(found[1]) * (found[2]?.toLowerCase().startsWith('g') ? 1024 : 1);
}

/** `"10s"`, `"1m30s"`; a bare number counts in `unit` milliseconds (§4.1: it depends on the place). undefined where it is no duration. */
export function milliseconds(value: Value | undefined, unit: number): number | undefined {
  if (typeof value === 'number') return value * unit;
  const given = text(value);
  if (given === undefined) return undefined;
  if (/^\d+$/.test(given)) return Number(given) * unit;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(given)) return undefined;
  const size: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return [...given.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, n, u]) => sum + Number(n) * (size[u ?? ''] ?? 0),
    0,
  );
}
