// How a kind is held against the stand-in, counted in its list of calls: done already, killed at each point, each failure on purpose.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultName, type FaultSort, flyFaults } from '../../../src/rehearsal/fly/faults.ts';
import type { StepKind } from '../../../src/step.ts';
import { act, type FlyStandIn, look, openRoom, sinceOf } from './worlds.ts';

/** What a kind makes is counted by the beginnings of lines in the list of calls. */
export interface Row {
  readonly name: string;
  readonly kind: StepKind;
  readonly want: unknown;
  readonly files?: Readonly<Record<string, string>>;
  readonly before: readonly (readonly [StepKind, unknown])[];
  readonly makes: Readonly<Record<string, number>>;
  /** A kind whose act makes a new thing each time has no "done already". */
  readonly anew?: true;
  /** Points after which a person is needed, by the number of changes made: the words they get. */
  readonly stuck?: Readonly<Record<number, RegExp>>;
  /** What the person then does, as the words say; it may be another `with`. */
  readonly byHand?: (world: FlyStandIn) => Promise<unknown>;
  /** Points after which other counts are right, and the warning that is given. */
  readonly after?: Readonly<Record<number, readonly [makes: Readonly<Record<string, number>>, warning?: RegExp]>>;
  /** Commands that change something: every fault that can hit one of them is played. */
  readonly strikes: readonly string[];
  /** Faults that do not apply here, each with the reason. */
  readonly without?: Readonly<Partial<Record<FaultName, string>>>;
  /** Faults that end otherwise here than for most. */
  readonly other?: Readonly<Partial<Record<FaultName, Partial<Ending>>>>;
}

interface Ending {
  readonly ended: 'ok' | 'failed' | 'unclear';
  readonly words: RegExp;
  /** The look finds it done all the same, with nothing more to do. */
  readonly found?: true;
  /** Nothing that goes on by itself: a person is told how. */
  readonly stuck?: RegExp;
  /** Counts that are other than without the fault. */
  readonly makes?: Readonly<Record<string, number>>;
}

// The table holds kinds of many shapes; `want` is parsed by the kind itself.
export const row = <W>(
  name: string,
  kind: StepKind<W>,
  want: unknown,
  rest: Omit<Row, 'name' | 'kind' | 'want'>,
): Row => ({
  name,
  kind: kind as unknown as StepKind,
  want,
  ...rest,
});
export const made = <W>(kind: StepKind<W>, want: unknown): readonly [StepKind, unknown] => [
  kind as unknown as StepKind,
  want,
];

const failed = (words: RegExp): Ending => ({ ended: 'failed', words });
const unclear = (words: RegExp): Ending => ({ ended: 'unclear', words });
const fine: Ending = { ended: 'ok', words: /^/ };

/** How an act ends when a fault hits it, for every kind alike (facts/flyctl.md §5.4, §6.5). */
const endings: Readonly<Partial<Record<FaultName, Ending>>> = {
  'reply-lost': unclear(/connection to Fly broke off/),
  'network-lost': unclear(/cannot be reached/),
  'network-lost-midway': unclear(/cannot be reached/),
  'login-expired': failed(/not logged in/),
  'token-revoked': failed(/does not accept this login/),
  'token-narrow': failed(/no such app that this login can see/),
  'app-vanished': failed(/no such app that this login can see/),
  'server-error': unclear(/server error/),
  'name-taken': failed(/the name is taken on Fly, where names are global/),
  'rate-limit': unclear(/go slower/),
  'health-failing': failed(/health checks did not pass in time/),
  'one-machine-failing': failed(/health checks did not pass in time|did not start in time/),
  'build-failing': failed(/there is no image: the build failed/),
  'release-command-failing': failed(/the release command failed; no machine of the app was changed/),
  'release-command-hanging': failed(/the release command failed; no machine of the app was changed/),
  'crash-loop': failed(/starts and ends again/),
  'machine-not-starting': failed(/did not start in time/),
  'no-room': failed(/no room for the machine/),
  'payment-missing': failed(/payment method/),
  'lease-held': failed(/another deploy holds the machines/),
  'mount-removed': failed(/the fly.toml has no mount for it any more/),
  'wrong-region': failed(/no free volume of that name in the region/),
  'stale-secrets': fine,
  'machine-refused': failed(/no room/),
  'addresses-failing': fine,
  'certificate-pending': fine,
  'certificate-rate-limited': fine,
  'certificate-caa': fine,
  'certificate-proxied': fine,
  'tunnel-failing': unclear(/connection to Fly broke off/),
  'attach-interrupted': unclear(/connection to Fly broke off/),
  'help-printed': failed(/printed its help and did nothing/),
  'long-output': fine,
};

