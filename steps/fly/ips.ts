// The app has public addresses. Every allocation makes one more, and dedicated ones are billed: only the missing kind is allocated.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { actFly, flyLogin, flyTool, goneWithApp, notSeen, notThere, notTried, readFly } from './client.ts';
import { appName } from './fields.ts';
import { type Ip, ipsShape } from './shapes.ts';

const wanted = z.strictObject({
  app: appName,
  v6: z.boolean().default(true).describe('A public IPv6 address'),
  v4: z
    .enum(['shared', 'dedicated', 'none'])
    .default('shared')
    .describe('Which IPv4 address; none: it does not matter'),
});
type Want = z.output<typeof wanted>;

export const ips = defineStep({
  name: 'fly/ips',
  summary: 'The app has its public addresses',
  example: 'with: { app: solserver-prod, v6: true, v4: shared }',
  with: wanted,
  outputs: z.object({ v4: z.string().optional(), v6: z.string().optional() }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '5 s',
  costs: ({ v4 }) => (v4 === 'dedicated' ? 'US$2 a month for the dedicated IPv4 address' : undefined),
  describe: (want) => `${want.app} has ${phrase(want)}`,
  commands: (want) => commandsFor(want, []).map((args) => ['fly', ...args]),
  verify: async (want, ports) => {
    const list = await addresses(want, ports);
    return list.ok ? compare(want, list.value) : notSeen(list.problem, { app: want.app, expected: phrase(want) });
  },
  act: async (want, ports) => {
    const list = await addresses(want, ports);
    if (!list.ok) return notTried(list.problem);
    for (const args of commandsFor(want, list.value)) {
      const { acted } = await actFly(args, ports);
      if (acted.ended !== 'ok') return acted;
    }
    return { ended: 'ok' };
  },
  undo: {
    describe: ({ app }) =>
      `releases the addresses of ${app} that this step left; DNS records that point at them lead nowhere`,
    act: async (want, ports, { outputs }): Promise<Acted> => {
      const list = await addresses(want, ports);
      if (!list.ok) return notThere(list.problem, want.app);
      const ours = [outputs.v4, outputs.v6].filter((address) => list.value.some(({ Address }) => Address === address));
      for (const address of ours) {
        const { acted } = await actFly(['ips', 'release', address ?? '', '-a', want.app], ports);
        if (acted.ended !== 'ok') return acted;
      }
      return { ended: 'ok', seen: ours.length === 0 ? 'none of them is there' : `released ${ours.join(' and ')}` };
    },
    verify: async (want, ports) => {
      const list = await addresses(want, ports);
      if (!list.ok) return goneWithApp(list.problem, want.app);
      const left = [v4Of(want, list.value), want.v6 ? v6Of(list.value) : undefined].flatMap((ip) =>
        ip ? [ip.Address] : [],
      );
      if (left.length === 0) return { is: 'so', seen: `${want.app} has none of these addresses` };
      return { is: 'not-so', expected: 'the addresses are released', seen: `${want.app} has ${left.join(' and ')}` };
    },
  },
});

const addresses = ({ app }: Want, ports: Use<'processes'>) =>
  readFly(['ips', 'list', '-a', app, '--json'], ipsShape, ports);

const v6Of = (list: readonly Ip[]): Ip | undefined => list.find(({ Type }) => Type === 'v6');

/** A dedicated address serves where a shared one is asked for, not the other way round. */
function v4Of({ v4 }: Want, list: readonly Ip[]): Ip | undefined {
  if (v4 === 'none') return undefined;
  const shared = v4 === 'shared' ? list.find(({ Type }) => Type === 'shared_v4') : undefined;
  return shared ?? list.find(({ Type }) => Type === 'v4');
}

/** One command for each address that is asked for and not there. */
function commandsFor(want: Want, list: readonly Ip[]): string[][] {
  const commands: string[][] = [];
  if (want.v6 && !v6Of(list)) commands.push(['ips', 'allocate-v6', '-a', want.app]);
  if (want.v4 !== 'none' && !v4Of(want, list))
    commands.push(['ips', 'allocate-v4', want.v4 === 'shared' ? '--shared' : '--yes', '-a', want.app]);
  return commands;
}

function compare(want: Want, list: readonly Ip[]): Look {
  const [v4, v6] = [v4Of(want, list), v6Of(list)];
  const seen = list.map(({ Address, Type }) => `${Address} (${Type})`).join(', ') || 'no address';
  if (commandsFor(want, list).length > 0)
    return { is: 'not-so', expected: phrase(want), seen: `${want.app} has ${seen}` };
  const warning =
    want.v4 === 'shared' && v4?.Type === 'v4'
      ? `${v4.Address} is a dedicated address (US$2 a month) where a shared one would do`
      : undefined;
  return {
    is: 'so',
    seen: `${want.app} has ${seen}`,
    outputs: { ...(v4 && { v4: v4.Address }), ...(v6 && { v6: v6.Address }) },
    warning,
  };
}

function phrase({ v4, v6 }: Want): string {
  const parts = [...(v6 ? ['a public IPv6 address'] : []), ...(v4 === 'none' ? [] : [`a ${v4} IPv4 address`])];
  return parts.join(' and ') || 'no address of its own';
}
