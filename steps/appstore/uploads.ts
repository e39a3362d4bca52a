// Where there is no build yet: did an upload arrive, and was it refused? Most refused uploads never become a build.
import { z } from 'zod';
import type { Look } from '../../src/step.ts';
import { sinceWhen } from './build-states.ts';
import { nameOf, type WantedBuild } from './builds.ts';
import { list, type Ports } from './client.ts';
import { isSameVersion } from './versions.ts';

const Report = z.object({ code: z.string().nullish(), description: z.string().nullish() });
const Upload = z.object({
  cfBundleShortVersionString: z.string().nullish(),
  cfBundleVersion: z.string().nullish(),
  createdDate: z.string().nullish(),
  state: z.object({ state: z.string(), errors: z.array(Report).nullish() }).nullish(),
});
type UploadOf = z.output<typeof Upload>;

/** What the uploads say about a build that is not in the list (facts/app-store-connect.md §8.4). */
export async function lookAtUploads(want: WantedBuild, app: string, expected: string, ports: Ports): Promise<Look> {
  const name = nameOf(want);
  const nothing: Look = { is: 'not-so', expected, seen: `${name} is not in App Store Connect` };
  const read = await list(
    `/v1/apps/${app}/buildUploads`,
    { 'filter[platform]': 'IOS', sort: '-uploadedDate', limit: '50' },
    Upload,
    ports,
  );
  // The builds were read and it is not among them: that the uploads cannot be read only costs the reason.
  if (!read.ok) return nothing;
  const uploads = read.value.rows.map(({ attributes }) => attributes);
  const upload = uploads.find((one) => fits(want, one));
  if (upload === undefined) return uploads[0] === undefined ? nothing : elsewhere(name, expected, uploads[0]);
  const state = upload.state?.state ?? 'in no known state';
  if (state === 'FAILED') {
    const reasons = (upload.state?.errors ?? []).map(({ code, description }) =>
      [code, description].filter(Boolean).join(': '),
    );
    const seen = `the upload of ${labelOf(upload)} was refused: ${reasons.join('; ') || "Apple's mail to the uploader has the reason"}`;
    return {
      is: 'not-so',
      expected,
      seen,
      hint: 'Mend it and upload again; the same build number may be used.',
      final: true,
    };
  }
  const since = sinceWhen(upload.createdDate ?? undefined, ports.clock.now());
  if (state === 'AWAITING_UPLOAD') {
    return {
      is: 'not-so',
      expected,
      seen: `the upload of ${labelOf(upload)} has begun and is not complete${since && ` ${since}`}`,
      hint: 'If it stays so for half an hour, the upload broke off: send it again.',
    };
  }
  return {
    is: 'not-so',
    expected,
    seen: `${labelOf(upload)} was uploaded (${state}); the build does not show yet${since && `, ${since}`}`,
  };
}

function elsewhere(name: string, expected: string, newest: UploadOf): Look {
  const hint =
    'If that is the one that was meant: Xcode raises the build number by itself when it uploads, unless manageAppVersionAndBuildNumber is NO.';
  return {
    is: 'not-so',
    expected,
    seen: `${name} is not in App Store Connect; the newest upload is ${labelOf(newest)}`,
    hint,
  };
}

const fits = ({ version, build }: WantedBuild, upload: UploadOf): boolean =>
  (build === undefined || isSameVersion(upload.cfBundleVersion ?? '', build)) &&
  (version === undefined || isSameVersion(upload.cfBundleShortVersionString ?? '', version));

const labelOf = ({ cfBundleVersion, cfBundleShortVersionString }: UploadOf): string =>
  `build ${cfBundleVersion ?? '?'} of ${cfBundleShortVersionString ?? '?'}`;
