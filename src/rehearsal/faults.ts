// What can be made to go wrong in a rehearsal, by name: what it is, which steps it can hit, and the way out that the actor takes.
import { join } from 'node:path';
import { z } from 'zod';
import { appStoreFaults } from './app-store-faults.ts';
import type { AppStoreState } from './app-store-state.ts';
import { flyFaults } from './fly/faults.ts';
import type { FlyState } from './fly/model.ts';
import { type StandInFile, standInFile } from './stand-in-file.ts';

/** `--fault NAME[@step]`, with `!` for "always" instead of once. */
export interface Fault {
  readonly name: string;
  readonly step?: string;
  readonly always: boolean;
}

/** What a fault needs to know of a step. */
export interface FaultTarget {
  readonly id: string;
  /** The kind of a `uses` step. */
  readonly kind?: string;
  /** Kinds that are looked at by its `verify`, and its own where a person does it or nobody acts. */
  readonly checks: readonly string[];
  /** The app that it is about, as the runbook has it written. */
  readonly bundleId?: string;
}

export interface FaultSort {
  readonly what: string;
  readonly wayOut: string;
  /** Values of options, the first that is offered is taken. */
  readonly ways: readonly string[];
  /** Commands of fly that it can strike at; empty: `pretend` plays it. */
  readonly at: readonly string[];
  /** `before`: the steps ahead of it, which may have left it nothing to go wrong. */
  hits(step: FaultTarget, before: readonly FaultTarget[]): boolean;
  /** What a person does about it outside of the wizard. */
  readonly mend?: (state: FlyState, now: number) => void;
  /** The same, in App Store Connect, once this is seen: what takes its time is waited for first. */
  readonly mendAppStore?: { readonly when: RegExp; how(state: AppStoreState): void };
  /** The way out is back to an earlier step, once this is seen: to the last whose name says so, else to the one just before. */
  readonly back?: { readonly when: RegExp; readonly to: RegExp };
}

/** Kinds and the fly commands they call (`facts/flyctl.md` §3). */
const commandsOf: Readonly<Record<string, readonly string[]>> = {
  'fly/app': ['fly apps create', 'fly apps list'],
  'fly/ips': ['fly ips allocate-v4', 'fly ips allocate-v6', 'fly ips release', 'fly ips list', 'fly status'],
  'fly/volume': ['fly volumes create', 'fly volumes snapshots create'],
  'fly/secrets-applied': ['fly secrets list', 'fly secrets deploy'],
  'fly/deploy': ['fly deploy', 'fly releases', 'fly status'],
  'fly/release': ['fly deploy', 'fly releases'],
  'fly/machines': ['fly scale count', 'fly status', 'fly machine exec'],
  'fly/health': ['fly status'],
  'fly/console': ['fly ssh console', 'fly machine exec'],
  'fly/proxy': ['fly proxy'],
  'fly/postgres': ['fly postgres create', 'fly postgres attach', 'fly mpg create', 'fly mpg attach'],
  'fly/scheduled-machine': ['fly machine run', 'fly machine destroy'],
  'fly/token': ['fly tokens create'],
  'fly/certificate': ['fly certs add', 'fly certs check', 'fly certs list'],
  'fly/certificate-issued': ['fly certs check', 'fly certs list'],
  'secrets/fill': ['fly secrets import', 'fly secrets set', 'fly secrets list'],
  'secrets/diff': ['fly secrets list'],
};
const ofEvery = ['fly version'];

/** Kinds whose check comes true by a person's doing, so that the person can have failed to do it. */
const byPeople = /^(dns|http|file|git|appstore|xcode|tls|postgres)\/|^twilio\/message-answered$/;

