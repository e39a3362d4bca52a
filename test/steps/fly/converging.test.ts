// Each fly kind against the stand-in, counted in its list of calls: done already, killed at each point, and each failure on purpose.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepKind } from '../../../src/step.ts';
import { app } from '../../../steps/fly/app.ts';
import { certificate } from '../../../steps/fly/certificate.ts';
import { deploy } from '../../../steps/fly/deploy.ts';
import { ips } from '../../../steps/fly/ips.ts';
import { machines } from '../../../steps/fly/machines.ts';
import { postgres } from '../../../steps/fly/postgres.ts';
import { release } from '../../../steps/fly/release.ts';
import { scheduledMachine } from '../../../steps/fly/scheduled-machine.ts';
import { token } from '../../../steps/fly/token.ts';
import { volume } from '../../../steps/fly/volume.ts';
import { act, bundledFly, type FlyStandIn, look, sinceOf } from './worlds.ts';

const name = 'relay';
const flyToml = (image = 'v1') => `app = "${name}"
primary_region = "sjc"
[build]
  image = "registry.fly.io/${name}:${image}"
[processes]
  web = "server"
  worker = "worker"
[[mounts]]
  source = "data"
  destination = "/data"
  processes = ["worker"]
[http_service]
  internal_port = 8080
  processes = ["web"]
  [[http_service.checks]]
    path = "/health"
`;

let fly: Awaited<ReturnType<typeof bundledFly>>;
beforeAll(async () => void (fly = await bundledFly()), 30_000);
afterAll(() => fly.remove());

/** What a kind makes is counted by the beginnings of lines in the list of calls. */
interface Row {
  readonly kind: StepKind;
  readonly want: unknown;
  readonly before: readonly (readonly [StepKind, unknown])[];
  readonly makes: Readonly<Record<string, number>>;
  /** A kind whose act makes a new thing each time has no "done already". */
  readonly anew?: true;
  /** Points after which a person is needed, by the number of changes made: the words they get. */
  readonly stuck?: Readonly<Record<number, RegExp>>;
  /** Faults: where they strike, how the act ends, the words, and whether the look finds it done all the same. */
  readonly faults: readonly (readonly [
    fault: string,
    at: string,
    ended: 'ok' | 'failed' | 'unclear',
    words: RegExp,
    found?: true,
  ])[];
}

// The table holds kinds of many shapes; `want` is parsed by the kind itself.
const row = <W>(kind: StepKind<W>, want: unknown, rest: Omit<Row, 'kind' | 'want'>): Row => ({
  kind: kind as unknown as StepKind,
  want,
  ...rest,
});
const made = <W>(kind: StepKind<W>, want: unknown): readonly [StepKind, unknown] => [kind as unknown as StepKind, want];

const anApp = made(app, { name, org: 'sollabs' });
const aDeploy = made(deploy, { app: name, config: 'fly.toml', ha: false });
const aVolume = made(volume, { app: name, name: 'data', region: 'sjc' });
const cluster = { name: 'relay-db', org: 'sollabs', create: { region: 'yyz' } };
const aCluster = made(postgres, cluster);
const managed = { name: 'relay-mpg', org: 'sollabs', managed: true, create: { region: 'yyz' } };

/** The one that doubles things where nobody looks. */
const lost = (at: string) => [['reply-lost', at, 'unclear', /connection to Fly broke off/]] as const;

/** Every command that changes something can meet these (facts/flyctl.md §5.4). */
const usual = (at: string) =>
  [
    ...lost(at),
    ['network-lost', at, 'unclear', /cannot be reached/],
    ['server-error', at, 'unclear', /server error/],
    ['rate-limit', at, 'unclear', /go slower/],
    ['login-expired', at, 'failed', /not logged in/],
    ['token-revoked', at, 'failed', /does not accept this login/],
    ['help-printed', at, 'failed', /printed its help and did nothing/],
  ] as const;