/** Ended by our own deadline, and no executable at all: `outcomes.test.ts` has them for every kind. */
const elsewhere: readonly string[] = ['hang', 'fly-missing'];

let fly: Awaited<ReturnType<typeof openRoom>>;

export function converges(rows: readonly Row[]): void {
  beforeAll(async () => void (fly = await openRoom()));
  afterAll(() => fly.remove());
  describe.each(rows.map((one) => [`${one.kind.name}: ${one.name}`, one] as const))('%s', (_, one) => holds(one));
}

function holds(one: Row): void {
  test('what is so already is not made again', { timeout: 120_000 }, async () => {
    const world = await prepared(one);
    expect(await converge(one, world)).toMatchObject({ is: 'so' });
    expectCounts(world, one.makes, 'at first');
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
      world.later(600_000); // what the killed call waited, and until a machine that it had just made is free again
      const end = await converge(one, world, sinceOf(first));
      const stuck = one.stuck?.[point];
      if (stuck) {
        expect(JSON.stringify(end), `point ${point}`).toMatch(stuck);
        await leadOut(one, world, sinceOf(first));
        continue;
      }
      expect(end, `point ${point}`).toMatchObject({ is: 'so' });
      const [makes, warning] = one.after?.[point] ?? [one.makes];
      if (warning) expect(end, `point ${point}`).toMatchObject({ warning: expect.stringMatching(warning) });
      expectCounts(world, makes, `after a kill at ${point}`);
    }
    expect.unreachable('the act never came to its end');
  });

  const played = one.strikes.flatMap((at) => faultsAt(at).map((fault) => [fault, at] as const));
  for (const [fault, at] of played.filter(([fault]) => one.without?.[fault] === undefined))
    test(`${fault} at ${at}: words, and it is made once`, () => withFault(one, fault, at));
}

async function withFault(one: Row, fault: FaultName, at: string): Promise<void> {
  const common = endings[fault];
  if (!common) return expect.unreachable(`nobody says how an act ends that ${fault} hits`);
  const ending: Ending = { ...common, ...one.other?.[fault] };
  const world = await prepared(one);
  const first = await look(one.kind, one.want, world);
  world.fault(fault, at);
  const acted = await act(one.kind, one.want, world, sinceOf(first));
  expect(JSON.parse(readFileSync(join(world.folder, 'faults.json'), 'utf8'))).toMatchObject([{ fired: true }]);
  expect(acted).toMatchObject({ ended: ending.ended });
  if (acted.ended !== 'ok') expect(acted.why).toMatch(ending.words);
  const { mend }: FaultSort = flyFaults[fault];
  if (!ending.stuck) world.change((state) => mend?.(state, world.now()));
  world.later(600_000);
  if (ending.stuck) {
    expect(JSON.stringify(await converge(one, world, sinceOf(first)))).toMatch(ending.stuck);
    return leadOut(one, world, sinceOf(first));
  }
  if (ending.found) expect(await look(one.kind, one.want, world, sinceOf(first))).toMatchObject({ is: 'so' });
  expect(await converge(one, world, sinceOf(first))).toMatchObject({ is: 'so' });
  expectCounts(world, { ...one.makes, ...ending.makes }, `after ${fault}`);
}

/** The way out that the words name is gone to its end. */
async function leadOut(one: Row, world: FlyStandIn, since: ReturnType<typeof sinceOf>): Promise<void> {
  const want = (await one.byHand?.(world)) ?? one.want;
  expect(await converge({ ...one, want }, world, since)).toMatchObject({ is: 'so' });
}

/** From the table of faults itself, so that a new one is not forgotten. */
const faultsAt = (command: string): readonly FaultName[] =>
  (Object.keys(flyFaults) as FaultName[]).filter(
    (name) => !elsewhere.includes(name) && (flyFaults[name].at as readonly string[]).includes(command),
  );

const ready = new Map<Row, FlyStandIn>();

/** What the kind needs, made once for each row and copied. */
async function prepared(one: Row): Promise<FlyStandIn> {
  const like = ready.get(one) ?? (await prepare(one));
  ready.set(one, like);
  return fly.open({ like });
}

async function prepare({ before, files = {} }: Row): Promise<FlyStandIn> {
  const world = await fly.open();
  for (const [name, text] of Object.entries(files)) await world.write(name, text);
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

function expectCounts(world: FlyStandIn, makes: Row['makes'], when: string): void {
  const counted = Object.fromEntries(Object.keys(makes).map((prefix) => [prefix, world.count(prefix)]));
  expect(counted, when).toEqual(makes);
}
