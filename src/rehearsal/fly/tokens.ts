// fly tokens create, list, revoke, and auth token (facts/flyctl.md §3.24, §3.2). Each create makes another valid token, shown once.
import { resolveOrg } from './account.ts';
import { type Call, newId } from './call.ts';
import { canaryToken } from './canary.ts';
import { milliseconds } from './definition.ts';
import { FlyError } from './errors.ts';
import type { Token } from './model.ts';
import { goTime, table } from './output.ts';
import { hashOf } from './session.ts';

const twentyYearsMs = 175_200 * 3_600_000;

export const createToken =
  (kind: Exclude<Token['kind'], 'user'>) =>
  async (call: Call): Promise<void> => {
    if (call.identity.app !== undefined)
      throw new FlyError('failed creating token: Not authorized to access this createlimitedaccesstoken');
    const ofOrg = kind === 'org' || kind === 'readonly';
    const org = ofOrg ? resolveOrg(call).slug : call.app(call.read()).org;
    const expiry = call.flags.text('expiry');
    const lasts = expiry === undefined ? twentyYearsMs : milliseconds(expiry, 0);
    if (!lasts)
      throw new FlyError(`invalid argument "${expiry}" for "-x, --expiry" flag: time: invalid duration "${expiry}"`);
    const made = await call.act(
      (state) => {
        const id = newId(state, 12);
        const shown = canaryToken(id);
        const name =
          call.flags.text('name') ??
          {
            deploy: 'flyctl deploy token',
            org: 'Org deploy token',
            readonly: 'Read-only org token',
            ssh: 'flyctl ssh token',
            'machine-exec': 'flyctl machine-exec token',
          }[kind];
        const token: Token = {
          id,
          token: hashOf(shown),
          kind,
          email: `token-${id}@tokens.fly.io`,
          org,
          name,
          expiresAt: call.now() + lasts,
        };
        if (!ofOrg) token.app = call.appName;
        state.tokens.push(token);
        return { name, shown };
      },
      ({ name }) => `token created ${name}`,
    );
    if (call.wantsJson) call.json({ token: made.shown });
    else call.out(`${made.shown}\n`);
  };

/** Text only. */
export async function listTokens(call: Call): Promise<void> {
  const ofOrg = call.flags.text('scope') === 'org';
  const org = ofOrg ? resolveOrg(call).slug : undefined;
  if (!ofOrg && call.appName === '') throw new FlyError('missing an app name. Specify one with -a APP_NAME');
  if (!ofOrg) call.app(call.read());
  const found = call
    .read()
    .tokens.filter((one) => one.id !== undefined && (ofOrg ? one.org === org && !one.app : one.app === call.appName));
  call.out(
    table(
      ['ID', 'Name', 'Created By', 'Expires At'],
      found.map((one) => [one.id ?? '', one.name ?? '', call.identity.email, goTime(one.expiresAt ?? 0)]),
    ),
  );
}

/** A failure is printed and passed over. */
export async function revokeTokens(call: Call): Promise<void> {
  for (const id of call.args) {
    const known = call.read().tokens.some((one) => one.id === id);
    if (!known) {
      call.out(`Failed to revoke token ${id}: Could not find LimitedAccessToken\n`);
      continue;
    }
    await call.act(
      (state) => void (state.tokens = state.tokens.filter((one) => one.id !== id)),
      () => `token revoked ${id}`,
    );
    call.out(`Revoked ${id}\n`);
  }
}

/** It prints a live credential; the note that it is deprecated goes to stderr. */
export async function authToken(call: Call): Promise<void> {
  if (!call.flags.is('quiet'))
    call.err("The 'fly auth token' command is deprecated. Use 'fly tokens create' instead.\n");
  const token = canaryToken(call.identity.email);
  if (call.wantsJson) call.json({ token });
  else call.out(`${token}\n`);
}
