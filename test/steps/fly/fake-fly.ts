// A strict fly for tests: it answers exactly the calls it was told of, in that order, and fails on any other and on those left over.
import { expect, onTestFinished } from 'vitest';
import type { StepKind } from '../../../src/step.ts';
import type { ActPorts, DnsType, Ended, ProcessOptions, SecretSpec } from '../../../src/system/ports.ts';

interface Call {
  readonly via: 'look' | 'act';
  /** What follows `fly`, with single spaces. */
  readonly args: string;
  readonly gives: Partial<Ended>;
}

/** fly asked for something. A value that is no `Ended` is what it prints as JSON. */
export const saw = (args: string, gives: Partial<Ended>): Call => ({ via: 'look', args, gives });
/** fly changed something. */
export const did = (args: string, gives: Partial<Ended>): Call => ({ via: 'act', args, gives });

/** Printed as fly does: four spaces, one newline (facts/flyctl.md §2.8). */
export const json = (value: unknown): Partial<Ended> => ({ stdout: `${JSON.stringify(value, null, 4)}\n` });
export const says = (stderr: string, exit = 1): Partial<Ended> => ({ exit, stderr });

export const endings = {
  notLoggedIn: says("Error: no access token available. Please login with 'flyctl auth login'\n"),
  rejected: says(
    'Error: failed to run query($first: Int!) { apps(first: $first) { nodes { id name } } }: You must be authenticated to view this. \n',
  ),
  noRight: says('Error: failed: server returned a non-200 status code: 403\n'),
  noApp: says('Error: failed to get app: Could not find App "solserver-prod"\n'),
  serverError: says('Error: failed: server returned a non-200 status code: 503 (Request ID: 01ABC-sjc)\n'),
  network: says('Error: Post "https://api.fly.io/graphql": dial tcp: lookup api.fly.io: no such host\n'),
  replyLost: says('Error: failed: Post "https://api.machines.dev/v1/apps": read: connection reset by peer\n'),
  rateLimit: says('Error: failed: rate limit exceeded (Request ID: 01ABC-sjc)\n'),
  cancelled: { exit: 127, stderr: '\n' },
  deadline: says('Error: context deadline exceeded\n', 126),
  panic: { exit: 3, stderr: '' },
  timedOut: { exit: null, signal: 'SIGTERM', timedOut: true },
  killed: { exit: null, signal: 'SIGKILL' },
  missing: { exit: 127, missing: true },
} satisfies Record<string, Partial<Ended>>;

/** What may stand around JSON on stdout (facts/flyctl.md §2.8). */
export function noisy({ stdout = '' }: Partial<Ended>): Partial<Ended> {
  const before = '\u001b[33mWARN\u001b[0m failed to release lease\n[WARNING] metrics {token} unavailable\n';
  return {
    stdout: `${before}${stdout}There may be more; see the dashboard\n`,
    stderr: 'Warning: Metrics send issue\n',
  };
}

interface Extra {
  readonly files?: Readonly<Record<string, string>>;
  readonly dns?: Readonly<Record<string, readonly string[]>>;
  readonly now?: string;
  readonly declared?: readonly Partial<SecretSpec>[];
  /** `accounts:` of the runbook. */
  readonly accounts?: ActPorts['accounts'];
}

export interface FlyWorld {
  readonly ports: ActPorts;
  readonly asked: { readonly argv: readonly string[]; readonly options: ProcessOptions }[];
  readonly told: string[];
  /** `app NAME value`: what the world set by itself, and what was handed over. */
  readonly remembered: string[];
  readonly received: string[];
}

