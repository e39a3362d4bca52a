// Makes the values of secrets that a runbook says to generate.
import type { SecretSpec } from '../system/ports.ts';

/**
 * A new value: `hex32` and `base64-32` are 32 random bytes (as `openssl rand -hex 32` and `-base64 32` print them), `uuid` is version 4.
 * `random` gives that many bytes, as hex.
 */
export function generateSecret(how: NonNullable<SecretSpec['generate']>, random: (bytes: number) => string): string {
  return RECIPES[how](random);
}

type Recipe = (random: (bytes: number) => string) => string;

const RECIPES: Readonly<Record<NonNullable<SecretSpec['generate']>, Recipe>> = {
  hex32: (random) => random(32),
  'base64-32': (random) => Buffer.from(random(32), 'hex').toString('base64'),
  uuid: (random) => {
    const bytes = Buffer.from(random(16), 'hex');
    // RFC 9562: the version in the high half of byte 6, the variant in the top bits of byte 8.
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  },
};
