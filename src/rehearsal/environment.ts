// The environment of a rehearsal: the person's, without anything that would open a door to the real world.

/** Variables of providers, whatever they hold. */
const ofProviders =
  /^(FLY|ASC|APP_STORE_CONNECT|FASTLANE|MATCH|CLOUDFLARE|CF|TWILIO|OPENAI|ANTHROPIC|AWS|AZURE|GOOGLE|GCP|DIGITALOCEAN|SENTRY|STRIPE|SENDGRID|SLACK|NPM|GITHUB|GH|GITLAB|OP|VAULT|DATABASE|PG|REDIS|SSH)_/;
/** Names that say they are secret. */
const secretSounding = /(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|PRIVATE_KEY|API_?KEY|ACCESS_KEY|AUTH)$/i;
const exactly = new Set(['DATABASE_URL', 'PGPASSWORD', 'GH_TOKEN', 'LAUNCHBOOK_STANDIN']);

export const opensADoor = (name: string): boolean =>
  exactly.has(name) || ofProviders.test(name) || secretSounding.test(name);

/** `canaries`: names that the runbook reads a secret from; each gets a value that is easy to find again. `standIns`: set as they are. */
export function rehearsalEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  {
    canaries = [],
    standIns,
  }: { readonly canaries?: readonly string[]; readonly standIns: Readonly<Record<string, string>> },
): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !opensADoor(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(canaries.map((name) => [name, canary(name)])),
    ...standIns,
  };
}

/** A value for a secret in a rehearsal: long, the same each time, and recognisable wherever it turns up. */
export const canary = (name: string): string => `canary-${name}-0123456789abcdef`;
