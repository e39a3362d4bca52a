// The export compliance question of a build is answered. A legal statement: the runbook gives it, and an answer that differs is never overwritten.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Look } from '../../src/step.ts';
import { BundleId, theApp } from './apps.ts';
import { whyNotProcessed } from './build-states.ts';
import { buildFields, type FoundBuild, findBuild, nameOf } from './builds.ts';
import { endOf, hasKey, notBegun, notSeen, type Ports, type PortsToAct, write } from './client.ts';
import { login } from './login.ts';
import { lookAtUploads } from './uploads.ts';

const With = z.strictObject({
  'bundle-id': BundleId,
  ...buildFields,
  'uses-non-exempt-encryption': z
    .boolean()
    .describe('What the owner of the app declares. HTTPS only usually counts as exempt: then `false`'),
});
type Want = z.output<typeof With>;

export const compliance = defineStep({
  name: 'appstore/compliance',
  summary: 'Answer the export compliance question of a build',
  example: 'with: { bundle-id: com.example.app, version: "1.0.0", build: "42", uses-non-exempt-encryption: false }',
  with: With,
  describe: (want) => `${nameOf(want)} of ${want['bundle-id']} is declared: ${declared(want)}`,
  commands: (want) => [['PATCH', '/v1/builds/{id}', `usesNonExemptEncryption=${want['uses-non-exempt-encryption']}`]],
  verify: look,
  canAct: async (_want, ports) => hasKey(ports),
  act: answer,
  guide,
  login,
  within: '30m',
  every: '30s',
  takes: 'a minute',
  checkedAgainst: 'stand-in',
});

const declared = (want: Want): string => sayEncryption(want['uses-non-exempt-encryption']);
const sayEncryption = (nonExempt: boolean): string =>
  nonExempt ? 'it uses non-exempt encryption' : 'it uses no non-exempt encryption';

async function look(want: Want, ports: Ports): Promise<Look> {
  const build = await processedBuild(want, ports);
  if ('is' in build) return build;
  const expected = `${build.label} is declared: ${declared(want)}`;
  const { usesNonExemptEncryption: given, testing } = build;
  if (given === undefined)
    return { is: 'not-so', expected, seen: `${build.label}: the export compliance question is not answered` };
  if (given !== want['uses-non-exempt-encryption']) return { ...differs(build, given), expected };
  if (given) {
    const why = whyNotDeclared(build, expected);
    if (why !== undefined) return why;
  }
  if (testing === 'MISSING_EXPORT_COMPLIANCE')
    return { is: 'not-so', expected, seen: `${build.label}: it is answered; TestFlight still says Missing Compliance` };
  return { is: 'so', seen: `${build.label} is declared: ${declared(want)}` };
}

async function processedBuild(want: Want, ports: Ports): Promise<FoundBuild | Look> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return app;
  const read = await findBuild(want, app.id, ports);
  if (!read.ok) return notSeen(read.problem);
  if (read.value === undefined) return lookAtUploads(want, app.id, `${nameOf(want)} is processed`, ports);
  return whyNotProcessed(read.value, ports.clock.now()) ?? read.value;
}

const differs = ({ label }: FoundBuild, given: boolean) => ({
  is: 'not-so' as const,
  seen: `${label} is declared: ${sayEncryption(given)}`,
  hint: 'It was answered the other way, perhaps by Info.plist (ITSAppUsesNonExemptEncryption). It is a legal statement: settle which is right with the owner of the app; a wrong answer is mended in Info.plist and with a new build.',
  final: true,
});

/** Non-exempt encryption needs a declaration that Apple has approved (facts/app-store-connect.md §8.7). */
function whyNotDeclared({ label, declaration }: FoundBuild, expected: string): Look | undefined {
  if (declaration === 'APPROVED') return undefined;
  if (declaration === 'CREATED' || declaration === 'IN_REVIEW')
    return { is: 'not-so', expected, seen: `${label}: Apple reviews its export declaration, which takes days` };
  const seen =
    declaration === undefined
      ? `${label}: no export declaration is attached`
      : `${label}: its export declaration is ${declaration}`;
  const hint =
    'TestFlight → the build → Manage: attach documents that Apple has approved (App Information → App Encryption Documentation).';
  return { is: 'not-so', expected, seen, hint, final: true };
}

async function answer(want: Want, ports: PortsToAct): Promise<Acted> {
  const build = await processedBuild(want, ports);
  if ('is' in build) return notBegun(build);
  const { usesNonExemptEncryption: given, id } = build;
  if (given !== undefined && given !== want['uses-non-exempt-encryption'])
    return notBegun({ ...differs(build, given), expected: declared(want) });
  if (given !== undefined) return { ended: 'ok', seen: `${build.label} was answered already` };
  const attributes = { usesNonExemptEncryption: want['uses-non-exempt-encryption'] };
  const written = await write('PATCH', `/v1/builds/${id}`, { type: 'builds', id, attributes }, ports);
  return endOf(written, `${build.label} declared: ${declared(want)}`);
}

function guide(want: Want): Guide {
  const choice = want['uses-non-exempt-encryption']
    ? 'Choose the algorithms that the app uses, and attach the documents that Apple has approved.'
    : 'Choose **None of the algorithms mentioned above** (calls over HTTPS only are exempt).';
  return {
    open: 'https://appstoreconnect.apple.com/apps',
    text: `Account Holder, Admin or App Manager. This is a legal statement about the app: ${declared(want)}.

1. **Apps** → the app with the bundle id \`${want['bundle-id']}\` → **TestFlight**.
2. Beside ${nameOf(want)} stands a yellow **Missing Compliance** → **Manage**.
3. ${choice} **Save**.

It has worked when the yellow mark is gone and the build says **Ready to Test**. For the next builds set \`ITSAppUsesNonExemptEncryption\` in Info.plist: then the question is never asked.`,
  };
}
