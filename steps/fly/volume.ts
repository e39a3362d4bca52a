// So many volumes of that name are in that region. Names are labels, not keys: every `volumes create` makes and bills another one.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { ActPorts, Use } from '../../src/system/ports.ts';
import { actFly, findJson, flyLogin, flyTool, goneWithApp, notSeen, notThere, notTried, readFly } from './client.ts';
import { appName, regionCode, vmSize, volumeName } from './fields.ts';
import { type Volume, volumeShape, volumesShape } from './shapes.ts';
import { lookAtSnapshots, takeSnapshots } from './snapshot.ts';

const wanted = z.strictObject({
  app: appName,
  name: volumeName,
  region: regionCode,
  size: z.int().min(1).max(500).default(1).describe('GB, at least'),
  count: z.int().min(1).max(20).default(1).describe('One for each machine that mounts it'),
  'vm-size': vmSize.optional().describe('As in [[vm]]: the volume is made where such a machine has room'),
  'vm-memory': z.int().min(256).optional().describe('MB, as in [[vm]]'),
  snapshot: z
    .boolean()
    .default(false)
    .describe('Take a new snapshot of each, as before a migration; it makes no volume'),
});
type Want = z.output<typeof wanted>;

export const volume = defineStep({
  name: 'fly/volume',
  summary: 'So many volumes of that name are in the region',
  example: 'with: { app: solserver-prod, name: solserver_data, region: sjc, size: 3 }',
  with: wanted,
  outputs: z.object({ id: z.string().describe('With several: separated by commas') }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '10 s',
  costs: ({ size, count, snapshot }) =>
    snapshot
      ? undefined
      : `${count === 1 ? 'a volume' : `${count} volumes`} of ${size} GB, billed while ${count === 1 ? 'it exists' : 'they exist'}`,
  describe: (want) => `${want.app} has ${phrase(want)}`,
  commands: (want) =>
    want.snapshot
      ? [['fly', 'volumes', 'snapshots', 'create', 'EACH_VOLUME', '-a', want.app]]
      : Array.from({ length: want.count }, () => ['fly', ...create(want)]),
  verify: async (want, ports, { since }) => {
    const list = await volumesOf(want, ports);
    if (!list.ok) return notSeen(list.problem, { app: want.app, expected: phrase(want) });
    const look = compare(want, list.value);
    return want.snapshot && look.is === 'so' ? lookAtSnapshots(want.app, idsOf(look), since, ports) : look;
  },
  act: async (want, ports, { since }) => {
    if (!want.snapshot) return makeMissing(want, ports);
    const list = await volumesOf(want, ports);
    if (!list.ok) return notTried(list.problem);
    const look = compare(want, list.value);
    if (look.is === 'so') return takeSnapshots(want.app, idsOf(look), since, ports);
    return { ended: 'failed', why: look.is === 'not-so' ? `nothing to take a snapshot of: ${look.seen}` : look.why };
  },
  undo: {
    describe: ({ name, region, app, snapshot }) =>
      snapshot
        ? 'nothing to take back: a snapshot goes away by itself after its days'
        : `destroys the volume ${name} of ${app} in ${region}: all data on it is lost (Fly keeps its snapshots for some days)`,
    loses: ({ name, snapshot }) => (snapshot ? undefined : name),
    act: async (want, ports, { outputs }): Promise<Acted> => {
      if (want.snapshot) return { ended: 'ok', seen: 'the snapshot stays until its days are over' };
      const list = await volumesOf(want, ports);
      if (!list.ok) return notThere(list.problem, want.app);
      const ours = (outputs.id ?? '').split(',').filter((id) => list.value.some((one) => one.id === id));
      for (const id of ours) {
        const { acted } = await actFly(['volumes', 'destroy', id, '-a', want.app, '--yes'], ports);
        if (acted.ended !== 'ok') return acted;
      }
      return { ended: 'ok', seen: ours.length === 0 ? 'none of them is there' : `destroyed ${ours.join(' and ')}` };
    },
    verify: async (want, ports) => {
      if (want.snapshot) return { is: 'so', seen: 'nothing was to be taken back' };
      const list = await volumesOf(want, ports);
      if (!list.ok) return goneWithApp(list.problem, want.app);
      if (list.value.length < want.count) return { is: 'so', seen: `${want.app} has ${several(list.value)}` };
      return { is: 'not-so', expected: 'the volume is destroyed', seen: `${want.app} has ${several(list.value)}` };
    },
  },
});

/** A volume stays on one host for ever; without a hint that may be one on which the machine has no room later (facts/flyctl.md §3.9). */
function create(want: Want): string[] {
  const { app, name, region, size, 'vm-size': machine, 'vm-memory': memory } = want;
  const room = [...(machine ? ['--vm-size', machine] : []), ...(memory ? ['--vm-memory', String(memory)] : [])];
  return ['volumes', 'create', name, '-a', app, '-r', region, '-s', String(size), ...room, '--yes', '--json'];
}

/** Those of that name in that region, oldest first. Volumes on their way out are not listed (§3.9). */
async function volumesOf({ app, name, region }: Want, ports: Use<'processes'>) {
  const list = await readFly(['volumes', 'list', '-a', app, '--json'], volumesShape, ports);
  if (!list.ok) return list;
  const same = list.value.filter((one) => one.name === name && one.region === region);
  return { ok: true as const, value: same.toSorted((a, b) => a.created_at.localeCompare(b.created_at)) };
}

/** One at a time: a lost reply ends it at once, and only a look decides whether that volume is there. */
async function makeMissing(want: Want, ports: Pick<ActPorts, 'processes'>): Promise<Acted> {
  const list = await volumesOf(want, ports);
  if (!list.ok) return notTried(list.problem);
  const small = tooSmall(want, list.value);
  if (small)
    return { ended: 'failed', why: `${small.id} has ${small.size_gb} GB, not ${want.size}`, hint: extend(want, small) };
  for (let there = list.value.length; there < want.count; there++) {
    const { acted, stdout } = await actFly(create(want), ports);
    if (acted.ended !== 'ok') return acted;
    if (!findJson(stdout, volumeShape))
      return { ended: 'unclear', why: 'fly ended well but did not say which volume it made' };
  }
  return { ended: 'ok' };
}

function compare(want: Want, list: readonly Volume[]): Look {
  const seen = `${want.app} has ${several(list)}`;
  if (list.length < want.count) return { is: 'not-so', expected: phrase(want), seen };
  const small = tooSmall(want, list);
  if (small) return { is: 'not-so', expected: phrase(want), seen, hint: extend(want, small), final: true };
  const spare = list.length - want.count;
  const away = list.filter(({ host_status }) => host_status && host_status !== 'ok').map(({ id }) => id);
  const warnings = [
    ...(spare > 0 ? [`${spare} more than asked for, each billed`] : []),
    ...(away.length > 0 ? [`the host of ${away.join(' and ')} does not answer`] : []),
  ];
  const ids = list.slice(0, want.count).map(({ id }) => id);
  return { is: 'so', seen, outputs: { id: ids.join(',') }, warning: warnings.join('; ') || undefined };
}

const idsOf = (look: Extract<Look, { is: 'so' }>): readonly string[] => (look.outputs?.id ?? '').split(',');

const tooSmall = ({ size }: Want, list: readonly Volume[]): Volume | undefined =>
  list.find(({ size_gb }) => size_gb < size);

const extend = ({ app, size }: Want, { id }: Volume): string =>
  `a volume can grow, never shrink: \`fly volumes extend ${id} -s ${size} -a ${app}\`, or ask for less in the runbook`;

const phrase = ({ name, region, size, count, snapshot }: Want): string =>
  `${snapshot ? 'a new snapshot of ' : ''}${count === 1 ? 'a volume' : `${count} volumes`} ${name} of ${size} GB in ${region}`;

const several = (list: readonly Volume[]): string =>
  list.length === 0
    ? 'no volume of that name in that region'
    : list.map(({ id, name, size_gb, region }) => `${id} (${name}, ${size_gb} GB, ${region})`).join(', ');
