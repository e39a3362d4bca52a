// Times and stretches of time as people say them.

/** `8s`, `1m 12s`, `2h 05m`, `3d 4h`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${two(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** The same without seconds: `12m`, `2h 05m`; nothing below a minute. */
export const roughly = (ms: number): string => (ms < 60_000 ? '' : elapsed(ms).replace(/ \d\ds$/, ''));

/** `23:10`, in the zone of this machine. */
export function clockTime(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** An ISO time as seen from `now`, in the zone of this machine: `23:10`, `yesterday 23:10`, `2026-11-20 23:10`. */
export function when(iso: string, now: Date): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const time = clockTime(at.getTime());
  if (sameDay(at, now)) return time;
  if (sameDay(at, dayFrom(now, -1))) return `yesterday ${time}`;
  if (sameDay(at, dayFrom(now, 1))) return `tomorrow ${time}`;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const dayFrom = (day: Date, days: number): Date => new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
const sameDay = (one: Date, other: Date): boolean => one.toDateString() === other.toDateString();
