// Finds app records and tester groups by their exact names, and tells near misses.
import { z } from 'zod';
import type { Look } from '../../src/step.ts';
import { list, notSeen, type Ports, type Read, type Row } from './client.ts';

/** As Apple's bundle ids are made. */
export const BundleId = z.string().regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, 'a bundle id such as com.example.app');

const App = z.object({
  bundleId: z.string(),
  name: z.string().nullish(),
  sku: z.string().nullish(),
  primaryLocale: z.string().nullish(),
});
export type AppRow = Row<z.output<typeof App>>;

const Group = z.object({
  name: z.string(),
  isInternalGroup: z.boolean().nullish(),
  hasAccessToAllBuilds: z.boolean().nullish(),
});
export type GroupRow = Row<z.output<typeof Group>>;

export interface Found<R> {
  readonly exact: readonly R[];
  /** Names that are like it: another case, or longer. The usual mix-ups. */
  readonly near: readonly string[];
}

export async function findApps(bundleId: string, ports: Ports): Promise<Read<Found<AppRow>>> {
  const read = await list(
    '/v1/apps',
    { 'filter[bundleId]': bundleId, 'fields[apps]': 'bundleId,name,sku,primaryLocale' },
    App,
    ports,
  );
  return read.ok ? { ok: true, value: sift(read.value.rows, bundleId, ({ attributes }) => attributes.bundleId) } : read;
}

async function findGroups(app: string, name: string, ports: Ports): Promise<Read<Found<GroupRow>>> {
  const read = await list('/v1/betaGroups', { 'filter[app]': app }, Group, ports);
  return read.ok ? { ok: true, value: sift(read.value.rows, name, ({ attributes }) => attributes.name) } : read;
}

/** Exactly that name; beside it those that a person could have meant. */
export function sift<R>(rows: readonly R[], name: string, nameOf: (row: R) => string): Found<R> {
  const like = (other: string) =>
    other !== name && (other.toLowerCase() === name.toLowerCase() || other.startsWith(name));
  return { exact: rows.filter((row) => nameOf(row) === name), near: rows.map(nameOf).filter(like) };
}

/** The one app record, or the look that says why nothing below it can be there. */
export async function theApp(bundleId: string, ports: Ports): Promise<AppRow | Look> {
  const read = await findApps(bundleId, ports);
  if (!read.ok) return notSeen(read.problem);
  const [app] = read.value.exact;
  if (app !== undefined) return app;
  return {
    is: 'not-so',
    expected: `an app record with the bundle id ${bundleId}`,
    seen: absent(`no app record with the bundle id ${bundleId}`, read.value.near),
  };
}

/** The one group of that name, or the look that says why nothing can be in it. */
export async function theGroup(app: string, name: string, ports: Ports): Promise<GroupRow | Look> {
  const read = await findGroups(app, name, ports);
  if (!read.ok) return notSeen(read.problem);
  const { exact, near } = read.value;
  const [group, another] = exact;
  if (group === undefined)
    return { is: 'not-so', expected: `a tester group "${name}"`, seen: absent('there is no such group', near) };
  if (another === undefined) return group;
  return {
    is: 'unknown',
    why: `there are ${exact.length} groups named "${name}"`,
    hint: 'Rename or delete all but one in TestFlight.',
  };
}

/** Gets every build by itself: Apple refuses to have one attached (facts/app-store-connect.md §12). */
export const getsAllBuilds = ({ attributes }: GroupRow): boolean =>
  (attributes.isInternalGroup ?? false) && (attributes.hasAccessToAllBuilds ?? false);

/** `no X; there is Y`. */
export const absent = (what: string, near: readonly string[]): string =>
  near.length === 0 ? what : `${what}; there is ${near.join(', ')}`;