const rows: readonly Row[] = [
  row(
    app,
    { name, org: 'sollabs' },
    {
      before: [],
      makes: { 'app created': 1 },
      faults: [
        ...lost('fly apps create'),
        ['name-taken', 'fly apps create', 'failed', /the name is taken on Fly, where names are global/],
      ],
    },
  ),
  row(
    ips,
    { app: name, v4: 'dedicated', private: true },
    {
      before: [anApp],
      makes: { 'ip allocated v4': 1, 'ip allocated v6': 1, 'ip allocated private_v6': 1 },
      faults: lost('fly ips allocate-v4'),
    },
  ),
  row(
    volume,
    { app: name, name: 'data', region: 'sjc', count: 2 },
    {
      before: [anApp],
      makes: { 'volume created': 2 },
      faults: lost('fly volumes create'),
    },
  ),
  row(
    volume,
    { app: name, name: 'data', region: 'sjc', snapshot: true },
    {
      before: [anApp, aVolume],
      anew: true,
      makes: { 'snapshot scheduled': 1 },
      faults: lost('fly volumes snapshots create'),
    },
  ),
  row(
    certificate,
    { app: name, hostname: 'api.sollabs.com' },
    {
      before: [anApp],
      makes: { 'certificate added': 1 },
      faults: lost('fly certs add'),
    },
  ),
  row(
    deploy,
    { app: name, config: 'fly.toml', ha: false, groups: ['worker', 'web'] },
    {
      before: [anApp],
      anew: true,
      makes: { 'machine created': 2, 'volume created': 1, 'ip allocated v6': 1 },
      faults: [],
    },
  ),
  row(
    release,
    { app: name, config: 'fly.toml', to: 1 },
    {
      before: [
        anApp,
        aDeploy,
        made(deploy, { app: name, config: 'fly.toml', ha: false, image: 'registry.fly.io/relay:v2' }),
      ],
      anew: true,
      makes: { 'machine created': 2 },
      faults: [],
    },
  ),
  row(
    machines,
    { app: name, groups: { web: 3, worker: 1 } },
    {
      before: [anApp, aDeploy],
      makes: { 'machine created': 4 },
      faults: lost('fly scale count'),
    },
  ),
  row(
    scheduledMachine,
    { app: name, name: 'hourly', image: 'curl:8', schedule: 'hourly', region: 'sjc', command: ['sh', '-c', 'true'] },
    {
      before: [anApp],
      makes: { 'machine created': 1 },
      faults: [
        ...usual('fly machine run'),
        ['machine-not-starting', 'fly machine run', 'unclear', /did not start in time; it is there all the same/, true],
        ['no-room', 'fly machine run', 'failed', /no host has room/],
        ['payment-missing', 'fly machine run', 'failed', /payment method/],
      ],
    },
  ),
  row(postgres, cluster, {
    before: [],
    makes: { 'app created relay-db': 1, 'machine created': 1 },
    // 1: the app is there, with no machine; 2: and its secrets.
    stuck: { 1: /not made to its end/, 2: /not made to its end/ },
    faults: [['server-error', 'fly postgres create', 'unclear', /server error/]],
  }),
  row(
    postgres,
    { name: 'relay-db', attach: { app: name } },
    {
      before: [anApp, aCluster],
      makes: { 'database created': 1, 'database user created': 1, 'secrets stored': 1 },
      stuck: { 3: /the database user is there already/ },
      faults: [
        ...lost('fly postgres attach'),
        ['tunnel-failing', 'fly postgres attach', 'unclear', /connection to Fly broke off/],
      ],
    },
  ),
  row(postgres, managed, {
    before: [],
    makes: { 'cluster created': 1 },
    faults: lost('fly mpg create'),
  }),
  row(
    postgres,
    { ...managed, create: undefined, attach: { app: name } },
    {
      before: [anApp, made(postgres, managed)],
      makes: { 'cluster attached': 1 },
      faults: lost('fly mpg attach'),
    },
  ),
  row(
    token,
    { app: name, name: 'ci' },
    {
      before: [anApp],
      makes: { 'token created': 1 },
      faults: lost('fly tokens create'),
    },
  ),
];

