// Who of some people is a user of the team and can see the app, and who was invited to it.

import { z } from 'zod';
import { fewOf } from '../../src/text/few.ts';
import { list, type Ports, type Read } from './client.ts';

export interface Team {
  /** By user name (the e-mail of the Apple Account) in lower case. */
  readonly users: ReadonlyMap<string, User>;
  /** When the invitation runs out (ISO 8601), by e-mail in lower case. */
  readonly invitations: ReadonlyMap<string, string>;
  /** User names of the whole team, where somebody is not in it: the right one may be among them. */
  readonly everybody: readonly string[];
}

interface User {
  readonly firstName: string;
  readonly lastName: string;
  /** The ids of the apps that this user sees; undefined: all. */
  readonly apps?: readonly string[];
}

const UserRow = z.object({
  username: z.string(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  allAppsVisible: z.boolean().nullish(),
});
const Invitation = z.object({ email: z.string(), expirationDate: z.string().nullish() });

export async function readTeam(emails: readonly string[], ports: Ports): Promise<Read<Team>> {
  const asked = emails.join(',');
  const users = await list(
    '/v1/users',
    { 'filter[username]': asked, include: 'visibleApps', 'limit[visibleApps]': '50' },
    UserRow,
    ports,
  );
  if (!users.ok) return users;
  const known = new Map(
    users.value.rows.map(({ attributes: { username, firstName, lastName, allAppsVisible }, related }) => {
      // Only where Apple says both: an answer without the relation tells nothing about what the user sees.
      const apps = allAppsVisible === false ? related.visibleApps : undefined;
      const user: User = { firstName: firstName ?? '', lastName: lastName ?? '', ...(apps && { apps }) };
      return [username.toLowerCase(), user] as const;
    }),
  );
  const strangers = emails.filter((email) => !known.has(email.toLowerCase()));
  if (strangers.length === 0) return { ok: true, value: { users: known, invitations: new Map(), everybody: [] } };
  const invitations = await list('/v1/userInvitations', { 'filter[email]': strangers.join(',') }, Invitation, ports);
  if (!invitations.ok) return invitations;
  const invited = invitations.value.rows.map(
    ({ attributes: { email, expirationDate } }) => [email.toLowerCase(), expirationDate ?? ''] as const,
  );
  const all = await list('/v1/users', {}, UserRow, ports);
  const everybody = all.ok ? all.value.rows.map(({ attributes }) => attributes.username) : [];
  return { ok: true, value: { users: known, invitations: new Map(invited), everybody } };
}

/** Why a person cannot be an internal tester of this app yet; undefined: they can (facts/app-store-connect.md §8.5). */
export function whyNotInTeam(
  email: string,
  { users, invitations }: Team,
  { app, now }: { readonly app: string; readonly now: Date },
): string | undefined {
  const user = users.get(email.toLowerCase());
  if (user !== undefined) {
    return user.apps === undefined || user.apps.includes(app)
      ? undefined
      : `${email} is a user of the team and cannot see this app: Users and Access → People → the person → Apps.`;
  }
  const expires = invitations.get(email.toLowerCase());
  if (expires === undefined)
    return `${email} is no user of the team and was not invited (the user name is the Apple Account, which may be another address).`;
  if (Date.parse(expires) < now.getTime())
    return `The invitation of ${email} to the team ran out on ${expires.slice(0, 10)}: send it again.`;
  return `${email} was invited to the team and has not accepted yet (until ${expires.slice(0, 10)}).`;
}

/** The team's user names for whoever looks for the right address; '' where nobody is missing from it. */
export function whoIsInTeam({ everybody }: Team): string {
  return everybody.length === 0 ? '' : `In the team: ${fewOf(everybody, { most: SHOWN })}.`;
}

const SHOWN = 10;
