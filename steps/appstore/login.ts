// Before the first act: is there a key for App Store Connect, does Apple take it, and is it the one that the runbook names?
import type { Login, Look } from '../../src/step.ts';
import { hasKey, keyOf, notSeen, type Ports, tryKey } from './client.ts';

/** `accounts: { appstore: { key: …, issuer: … } }`. Without a key nothing stops: then a person does these steps. */
export const login: Login = {
  account: 'appstore',
  check: async (expected, ports) => {
    if (!hasKey(ports)) return NO_KEY;
    const { id, issuer } = keyOf(ports);
    const other = differs('key', expected.key, id) ?? differs('issuer', expected.issuer, issuer);
    return other ?? asWhom(id, issuer, ports);
  },
};

const NO_KEY: Look = {
  is: 'so',
  seen: 'no API key (ASC_KEY_ID, ASC_ISSUER_ID, ASC_KEY_FILE): what is done there is done by hand, and cannot be looked at',
};

function differs(what: 'key' | 'issuer', wanted: string | undefined, seen: string): Look | undefined {
  if (wanted === undefined || wanted === seen) return undefined;
  return {
    is: 'not-so',
    expected: `the ${what} ${wanted}`,
    seen: `the ${what} ${seen || '(none)'}`,
    hint: `It is another team's, or another key: set ${what === 'key' ? 'ASC_KEY_ID and ASC_KEY_FILE' : 'ASC_ISSUER_ID'}.`,
    final: true,
  };
}

async function asWhom(id: string, issuer: string, ports: Ports): Promise<Look> {
  const who = issuer === '' ? `individual key ${id}` : `key ${id} of the team ${issuer}`;
  const read = await tryKey(ports);
  if (read.ok) return { is: 'so', seen: who };
  const { status, why, hint } = read.problem;
  // Apple knows the key and refuses the request: an agreement, a role. The steps that it hinders will say so.
  if (status === 403) return { is: 'so', seen: `${who}; at the moment it is refused: ${why}. ${hint ?? ''}`.trim() };
  if (status === 401)
    return { is: 'not-so', expected: `a key that Apple takes`, seen: why, ...(hint && { hint }), final: true };
  return notSeen({ why, hint: 'To go on without it, unset ASC_KEY_ID: then these steps are done by hand.' });
}
