// Register a bundle id with Apple: by the API where a key is there, else by hand in the developer portal.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Look } from '../../src/step.ts';
import { absent, BundleId, findApps, sift } from './apps.ts';
import { endOf, hasKey, isBelow, list, notBegun, notSeen, type Ports, type PortsToAct, write } from './client.ts';
import { login } from './login.ts';

const With = z.strictObject({
  identifier: BundleId,
  /** The description in the portal: letters, digits and spaces. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9 ]+$/, 'letters, digits and spaces: Apple takes nothing else here')
    .optional(),
  platform: z.enum(['IOS', 'MAC_OS', 'UNIVERSAL']).default('IOS'),
});
type Want = z.output<typeof With>;

const Attributes = z.object({ identifier: z.string(), name: z.string().nullish(), platform: z.string().nullish() });

export const bundleId = defineStep({
  name: 'appstore/bundle-id',
  summary: 'Register a bundle id with Apple',
  example: 'with: { identifier: com.example.app, name: Example }',
  with: With,
  outputs: z.object({ id: z.string() }),
  describe: ({ identifier }) => `the bundle id ${identifier} is registered with Apple`,
  commands: ({ identifier }) => [['POST', `/v1/bundleIds`, identifier]],
  verify: look,
  canAct: async (_want, ports) => hasKey(ports),
  act: register,
  guide,
  undo: {
    describe: ({ identifier }) =>
      `Gives the bundle id ${identifier} back to Apple; possible only while no app record uses it.`,
    act: giveBack,
    verify: async (want, ports) => {
      const still = await look(want, ports);
      if (still.is === 'unknown') return still;
      if (still.is === 'not-so') return { is: 'so', seen: still.seen };
      return { is: 'not-so', expected: `${want.identifier} is not registered`, seen: still.seen };
    },
  },
  login,
  takes: 'a minute',
  checkedAgainst: 'stand-in',
});

async function look({ identifier, platform }: Want, ports: Ports): Promise<Look> {
  const read = await list('/v1/bundleIds', { 'filter[identifier]': identifier }, Attributes, ports);
  if (!read.ok) return notSeen(read.problem);
  const { exact, near } = sift(read.value.rows, identifier, ({ attributes }) => attributes.identifier);
  const [found] = exact;
  const expected = `the bundle id ${identifier} registered for ${platform}`;
  if (found === undefined) return { is: 'not-so', expected, seen: absent('it is not registered', near) };
  const registeredFor = found.attributes.platform ?? 'UNIVERSAL';
  // An id may come back as UNIVERSAL though it was registered for iOS (facts/app-store-connect.md §7.2).
  if (registeredFor !== platform && registeredFor !== 'UNIVERSAL')
    return { is: 'not-so', expected, seen: `it is registered for ${registeredFor}` };
  return {
    is: 'so',
    seen: `${identifier} is registered (${found.attributes.name ?? 'no description'}, ${registeredFor})`,
    outputs: { id: found.id },
  };
}

async function register(want: Want, ports: PortsToAct): Promise<Acted> {
  const { identifier, platform } = want;
  const written = await write(
    'POST',
    '/v1/bundleIds',
    { type: 'bundleIds', attributes: { identifier, name: descriptionOf(want), platform } },
    ports,
  );
  if (written.ended === 'ok') return { ended: 'ok', ...(written.id !== undefined && { outputs: { id: written.id } }) };
  if (written.ended === 'unclear') return written;
  const { why, hint, code } = written;
  // Registered meanwhile, or by another team: what can be seen decides.
  if (isBelow(code, 'ENTITY_ERROR.ATTRIBUTE.INVALID') && (await look(want, ports)).is === 'so')
    return { ended: 'ok', seen: `${identifier} was registered already` };
  return { ended: 'failed', why, ...(hint !== undefined && { hint }) };
}

async function giveBack(want: Want, ports: PortsToAct): Promise<Acted> {
  const apps = await findApps(want.identifier, ports);
  if (apps.ok && apps.value.exact.length > 0)
    return { ended: 'failed', why: `nothing was changed: an app record uses ${want.identifier}, so Apple keeps it` };
  const seen = await look(want, ports);
  if (seen.is !== 'so') return notBegun(seen);
  const written = await write('DELETE', `/v1/bundleIds/${seen.outputs?.id ?? ''}`, undefined, ports);
  return endOf(written, `${want.identifier} given back`);
}

function guide(want: Want): Guide {
  return {
    open: 'https://developer.apple.com/account/resources/identifiers/list',
    copy: { Description: descriptionOf(want), 'Bundle ID': want.identifier },
    text: `Sign in as Account Holder or Admin, and look at the team name (top right) first.

1. Next to **Identifiers** press the round **+**.
2. **App IDs** → **Continue** → **App** → **Continue**.
3. **Description**: \`${descriptionOf(want)}\`. **Bundle ID**: choose **Explicit** and type \`${want.identifier}\` exactly, upper and lower case as here.
4. Tick the capabilities that the app uses. They can be changed later; the bundle id cannot.
5. **Continue** → **Register**.

It has worked when \`${want.identifier}\` stands in the list of identifiers. If Apple says it is not available, another team has it, or Xcode has registered it for you already under a name that begins with "XC".`,
  };
}

/** The bundle id itself has dots, which Apple does not take in a description. */
const descriptionOf = ({ name, identifier }: Want): string => name ?? identifier.replaceAll(/[^A-Za-z0-9]+/g, ' ');
