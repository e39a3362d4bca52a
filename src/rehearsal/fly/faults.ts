// What can go wrong with fly on purpose: the table for those who choose (facts/flyctl.md §6.5).
import type { FlyState } from './model.ts';
import { logIn } from './state.ts';

export interface FaultSort {
  /** The commands it can hit. */
  readonly at: readonly string[];
  /** What a driver sees. */
  readonly seen: string;
  /** What a person does about it. */
  readonly wayOut: string;
  /** That, done to the state, where it happens outside of fly commands. */
  readonly mend?: (state: FlyState, now: number) => void;
}

const making = [
  'fly apps create',
  'fly ips allocate-v4',
  'fly ips allocate-v6',
  'fly volumes create',
  'fly certs add',
  'fly machine run',
  'fly postgres create',
  'fly mpg create',
] as const;
const secretWrites = ['fly secrets import', 'fly secrets set', 'fly secrets unset'] as const;
const others = [
  'fly ips release',
  'fly volumes snapshots create',
  'fly postgres attach',
  'fly mpg attach',
  'fly machine exec',
  'fly machine destroy',
  'fly ssh console',
  'fly tokens create',
] as const;
const grouped = [...making, ...secretWrites, ...others, 'fly scale count', 'fly secrets deploy'] as const;
const changing = [...grouped, 'fly deploy'] as const;
const releasing = ['fly deploy', ...secretWrites, 'fly secrets deploy'] as const;
const reading = ['fly auth whoami', 'fly apps list', 'fly status', 'fly releases', 'fly secrets list'] as const;
const tunnelled = ['fly ssh console', 'fly proxy', 'fly postgres attach'] as const;
const certificates = ['fly certs add', 'fly certs check', 'fly certs list'] as const;

/** `fly machine start` for each that should run; one with a schedule is started by Fly. */
function startStopped(state: FlyState): void {
  const machines = state.apps
    .flatMap((app) => app.machines)
    .filter(({ config }) => config.schedule === undefined && config.standbys === undefined);
  for (const machine of machines) if (machine.state !== 'destroyed') machine.state = 'started';
}

