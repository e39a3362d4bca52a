// Xcode's command line: is it here, which key it is handed, and what its failures mean.
import type { Acted } from '../../src/step.ts';
import type { Ended, Use } from '../../src/system/ports.ts';
import { hasKey, keyOf } from '../appstore/client.ts';

/** Xcode itself, not only the command line tools: `xcodebuild -version` fails with those. Elsewhere than on a Mac there is none. */
export async function hasXcode({ processes }: Use<'processes'>): Promise<boolean> {
  return (await processes.look(['xcodebuild', '-version'], { timeout: 30_000 })).exit === 0;
}

/** The API key in place of an account that is signed in to Xcode. Its path must be absolute (facts/app-store-connect.md §16.1). */
export function keyArguments({ env }: Use<'env'>): readonly string[] {
  if (!hasKey({ env })) return [];
  const { id, issuer } = keyOf({ env });
  const key = ['-authenticationKeyPath', env.get('ASC_KEY_FILE') ?? '', '-authenticationKeyID', id];
  return issuer === '' ? key : [...key, '-authenticationKeyIssuerID', issuer];
}
/** The same for a person to read: by name. */
export const KEY_SHOWN: readonly string[] = [
  ...['-authenticationKeyPath', '$ASC_KEY_FILE', '-authenticationKeyID', '$ASC_KEY_ID'],
  ...['-authenticationKeyIssuerID', '$ASC_ISSUER_ID'],
];

/** The end of a tool as the end of an act. A lost connection may have done it all: a look decides. */
export function endOfTool(ended: Ended, { did, seen }: { readonly did: string; readonly seen: string }): Acted {
  if (ended.timedOut || ended.signal !== undefined) return { ended: 'unclear', why: `${did} was interrupted` };
  const text = `${ended.stdout}\n${ended.stderr}`;
  const known = MEANINGS.find(({ says }) => says.test(text));
  if (ended.exit === 0) return { ended: 'ok', seen };
  const line = text
    .split('\n')
    .find((one) => /error:|ERROR:|\*\*\* Error/.test(one))
    ?.trim();
  const why = `${did} ended with exit code ${ended.exit}${line === undefined ? '' : `: ${line.slice(0, 300)}`}`;
  if (known?.unclear) return { ended: 'unclear', why };
  return { ended: 'failed', why, ...(known && { hint: known.hint }) };
}

/** Messages of xcodebuild and altool (facts/app-store-connect.md §16.4, §17). */
const MEANINGS: readonly { readonly says: RegExp; readonly hint: string; readonly unclear?: true }[] = [
  {
    says: /cloud signing|cloud-managed|Cloud Managed/i,
    hint: 'Signing in the cloud needs an API key with the role Admin; or sign by hand with a certificate and profile.',
  },
  {
    says: /No profiles for|requires a provisioning profile|No signing certificate/i,
    hint: 'Xcode has no certificate or profile for this app: sign in under Xcode → Settings → Accounts, or use an Admin key.',
  },
  {
    says: /requires a development team/i,
    hint: 'Choose the team: the target → Signing & Capabilities → Team.',
  },
  {
    says: /90189|redundant binary/i,
    hint: 'This build number was uploaded before: raise CURRENT_PROJECT_VERSION and archive again.',
  },
  { says: /90062/, hint: 'The version must be higher than the one in the store: raise MARKETING_VERSION.' },
  { says: /90054|90053/, hint: 'The bundle id is not the one of the app record.' },
  {
    says: /90725/,
    hint: 'Apple refuses this SDK: since 28 April 2026 it must be built with Xcode 26 or newer.',
  },
  {
    says: /90683/,
    hint: 'A purpose string is missing in Info.plist (NSMicrophoneUsageDescription and its like).',
  },
  {
    says: /19209|Unable to authenticate/i,
    hint: 'The key is too weak (App Manager does), or its issuer is another one.',
  },
  {
    says: /cannot determine the Apple ID|no suitable application records/i,
    hint: 'There is no app record with this bundle id, or the key does not see it.',
  },
  {
    says: /-43\b|-26000|AuthKey_\S+ (file )?(was )?not found/i,
    hint: 'altool looks for a file named AuthKey_<key id>.p8 in the folder of ASC_KEY_FILE.',
  },
  {
    says: /network connection was lost|timed out|Unable to upload archive/i,
    hint: 'The connection was lost on the way.',
    unclear: true,
  },
  {
    says: /Scheme .* is not|does not contain a scheme/i,
    hint: 'Tick "Shared" for the scheme in Xcode, and commit it.',
  },
];
