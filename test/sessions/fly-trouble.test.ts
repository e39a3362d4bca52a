// What a person reads when Fly says no before or at the first act: the words, and the next thing to do. By the built program.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type FlyState, openFlyState } from '../../src/rehearsal/fly/state.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from './launching.ts';

const root = join(import.meta.dirname, '../..');
const app = '{ id: go, uses: fly/app, with: { name: sol, org: sollabs } }';
const volume = (region: string) => `{ id: go, uses: fly/volume, with: { app: sol, name: data, region: ${region} } }`;
const month = 31 * 86_400_000;

let open: Rehearsal | undefined;
afterEach(() => open?.close());

interface Trouble {
  readonly step: string;
  /** `accounts.fly.org` of the runbook. */
  readonly org?: string;
  readonly fault?: readonly [name: string, at: string];
  readonly given?: (state: FlyState) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly apps?: readonly string[];
  readonly exit: 1 | 4;
  /** Whole lines, or the part of a line that is the same each time. */
  readonly says: readonly string[];
  /** Before the first act: nothing was started. */
  readonly acts: boolean;
}

const logIn = 'log in with `fly auth login`, or set FLY_API_TOKEN; a login older than 30 days counts as none';
const needsLogin = (seen: string): string => `fly: expected a login that Fly accepts, seen ${seen}. To do: ${logIn}`;
const status = 'wait some minutes, then go on; https://status.flyio.net says whether Fly itself is in trouble';
const noLogin = "not logged in to Fly (fly: no access token available. Please login with 'flyctl auth login')";
const taken =
  'the name is taken on Fly, where names are global, and it is not among the apps this login can see (fly: failed to create app: Validation failed: Name has already been taken)';
const takenHint = '  choose another name; if the app is yours, log in with the account or token that can see it';

