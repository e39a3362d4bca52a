// People are in a tester group. Internal testers must be users of the team first: who is not is named.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Look } from '../../src/step.ts';
import { BundleId, type GroupRow, theApp, theGroup } from './apps.ts';
import { endOf, hasKey, isBelow, notBegun, notSeen, type Ports, type PortsToAct, write } from './client.ts';
import { login } from './login.ts';
import { readTeam, type Team, whoIsInTeam, whyNotInTeam } from './team.ts';
import { readTesters, type TesterRow } from './tester-rows.ts';

const With = z.strictObject({
  'bundle-id': BundleId,
  group: z.string().min(1),
  emails: z.array(z.email('an e-mail address')).min(1),
});
type Want = z.output<typeof With>;

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
  undo: {
    describe: ({ emails, group }) =>
      `Takes ${emails.join(', ')} out of the tester group "${group}", also who was in it before.`,
    act: remove,
    verify: areGone,
  },
  login,
  every: '30s',
  takes: 'some minutes; a person who is invited to the team must accept within 3 days',
  checkedAgainst: 'stand-in',
});

interface Members {
  readonly app: string;
  readonly group: GroupRow;
  /** By e-mail in lower case. */
  readonly testers: ReadonlyMap<string, TesterRow>;
  readonly missing: readonly string[];
}

async function look(want: Want, ports: Ports): Promise<Look> {
  const members = await readMembers(want, ports);
  if ('is' in members) return members;
  const { app, testers: rows, missing, group } = members;
  if (missing.length === 0) {
    return {
      is: 'so',
      seen: want.emails
        .map((email) => `${email} (${SAID[rows.get(email.toLowerCase())?.attributes.state ?? ''] ?? 'in the group'})`)
        .join(', '),
    };
  }
  const team = group.attributes.isInternalGroup ? await readTeam(missing, ports) : undefined;
  const reasons = team?.ok
    ? [
        ...missing.flatMap((email) => whyNotInTeam(email, team.value, { app, now: ports.clock.now() }) ?? []),
        whoIsInTeam(team.value),
      ]
    : [];
  const hint = reasons.filter((reason) => reason !== '').join(' ');
  return {
    is: 'not-so',
    expected: `${want.emails.join(', ')} in "${want.group}"`,
    seen: `not in it: ${missing.join(', ')}`,
    ...(hint !== '' && { hint }),
  };
}

async function readMembers(want: Want, ports: Ports): Promise<Members | Look> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return app;
  const group = await theGroup(app.id, want.group, ports);
  if ('is' in group) return group;
  const read = await readTesters(group.id, ports);
  if (!read.ok) return notSeen(read.problem);
  const isIn = (email: string): boolean =>
    (read.value.get(email.toLowerCase())?.attributes.state ?? 'REVOKED') !== 'REVOKED';
  return { app: app.id, group, testers: read.value, missing: want.emails.filter((email) => !isIn(email)) };
}

/** One after the other; whoever cannot be added does not keep the others out, and is named. */
async function add(want: Want, ports: PortsToAct): Promise<Acted> {
  const members = await readMembers(want, ports);
  if ('is' in members) return notBegun(members);
  const { app, group, missing } = members;
  const internal = group.attributes.isInternalGroup ?? false;
  const team = internal ? await readTeam(missing, ports) : undefined;
  const added: string[] = [];
  const refused: string[] = [];
  for (const email of missing) {
    const stranger = team?.ok ? whyNotInTeam(email, team.value, { app, now: ports.clock.now() }) : undefined;
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
  const written = await write('POST', '/v1/betaTesters', { type: 'betaTesters', attributes, relationships }, ports);
  if (written.ended === 'ok') return 'added';
  if (written.ended === 'unclear') return { unclear: `${email}: ${written.why}` };
  // Apple's words for "no user of this team" (facts/app-store-connect.md §12).
  if (isBelow(written.code, 'STATE_ERROR')) return `${email} cannot be added: Apple says ${written.why}.`;
  return `${email} was not added: ${written.why}.`;
}

async function remove(want: Want, ports: PortsToAct): Promise<Acted> {
  const members = await readMembers(want, ports);
  if ('is' in members) return notBegun(members);
  const rows = want.emails.flatMap((email) => members.testers.get(email.toLowerCase()) ?? []);
  if (rows.length === 0) return { ended: 'ok', seen: `none of them was in "${want.group}"` };
  const data = rows.map(({ id }) => ({ type: 'betaTesters', id }));
  const path = `/v1/betaGroups/${members.group.id}/relationships/betaTesters`;
  return endOf(await write('DELETE', path, data, ports), `taken out of "${want.group}": ${rows.length}`);
}

async function areGone(want: Want, ports: Ports): Promise<Look> {
  const members = await readMembers(want, ports);
  if ('is' in members) return members.is === 'not-so' ? { is: 'so', seen: members.seen } : members;
  const left = want.emails.filter((email) => !members.missing.includes(email));
  if (left.length === 0) return { is: 'so', seen: `none of them is in "${want.group}"` };
  return { is: 'not-so', expected: `none of them in "${want.group}"`, seen: `still in it: ${left.join(', ')}` };
}

function guide({ emails, group, ...want }: Want): Guide {
  return {
    open: 'https://appstoreconnect.apple.com/access/users',
    copy: Object.fromEntries(emails.map((email, at) => [emails.length === 1 ? 'E-mail' : `E-mail ${at + 1}`, email])),
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
