// People are in a tester group. Internal testers must be users of the team first: who is not is named.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Look } from '../../src/step.ts';
import { absent, BundleId, findGroups, type GroupRow, theApp } from './apps.ts';
import { create, hasKey, isBelow, list, notSeen, type Ports, type PortsToAct } from './client.ts';
import { readTeam, type Team, whyNotInTeam } from './team.ts';

const With = z.strictObject({
  'bundle-id': BundleId,
  group: z.string().min(1),
  emails: z.array(z.email('an e-mail address')).min(1),
});
type Want = z.output<typeof With>;

const Tester = z.object({ email: z.string().nullish(), state: z.string().nullish() });

export const testers = defineStep({
  name: 'appstore/testers',
  summary: 'Add people to a tester group in TestFlight',
  example: 'with: { bundle-id: com.example.app, group: Internal Testers, emails: [ann@example.com] }',
  with: With,
  describe: ({ emails, group }) =>
    `${emails.join(', ')} ${emails.length === 1 ? 'is' : 'are'} in the tester group "${group}"`,
  commands: ({ emails }) => emails.map((email) => ['POST', '/v1/betaTesters', email]),
  verify: look,
  canAct: async (_want, ports) => hasKey(ports),
  act: add,
  guide,
  every: '30s',
  takes: 'some minutes; a person who is invited to the team must accept within 3 days',
  checkedAgainst: 'stand-in',
});

interface Members {
  readonly app: string;
  readonly group: GroupRow;
  /** State by e-mail in lower case. */
  readonly states: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
}

async function look(want: Want, ports: Ports): Promise<Look> {
  const members = await readMembers(want, ports);
  if ('is' in members) return members;
  const { states, missing, group } = members;
  if (missing.length === 0) {
    return {
      is: 'so',
      seen: want.emails
        .map((email) => `${email} (${SAID[states.get(email.toLowerCase()) ?? ''] ?? 'in the group'})`)
        .join(', '),
    };
  }
  const team = group.attributes.isInternalGroup ? await readTeam(missing, ports) : undefined;
  const reasons = team?.ok ? missing.flatMap((email) => whyNotInTeam(email, team.value, ports.clock.now()) ?? []) : [];
  return {
    is: 'not-so',
    expected: `${want.emails.join(', ')} in "${want.group}"`,
    seen: `not in it: ${missing.join(', ')}`,
    ...(reasons.length > 0 && { hint: reasons.join(' ') }),
  };
}

async function readMembers(want: Want, ports: Ports): Promise<Members | Look> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return app;
  const groups = await findGroups(app.id, want.group, ports);
  if (!groups.ok) return notSeen(groups.problem);
  const [group, another] = groups.value.exact;
  const expected = `a tester group "${want.group}"`;
  if (group === undefined) return { is: 'not-so', expected, seen: absent('there is no such group', groups.value.near) };
  if (another !== undefined) return { is: 'unknown', why: `there are several groups named "${want.group}"` };
  const read = await list(`/v1/betaGroups/${group.id}/betaTesters`, {}, Tester, ports);
  if (!read.ok) return notSeen(read.problem);
  const states = new Map(
    read.value.rows.map(({ attributes }) => [(attributes.email ?? '').toLowerCase(), attributes.state ?? '']),
  );
  const missing = want.emails.filter((email) => (states.get(email.toLowerCase()) ?? 'REVOKED') === 'REVOKED');
  return { app: app.id, group, states, missing };
}

/** One after the other; whoever cannot be added does not keep the others out, and is named. */
async function add(want: Want, ports: PortsToAct): Promise<Acted> {
  const members = await readMembers(want, ports);
  if ('is' in members)
    return {
      ended: 'failed',
      why: `nobody was added: ${members.is === 'unknown' ? members.why : members.is === 'not-so' ? members.seen : ''}`,
    };
  const { group, missing } = members;
  const internal = group.attributes.isInternalGroup ?? false;
  const team = internal ? await readTeam(missing, ports) : undefined;
  const added: string[] = [];
  const refused: string[] = [];
  for (const email of missing) {
    const stranger = team?.ok ? whyNotInTeam(email, team.value, ports.clock.now()) : undefined;
    const acted =
      stranger === undefined ? await addOne(email, group.id, team?.ok ? team.value : undefined, ports) : stranger;
    if (acted === 'added') added.push(email);
    else if (typeof acted === 'string') refused.push(acted);
    else return { ended: 'unclear', why: `${acted.unclear}; added before: ${added.join(', ') || 'nobody'}` };
  }
  if (refused.length === 0) return { ended: 'ok', seen: `added: ${added.join(', ')}` };
  const done = added.length === 0 ? 'Nobody was added.' : `Added: ${added.join(', ')}.`;
  return { ended: 'failed', why: `${refused.join(' ')} ${done}`, hint: internal ? INVITE : undefined };
}

/** `added`, a sentence why not, or that nobody knows. */
async function addOne(
  email: string,
  group: string,
  team: Team | undefined,
  ports: PortsToAct,
): Promise<string | { readonly unclear: string }> {
  const user = team?.users.get(email.toLowerCase());
  const attributes = { email, ...(user !== undefined && { firstName: user.firstName, lastName: user.lastName }) };
  const relationships = { betaGroups: { data: [{ type: 'betaGroups', id: group }] } };
  const written = await create('/v1/betaTesters', { type: 'betaTesters', attributes, relationships }, ports);
  if (written.ended === 'ok') return 'added';
  if (written.ended === 'unclear') return { unclear: `${email}: ${written.why}` };
  // Apple's words for "no user of this team" (facts/app-store-connect.md §12).
  if (isBelow(written.code, 'STATE_ERROR')) return `${email} cannot be added: Apple says ${written.why}.`;
  return `${email} was not added: ${written.why}.`;
}

function guide({ emails, group, ...want }: Want): Guide {
  return {
    open: 'https://appstoreconnect.apple.com/access/users',
    copy: Object.fromEntries(emails.map((email) => [email, email])),
    text: `For an internal group each person must be a user of the team first:

1. **Users and Access** → **People** → **+**: first name, last name, e-mail, the role **Developer** → **Next**, choose the app → **Invite**.
2. The person accepts by the link in the mail within 3 days. Whoever is in the list of people already needs neither.

Then put them into the group:

1. **Apps** → the app with the bundle id \`${want['bundle-id']}\` → **TestFlight** → **${group}**.
2. **Testers** → **+** → tick ${emails.map((email) => `\`${email}\``).join(', ')} → **Add**.

It has worked when each address stands in the list of testers. The invitation mail goes out with the first build that can be tested.`,
  };
}

/** `state` of a tester in words (facts/app-store-connect.md §8.5). */
const SAID: Readonly<Record<string, string>> = {
  NOT_INVITED: 'in the group; no mail until a build can be tested',
  INVITED: 'invited',
  ACCEPTED: 'accepted, not installed',
  INSTALLED: 'installed',
};

const INVITE =
  'Users and Access → People → "+": invite them with the role Developer. They accept within 3 days; then try again.';
