// What an Xcode project would build: bundle id, version, signing, lowest iOS, any setting and any value of the Info.plist.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import { type Build, isYes, type Project, readProject, type Target } from './project.ts';
import type { Setting } from './settings-levels.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Version = z.union([z.string(), z.number()]);

const With = z.strictObject({
  project: z.string().min(1),
  configuration: z.string().min(1),
  /** Left out: the project's app target, where it has one only. */
  target: z.string().optional(),
  'bundle-id': z.string().optional(),
  version: Version.optional(),
  build: Version.optional(),
  signing: z.enum(['automatic', 'manual']).optional(),
  team: z.string().optional(),
  'minimum-ios-at-most': Version.optional(),
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
  outputs: z.object({ bundle_id: z.string().optional(), version: z.string().optional(), build: z.string().optional() }),
  describe: (want) =>
    `${want.project}, ${want.configuration}: ${
      expectations(want)
        .map(({ what, expected }) => `${what} ${expected}`)
        .join(', ') || 'it can be read'
    }`,
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
    return 'is' in build ? build : judge(want, target, build);
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
  /** Where it does not fit: the usual reason. */
  hint?(seen: string): string | undefined;
}

function judge(want: Want, target: Target, build: Build): Look {
  const read = expectations(want).map((one) => ({ ...one, seen: one.read(build) }));
  const wrong = read.filter(({ seen, fits }) => seen.value === undefined || !fits(seen.value));
  const unsure = wrong.find(({ seen }) => seen.unsure !== undefined);
  if (unsure !== undefined)
    return { is: 'unknown', why: `${unsure.what} of ${target.name} cannot be told: ${unsure.seen.unsure}` };
  const [bundleId, version, number] = FACTS.map((fact) => fact(build).value);
  if (wrong.length === 0) {
    const seen = `${target.name}, ${want.configuration}: ${bundleId ?? 'no bundle id'}, version ${version ?? '?'} (${number ?? '?'})${read.map(({ what, seen: { value } }) => `, ${what} ${value}`).join('')}`;
    const outputs = {
      ...(bundleId && { bundle_id: bundleId }),
      ...(version && { version }),
      ...(number && { build: number }),
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

/** A value hard-coded in Info.plist overrides the build setting that it should come from (facts/app-store-connect.md §15.1). */
const effective =
  (key: string, setting: string) =>
  (build: Build): Setting => {
    const written = build.plist(key);
    if (written.value !== undefined) return written;
    const { value, unsure } = build.setting(setting);
    return { value, unsure: written.unsure ?? unsure };
  };
const FACTS = [
  effective('CFBundleIdentifier', 'PRODUCT_BUNDLE_IDENTIFIER'),
  effective('CFBundleShortVersionString', 'MARKETING_VERSION'),
  effective('CFBundleVersion', 'CURRENT_PROJECT_VERSION'),
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
      hint: () =>
        'Phones with an older iOS are not offered the app in TestFlight: lower IPHONEOS_DEPLOYMENT_TARGET of the target.',
    }),
    ...Object.entries(want.settings).map(([name, value]) => expect(value, name, (one) => one.setting(name))),
    ...Object.entries(want.plist).map(([key, value]) => expect(value, key, (one) => one.plist(key))),
  ];
  return given.filter((one) => one !== undefined);
}

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

/** Part by part, missing parts are 0; texts that are no versions only equal themselves. */
function compareVersions(a: string, b: string): number {
  const isVersion = /^\d+(\.\d+)*$/;
  if (!isVersion.test(a) || !isVersion.test(b)) return a === b ? 0 : Number.NaN;
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