const ready = new Map<Row, FlyStandIn>();

/** What the kind needs, made once for each row and copied. */
async function prepared(one: Row): Promise<FlyStandIn> {
  const like = ready.get(one) ?? (await prepare(one));
  ready.set(one, like);
  return fly.open({ like });
}

async function prepare({ before }: Row): Promise<FlyStandIn> {
  const world = await fly.open();
  await world.write('fly.toml', flyToml());
  for (const [kind, want] of before) {
    const since = sinceOf(await look(kind, want, world));
    expect(await act(kind, want, world, since), kind.name).toMatchObject({ ended: 'ok' });
    world.later(300_000);
  }
  return world;
}

/** The engine's way: look, act where it is not so, look again; things that come by themselves have an hour. */
async function converge({ kind, want }: Row, world: FlyStandIn, since = undefined as ReturnType<typeof sinceOf>) {
  const before = await look(kind, want, world, since);
  if (before.is === 'so') return before;
  const acted = await act(kind, want, world, since ?? sinceOf(before));
  if (acted.ended !== 'ok') return acted;
  world.later(3_600_000);
  return look(kind, want, world, since ?? sinceOf(before));
}

function expectCounts(world: FlyStandIn, { kind, makes }: Row, when: string): void {
  for (const [prefix, count] of Object.entries(makes))
    expect(world.count(prefix), `${kind.name}: ${prefix} ${when}`).toBe(count);
}

describe.each(rows.map((one, at) => [`${at} ${one.kind.name}`, one] as const))('%s', (_, one) => {
  test('what is so already is not made again', { timeout: 120_000 }, async () => {
    const world = await prepared(one);
    expect(await converge(one, world)).toMatchObject({ is: 'so' });
    expectCounts(world, one, 'at first');
    const before = world.changes();
    if (!one.anew) {
      expect(await look(one.kind, one.want, world)).toMatchObject({ is: 'so' });
      expect(await act(one.kind, one.want, world)).toMatchObject({ ended: 'ok' });
    }
    expect(world.changes()).toEqual(before);
  });

  test('killed after each change, it goes on, and nothing is doubled', { timeout: 240_000 }, async () => {
    for (let point = 0; point < 60; point++) {
      const world = await prepared(one);
      const first = await look(one.kind, one.want, world);
      world.killAfter(point);
      const cut = await act(one.kind, one.want, world, sinceOf(first));
      world.killAfter(undefined);
      if (cut.ended === 'ok') return expect(point).toBeGreaterThan(0);
      expect(cut, `point ${point}`).toMatchObject({ ended: 'unclear', why: 'fly was ended by SIGKILL' });
      world.later(310_000); // until a machine that was just made is free again
      const end = await converge(one, world, sinceOf(first));
      const stuck = one.stuck?.[point];
      if (stuck) {
        expect(JSON.stringify(end), `point ${point}`).toMatch(stuck);
        continue;
      }
      expect(end, `point ${point}`).toMatchObject({ is: 'so' });
      expectCounts(world, one, `after a kill at ${point}`);
    }
    expect.unreachable('the act never came to its end');
  });

  for (const [fault, at, ended, words, found] of one.faults)
    test(`${fault}: ${ended}, in words, and then it is made once`, { timeout: 60_000 }, async () => {
      const world = await prepared(one);
      const first = await look(one.kind, one.want, world);
      world.fault(fault, at);
      const acted = await act(one.kind, one.want, world, sinceOf(first));
      expect(acted).toMatchObject({ ended });
      if (acted.ended !== 'ok') expect(acted.why).toMatch(words);
      world.change((state) => {
        if (state.session)
          state.session = { email: state.session.email, lastLogin: Date.parse('2026-11-21T10:00:00Z') };
        state.narrow = undefined;
      });
      world.later(20_000);
      if (found) expect(await look(one.kind, one.want, world, sinceOf(first))).toMatchObject({ is: 'so' });
      expect(await converge(one, world, sinceOf(first))).toMatchObject({ is: 'so' });
      expectCounts(world, one, `after ${fault}`);
    });
});
