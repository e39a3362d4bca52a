// The App Store Connect key of the person: where it is found, and the token signed with it.
import { importPKCS8, SignJWT } from 'jose';
import type { Use } from '../../src/system/ports.ts';

export interface Problem {
  readonly why: string;
  readonly hint?: string;
}

/** Are key id and file set? Only a team's key has an issuer. Whether the key is good shows at the first request. */
export const hasKey = ({ env }: Use<'env'>): boolean =>
  (['ASC_KEY_ID', 'ASC_KEY_FILE'] as const).every((name) => (env.get(name) ?? '') !== '');

/** Whose key it is, as far as it says itself. Both are identifiers, no secrets. */
export const keyOf = ({ env }: Use<'env'>): { readonly id: string; readonly issuer: string } => ({
  id: env.get('ASC_KEY_ID') ?? '',
  issuer: env.get('ASC_ISSUER_ID') ?? '',
});

/** A token for the next ten minutes, or why there is none. */
export async function signToken({
  env,
  files,
  clock,
}: Use<'env' | 'files' | 'clock'>): Promise<{ readonly token: string } | Problem> {
  if (!hasKey({ env })) return NO_KEY;
  const { id, issuer } = keyOf({ env });
  const path = env.get('ASC_KEY_FILE') ?? '';
  const pem = await readKey(path, { env, files });
  if (typeof pem !== 'string') return pem;
  try {
    const key = await importPKCS8(pem, 'ES256');
    // Apple refuses tokens of more than 20 minutes, and those of a clock that is seconds ahead (facts/app-store-connect.md §2.4).
    const now = Math.floor(clock.now().getTime() / 1000);
    // A person's own key names no issuer but the subject `user` (§2.3).
    const owner = issuer === '' ? new SignJWT({}).setSubject('user') : new SignJWT({}).setIssuer(issuer);
    const token = await owner
      .setProtectedHeader({ alg: 'ES256', kid: id, typ: 'JWT' })
      .setIssuedAt(now - 60)
      .setExpirationTime(now + 600)
      .setAudience('appstoreconnect-v1')
      .sign(key);
    return { token };
  } catch {
    // What the library says may quote the key.
    return unusable(path, pem);
  }
}

/** A key file mostly lies outside the project, where only the environment port reaches; a project may also hold it. */
async function readKey(path: string, { env, files }: Use<'env' | 'files'>): Promise<string | Problem> {
  try {
    const text = (await env.file?.('ASC_KEY_FILE')) ?? (await files.read(path));
    if (text !== undefined) return text;
    return {
      why: `there is no file ${path} (ASC_KEY_FILE)`,
      hint: 'Apple gives the .p8 file once only: look for AuthKey_<key id>.p8, or make a new key.',
    };
  } catch (error) {
    return {
      why: `the App Store Connect key ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function unusable(path: string, pem: string): Problem {
  if (pem.includes('BEGIN EC PRIVATE KEY')) {
    return {
      why: `${path} is not in the form Apple gives (PKCS#8)`,
      hint: `Convert it: openssl pkcs8 -topk8 -nocrypt -in ${path} -out AuthKey.p8`,
    };
  }
  return { why: `${path} is not an App Store Connect key: a .p8 file begins with -----BEGIN PRIVATE KEY-----` };
}

const NO_KEY: Problem = {
  why: 'no App Store Connect key (ASC_KEY_ID, ASC_ISSUER_ID, ASC_KEY_FILE)',
  hint: 'Make one in App Store Connect: Users and Access → Integrations → App Store Connect API → Team Keys → "+", role App Manager; set the three variables.',
};
