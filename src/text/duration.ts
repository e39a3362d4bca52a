// Durations as runbooks write them (30s, 5m, 2h, 1d) and as people read them (4m 10s).

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/** How a duration is written; one number, one unit, at most five digits. */
export const DURATION = /^(\d{1,5})([smhd])$/;

/** Milliseconds, or undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? [];
  if (count === undefined || !isUnit(unit)) return undefined;
  return Number(count) * UNITS[unit];
}

/** The two largest units that say something: `4m 10s`, `1d 2h`, `0s`. Rounded to seconds. */
export function formatDuration(ms: number): string {
  let left = Math.max(0, Math.round(ms / 1000)) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(UNITS)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0s';
}

const isUnit = (unit: string | undefined): unit is keyof typeof UNITS =>
  unit !== undefined && Object.hasOwn(UNITS, unit);
