// A new snapshot of volumes: scheduled at once, there some time later (facts/flyctl.md §3.9). Measured against the newest before.
import { z } from 'zod';
import type { Acted, Json, Look } from '../../src/step.ts';
import type { ActPorts, Use } from '../../src/system/ports.ts';
import { type ActingFly, actFly, notSeen, notTried, readFly } from './client.ts';
import { snapshotsShape } from './shapes.ts';
import type { Problem } from './trouble.ts';

/** When the newest snapshot of each volume was begun; '' where there was none. */
const sinceShape = z.object({ newest: z.record(z.string(), z.string()) });

interface Newest {
  readonly id: string;
  readonly begun: string;
  readonly pending: boolean;
}

export async function lookAtSnapshots(
  app: string,
  ids: readonly string[],
  since: Json | undefined,
  ports: Use<'processes'>,
): Promise<Look> {
  const expected = `a new snapshot of ${ids.join(' and ')}`;
  const all = await newestOf(app, ids, ports);
  if ('why' in all) return notSeen(all, { app, expected });
  const seen = all
    .map(({ id, begun, pending }) => `the newest of ${id}: ${begun || 'none'}${pending ? ', pending' : ''}`)
    .join('; ');
  const before = sinceShape.safeParse(since).data?.newest;
  if (!before) {
    const newest = Object.fromEntries(all.map(({ id, begun }) => [id, begun]));
    return { is: 'not-so', expected, seen, since: { newest } };
  }
  const there = all.every((one) => isNew(one, before) && !one.pending);
  return there ? { is: 'so', seen, outputs: { id: ids.join(',') } } : { is: 'not-so', expected, seen };
}

/** One that was begun, pending or not, is not taken again. */
export async function takeSnapshots(
  app: string,
  ids: readonly string[],
  since: Json | undefined,
  ports: ActingFly & Pick<ActPorts, 'tell'>,
): Promise<Acted> {
  const all = await newestOf(app, ids, ports);
  if ('why' in all) return notTried(all);
  const before = sinceShape.safeParse(since).data?.newest;
  for (const one of all.filter((volume) => !before || !isNew(volume, before))) {
    const { acted } = await actFly(['volumes', 'snapshots', 'create', one.id, '-a', app], ports);
    if (acted.ended !== 'ok') return acted;
    ports.tell(`a snapshot of ${one.id} is on its way`);
  }
  return { ended: 'ok' };
}

const isNew = ({ id, begun }: Newest, before: Readonly<Record<string, string>>): boolean => begun > (before[id] ?? '');

async function newestOf(
  app: string,
  ids: readonly string[],
  ports: Use<'processes'>,
): Promise<readonly Newest[] | Problem> {
  const all: Newest[] = [];
  for (const id of ids) {
    const args = ['volumes', 'snapshots', 'list', id, '-a', app, '--json'];
    const list = await readFly(args, snapshotsShape, ports);
    if (!list.ok) return list.problem;
    const newest = list.value.toSorted((a, b) => a.created_at.localeCompare(b.created_at)).at(-1);
    all.push({ id, begun: newest?.created_at ?? '', pending: newest?.id === '' });
  }
  return all;
}
