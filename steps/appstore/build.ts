// A build is in App Store Connect, processed, and testers can install it.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import { BundleId, theApp } from './apps.ts';
import { type Listing, list, notSeen, type Ports, type Read, type Row } from './client.ts';
import { lookAtUploads } from './uploads.ts';
import { isSameVersion, spellings } from './versions.ts';

const Numbers = z.string().regex(/^\d+(\.\d+){0,2}$/, 'numbers and dots, such as 1.0.0; put it in quotes');

const With = z.strictObject({
  'bundle-id': BundleId,
  /** The version people see (CFBundleShortVersionString). */
  version: Numbers.optional(),
  /** The build number (CFBundleVersion). */
  build: Numbers.optional(),
});
export type WantedBuild = z.output<typeof With>;

const Build = z.object({
  version: z.string(),
  uploadedDate: z.string().nullish(),
  processingState: z.string(),
  expired: z.boolean().nullish(),
});
type BuildRow = Row<z.output<typeof Build>>;
const Release = z.object({ version: z.string() });
const Detail = z.object({ internalBuildState: z.string() });

export const build = defineStep({
  name: 'appstore/build',
  summary: 'Check that a build is processed and can be tested',
  example: 'with: { bundle-id: com.example.app, version: "1.0.0", build: "42" }',
  with: With,
  outputs: z.object({ build_id: z.string(), number: z.string() }),
  describe: (want) => `${nameOf(want)} of ${want['bundle-id']} can be tested`,
  verify: async (want, ports) => {
    const app = await theApp(want['bundle-id'], ports);
    return 'is' in app ? app : lookAtBuilds(want, app.id, ports);
  },
  within: '1h',
  every: '30s',
  checkedAgainst: 'stand-in',
});

async function lookAtBuilds(want: WantedBuild, app: string, ports: Ports): Promise<Look> {
  const read = await readBuilds(want, app, ports);
  if (!read.ok) return notSeen(read.problem);
  const versions = attributesOf(read.value, 'preReleaseVersions', Release);
  const versionOf = (row: BuildRow) => versions.get(row.related.preReleaseVersion?.[0] ?? '')?.version;
  const found = read.value.rows
    .filter((row) => want.build === undefined || isSameVersion(row.attributes.version, want.build))
    .filter((row) => want.version === undefined || isSameVersion(versionOf(row) ?? want.version, want.version))
    .sort((a, b) => Date.parse(b.attributes.uploadedDate ?? '') - Date.parse(a.attributes.uploadedDate ?? ''));
  const [newest] = found;
  if (newest === undefined) return lookAtUploads(want, app, nameOf(want), ports);
  const state = attributesOf(read.value, 'buildBetaDetails', Detail).get(
    newest.related.buildBetaDetail?.[0] ?? newest.id,
  )?.internalBuildState;
  const version = versionOf(newest);
  return judge(newest, `build ${newest.attributes.version}${version === undefined ? '' : ` of ${version}`}`, state);
}

/** `filter[version]` of builds is the build number; the version people see hangs on `preReleaseVersion` (facts/app-store-connect.md §1). */
function readBuilds(want: WantedBuild, app: string, ports: Ports): Promise<Read<Listing<z.output<typeof Build>>>> {
  const query = {
    'filter[app]': app,
    ...(want.version !== undefined && { 'filter[preReleaseVersion.version]': spellings(want.version).join(',') }),
    ...(want.build !== undefined && { 'filter[version]': spellings(want.build).join(',') }),
    include: 'preReleaseVersion,buildBetaDetail',
    sort: '-uploadedDate',
  };
  return list('/v1/builds', query, Build, ports);
}

function judge({ id, attributes }: BuildRow, name: string, state: string | undefined): Look {
  const { processingState: processing, version: number } = attributes;
  const no = ({ seen, ...more }: Exclude<Ending, 'go on'>): Look => ({
    is: 'not-so',
    expected: `${name} can be tested`,
    seen: `${name}: ${seen}`,
    ...more,
  });
  if (attributes.expired) return no(EXPIRED);
  const ending = PROCESSING[processing];
  if (ending === undefined) return { is: 'unknown', why: `${name} is in a state that we do not know: ${processing}` };
  if (ending !== 'go on') return no(ending);
  if (state === undefined) return no({ seen: 'it is processed; its TestFlight state is not there yet' });
  const testing = TESTING[state];
  if (testing === undefined)
    return { is: 'unknown', why: `${name} is in a TestFlight state that we do not know: ${state}` };
  if (testing !== 'go on') return no(testing);
  return { is: 'so', seen: `${name} is processed and can be tested (${state})`, outputs: { build_id: id, number } };
}

function attributesOf<A>({ included }: Listing<unknown>, type: string, schema: z.ZodType<A>): ReadonlyMap<string, A> {
  const parsed = included
    .filter((row) => row.type === type)
    .map((row) => ({ id: row.id, attributes: schema.safeParse(row.attributes).data }));
  return new Map(parsed.flatMap(({ id, attributes }) => (attributes === undefined ? [] : [[id, attributes] as const])));
}

const nameOf = ({ version, build: number }: WantedBuild): string =>
  `${number === undefined ? 'the newest build' : `build ${number}`}${version === undefined ? '' : ` of ${version}`}`;

type Ending = 'go on' | { readonly seen: string; readonly hint?: string; readonly final?: true };

const EXPIRED: Ending & object = { seen: 'it has expired', hint: 'Upload a new build.', final: true };

/** `processingState` (facts/app-store-connect.md §8.4). */
const PROCESSING: Readonly<Record<string, Ending>> = {
  VALID: 'go on',
  PROCESSING: { seen: 'Apple is still processing it (5 to 60 minutes are normal)' },
  INVALID: {
    seen: 'Invalid Binary (INVALID)',
    hint: "Apple's mail to the uploader holds the reason. Mend it and upload again with a higher build number.",
    final: true,
  },
  FAILED: {
    seen: 'processing failed (FAILED)',
    hint: 'Upload it again; look at https://developer.apple.com/system-status/.',
    final: true,
  },
};

/** `internalBuildState`: processed is not the same as installable. */
const TESTING: Readonly<Record<string, Ending>> = {
  READY_FOR_BETA_TESTING: 'go on',
  IN_BETA_TESTING: 'go on',
  PROCESSING: { seen: 'TestFlight is still preparing it' },
  MISSING_EXPORT_COMPLIANCE: {
    seen: 'the export compliance question is not answered (Missing Compliance)',
    hint: 'TestFlight → the build → Manage, beside "Missing Compliance" → answer → Save. For the next builds: ITSAppUsesNonExemptEncryption in Info.plist.',
  },
  IN_EXPORT_COMPLIANCE_REVIEW: { seen: 'Apple reviews its export compliance, which takes days' },
  PROCESSING_EXCEPTION: {
    seen: 'TestFlight could not prepare it (PROCESSING_EXCEPTION)',
    hint: 'Upload it again.',
    final: true,
  },
  EXPIRED,
};