const troubles: Readonly<Record<string, Trouble>> = {
  'no fly on this machine': {
    step: app,
    env: { LAUNCH_FLY: '/nowhere/fly' },
    exit: 1,
    acts: false,
    says: ['Stopped and kept: fly is not on this machine: https://fly.io/docs/flyctl/install/'],
  },
  'a fly that is too old': {
    step: app,
    fault: ['old-fly', 'fly version'],
    exit: 1,
    acts: false,
    says: [
      'Stopped and kept: fly 0.3.170 is too old: 0.4.56 is needed, because before 0.4.14 `fly secrets import` changes values',
      '`fly version upgrade` brings the newest. https://fly.io/docs/flyctl/install/',
    ],
  },
  'nobody is logged in': {
    step: app,
    given: (state) => void (state.session = undefined),
    exit: 1,
    acts: false,
    says: [needsLogin(noLogin)],
  },
  'a login of 31 days': {
    step: app,
    given: ({ session }) => void (session && (session.lastLogin -= month)),
    exit: 1,
    acts: false,
    says: [needsLogin(noLogin)],
  },
  'a login that was revoked': {
    step: app,
    given: ({ session }) => void (session && (session.revoked = true)),
    exit: 1,
    acts: false,
    says: [needsLogin('Fly does not accept this login (fly: You must be authenticated to view this.)')],
  },
  'an organization that this login does not belong to': {
    step: app,
    org: 'nobody',
    exit: 1,
    acts: false,
    says: [
      'fly: expected a member of the organization nobody, seen rehearsal@example.com sees personal, sollabs. To do: log in with the right account, or be invited to the organization',
    ],
  },
  'a step for another organization than the run': {
    step: app.replace('org: sollabs', 'org: other'),
    exit: 1,
    acts: true,
    says: [
      '"go" failed: nothing was changed: `fly apps create sol --org other --json` is for the organization other, and this run is for sollabs.',
      '  correct the step (its `org:` or its app), or `accounts.fly.org` of the runbook',
    ],
  },
  'a name that somebody else has': {
    step: app,
    given: ({ taken: names }) => void names.push('sol'),
    exit: 1,
    acts: true,
    says: [`Failed: "go", ${taken}`, takenHint],
  },
  'a name that is ours, and a token that cannot see it': {
    step: app,
    apps: ['sol'],
    given: (state) => void (state.narrow = true),
    exit: 1,
    acts: true,
    says: [`Failed: "go", ${taken}`, takenHint],
  },
  'a part of an app, and a token that cannot see it': {
    step: volume('sjc'),
    apps: ['sol'],
    given: (state) => void (state.narrow = true),
    exit: 1,
    acts: true,
    says: [
      'Failed: "go", nothing was changed: there is no such app that this login can see (fly: ',
      'if it should be there: `fly auth whoami` shows who is logged in, and a narrow token sees fewer apps',
    ],
  },
  'a region that is not there': {
    step: volume('zzz'),
    apps: ['sol'],
    exit: 1,
    acts: true,
    says: [
      'Failed: "go", there is no such region (fly: region zzz not found)',
      '  `fly platform regions` shows those there are',
    ],
  },
  'a rate limit (429)': {
    step: volume('sjc'),
    apps: ['sol'],
    fault: ['rate-limit', 'fly volumes create'],
    exit: 1,
    acts: true,
    says: [
      'Failed: "go", Fly asks to go slower (rate limit) (fly: server returned a non-200 status code: 429: rate limit exceeded); wait a minute, then go on',
    ],
  },
  'a server error (503) at an act': {
    step: volume('sjc'),
    apps: ['sol'],
    fault: ['server-error', 'fly volumes create'],
    exit: 1,
    acts: true,
    says: [
      `Failed: "go", Fly answered with a server error (fly: server returned a non-200 status code: 503); ${status}`,
    ],
  },
  'a server error (503) at a look': {
    step: app,
    fault: ['server-error', 'fly apps list'],
    exit: 4,
    acts: false,
    says: [
      `It cannot be seen whether "go" is so already: Fly answered with a server error (fly: server returned a non-200 status code: 503); ${status}.`,
    ],
  },
  'help with exit 0 for a subcommand that this fly does not know': {
    step: volume('sjc'),
    apps: ['sol'],
    fault: ['help-printed', 'fly volumes create'],
    exit: 1,
    acts: true,
    says: [
      'Failed: "go", this fly printed its help and did nothing: it does not know that command',
      '  another version of fly: `fly version upgrade`',
    ],
  },
  'no network from the beginning': {
    step: app,
    fault: ['network-lost', 'fly auth whoami'],
    exit: 1,
    acts: false,
    says: [
      'Stopped and kept: fly: Fly cannot be reached from here (fly: Post "https://api.fly.io/graphql": dial tcp: lookup api.fly.io: no such host). To do: is the network up (VPN, proxy, DNS)?',
    ],
  },
  'no network at the act': {
    step: app,
    fault: ['network-lost', 'fly apps create'],
    exit: 1,
    acts: true,
    says: [
      'Failed: "go", Fly cannot be reached from here (fly: Post "https://api.fly.io/graphql": dial tcp: lookup api.fly.io: no such host); is the network up (VPN, proxy, DNS)?',
    ],
  },
};

test.each(Object.entries(troubles))('%s: the words, the next thing to do, and nothing is made', async (_, trouble) => {
  const { step, org = 'sollabs', fault, given, env = {}, apps = [], exit, says, acts } = trouble;
  const project = projectOf({
    'runbooks/small.md': runbookOf(`accounts: { fly: { org: ${org} } }\nsteps: [${step}]`, 'go'),
  });
  const folder = join(project, '.world');
  open = await openRehearsal({
    folder,
    project,
    flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'sollabs' } },
    apps: apps.map((name) => ({ name, secrets: [] })),
  });
  if (given) openFlyState(folder).change(given);
  if (fault) {
    const [name, at] = fault;
    writeFileSync(join(folder, 'faults.json'), JSON.stringify([{ name, at, fired: false, always: true }]));
  }
  const before = openFlyState(folder).read().apps;
  const ran = await launch(project, await trusted(project, 'small'), { ...open.aim, ...env });
  for (const words of [...says, 'Go on with: launch small']) expect(ran.stderr).toContain(words);
  expect(ran.exit).toBe(exit);
  expect(openFlyState(folder).read().apps).toEqual(before);
  expect(eventsOf(runOf(project)).some(({ type }) => type === 'step.started')).toBe(acts);
});
