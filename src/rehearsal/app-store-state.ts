// What the stand-in for App Store Connect keeps, in one file; also how people's doings by hand (`pretend`) come into it.
import { z } from 'zod';

const App = z.object({
  id: z.string(),
  bundleId: z.string(),
  name: z.string(),
  sku: z.string(),
  primaryLocale: z.string(),
});

const BundleId = z.object({
  id: z.string(),
  identifier: z.string(),
  name: z.string(),
  platform: z.string(),
  seedId: z.string(),
});

const Build = z.object({
  id: z.string(),
  /** Id of the app. */
  app: z.string(),
  /** CFBundleShortVersionString. */
  version: z.string(),
  /** CFBundleVersion: what the API calls `version`. */
  number: z.string(),
  uploadedDate: z.string(),
  processingState: z.enum(['PROCESSING', 'FAILED', 'INVALID', 'VALID']),
  internalState: z.string(),
  usesNonExemptEncryption: z.boolean().nullable(),
  /** Apple has processed it then: milliseconds, virtual. */
  validAt: z.number().optional(),
  /** It turns out bad when it is processed. */
  bad: z.boolean().optional(),
});

/** An upload that Apple refused: it never becomes a build. */
const Refused = z.object({ app: z.string(), version: z.string(), number: z.string(), uploadedDate: z.string() });

const Device = z.object({
  model: z.string(),
  platform: z.string(),
  osVersion: z.string(),
  appBuildVersion: z.string(),
});
const Signing = z.object({ id: z.string(), bundleId: z.string(), expirationDate: z.string() });

const Group = z.object({
  id: z.string(),
  app: z.string(),
  name: z.string(),
  isInternalGroup: z.boolean(),
  hasAccessToAllBuilds: z.boolean(),
  createdDate: z.string(),
  testers: z.array(z.string()),
  builds: z.array(z.string()),
});

const Tester = z.object({
  id: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  state: z.string(),
  appDevices: z.array(Device).default([]),
});

/** `W/asc.json`. */
export const AppStoreState = z.object({
  next: z.number(),
  apps: z.array(App),
  bundleIds: z.array(BundleId),
  builds: z.array(Build),
  groups: z.array(Group),
  testers: z.array(Tester),
  /** Addresses that are no users of the team; everybody else is one. */
  strangers: z.array(z.string()),
  refused: z.array(Refused).default([]),
  /** A certificate and a profile each. */
  signing: z.array(Signing).default([]),
  agreementMissing: z.boolean().default(false),
  /** What Xcode archived last. */
  archived: z.object({ bundleId: z.string(), version: z.string(), number: z.string() }).optional(),
});
export type AppStoreState = z.output<typeof AppStoreState>;

export const emptyAppStore = (): AppStoreState => ({
  next: 6_440_000_001,
  apps: [],
  bundleIds: [],
  builds: [],
  groups: [],
  testers: [],
  strangers: [],
  refused: [],
  signing: [],
  agreementMissing: false,
});

/** Ids are numbers that count up, as Apple's app ids look. */
export const newId = (state: AppStoreState): string => String(state.next++);

/** From upload to VALID: a few minutes, so that something is waited for (§8.4 of the facts: 5 to 60 min is normal). */
const processing = 10 * 60_000;

export function haveBundleId(
  state: AppStoreState,
  wanted: { identifier: string; name?: string; platform?: string },
): void {
  if (state.bundleIds.some(({ identifier }) => identifier === wanted.identifier)) return;
  const { identifier, name = identifier.replaceAll('.', ' '), platform = 'IOS' } = wanted;
  state.bundleIds.push({ id: newId(state), identifier, name, platform, seedId: 'STANDIN000' });
}

/** The app record with this bundle id; a person made it as the runbook told them to. */
export function haveApp(
  state: AppStoreState,
  wanted: { bundleId: string; name?: string; sku?: string; locale?: string },
): AppStoreState['apps'][number] {
  const known = state.apps.find(({ bundleId }) => bundleId === wanted.bundleId);
  if (known) return known;
  haveBundleId(state, { identifier: wanted.bundleId });
  const { bundleId, name = bundleId, sku = bundleId, locale = 'en-US' } = wanted;
  const app = { id: newId(state), bundleId, name, sku, primaryLocale: locale };
  state.apps.push(app);
  return app;
}

/** What goes wrong with an upload in this rehearsal. */
export interface UploadTrouble {
  readonly invalid: () => boolean;
  readonly refused: () => boolean;
  readonly unanswered: () => boolean;
}

