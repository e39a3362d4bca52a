// Finds one build of an app by Apple's two numbers, with what hangs on it: its TestFlight state and its export declaration.
import { z } from 'zod';
import { type Listing, list, type Ports, type Read, type Row } from './client.ts';
import { isSameVersion, spellings } from './versions.ts';

const Numbers = z.string().regex(/^\d+(\.\d+){0,2}$/, 'numbers and dots, such as 1.0.0; put it in quotes');

/** What names a build in a `with`; both left out: the newest. */
export const buildFields = {
  /** The version people see (CFBundleShortVersionString). */
  version: Numbers.optional(),
  /** The build number (CFBundleVersion). */
  build: Numbers.optional(),
};
export interface WantedBuild {
  readonly version?: string | undefined;
  readonly build?: string | undefined;
}

export interface FoundBuild {
  readonly id: string;
  readonly number: string;
  /** `build 42 of 1.0.0`. */
  readonly label: string;
  readonly uploaded: string | undefined;
  readonly processing: string;
  readonly expired: boolean;
  /** undefined: the export question is not answered. */
  readonly usesNonExemptEncryption: boolean | undefined;
  /** `internalBuildState`; undefined: not there yet. */
  readonly testing: string | undefined;
  /** State of the export declaration that is attached to it. */
  readonly declaration: string | undefined;
}

const Build = z.object({
  version: z.string(),
  uploadedDate: z.string().nullish(),
  processingState: z.string(),
  expired: z.boolean().nullish(),
  usesNonExemptEncryption: z.boolean().nullish(),
});
type BuildRow = Row<z.output<typeof Build>>;
const Release = z.object({ version: z.string() });
const Detail = z.object({ internalBuildState: z.string() });
const Declaration = z.object({ appEncryptionDeclarationState: z.string() });

/** The newest build that fits. undefined: there is none (its upload may say why). */
export async function findBuild(want: WantedBuild, app: string, ports: Ports): Promise<Read<FoundBuild | undefined>> {
  const read = await readBuilds(want, app, ports);
  if (!read.ok) return read;
  const versions = attributesOf(read.value, 'preReleaseVersions', Release);
  const versionOf = (row: BuildRow) => versions.get(row.related.preReleaseVersion?.[0] ?? '')?.version;
  const [newest] = read.value.rows
    .filter((row) => want.build === undefined || isSameVersion(row.attributes.version, want.build))
    .filter((row) => want.version === undefined || isSameVersion(versionOf(row) ?? want.version, want.version))
    .sort((a, b) => Date.parse(b.attributes.uploadedDate ?? '') - Date.parse(a.attributes.uploadedDate ?? ''));
  if (newest === undefined) return { ok: true, value: undefined };
  const { id, attributes, related } = newest;
  const version = versionOf(newest);
  const details = attributesOf(read.value, 'buildBetaDetails', Detail);
  const declarations = attributesOf(read.value, 'appEncryptionDeclarations', Declaration);
  return {
    ok: true,
    value: {
      id,
      number: attributes.version,
      label: `build ${attributes.version}${version === undefined ? '' : ` of ${version}`}`,
      uploaded: attributes.uploadedDate ?? undefined,
      processing: attributes.processingState,
      expired: attributes.expired ?? false,
      usesNonExemptEncryption: attributes.usesNonExemptEncryption ?? undefined,
      testing: details.get(related.buildBetaDetail?.[0] ?? id)?.internalBuildState,
      declaration: declarations.get(related.appEncryptionDeclaration?.[0] ?? '')?.appEncryptionDeclarationState,
    },
  };
}

/** `filter[version]` of builds is the build number; the version people see hangs on `preReleaseVersion` (facts/app-store-connect.md §1). */
function readBuilds(want: WantedBuild, app: string, ports: Ports): Promise<Read<Listing<z.output<typeof Build>>>> {
  const query = {
    'filter[app]': app,
    ...(want.version !== undefined && { 'filter[preReleaseVersion.version]': spellings(want.version).join(',') }),
    ...(want.build !== undefined && { 'filter[version]': spellings(want.build).join(',') }),
    include: 'preReleaseVersion,buildBetaDetail,appEncryptionDeclaration',
    sort: '-uploadedDate',
  };
  return list('/v1/builds', query, Build, ports);
}

function attributesOf<A>({ included }: Listing<unknown>, type: string, schema: z.ZodType<A>): ReadonlyMap<string, A> {
  const parsed = included
    .filter((row) => row.type === type)
    .map((row) => ({ id: row.id, attributes: schema.safeParse(row.attributes).data }));
  return new Map(parsed.flatMap(({ id, attributes }) => (attributes === undefined ? [] : [[id, attributes] as const])));
}

/** How a runbook names it: `build 42 of 1.0.0`, `the newest build`. */
export const nameOf = ({ version, build: number }: WantedBuild): string =>
  `${number === undefined ? 'the newest build' : `build ${number}`}${version === undefined ? '' : ` of ${version}`}`;
