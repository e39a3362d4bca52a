// The App Store Connect key of a rehearsal: a generated .p8 for the environment, and what checks the tokens that are signed with it.
import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readText, replaceFile } from './stand-in-file.ts';

export interface AppStoreKey {
  /** ASC_KEY_ID, ASC_ISSUER_ID, ASC_KEY_FILE. */
  readonly environment: Readonly<Record<string, string>>;
  /** Why Apple would refuse the `Authorization` header at `now`; undefined: it is fine. */
  refusal(authorization: string | undefined, now: Date): string | undefined;
}

const keyId = 'STANDIN001';
const issuer = '00000000-57a0-4d1d-8000-000000000001';
const longestLife = 1200;
/** Seconds that Apple's clock forgives: a token from a few seconds ahead fails (`facts/app-store-connect.md` §2.4). */
const leeway = 5;

const Header = z.object({ alg: z.literal('ES256'), kid: z.literal(keyId), typ: z.literal('JWT') });
const Claims = z.object({
  iss: z.literal(issuer),
  iat: z.number(),
  exp: z.number(),
  aud: z.literal('appstoreconnect-v1'),
});

export function openAppStoreKey(folder: string): AppStoreKey {
  const file = join(folder, `AuthKey_${keyId}.p8`);
  const pem = readText(file) ?? newKey(file);
  const publicKey = createPublicKey(createPrivateKey(pem));
  return {
    environment: { ASC_KEY_ID: keyId, ASC_ISSUER_ID: issuer, ASC_KEY_FILE: file },
    refusal: (authorization, now) => {
      const [head = '', body = '', signature = '', ...more] =
        /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]?.split('.') ?? [];
      if (more.length > 0 || signature.length !== 86) return 'the token has no ES256 signature of 86 characters';
      if (!Header.safeParse(part(head)).success) return 'the header of the token is not { alg: ES256, kid, typ: JWT }';
      const claims = Claims.safeParse(part(body));
      if (!claims.success) return 'the claims of the token are not right (iss, iat, exp, aud)';
      const seconds = now.getTime() / 1000;
      const { iat, exp } = claims.data;
      if (exp - iat > longestLife) return 'the token lives longer than 20 minutes';
      if (iat > seconds + leeway || exp > seconds + longestLife) return 'the token is from the future';
      if (exp <= seconds) return 'the token has run out';
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
      const signed = verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
      return signed ? undefined : 'the signature of the token is not by this key';
    },
  };
}

function newKey(file: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  replaceFile(file, pem);
  return pem;
}

function part(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch {
    // No JSON: the schema refuses undefined with the right sentence.
    return undefined;
  }
}