const ofPretend: Readonly<Record<string, FaultSort>> = {
  'said-not-done': {
    what: '"done" is said, and it was not done',
    wayOut: 'do it, then look again',
    ways: ['look', 'again'],
    at: [],
    hits: ({ checks }) => checks.some((kind) => byPeople.test(kind)),
  },
  'dns-typed-wrong': {
    what: 'the DNS record is typed with a wrong value',
    wayOut: 'correct the record, then look again until the old answer has left the caches',
    ways: ['look', 'again'],
    at: [],
    hits: ({ checks }) => checks.includes('dns/record'),
  },
  'cloudflare-refused': {
    what: 'Cloudflare refuses the token',
    wayOut: 'give the token its rights, then try again',
    ways: ['again', 'look'],
    at: [],
    hits: ({ kind }) => kind === 'cloudflare/record',
  },
  'cloudflare-reply-lost': {
    what: 'Cloudflare makes the record, and its answer is lost',
    wayOut: 'look in the zone',
    ways: ['look', 'again'],
    at: [],
    hits: ({ kind }) => kind === 'cloudflare/record',
  },
  'cloudflare-no-right': {
    what: 'the token has no right for the zone, so that Cloudflare shows it none (200, an empty list)',
    wayOut: 'give the token Zone → DNS → Edit and Zone → Zone → Read for this zone, then try again',
    ways: ['again', 'look'],
    at: [],
    hits: ({ kind }) => kind === 'cloudflare/record',
  },
  'cloudflare-rate-limit': {
    what: 'Cloudflare refuses for now: too many requests (429, retry-after)',
    wayOut: 'wait as long as it says, then try again',
    ways: ['again', 'look'],
    at: [],
    hits: ({ kind }) => kind === 'cloudflare/record',
  },
  'cloudflare-down': {
    what: 'Cloudflare answers 503 and does nothing',
    wayOut: 'look in the zone; nothing is there: try again',
    ways: ['again', 'look'],
    at: [],
    hits: ({ kind }) => kind === 'cloudflare/record',
  },
  'twilio-rate-limit': {
    what: 'Twilio refuses for now: too many requests (429, code 20429)',
    wayOut: 'wait a minute, then try again',
    ways: ['again', 'look'],
    at: [],
    hits: ({ kind }) => kind === 'twilio/webhook',
  },
  'twilio-down': {
    what: 'Twilio answers 503 and sets nothing',
    wayOut: 'look at the number; the old address is there: try again',
    ways: ['again', 'look'],
    at: [],
    hits: ({ kind }) => kind === 'twilio/webhook',
  },
  'twilio-refused': {
    what: 'Twilio refuses the login',
    wayOut: 'correct the login, then try again',
    ways: ['again', 'look'],
    at: [],
    hits: ({ kind }) => kind === 'twilio/webhook',
  },
};

/** Ways out in the words of the engine's questions. */
const waysOf: Readonly<Record<string, readonly string[]>> = {
  'reply-lost': ['look', 'again'],
  'certificate-pending': ['look', 'again'],
  'certificate-rate-limited': ['look', 'again'],
  'certificate-caa': ['look', 'again'],
  'certificate-proxied': ['look', 'again'],
  truncated: ['look', 'again'],
};

/** A login that runs out is met where something is changed: before the first act the run stops by itself, and nothing is led out of. */
const withoutLooks = new Set(['login-expired', 'token-revoked', 'fly-missing']);
const looksOnly = new Set([
  'fly auth whoami',
  'fly orgs list',
  'fly apps list',
  'fly status',
  'fly releases',
  'fly secrets list',
]);

const ofFly: Readonly<Record<string, FaultSort>> = Object.fromEntries(
  Object.entries(flyFaults).map(([name, sort]) => {
    const all: readonly string[] = sort.at;
    const at = withoutLooks.has(name) ? all.filter((command) => !looksOnly.has(command)) : all;
    const hits = ({ kind, checks }: FaultTarget): boolean =>
      [kind, ...checks].some(
        (one) =>
          one !== undefined &&
          [...(commandsOf[one] ?? []), ...(commandsOf[one] ? ofEvery : [])].some((command) => at.includes(command)),
      );
    const mend = 'mend' in sort ? { mend: sort.mend } : {};
    return [name, { what: sort.seen, wayOut: sort.wayOut, ways: waysOf[name] ?? ['again', 'look'], at, hits, ...mend }];
  }),
);

export const faults: Readonly<Record<string, FaultSort>> = { ...ofPretend, ...appStoreFaults, ...ofFly };

/** For `--fault list`. */
export const listOfFaults = (): readonly { readonly name: string; readonly what: string; readonly wayOut: string }[] =>
  Object.entries(faults).map(([name, { what, wayOut }]) => ({ name, what, wayOut }));

