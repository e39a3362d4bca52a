// Does a value look as if it was made for tests? Words about it, never the value.

/** Why it looks so; undefined where it does not. */
export function looksLikeTest(name: string, value: string): string | undefined {
  return SIGNS.find(({ sign }) => sign.test(value))?.why ?? (nameSaysTest(name) ? 'its name says test' : undefined);
}

/** Of a secret on Fly only the name can be looked at. */
export const nameSaysTest = (name: string): boolean => NAMES.test(name);

const SIGNS: readonly { readonly sign: RegExp; readonly why: string }[] = [
  { sign: /^(sk|pk|rk|whsec|mk)_test_/i, why: 'it begins like a test key of Stripe and others' },
  {
    sign: /(^|[^a-z])(change[_-]?me|replace[_-]?me|your[_-].*(key|token|secret)|xxxx+|todo|dummy|placeholder)([^a-z]|$)/i,
    why: 'it is a placeholder',
  },
  { sign: /^(test|secret|password|123456\d*|abc123|foobar?|hunter2)$/i, why: 'it is a word that stands in examples' },
  {
    sign: /:\/\/(localhost|[\w.-]*\.(test|example|local)|host\.docker\.internal)([:/]|$)/i,
    why: 'it leads to this machine or to an example',
  },
  { sign: /(^|[^a-z])(sandbox|staging)([^a-z]|$)/i, why: 'it speaks of staging or a sandbox' },
];

const NAMES = /(^|_)(TEST|SANDBOX)_?(KEY|TOKEN|SECRET)/;
