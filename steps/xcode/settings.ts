// What an Xcode project would build: bundle id, version, signing, lowest iOS, any setting and any value of the Info.plist.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import { bundleIdOf, effective, numberOf, versionOf } from './facts.ts';
import { hazardsOf } from './hazards.ts';
import { type Build, isYes, type Project, readProject, type Target } from './project.ts';
import type { Setting } from './settings-levels.ts';
import { compareVersions } from './version-order.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Version = z.union([z.string(), z.number()]);

const With = z.strictObject({
  project: z.string().min(1),
  configuration: z.string().min(1),
  target: z.string().optional().describe("Left out: the project's app target, where it has one only"),
  'bundle-id': z.string().optional(),
  version: Version.optional(),
  build: Version.optional(),
  signing: z.enum(['automatic', 'manual']).optional(),
  team: z.string().optional(),
  /** The newest iOS that is public, or the oldest that testers have. */
  'minimum-ios-at-most': Version.optional(),
  'base-url': z
    .strictObject({ key: z.string().min(1), is: z.url({ protocol: /^https$/ }) })
    .optional()
    .describe('Where this build must send its requests: a value of the Info.plist or a build setting of that name'),
  'transport-security': z
    .enum(['strict'])
    .optional()
    .describe('`strict`: the Info.plist opens no server to requests without TLS'),
  settings: z.record(z.string(), Scalar).default({}),
  plist: z.record(z.string(), Scalar).default({}),
});
type Want = z.output<typeof With>;

export const settings = defineStep({
  name: 'xcode/settings',
  summary: 'Check what an Xcode project would build',
  example:
    'with: { project: ios/Example.xcodeproj, configuration: Release, bundle-id: com.example.app, minimum-ios-at-most: "17.0" }',
  with: With,
  outputs: z.object({
    bundle_id: z.string().optional(),
    version: z.string().optional(),
    build: z.string().optional(),
    team: z.string().optional(),
    minimum_ios: z.string().optional(),
  }),
  describe: (want) =>
    `${want.project}, ${want.configuration}: ${
      expectations(want)
        .map(({ what, expected }) => `${what} ${expected}`)
        .join(', ') || 'it can be read'
    }`,
  reads: ({ project }) => [`${project}/project.pbxproj`],
  verify: async (want, ports) => {
    const project = await open(want.project, () => readProject(want.project, ports));
    if (project === undefined)
      return { is: 'not-so', expected: `an Xcode project ${want.project}`, seen: 'there is none' };
    if ('is' in project) return project;
    const target = choose(want, project);
    if ('is' in target) return target;
    if (!target.configurations.includes(want.configuration)) {
      return {
        is: 'not-so',
        expected: `a configuration ${want.configuration} of ${target.name}`,
        seen: `${target.name} has ${target.configurations.join(', ')}`,
      };
    }
    const build = await open(want.project, () => project.build(target, want.configuration));
    if ('is' in build) return build;
    const looked = judge(want, target, build);
    if (looked.is !== 'so') return looked;
    const hazards = await hazardsOf(project, target, want.configuration, build);
    const warning = [...(looked.warning === undefined ? [] : [looked.warning]), ...hazards].join('; ');
    return warning === '' ? looked : { ...looked, warning };
  },
  checkedAgainst: 'stand-in',
});

