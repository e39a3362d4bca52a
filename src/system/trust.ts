// Which certificate authorities are trusted: the usual ones, and those a test or a rehearsal brings.
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

const contexts = new Map<string, SecureContext>();

/** undefined without further authorities: the system's default then serves. A given list replaces it, so the roots are in it too. */
export function secureContextFor(ca: string | undefined): SecureContext | undefined {
  if (ca === undefined) return undefined;
  const known = contexts.get(ca) ?? createSecureContext({ ca: [...rootCertificates, ca] });
  contexts.set(ca, known); // Reading 150 roots takes milliseconds: once a run, not once a request.
  return known;
}
