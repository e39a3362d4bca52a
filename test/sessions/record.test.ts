// The record of a whole rehearsal, compared with one that was read and found good; and the same bytes for the same journal.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { launch, projectOf, rehearsalOf, runbookOf } from './launching.ts';

const small = runbookOf(
  `
record: RECORD.md
accounts: { fly: { org: sollabs } }
inputs:
  app: { description: The name on Fly, default: some-app }
  domain: { default: api.example.com }
secrets:
  "\${{ inputs.app }}": { names: { API_KEY: { generate: hex32, keep: "op://some/api/key" } } }
steps:
  - { id: who, question: Who is on call?, example: ann }
  - { id: app, uses: fly/app, with: { name: "\${{ inputs.app }}", org: sollabs } }
  - { id: secrets, uses: secrets/fill, with: { app: "\${{ inputs.app }}" } }
  - { id: certificate, uses: fly/certificate, with: { app: "\${{ inputs.app }}", hostname: "\${{ inputs.domain }}" } }
  - id: dns
    manual: true
    who: jam
    copy: { Name: "\${{ inputs.domain }}" }
    verify: [{ uses: dns/record, with: { name: "\${{ inputs.domain }}", type: CNAME, value: "\${{ steps.certificate.outputs.target }}" } }]
  - { id: smoke, checklist: [it opens, it answers], testers: [ann, ben] }
  - { id: proof, manual: true, evidence: required, irreversible: some-app }
  - { id: later, manual: true, if: "inputs.app == 'another'" }
  - { id: left, manual: true, optional: true }
  - { id: script, run: ./release.sh }
  - { id: told, run: ./tell.sh, rehearse: { stdout: told everyone } }`,
  ...['who', 'app', 'secrets', 'certificate', 'dns', 'smoke', 'proof', 'later', 'left', 'script', 'told'],
);

/** What is another each time: names, times, digests. */
const settled = (text: string): string =>
  text
    .replaceAll(/small-\d{8}-[a-z0-9]+/g, 'RUN')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replaceAll(/\b[0-9a-f]{12}\b/g, 'HASH12')
    .replaceAll(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+Z)?)?/g, 'TIME')
    .replaceAll(/\b[0-9a-f]{7}(?=\.some-app\.fly\.dev)/g, 'TARGET')
    .replaceAll(/\bx[0-9a-f]{7}(?=\.some-app)|(?<=app-)[0-9a-f]{7}\b/g, 'OTHER')
    .replaceAll(/after [^|]* \|/g, 'after A WHILE |')
    .replaceAll(/launchbook \d+\.\d+\.\d+/g, 'launchbook VERSION');

test('the record of a rehearsal reads as it did, and its journal gives it again byte for byte', async () => {
  const project = projectOf({ 'runbooks/small.md': small });
  const argv = ['rehearse', 'small', '--auto', '--who', 'cleo', '--fault', 'dns-typed-wrong'];
  const ran = await launch(project, argv);
  expect(ran.stderr).toContain('Finished. The record:');
  expect(ran.exit).toBe(0);
  const file = join(rehearsalOf(project), 'RECORD.md');
  await expect(settled(readFileSync(file, 'utf8'))).toMatchFileSnapshot(join(import.meta.dirname, 'record.golden.md'));
  const run = ['--run', basename(rehearsalOf(project))];
  expect(await launch(project, ['export', ...run, '--check', file])).toMatchObject({ exit: 0 });
  const [one, other] = await Promise.all([1, 2].map(() => launch(project, ['export', ...run])));
  expect(one?.stdout).toBe(other?.stdout);
}, 120_000);
