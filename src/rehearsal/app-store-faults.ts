// What can go wrong with Apple on purpose: a tester who is no user of the team, a build that turns out bad, a question that nobody answered.
import { answerCompliance } from './app-store-state.ts';
import type { FaultSort, FaultTarget } from './faults.ts';

export type AppStoreFault = keyof typeof appStoreFaults;

const changing = [
  'appstore/bundle-id',
  'appstore/tester-group',
  'appstore/testers',
  'appstore/compliance',
  'appstore/build-in-group',
];

const hitting =
  (kinds: readonly string[]): FaultSort['hits'] =>
  ({ kind, checks }) =>
    [kind, ...checks].some((one) => one !== undefined && kinds.includes(one));

/** Where a build comes to Apple: the upload; or the step that waits for it, where a person has uploaded it outside of this runbook. */
const bringsBuild: FaultSort['hits'] = (step, before) => {
  const uploads = (one: FaultTarget): boolean => one.kind === 'xcode/upload' || one.checks.includes('xcode/upload');
  if (uploads(step)) return true;
  const uploaded = before.some((one) => uploads(one) && one.bundleId === step.bundleId);
  return !uploaded && hitting(['appstore/build'])(step, before);
};

/** Names as in `--fault NAME`. Each fires once, where its step first comes to the thing that goes wrong. */
export const appStoreFaults = {
  'tester-missing': {
    what: 'a tester is no user of the App Store Connect team',
    wayOut: 'invite them in Users and Access; when they have accepted, try again',
    ways: ['again', 'look'],
    at: [],
    hits: hitting(['appstore/testers']),
    mendAppStore: { when: /no user of the team/, how: (state) => state.strangers.splice(0) },
  },
  'build-invalid': {
    what: 'Apple processes the build and finds it invalid (INVALID)',
    wayOut: 'go back to the archive, with a higher build number, and upload again',
    ways: ['again', 'look'],
    back: { when: /INVALID/, to: /archive/i },
    at: [],
    hits: bringsBuild,
  },
  'upload-refused': {
    what: 'the upload is refused (90683, a purpose string is missing) and never becomes a build',
    wayOut: 'mend it and upload again; the same build number may be used',
    ways: ['again', 'look'],
    at: [],
    hits: bringsBuild,
    mendAppStore: { when: /90683/, how: (state) => state.refused.splice(0) },
  },
  'missing-compliance': {
    what: 'the build is processed, and its export compliance question is open (Missing Compliance)',
    wayOut: 'answer it in TestFlight, then look again',
    ways: ['look', 'again'],
    at: [],
    hits: bringsBuild,
    mendAppStore: {
      when: /Missing Compliance/,
      how: (state) => {
        for (const build of state.builds) answerCompliance(build, false);
      },
    },
  },
  'agreement-missing': {
    what: 'Apple refuses every request until the Account Holder accepts a new agreement (403)',
    wayOut: 'the Account Holder accepts it; then try again',
    ways: ['again', 'look'],
    at: [],
    hits: hitting(changing),
    mendAppStore: {
      when: /agreement/,
      how: (state) => {
        state.agreementMissing = false;
      },
    },
  },
} satisfies Readonly<Record<string, FaultSort>>;