/** A file that cannot be read or parsed tells nothing about what is in it. */
async function open<T>(path: string, read: () => Promise<T>): Promise<T | Look> {
  try {
    return await read();
  } catch (error) {
    return { is: 'unknown', why: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function choose({ target: wanted }: Want, { targets }: Project): Target | Look {
  const names = targets.map(({ name }) => name).join(', ');
  if (wanted !== undefined) {
    return (
      targets.find(({ name }) => name === wanted) ?? {
        is: 'not-so',
        expected: `a target ${wanted}`,
        seen: `the project has ${names || 'no target'}`,
      }
    );
  }
  const apps = targets.filter(({ isApp }) => isApp);
  const [app] = apps;
  if (app === undefined)
    return { is: 'not-so', expected: 'an app target', seen: `the project has ${names || 'no target'}` };
  if (apps.length === 1) return app;
  return {
    is: 'unknown',
    why: `the project has ${apps.length} app targets: ${apps.map(({ name }) => name).join(', ')}`,
    hint: 'Say which one: `target: …`.',
  };
}

interface Expectation {
  readonly what: string;
  readonly expected: string;
  read(build: Build): Setting;
  fits(seen: string): boolean;
  /** Right also where it is set nowhere. */
  readonly mayBeUnset?: boolean;
  /** Where it does not fit: the usual reason. */
  hint?(seen: string): string | undefined;
}

function judge(want: Want, target: Target, build: Build): Look {
  const read = expectations(want).map((one) => ({ ...one, seen: one.read(build) }));
  const wrong = read.filter(({ seen, fits, mayBeUnset }) =>
    seen.value === undefined ? !mayBeUnset || seen.unsure !== undefined : !fits(seen.value),
  );
  const unsure = wrong.find(({ seen }) => seen.unsure !== undefined);
  if (unsure !== undefined)
    return { is: 'unknown', why: `${unsure.what} of ${target.name} cannot be told: ${unsure.seen.unsure}` };
  const [bundleId, version, number, team, lowest] = FACTS.map((fact) => fact(build).value);
  if (wrong.length === 0) {
    const seen = `${target.name}, ${want.configuration}: ${bundleId ?? 'no bundle id'}, version ${version ?? '?'} (${number ?? '?'})${read.map(({ what, seen: { value } }) => `, ${what} ${value ?? 'not set'}`).join('')}`;
    const outputs = {
      ...(bundleId && { bundle_id: bundleId }),
      ...(version && { version }),
      ...(number && { build: number }),
      ...(team && { team }),
      ...(lowest && { minimum_ios: lowest }),
    };
    const doubts = new Set(read.flatMap(({ seen: { unsure } }) => unsure ?? []));
    const warning = [...doubts].join('; ');
    return { is: 'so', seen, outputs, ...(warning !== '' && { warning: `${warning}: it may say otherwise` }) };
  }
  const hints = wrong.flatMap(({ hint, seen }) => hint?.(seen.value ?? '') ?? []);
  return {
    is: 'not-so',
    expected: wrong.map(({ what, expected }) => `${what} ${expected}`).join('; '),
    seen: wrong.map(({ what, seen }) => `${what} ${seen.value ?? 'is not set'}`).join('; '),
    ...(hints.length > 0 && { hint: hints.join(' ') }),
  };
}

const FACTS = [
  bundleIdOf,
  versionOf,
  numberOf,
  (build: Build): Setting => build.setting('DEVELOPMENT_TEAM'),
  (build: Build): Setting => build.setting('IPHONEOS_DEPLOYMENT_TARGET'),
] as const;

function expectations(want: Want): readonly Expectation[] {
  const [bundleId, version, build] = FACTS;
  const given: readonly (Expectation | undefined)[] = [
    expect(want['bundle-id'], 'bundle id', bundleId, {
      hint: (expected, seen) =>
        expected.toLowerCase() === seen.toLowerCase()
          ? 'They differ in upper and lower case only: for Apple these are two bundle ids.'
          : undefined,
    }),
    expect(want.version, 'version', version, { fits: (expected, seen) => compareVersions(expected, seen) === 0 }),
    expect(want.build, 'build number', build, { fits: (expected, seen) => compareVersions(expected, seen) === 0 }),
    expect(want.signing, 'signing', (one) => one.setting('CODE_SIGN_STYLE'), {
      fits: (expected, seen) => expected === seen.toLowerCase(),
    }),
    expect(want.team, 'team', (one) => one.setting('DEVELOPMENT_TEAM')),
    expect(want['minimum-ios-at-most'], 'lowest iOS', (one) => one.setting('IPHONEOS_DEPLOYMENT_TARGET'), {
      fits: (expected, seen) => compareVersions(seen, expected) <= 0,
      say: (expected) => `at most ${expected}`,
      hint: (expected) =>
        `Phones with an older iOS are not offered the app in TestFlight: lower IPHONEOS_DEPLOYMENT_TARGET of the target. ${expected} is what this runbook says, nobody has looked it up: an iPhone shows the newest public iOS under Settings → General → Software Update.`,
    }),
    baseUrl(want['base-url']),
    want['transport-security'] && TRANSPORT,
    ...Object.entries(want.settings).map(([name, value]) => expect(value, name, (one) => one.setting(name))),
    ...Object.entries(want.plist).map(([key, value]) => expect(value, key, (one) => one.plist(key))),
  ];
  return given.filter((one) => one !== undefined);
}

function baseUrl(wanted: Want['base-url']): Expectation | undefined {
  if (wanted === undefined) return undefined;
  return expect(wanted.is, wanted.key, effective(wanted.key, wanted.key), {
    fits: (expected, seen) => withoutSlash(expected) === withoutSlash(seen),
    hint: (_expected, seen) => ADDRESSES.find(({ like }) => like.test(seen))?.hint,
  });
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '');

/** Addresses that stand in a Release build by mistake. */
const ADDRESSES: readonly { readonly like: RegExp; readonly hint: string }[] = [
  {
    like: /^https?:$/,
    hint: 'Two slashes begin a comment in an .xcconfig file: write https:/$()/api.example.com.',
  },
  {
    like: /localhost|127\.0\.0\.1|\.local\b|192\.168\.|10\.0\.2\.2/i,
    hint: 'It is an address of the machine it was built on: testers cannot reach it.',
  },
  { like: /ngrok|trycloudflare|loca\.lt/i, hint: 'It is a tunnel, which is gone when the laptop is closed.' },
  { like: /staging|\bdev\b/i, hint: 'It is the address of staging or development: set it for this configuration.' },
  { like: /^http:/i, hint: 'iOS refuses requests without TLS: it must begin with https://.' },
];

const TRANSPORT: Expectation = {
  what: 'NSAllowsArbitraryLoads',
  expected: 'off',
  read: (build) => build.plist('NSAppTransportSecurity.NSAllowsArbitraryLoads'),
  fits: (seen) => !isYes(seen),
  mayBeUnset: true,
  hint: () => 'Remove it from NSAppTransportSecurity in the Info.plist; name single domains where one has no TLS.',
};

function expect(
  value: string | number | boolean | undefined,
  what: string,
  read: (build: Build) => Setting,
  {
    fits = isSame,
    say = (expected) => expected,
    hint,
  }: {
    readonly fits?: (expected: string, seen: string) => boolean;
    readonly say?: (expected: string) => string;
    readonly hint?: (expected: string, seen: string) => string | undefined;
  } = {},
): Expectation | undefined {
  if (value === undefined) return undefined;
  const expected = String(value);
  return {
    what,
    expected: say(expected),
    read,
    fits: (seen) => fits(expected, seen),
    ...(hint && { hint: (seen: string) => hint(expected, seen) }),
  };
}

/** The same text; the same yes or no in the spellings of settings and plists; digits but for leading zeros, which the parser loses. */
function isSame(expected: string, seen: string): boolean {
  if (BOOLEAN.test(expected) && BOOLEAN.test(seen)) return isYes(expected) === isYes(seen);
  return (
    expected === seen ||
    (DIGITS.test(expected) && DIGITS.test(seen) && expected.replace(/^0+/, '') === seen.replace(/^0+/, ''))
  );
}
const DIGITS = /^\d+$/;
const BOOLEAN = /^(yes|no|true|false)$/i;
