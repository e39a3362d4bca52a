// Credentials that the real tool prints: the stand-in prints recognisable ones, so that who drives it is seen to catch them.
import { createHash } from 'node:crypto';

/** Every one of them begins with this. */
export const canaryMark = 'canary';

export const canaryPassword = (of: string): string =>
  canaryMark + createHash('sha256').update(`password of ${of}`).digest('hex').slice(0, 20);

export const canaryToken = (of: string): string =>
  `FlyV1 fm2_${canaryMark}${createHash('sha256').update(`token of ${of}`).digest('base64url')}`;
