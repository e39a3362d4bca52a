// What signs the app is there: a distribution certificate and a store profile, neither about to expire. Automatic signing may do without.
import { z } from 'zod';
import { defineStep, type Guide, type Look } from '../../src/step.ts';
import { BundleId } from './apps.ts';
import { list, notSeen, type Ports, type Read } from './client.ts';
import { login } from './login.ts';

const With = z.strictObject({
  'bundle-id': BundleId,
  style: z.enum(['automatic', 'manual']).default('automatic'),
  'days-left': z.int().min(0).default(14).describe('Certificate and profile must be good for so many days more'),
});
type Want = z.output<typeof With>;

export const signing = defineStep({
  name: 'appstore/signing',
  summary: 'Check the certificate and profile that sign the app',
  example: 'with: { bundle-id: com.example.app, style: manual }',
  with: With,
  describe: (want) => `${want['bundle-id']} can be signed for TestFlight (${want.style} signing)`,
  verify: look,
  guide,
  login,
  takes: 'five minutes',
  checkedAgainst: 'stand-in',
});

interface Asset {
  readonly name: string;
  /** Milliseconds; not a number where Apple does not say. */
  readonly until: number;
}

async function look(want: Want, ports: Ports): Promise<Look> {
  const certificates = await readCertificates(ports);
  if (!certificates.ok) return notSeen(certificates.problem);
  const profiles = await readProfiles(want['bundle-id'], ports);
  if (!profiles.ok) return notSeen(profiles.problem);
  const found = [
    { what: 'distribution certificate', ...newest(certificates.value) },
    { what: 'App Store profile', ...newest(profiles.value) },
  ];
  const seen = found
    .map(({ what, name, until }) => (name === undefined ? `no ${what}` : `${what} "${name}" until ${dayOf(until)}`))
    .join(', ');
  const soon = ports.clock.now().getTime() + want['days-left'] * DAY;
  const bad = found.filter(({ name, until }) => name === undefined || until < soon);
  if (bad.length === 0) return { is: 'so', seen };
  // Xcode makes what is missing when it exports, or Apple signs in the cloud: then there is nothing to be seen (§8.3).
  if (want.style === 'automatic') return { is: 'so', seen, warning: AUTOMATIC };
  return {
    is: 'not-so',
    expected: `a distribution certificate and an App Store profile for ${want['bundle-id']}, good for ${want['days-left']} days`,
    seen,
    hint: bad.some(({ name }) => name !== undefined)
      ? `Runs out too soon: ${bad.flatMap(({ name }) => name ?? []).join(', ')}. Make a new one, and a new profile with it.`
      : MISSING,
  };
}

async function readCertificates(ports: Ports): Promise<Read<readonly Asset[]>> {
  const Certificate = z.object({
    displayName: z.string().nullish(),
    name: z.string().nullish(),
    expirationDate: z.string().nullish(),
  });
  const query = { 'filter[certificateType]': 'DISTRIBUTION,IOS_DISTRIBUTION' };
  const read = await list('/v1/certificates', query, Certificate, ports);
  if (!read.ok) return read;
  const value = read.value.rows.map(({ id, attributes: { displayName, name, expirationDate } }) => ({
    name: name ?? displayName ?? id,
    until: Date.parse(expirationDate ?? ''),
  }));
  return { ok: true, value };
}

/** Apple has no filter by bundle id here: the one that is included decides. */
async function readProfiles(bundleId: string, ports: Ports): Promise<Read<readonly Asset[]>> {
  const Profile = z.object({ name: z.string(), expirationDate: z.string().nullish() });
  const query = { 'filter[profileType]': 'IOS_APP_STORE', 'filter[profileState]': 'ACTIVE', include: 'bundleId' };
  const read = await list('/v1/profiles', query, Profile, ports);
  if (!read.ok) return read;
  const Identifier = z.object({ identifier: z.string() });
  const mine = new Set(
    read.value.included
      .filter(
        ({ type, attributes }) =>
          type === 'bundleIds' && Identifier.safeParse(attributes).data?.identifier === bundleId,
      )
      .map(({ id }) => id),
  );
  const value = read.value.rows
    .filter(({ related }) => (related.bundleId ?? []).some((id) => mine.has(id)))
    .map(({ attributes: { name, expirationDate } }) => ({ name, until: Date.parse(expirationDate ?? '') }));
  return { ok: true, value };
}

/** The one that is good for longest; without any: nothing. */
const newest = (assets: readonly Asset[]): { readonly name?: string; readonly until: number } =>
  [...assets].sort((a, b) => b.until - a.until)[0] ?? { until: Number.NaN };

const dayOf = (until: number): string =>
  Number.isNaN(until) ? 'an unknown day' : new Date(until).toISOString().slice(0, 10);

const DAY = 24 * 3_600_000;
const AUTOMATIC =
  'what is missing or about to run out is made by Xcode when it exports; with an API key that needs an Admin key';
const MISSING =
  'A certificate in the portal is of use only on the Mac that has its private key: Xcode → Settings → Accounts → Manage Certificates → "+" makes both.';

function guide(want: Want): Guide {
  const id = want['bundle-id'];
  const automatic = `In Xcode: the target → **Signing & Capabilities** → tick **Automatically manage signing** → choose the **Team**.

It has worked when no red line stands below **Signing Certificate**. Xcode makes certificate and profile by itself when it exports.`;
  const manual = `Account Holder or Admin.

1. In Xcode: **Settings** → **Accounts** → the team → **Manage Certificates** → **+** → **Apple Distribution**. Its private key stays on this Mac.
2. In the portal: **Profiles** → **+** → **App Store Connect** → **Continue** → App ID \`${id}\` → the certificate → a name → **Generate** → **Download**, and open the file.
3. In Xcode: the target → **Signing & Capabilities**, configuration Release → choose the profile.

It has worked when the profile stands in the list as **Active** and Xcode shows no red line.`;
  return {
    open: 'https://developer.apple.com/account/resources/profiles/list',
    text: want.style === 'automatic' ? automatic : manual,
  };
}
