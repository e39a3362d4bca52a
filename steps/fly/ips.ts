// The app has the addresses it should have, and where asked for no other. Every allocation makes one more, and dedicated ones are billed.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import {
  type ActingFly,
  actFly,
  flyLogin,
  flyTool,
  goneWithApp,
  notSeen,
  notThere,
  notTried,
  readFly,
} from './client.ts';
import { appName } from './fields.ts';
import { certificatesShape, type Ip, ipsShape } from './shapes.ts';

const wanted = z
  .strictObject({
    app: appName,
    v6: z.boolean().default(true).describe('A public IPv6 address'),
    v4: z
      .enum(['shared', 'dedicated', 'none'])
      .default('shared')
      .describe('Which IPv4 address; dedicated: US$2 a month; none: it does not matter'),
    private: z.boolean().default(false).describe('A private address for Flycast: APP.flycast within the organization'),
    'release-public': z
      .boolean()
      .default(false)
      .describe(
        'Release every public address: the app is then reached by Flycast only. A released address never comes back',
      ),
  })
  .refine(
    (want) => !want['release-public'] || (!want.v6 && want.v4 === 'none'),
    'with `release-public` say `v6: false` and `v4: none`: both are public',
  );
type Want = z.output<typeof wanted>;

export const ips = defineStep({
  name: 'fly/ips',
  summary: 'The app has its addresses, public or private',
  example: 'with: { app: solserver-prod, v6: true, v4: shared }',
  with: wanted,
  outputs: z.object({ v4: z.string().optional(), v6: z.string().optional(), private: z.string().optional() }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '5 s',
  costs: ({ v4 }) => (v4 === 'dedicated' ? 'US$2 a month for the dedicated IPv4 address' : undefined),
  describe: (want) => `${want.app} has ${phrase(want)}`,
  commands: (want) =>
    [
      ...allocations(want, []),
      ...(want['release-public'] ? [['ips', 'release', 'EACH_PUBLIC_ADDRESS', '-a', want.app]] : []),
    ].map((args) => ['fly', ...args]),
  verify: async (want, ports) => {
    const list = await addresses(want, ports);
    return list.ok ? compare(want, list.value) : notSeen(list.problem, { app: want.app, expected: phrase(want) });
  },
  act: async (want, ports) => {
    const list = await addresses(want, ports);
    if (!list.ok) return notTried(list.problem);
    for (const args of allocations(want, list.value)) {
      const { acted } = await actFly(args, ports);
      if (acted.ended !== 'ok') return acted;
    }
    const surplus = want['release-public'] ? list.value.filter(isPublic) : [];
    return surplus.length === 0 ? { ended: 'ok' } : release(want, surplus, ports);
  },
  undo: {
    describe: ({ app }) =>
      `releases the addresses of ${app} that this step left; DNS records that point at them lead nowhere, and no address comes back`,
    // A shared address is there for the asking; the others are this app's own.
    loses: ({ app, v4, v6, private: inside }) => (v6 || v4 === 'dedicated' || inside ? app : undefined),
    act: async (want, ports, { outputs }): Promise<Acted> => {
      const list = await addresses(want, ports);
      if (!list.ok) return notThere(list.problem, want.app);
      const named = [outputs.v4, outputs.v6, outputs.private];
      const ours = list.value.filter(({ Address }) => named.includes(Address));
      for (const { Address } of ours) {
        const { acted } = await actFly(['ips', 'release', Address, '-a', want.app], ports);
        if (acted.ended !== 'ok') return acted;
      }
      return { ended: 'ok', seen: ours.length === 0 ? 'none of them is there' : `released ${texts(ours)}` };
    },
    verify: async (want, ports) => {
      const list = await addresses(want, ports);
      if (!list.ok) return goneWithApp(list.problem, want.app);
      const left = serving(want, list.value);
      if (left.length === 0) return { is: 'so', seen: `${want.app} has none of these addresses` };
      return { is: 'not-so', expected: 'the addresses are released', seen: `${want.app} has ${texts(left)}` };
    },
  },
});

const addresses = ({ app }: Want, ports: Use<'processes'>) =>
  readFly(['ips', 'list', '-a', app, '--json'], ipsShape, ports);

/** Addresses for traffic from outside: egress ones (§3.8) are none. */
const isPublic = ({ Type }: Ip): boolean => ['v4', 'shared_v4', 'v6'].includes(Type);

const v6Of = (list: readonly Ip[]): Ip | undefined => list.find(({ Type }) => Type === 'v6');
const privateOf = (list: readonly Ip[]): Ip | undefined => list.find(({ Type }) => Type === 'private_v6');

/** A dedicated address serves where a shared one is asked for, not the other way round. */
function v4Of({ v4 }: Want, list: readonly Ip[]): Ip | undefined {
  if (v4 === 'none') return undefined;
  const shared = v4 === 'shared' ? list.find(({ Type }) => Type === 'shared_v4') : undefined;
  return shared ?? list.find(({ Type }) => Type === 'v4');
}

/** Those that are what was asked for. */
const serving = (want: Want, list: readonly Ip[]): readonly Ip[] =>
  [v4Of(want, list), want.v6 ? v6Of(list) : undefined, want.private ? privateOf(list) : undefined].flatMap((ip) =>
    ip ? [ip] : [],
  );

/** One command for each address that is asked for and not there. */
function allocations(want: Want, list: readonly Ip[]): string[][] {
  const commands: string[][] = [];
  if (want.v6 && !v6Of(list)) commands.push(['ips', 'allocate-v6', '-a', want.app]);
  if (want.v4 !== 'none' && !v4Of(want, list))
    commands.push(['ips', 'allocate-v4', want.v4 === 'shared' ? '--shared' : '--yes', '-a', want.app]);
  if (want.private && !privateOf(list)) commands.push(['ips', 'allocate-v6', '--private', '-a', want.app]);
  return commands;
}

/** Guarded: never while the app has a certificate, whose host would go dark, and never before it has its private address. */
async function release(
  want: Want,
  surplus: readonly Ip[],
  ports: ActingFly & { tell(sentence: string): void },
): Promise<Acted> {
  const certificates = await readFly(['certs', 'list', '-a', want.app, '--json'], certificatesShape, ports);
  if (!certificates.ok) return notTried(certificates.problem);
  const hosts = certificates.value.map(({ hostname }) => hostname);
  if (hosts.length > 0)
    return {
      ended: 'failed',
      why: `nothing was released: ${want.app} has a certificate for ${hosts.join(', ')}, which would go dark`,
      hint: `a private app has none: \`fly certs remove HOST -a ${want.app}\`, or take \`release-public\` out of the runbook`,
    };
  for (const { Address } of surplus) {
    ports.tell(`releasing ${Address} of ${want.app}`);
    const { acted } = await actFly(['ips', 'release', Address, '-a', want.app], ports);
    if (acted.ended !== 'ok') return acted;
  }
  return { ended: 'ok', seen: `released ${texts(surplus)}` };
}

function compare(want: Want, list: readonly Ip[]): Look {
  const [v4, v6, inside] = [v4Of(want, list), v6Of(list), privateOf(list)];
  const seen = `${want.app} has ${list.map(({ Address, Type }) => `${Address} (${Type})`).join(', ') || 'no address'}`;
  const surplus = want['release-public'] ? list.filter(isPublic) : [];
  if (allocations(want, list).length > 0 || surplus.length > 0) return { is: 'not-so', expected: phrase(want), seen };
  const warnings = [
    ...(want.v4 === 'shared' && v4?.Type === 'v4'
      ? [`${v4.Address} is a dedicated address (US$2 a month) where a shared one would do`]
      : []),
    ...(list.filter(({ Type }) => Type === 'v4').length > 1 ? ['several dedicated addresses, US$2 a month each'] : []),
    ...(want.private && !want['release-public'] && list.some(isPublic)
      ? [`also reached from the internet by ${texts(list.filter(isPublic))}`]
      : []),
  ];
  return {
    is: 'so',
    seen,
    outputs: {
      ...(v4 && { v4: v4.Address }),
      ...(want.v6 && v6 && { v6: v6.Address }),
      ...(want.private && inside && { private: inside.Address }),
    },
    warning: warnings.join('; ') || undefined,
  };
}

const texts = (list: readonly Ip[]): string => list.map(({ Address }) => Address).join(' and ');

function phrase(want: Want): string {
  const parts = [
    ...(want.v6 ? ['a public IPv6 address'] : []),
    ...(want.v4 === 'none' ? [] : [`a ${want.v4} IPv4 address`]),
    ...(want.private ? ['a private address (Flycast)'] : []),
    ...(want['release-public'] ? ['no public address'] : []),
  ];
  return parts.join(' and ') || 'no address of its own';
}