/** Names as in `--fault NAME`. Each fires once, when it is really played; what it needs and does not find leaves it unfired. */
export const flyFaults = {
  'reply-lost': {
    at: changing,
    seen: 'the server did it all; then the connection is reset: Error, exit 1',
    wayOut: 'look before doing it again',
  },
  'network-lost': {
    at: [...changing, 'fly auth whoami', 'fly apps list', 'fly status'],
    seen: 'no connection, exit 1; nothing was changed',
    wayOut: 'try again',
  },
  'network-lost-midway': {
    at: ['fly deploy'],
    seen: 'exit 1 after the first machine; the release stays running, the lease is held on',
    wayOut: 'wait until the leases are over (13 s; 5 min for a new machine), then deploy again',
  },
  'login-expired': {
    at: ['fly auth whoami', 'fly orgs list', 'fly apps list', 'fly status', ...changing],
    seen: 'the login is older than 30 days from now on: no access token available, exit 1, for every command',
    wayOut: 'log in again',
    mend: logIn,
  },
  'token-revoked': {
    at: [...reading, ...changing],
    seen: 'the server does not accept the token any more: You must be authenticated to view this, or the words of the machines API; exit 1, for every command',
    wayOut: 'log in again',
    mend: logIn,
  },
  'token-narrow': {
    at: ['fly apps create', 'fly apps list', 'fly status', 'fly deploy'],
    seen: 'the token sees no app: apps list lacks it, Could not find App, and apps create says that the name is taken',
    wayOut: 'log in with what sees it',
    mend: (state) => void (state.narrow = undefined),
  },
  'app-vanished': {
    at: ['fly status', 'fly deploy', 'fly scale count', ...secretWrites, 'fly certs add', 'fly ips list'],
    seen: 'the app was destroyed elsewhere: Could not find App, exit 1, for every command',
    wayOut: 'make it again',
    mend: (state) => {
      state.apps.push(...(state.vanished ?? []));
      state.vanished = undefined;
    },
  },
  'server-error': {
    at: [...reading, ...changing],
    seen: 'after three slow tries of its own: server returned a non-200 status code: 503, exit 1; nothing was changed',
    wayOut: 'wait and try again',
  },
  'name-taken': {
    at: ['fly apps create'],
    seen: 'Name has already been taken, exit 1',
    wayOut: 'try again (it is free then), or another name',
  },
  'rate-limit': {
    at: changing,
    seen: 'rate limit exceeded, exit 1; a deploy may have begun',
    wayOut: 'wait and try again',
  },
  'health-failing': {
    at: releasing,
    seen: 'checks of the first machine never pass: exit 1 after the wait, release failed; needs an app with checks',
    wayOut: 'deploy again',
  },
  'one-machine-failing': {
    at: releasing,
    seen: 'one of several machines is not healthy: 127 and no Error line where others were queued (three machines or two groups), else exit 1',
    wayOut: 'read releases and status, start what was stopped, deploy again',
    mend: startStopped,
  },
  'build-failing': {
    at: ['fly deploy'],
    seen: 'failed to fetch an image or build from source, exit 1, no release',
    wayOut: 'try again',
  },
  'release-command-failing': {
    at: ['fly deploy'],
    seen: 'release command failed, exit 1, release failed, no machine changed; needs a release_command',
    wayOut: 'deploy again',
  },
  'release-command-hanging': {
    at: ['fly deploy'],
    seen: 'the release command never ends: exit 1 after --release-command-timeout, release failed; needs a release_command',
    wayOut: 'deploy again',
  },
  'crash-loop': {
    at: releasing,
    seen: 'the first machine starts and ends again: smoke checks fail in 10 s, with log lines, exit 1, release failed',
    wayOut: 'look at the logs, start the machine, deploy again: a deploy does not start what is stopped',
    mend: startStopped,
  },
  'machine-not-starting': {
    at: [...releasing, 'fly machine run'],
    seen: "a machine never reaches started: timeout reached waiting for machine's state to change, exit 1 after the wait; the machine stays",
    wayOut: 'look, start the machine, then deploy again: a deploy does not start what is not started',
    mend: startStopped,
  },
  'no-room': {
    at: ['fly deploy', 'fly machine run'],
    seen: 'the host cannot fit the machine: insufficient resources, exit 1',
    wayOut: 'try again, or a smaller machine',
  },
  'payment-missing': {
    at: ['fly deploy', 'fly machine run'],
    seen: 'please add a payment method, exit 1; a release command and a spare machine count too',
    wayOut: 'add one, deploy again',
  },
  'lease-held': {
    at: [...releasing],
    seen: 'another run holds a machine: failed to get lease on VM, exit 1',
    wayOut: 'wait 15 s, deploy again',
  },
  'mount-removed': {
    at: ['fly deploy'],
    seen: 'the yes-flag text of a mount that is not in the config any more; --yes does not help; exit 1',
    wayOut: 'put the mount back, deploy again',
  },
  'wrong-region': {
    at: ['fly deploy'],
    seen: 'the volume is in another region: needs an unattached volume named, exit 1; release failed',
    wayOut: 'make one in the right region, deploy again',
  },
  'stale-secrets': {
    at: ['fly deploy'],
    seen: 'all goes well, but the machines carry the secrets of the version before',
    wayOut: 'fly secrets sync, deploy again',
  },
  'machine-refused': {
    at: ['fly deploy'],
    seen: 'the last machine to be made is refused (insufficient_capacity), exit 1; those before it stay',
    wayOut: 'deploy again; after a first machine the missing one is made by scale count',
  },
  'addresses-failing': {
    at: ['fly deploy'],
    seen: 'first deploy: no addresses, only a message on stderr, exit 0',
    wayOut: 'allocate them',
  },
  'certificate-pending': {
    at: certificates,
    seen: 'the certificate stays pending for 90 minutes',
    wayOut: 'go on waiting',
  },
  'certificate-rate-limited': {
    at: certificates,
    seen: 'rate_limited_until is set, an hour from now',
    wayOut: 'go on waiting',
  },
  'certificate-caa': {
    at: certificates,
    seen: 'validation_errors names a CAA record; after 20 minutes it is gone',
    wayOut: 'correct the CAA record, go on waiting',
  },
  'certificate-proxied': {
    at: certificates,
    seen: 'pending_ownership: a proxy answers for the host; after 20 minutes it is gone',
    wayOut: 'publish the ownership record or turn the proxy off, go on waiting',
  },
  'tunnel-failing': {
    at: tunnelled,
    seen: 'the WireGuard tunnel does not come up, exit 1',
    wayOut: 'try again, from another network',
  },
  'command-failing': {
    at: ['fly ssh console', 'fly machine exec'],
    seen: 'the command ends with 1: Process exited with status 1 and exit 1, or Exit code: 1 and exit 0',
    wayOut: 'try again',
  },
  'attach-interrupted': {
    at: ['fly postgres attach'],
    seen: 'registered, database and user made, no secret: exit 1; the next attach says that the user exists',
    wayOut: 'another --database-user, or postgres detach',
    mend: (state) => {
      for (const { postgres } of state.apps)
        if (postgres) postgres.users = postgres.users.filter((user) => user === 'postgres');
    },
  },
  hang: {
    at: [...reading, ...making, 'fly deploy'],
    seen: 'no output, no end; until it is killed',
    wayOut: 'try again',
  },
  truncated: {
    at: reading,
    seen: 'killed in the middle of its JSON',
    wayOut: 'look again',
  },
  'old-fly': {
    at: ['fly version'],
    seen: 'fly version says 0.3.170, and lists have the shapes of then',
    wayOut: 'upgrade, and start again',
    mend: (state) => void (state.version = '0.4.87'),
  },
  'fly-missing': {
    at: ['fly version', ...changing],
    seen: 'there is no such executable (no exit code at all)',
    wayOut: 'install it, and start again',
  },
  'help-printed': {
    at: [...grouped],
    seen: 'this fly does not know the subcommand: help of the group on stdout, exit 0, nothing done',
    wayOut: 'upgrade, try again',
  },
  'long-output': {
    at: ['fly deploy'],
    seen: '200 kB on stdout, 100 kB of it one line; all goes well',
    wayOut: 'none needed',
  },
  noise: {
    at: ['fly apps list', 'fly status', 'fly releases', 'fly secrets list'],
    seen: 'a WARN line on stdout before the JSON',
    wayOut: 'none needed',
  },
} as const satisfies Record<string, FaultSort>;

export type FaultName = keyof typeof flyFaults;