/** Ports in which fly gives these answers and nothing else exists. */
export function flyWorld(
  calls: readonly Call[],
  { files = {}, dns = {}, now = '2026-11-22T23:10:00Z', declared = [], accounts }: Extra = {},
): FlyWorld {
  const left = [...calls];
  const asked: FlyWorld['asked'] = [];
  const told: string[] = [];
  const remembered: string[] = [];
  const received: string[] = [];
  onTestFinished(() =>
    expect(
      left.map(({ args }) => args),
      'calls that were never made',
    ).toEqual([]),
  );
  const answer =
    (via: Call['via']) =>
    async (argv: readonly string[], options: ProcessOptions = {}): Promise<Ended> => {
      asked.push({ argv, options });
      const next = left.shift();
      expect(`${via}: ${argv.join(' ')}`).toBe(next ? `${next.via}: fly ${next.args}` : 'no call');
      return { exit: 0, stdout: '', stderr: '', ...next?.gives };
    };
  const never = (what: string) => (): never => {
    throw new Error(`no ${what} in this test`);
  };
  const ports: ActPorts = {
    processes: { look: answer('look'), act: answer('act') },
    http: { look: never('http'), send: never('http') },
    dns: {
      ask: async ({ name, type }: { name: string; type: DnsType }) => {
        const data = dns[`${name} ${type}`] ?? [];
        const answers = data.map((one) => ({ name, type, ttl: 300, data: one }));
        return { code: data.length > 0 ? 'NOERROR' : 'NXDOMAIN', answers, authority: [], authoritative: false };
      },
    },
    postgres: { ask: async () => ({ rows: [], failed: 'no network' }) },
    tls: { handshake: never('tls') },
    files: {
      read: async (path) => {
        if (path.startsWith('..')) throw new Error(`${path} leaves the project`);
        return files[path];
      },
      list: async (path) => Object.keys(files).filter((file) => file.startsWith(`${path}/`)),
      resolve: async (path) => `/project/${path}`,
      write: never('writing'),
    },
    clock: { now: () => new Date(now), sleep: never('sleep') },
    env: { get: never('environment') },
    secrets: {
      declared: (app) => ({ names: declared.map((spec) => secretSpec(app, spec)) }),
      sinceSent: never('secret'),
      obtain: never('secret'),
      kept: never('secret'),
      learn: never('secret'),
      remember: ({ app, name }, value) => void remembered.push(`${app} ${name} ${value}`),
      receive: async ({ app, name }, make) => {
        const value = await make();
        if (value !== undefined) received.push(`${app} ${name} ${value}`);
      },
    },
    ...(accounts && { accounts }),
    signal: new AbortController().signal,
    urls: { appStoreConnect: '', cloudflare: '', twilio: '' },
    tell: (sentence) => told.push(sentence),
  };
  return { ports, asked, told, remembered, received };
}

function secretSpec(app: string, spec: Partial<SecretSpec>): SecretSpec {
  return {
    app,
    name: 'X',
    secret: true,
    required: true,
    absent: false,
    to: 'fly-secret',
    sameAsStaging: 'warn',
    ...spec,
  };
}

/** Asks the kind's verify, and holds it to the outputs it declares. */
export async function look<W>(
  kind: StepKind<W>,
  want: unknown,
  { ports }: FlyWorld,
  since?: { version: number; image: string },
) {
  if (!kind.verify) throw new Error(`${kind.name} cannot be looked at`);
  const answer = await kind.verify(kind.with.parse(want), ports, { since });
  if (answer.is === 'so')
    expect(Object.keys(kind.outputs?.shape ?? {})).toEqual(expect.arrayContaining(Object.keys(answer.outputs ?? {})));
  return answer;
}

export async function act<W>(
  kind: StepKind<W>,
  want: unknown,
  { ports }: FlyWorld,
  since?: { version: number; image: string },
) {
  if (!kind.act) throw new Error(`${kind.name} does not act`);
  return kind.act(kind.with.parse(want), ports, { since });
}

export async function undo<W>(
  kind: StepKind<W>,
  want: unknown,
  { ports }: FlyWorld,
  outputs: Record<string, string> = {},
) {
  if (!kind.undo) throw new Error(`${kind.name} cannot be taken back`);
  return kind.undo.act(kind.with.parse(want), ports, { outputs });
}

export async function gone<W>(kind: StepKind<W>, want: unknown, { ports }: FlyWorld) {
  if (!kind.undo) throw new Error(`${kind.name} cannot be taken back`);
  return kind.undo.verify(kind.with.parse(want), ports, { outputs: {} });
}
