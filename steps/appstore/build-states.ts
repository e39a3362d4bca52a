// What Apple's two states of a build mean: processed, and installable by testers. The second comes later, and has its own reasons.
import type { Look } from '../../src/step.ts';
import type { FoundBuild } from './builds.ts';

/** undefined: Apple has processed it. Else why not, and whether waiting helps. */
export function whyNotProcessed(build: FoundBuild, now: Date): Look | undefined {
  const expected = `${build.label} is processed`;
  if (build.expired) return no(build, expected, EXPIRED);
  const ending = PROCESSING[build.processing];
  if (ending === undefined)
    return { is: 'unknown', why: `${build.label} is in a state that we do not know: ${build.processing}` };
  if (ending === 'go on') return undefined;
  return no(build, expected, ending === STILL ? stillSince(build, now) : ending);
}

/** undefined: internal testers can install it. */
export function whyNotTestable(build: FoundBuild, now: Date): Look | undefined {
  const expected = `${build.label} can be tested`;
  const processed = whyNotProcessed(build, now);
  if (processed !== undefined) return processed.is === 'not-so' ? { ...processed, expected } : processed;
  if (build.testing === undefined)
    return no(build, expected, { seen: 'it is processed; its TestFlight state is not there yet' });
  const ending = TESTING[build.testing];
  if (ending === undefined)
    return { is: 'unknown', why: `${build.label} is in a TestFlight state that we do not know: ${build.testing}` };
  return ending === 'go on' ? undefined : no(build, expected, ending);
}

/** How long something has been so, in words: `for 12 minutes`; '' where Apple does not say since when. */
export function sinceWhen(date: string | undefined, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(date ?? '')) / 60_000);
  if (Number.isNaN(minutes) || minutes < 0) return '';
  if (minutes < 120) return `for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return `for ${Math.floor(minutes / 60)} hours`;
}

interface Reason {
  readonly seen: string;
  readonly hint?: string;
  readonly final?: true;
}
type Ending = 'go on' | Reason;

const no = ({ label }: FoundBuild, expected: string, { seen, ...more }: Reason): Look => ({
  is: 'not-so',
  expected,
  seen: `${label}: ${seen}`,
  ...more,
});

function stillSince({ uploaded }: FoundBuild, now: Date): Reason {
  const since = sinceWhen(uploaded, now);
  const seen = `Apple is still processing it${since && ` ${since}`} (5 to 60 minutes are normal)`;
  return now.getTime() - Date.parse(uploaded ?? '') > DAY ? { seen, hint: STUCK } : { seen };
}

const DAY = 24 * 3_600_000;
const STUCK =
  'After a day it is stuck: look at https://developer.apple.com/system-status/ and at the mail to the uploader, then upload again with a higher build number.';
const EXPIRED: Reason = { seen: 'it has expired', hint: 'Upload a new build.', final: true };
const STILL: Reason = { seen: 'Apple is still processing it' };

/** `processingState` (facts/app-store-connect.md §8.4). */
const PROCESSING: Readonly<Record<string, Ending>> = {
  VALID: 'go on',
  PROCESSING: STILL,
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
  // Nobody but a person answers it: waiting does not help.
  MISSING_EXPORT_COMPLIANCE: {
    seen: 'the export compliance question is not answered (Missing Compliance)',
    hint: 'TestFlight → the build → Manage, beside "Missing Compliance" → answer → Save; then look again. For the next builds: ITSAppUsesNonExemptEncryption in Info.plist.',
    final: true,
  },
  IN_EXPORT_COMPLIANCE_REVIEW: { seen: 'Apple reviews its export compliance, which takes days' },
  PROCESSING_EXCEPTION: {
    seen: 'TestFlight could not prepare it (PROCESSING_EXCEPTION)',
    hint: 'Upload it again.',
    final: true,
  },
  EXPIRED,
};