/** A build that was uploaded at `now`; Apple processes it for a while, or refuses it. */
export function haveBuild(
  state: AppStoreState,
  wanted: { bundleId: string; version?: string; number?: string },
  now: Date,
  trouble: UploadTrouble,
): void {
  const app = haveApp(state, { bundleId: wanted.bundleId });
  const fits = (build: AppStoreState['builds'][number]): boolean =>
    build.app === app.id &&
    (wanted.version === undefined || build.version === wanted.version) &&
    (wanted.number === undefined || build.number === wanted.number);
  if (state.builds.some(fits)) return;
  const number = wanted.number ?? String(state.builds.filter((build) => build.app === app.id).length + 1);
  const upload = { app: app.id, version: wanted.version ?? '1.0.0', number, uploadedDate: now.toISOString() };
  if (trouble.refused()) {
    state.refused.push(upload);
    return;
  }
  // Sent again: the refused one no longer counts.
  state.refused = state.refused.filter((one) => one.app !== app.id || one.number !== number);
  state.builds.push({
    id: newId(state),
    ...upload,
    processingState: 'PROCESSING',
    internalState: 'PROCESSING',
    usesNonExemptEncryption: trouble.unanswered() ? null : false,
    validAt: now.getTime() + processing,
    ...(trouble.invalid() && { bad: true }),
  });
}

/** Brings the builds to where they are at `now`. */
export function settleBuilds(state: AppStoreState, now: Date): void {
  for (const build of state.builds) {
    if (build.processingState !== 'PROCESSING' || build.validAt === undefined || build.validAt > now.getTime())
      continue;
    build.processingState = build.bad ? 'INVALID' : 'VALID';
    if (!build.bad)
      build.internalState =
        build.usesNonExemptEncryption === null ? 'MISSING_EXPORT_COMPLIANCE' : 'READY_FOR_BETA_TESTING';
  }
}

/** An answer that is there already stays. */
export function answerCompliance(build: AppStoreState['builds'][number], usesNonExempt: boolean): void {
  build.usesNonExemptEncryption ??= usesNonExempt;
  if (build.internalState === 'MISSING_EXPORT_COMPLIANCE') build.internalState = 'READY_FOR_BETA_TESTING';
}

export function haveGroup(
  state: AppStoreState,
  wanted: { app: string; name: string; internal: boolean; allBuilds?: boolean },
  now: Date,
): AppStoreState['groups'][number] {
  const known = state.groups.find(({ app, name }) => app === wanted.app && name === wanted.name);
  if (known) return known;
  const group: AppStoreState['groups'][number] = {
    id: newId(state),
    app: wanted.app,
    name: wanted.name,
    isInternalGroup: wanted.internal,
    hasAccessToAllBuilds: wanted.allBuilds ?? wanted.internal,
    createdDate: now.toISOString(),
    testers: [],
    builds: [],
  };
  state.groups.push(group);
  return group;
}

/** A tester in a group; one row a group, as Apple often has it. */
export function haveTester(
  state: AppStoreState,
  group: AppStoreState['groups'][number],
  wanted: { email: string; firstName?: string; lastName?: string },
): AppStoreState['testers'][number] {
  const email = wanted.email.toLowerCase();
  const known = state.testers.find(
    (tester) => tester.email.toLowerCase() === email && group.testers.includes(tester.id),
  );
  if (known) return known;
  const { firstName = wanted.email.split('@')[0] ?? '', lastName = '' } = wanted;
  const tester = { id: newId(state), email: wanted.email, firstName, lastName, state: 'INVITED', appDevices: [] };
  state.testers.push(tester);
  group.testers.push(tester.id);
  return tester;
}

/** The tester has opened the app on a phone, with the newest build or that one. */
export function install(
  state: AppStoreState,
  group: AppStoreState['groups'][number],
  wanted: { email: string; number?: string },
): void {
  const number = wanted.number ?? state.builds.filter(({ app }) => app === group.app).at(-1)?.number ?? '1';
  const tester = haveTester(state, group, wanted);
  tester.state = 'INSTALLED';
  tester.appDevices = [{ model: 'iPhone 15', platform: 'IOS', osVersion: '18.1', appBuildVersion: number }];
}

/** A certificate and a store profile that are good for a year. */
export function haveSigning(state: AppStoreState, bundleId: string, now: Date): void {
  if (state.signing.some((one) => one.bundleId === bundleId)) return;
  haveBundleId(state, { identifier: bundleId });
  state.signing.push({
    id: newId(state),
    bundleId,
    expirationDate: new Date(now.getTime() + 365 * 86_400_000).toISOString(),
  });
}

/** Everybody whom somebody asks for is a user of the team, but for the strangers. */
export const isStranger = ({ strangers }: AppStoreState, email: string): boolean =>
  strangers.some((stranger) => stranger.toLowerCase() === email.toLowerCase());