/** `reply-lost`, `reply-lost@volume`, `reply-lost!@volume`. A problem is one sentence, for exit 2. */
export function parseFault(text: string): Fault | { readonly problem: string } {
  const [, name = '', always, step] = /^([a-z][a-z-]*)(!?)(?:@([a-z][a-z0-9-]*))?$/.exec(text) ?? [];
  if (name === '') return { problem: `--fault ${text}: write it as NAME, NAME@STEP or NAME!@STEP` };
  if (!Object.hasOwn(faults, name)) return { problem: `there is no fault "${name}": \`--fault list\` shows all` };
  return { name, always: always === '!', ...(step !== undefined && { step }) };
}

/** Why this fault cannot be played in a runbook of these steps; undefined: it can. */
export function whyNot(fault: Fault, steps: readonly FaultTarget[]): string | undefined {
  const sort = faults[fault.name];
  if (!sort) return `there is no fault "${fault.name}"`;
  const hit = steps.filter((step, index) => sort.hits(step, steps.slice(0, index))).map(({ id }) => id);
  if (fault.step === undefined)
    return hit.length > 0 ? undefined : `no step of this runbook can be hit by "${fault.name}"`;
  if (!steps.some(({ id }) => id === fault.step)) return `there is no step "${fault.step}"`;
  if (hit.includes(fault.step)) return undefined;
  return `"${fault.name}" cannot hit the step "${fault.step}"${hit.length > 0 ? `, but ${hit.join(', ')}` : ''}`;
}

const Armed = z.object({
  name: z.string(),
  at: z.string(),
  step: z.string().optional(),
  always: z.boolean().optional(),
  fired: z.boolean(),
});
/** `W/faults.json`: what is armed at the moment, and what has fired. The stand-in fly reads it and marks what it plays. */
const FaultsState = z.array(Armed);

export interface FaultPlayer {
  readonly fault?: Fault;
  readonly sort?: FaultSort;
  /** It has been played at least once. */
  fired(): boolean;
  /** For faults that `pretend` plays: true when it is due at this step; then it is marked. */
  due(name: string, step: string): boolean;
  /** Is the executable gone for this call? Then it is marked. */
  missing(argv: readonly string[], step: string | undefined): boolean;
  /** Before a call of fly: armed where the call is one that it can strike at. Call the answer when fly has ended. */
  arm(argv: readonly string[], step: string | undefined): () => void;
}

export function createFaultPlayer(folder: string, fault: Fault | undefined): FaultPlayer {
  const file: StandInFile<z.output<typeof FaultsState>> = standInFile(
    join(folder, 'faults.json'),
    FaultsState,
    () => [],
  );
  const sort = fault && faults[fault.name];
  const fired = (): boolean => file.read().some((one) => one.name === fault?.name && one.fired);
  const isHere = (step: string | undefined): boolean =>
    fault !== undefined && (fault.step === undefined || fault.step === step);
  const open = (): boolean => fault !== undefined && (fault.always || !fired());
  // Left over from a sitting that was killed in the middle of a call.
  if (fault) file.change((state) => disarm(state, fault.name));
  return {
    ...(fault && sort && { fault, sort }),
    fired,
    due: (name, step) => {
      if (!fault || fault.name !== name || !isHere(step) || !open()) return false;
      file.change((state) => state.push({ name, at: 'pretend', step, fired: true }));
      return true;
    },
    missing: (argv, step) => {
      const at = strikesAt(sort, argv);
      if (fault?.name !== 'fly-missing' || at === undefined || !isHere(step) || !open()) return false;
      file.change((state) => state.push({ name: fault.name, at, ...(step !== undefined && { step }), fired: true }));
      return true;
    },
    arm: (argv, step) => {
      const at = strikesAt(sort, argv);
      if (!fault || at === undefined || !isHere(step) || !open()) return () => undefined;
      const armed = {
        name: fault.name,
        at,
        ...(step !== undefined && { step }),
        ...(fault.always && { always: true }),
        fired: false,
      };
      file.change((state) => state.push(armed));
      return () => file.change((state) => disarm(state, fault.name));
    },
  };
}

/** Which of the commands of a fault this call is. */
function strikesAt(sort: FaultSort | undefined, argv: readonly string[]): string | undefined {
  const command = ['fly', ...argv.slice(1)].join(' ');
  return sort?.at.find((one) => command === one || command.startsWith(`${one} `));
}

function disarm(state: z.output<typeof FaultsState>, name: string): void {
  const left = state.filter((one) => one.fired || one.name !== name);
  state.splice(0, state.length, ...left);
}
