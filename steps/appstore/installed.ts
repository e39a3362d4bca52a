// Who of the testers has installed the build: Apple lists each tester's state and phones.
import { z } from 'zod';
import { defineStep, type Guide, type Look } from '../../src/step.ts';
import { BundleId, theApp, theGroup } from './apps.ts';
import { buildFields, nameOf } from './builds.ts';
import { notSeen, type Ports } from './client.ts';
import { login } from './login.ts';
import { readTesters, type TesterRow } from './tester-rows.ts';
import { isSameVersion } from './versions.ts';

const With = z.strictObject({
  'bundle-id': BundleId,
  group: z.string().min(1),
  emails: z.array(z.email('an e-mail address')).min(1),
  /** The build number that has to be on their phones; left out: any. */
  build: buildFields.build,
});
type Want = z.output<typeof With>;

export const installed = defineStep({
  name: 'appstore/installed',
  summary: 'Check that testers have installed a build from TestFlight',
  example: 'with: { bundle-id: com.example.app, group: Internal Testers, emails: [ann@example.com], build: "42" }',
  with: With,
  outputs: z.object({ installed_by: z.string() }),
  describe: (want) => `${want.emails.join(', ')} installed ${whatOf(want)} of ${want['bundle-id']}`,
  verify: look,
  guide,
  login,
  within: '1d',
  every: '1m',
  takes: 'as long as the slowest tester; Apple shows it with a delay',
  checkedAgainst: 'stand-in',
});

const whatOf = ({ build }: Want): string => (build === undefined ? 'a build' : nameOf({ build }));

async function look(want: Want, ports: Ports): Promise<Look> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return app;
  const group = await theGroup(app.id, want.group, ports);
  if ('is' in group) return group;
  const read = await readTesters(group.id, ports);
  if (!read.ok) return notSeen(read.problem);
  const each = want.emails.map((email) => ({ email, ...judge(read.value.get(email.toLowerCase()), want.build) }));
  const missing = each.filter(({ has }) => has === 'no');
  if (missing.length > 0) {
    const hints = [...new Set(missing.flatMap(({ hint }) => hint ?? []))].join(' ');
    return {
      is: 'not-so',
      expected: `${whatOf(want)} installed by ${want.emails.join(', ')}`,
      seen: each.map(({ email, seen }) => `${email}: ${seen}`).join('; '),
      ...(hints !== '' && { hint: hints }),
    };
  }
  const unsure = each.filter(({ has }) => has === 'perhaps');
  if (unsure.length > 0) {
    const why = unsure.map(({ email, seen }) => `${email}: ${seen}`).join('; ');
    return {
      is: 'unknown',
      why,
      hint: 'Ask them for the build number that TestFlight shows under the name of the app.',
    };
  }
  const seen = each.map((one) => `${one.email} (${one.seen})`).join(', ');
  return { is: 'so', seen: `installed by ${seen}`, outputs: { installed_by: seen } };
}

interface Judgement {
  readonly has: 'yes' | 'no' | 'perhaps';
  readonly seen: string;
  readonly hint?: string;
}

function judge(row: TesterRow | undefined, build: string | undefined): Judgement {
  const state = row?.attributes.state ?? '';
  if (row === undefined) return { has: 'no', seen: 'not in the group', hint: 'Put them into the group first.' };
  const before = BEFORE[state];
  if (before !== undefined) return { has: 'no', ...before };
  if (state !== 'INSTALLED') return { has: 'perhaps', seen: `in a state that we do not know: ${state || '(none)'}` };
  const devices = row.attributes.appDevices ?? [];
  const phones = devices.map(({ model, osVersion, appBuildVersion }) =>
    [model ?? 'a device', osVersion && `iOS ${osVersion}`, appBuildVersion && `build ${appBuildVersion}`]
      .filter(Boolean)
      .join(', '),
  );
  if (build === undefined) return { has: 'yes', seen: phones.join('; ') || 'installed' };
  const numbers = devices.flatMap(({ appBuildVersion }) => appBuildVersion ?? []);
  if (numbers.length === 0) return { has: 'perhaps', seen: 'installed, but Apple does not say which build' };
  if (numbers.some((number) => isSameVersion(number, build))) return { has: 'yes', seen: phones.join('; ') };
  return {
    has: 'no',
    seen: `has another build: ${phones.join('; ')}`,
    hint: 'TestFlight on the phone → the app → Update.',
  };
}

/** `state` of a tester before INSTALLED (facts/app-store-connect.md §8.5). */
const BEFORE: Readonly<Record<string, { readonly seen: string; readonly hint: string }>> = {
  NOT_INVITED: { seen: 'no mail yet', hint: 'The mail goes out with the first build that the group can test.' },
  INVITED: {
    seen: 'invited, not accepted',
    hint: 'They open the mail on the phone, with the same Apple Account, and accept.',
  },
  ACCEPTED: { seen: 'accepted, not installed', hint: 'A phone below the lowest iOS of the app is not offered it.' },
  REVOKED: { seen: 'removed from testing', hint: 'Put them into the group again.' },
};

function guide(want: Want): Guide {
  return {
    open: 'https://appstoreconnect.apple.com/apps',
    text: `Each tester, on their own phone: ${want.emails.map((email) => `\`${email}\``).join(', ')}.

1. Open the mail from TestFlight on the phone (the invitation) → **View in TestFlight** → **Accept**. The phone must be signed in with the Apple Account that was invited.
2. **Install**, or **Update** where an older build is there. TestFlight shows the build number under the name of the app${want.build === undefined ? '' : `: it must be **${want.build}**`}.
3. Open the app once.

It has worked when the tester stands in the group **${want.group}** as **Installed**. Apple shows that with a delay. If the app is not offered: the phone's iOS is below the app's lowest, or the build is not in the group.`,
  };
}
