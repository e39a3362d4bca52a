// Who of some people is a user of the team, and who was invited to it.
import { z } from 'zod';
import { list, type Ports, type Read } from './client.ts';

export interface Team {
  /** By user name (the e-mail of the Apple Account) in lower case. */
  readonly users: ReadonlyMap<string, { readonly firstName: string; readonly lastName: string }>;
  /** When the invitation runs out (ISO 8601), by e-mail in lower case. */
  readonly invitations: ReadonlyMap<string, string>;
}

const User = z.object({ username: z.string(), firstName: z.string().nullish(), lastName: z.string().nullish() });
const Invitation = z.object({ email: z.string(), expirationDate: z.string().nullish() });

export async function readTeam(emails: readonly string[], ports: Ports): Promise<Read<Team>> {
  const asked = emails.join(',');
  const users = await list('/v1/users', { 'filter[username]': asked }, User, ports);
  if (!users.ok) return users;
  const invitations = await list('/v1/userInvitations', { 'filter[email]': asked }, Invitation, ports);
  if (!invitations.ok) return invitations;
  const people = users.value.rows.map(
    ({ attributes: { username, firstName, lastName } }) =>
      [username.toLowerCase(), { firstName: firstName ?? '', lastName: lastName ?? '' }] as const,
  );
  const invited = invitations.value.rows.map(
    ({ attributes: { email, expirationDate } }) => [email.toLowerCase(), expirationDate ?? ''] as const,
  );
  return { ok: true, value: { users: new Map(people), invitations: new Map(invited) } };
}

/** Why a person cannot be an internal tester yet; undefined for users of the team (facts/app-store-connect.md §8.5). */
export function whyNotInTeam(email: string, { users, invitations }: Team, now: Date): string | undefined {
  if (users.has(email.toLowerCase())) return undefined;
  const expires = invitations.get(email.toLowerCase());
  if (expires === undefined)
    return `${email} is no user of the team and was not invited (the user name is the Apple Account, which may be another address).`;
  if (Date.parse(expires) < now.getTime())
    return `The invitation of ${email} to the team ran out on ${expires.slice(0, 10)}: send it again.`;
  return `${email} was invited to the team and has not accepted yet.`;
}
