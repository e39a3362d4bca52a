// Faults of Apple in whole rehearsals: each is met at its step, seen in words, and led out of by the actor.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, folderWith } from './rehearsing.ts';
import { check, rehearseRunbook, runbookOf, type Session, uses } from './sessions.ts';

afterEach(closeAll);

const id = 'com.sollabshq.solmobile';
const group = 'Internal Testers';
const emails = ['ann@example.com', 'ben@example.com'];
const build = '${{ steps.archive.outputs.build }}';

const launch = () =>
  runbookOf([
    { id: 'bundle-id', form: uses('appstore/bundle-id', { identifier: id, name: 'SolOS' }) },
    { id: 'store-app', form: uses('appstore/app', { 'bundle-id': id, name: 'SolOS' }) },
    { id: 'signing', form: uses('appstore/signing', { 'bundle-id': id, style: 'manual' }) },
    {
      id: 'archive',
      form: { form: 'manual' },
      ask: [{ name: 'build', required: true, pattern: '[0-9]+', example: '1' }],
    },
    {
      id: 'upload',
      form: { form: 'manual' },
      verify: [check('appstore/build', { 'bundle-id': id, version: '1.0.0', build }, 7_200_000)],
    },
    {
      id: 'compliance',
      form: uses('appstore/compliance', { 'bundle-id': id, build, 'uses-non-exempt-encryption': false }),
    },
    { id: 'group', form: uses('appstore/tester-group', { 'bundle-id': id, name: group }) },
    { id: 'testers', form: uses('appstore/testers', { 'bundle-id': id, group, emails }) },
    { id: 'distribute', form: uses('appstore/build-in-group', { 'bundle-id': id, group, build }) },
    { id: 'installed', form: uses('appstore/installed', { 'bundle-id': id, group, emails, build }) },
  ]);

const statuses = ({ events }: Session) => [
  ...new Set(events.flatMap((event) => (event.type === 'step.done' ? [event.step] : []))),
];
const seen = ({ events }: Session): string =>
  events
    .map((event) => (event.type === 'step.looked' || event.type === 'step.ended' ? JSON.stringify(event) : ''))
    .join('\n');

describe('a launch at Apple', () => {
  it('comes to its end without a fault, every step seen', async () => {
    const session = await rehearseRunbook(launch());
    expect(session.end).toMatchObject({ finished: 'done' });
    expect(session.events.filter((event) => event.type === 'step.done' && event.how === 'verified')).toHaveLength(9);
    expect(seen(session)).toContain('Apple is still processing it');
    expect(seen(session)).toContain('ann@example.com (iPhone 15, iOS 18.1, build 1)');
  });

  it('writes neither the key nor a token anywhere', async () => {
    const session = await rehearseRunbook(launch());
    const key = readFileSync(join(session.folder, 'AuthKey_STANDIN001.p8'), 'utf8').split('\n')[1] ?? '';
    expect(key.length).toBeGreaterThan(40);
    const written = JSON.stringify([session.events, session.told]);
    const calls = readFileSync(join(session.folder, 'calls.jsonl'), 'utf8');
    for (const text of [written, calls]) expect(text).not.toMatch(new RegExp(`BEGIN PRIVATE|eyJ|${key.slice(0, 30)}`));
  });

  it.each([
    ['tester-missing', 'ann@example.com is no user of the team'],
    ['build-invalid', 'Invalid Binary (INVALID)'],
    ['upload-refused', '90683: Missing purpose string'],
    ['missing-compliance', 'the export compliance question is not answered (Missing Compliance)'],
    ['agreement-missing@testers', 'Account Holder must accept an agreement'],
  ])('is led out of %s', async (fault, words) => {
    const session = await rehearseRunbook(launch(), { fault });
    expect(seen(session)).toContain(words);
    expect(session.end).toMatchObject({ finished: 'done' });
    expect(statuses(session)).toEqual(expect.arrayContaining(launch().steps.map((step) => step.id)));
  });

  it('is led out of an invalid build with a new number: the old one is used up', async () => {
    const session = await rehearseRunbook(launch(), { fault: 'build-invalid' });
    const outputs = session.events.flatMap((event) =>
      event.type === 'step.done' && event.step === 'archive' ? [event.outputs.build] : [],
    );
    expect(outputs).toEqual(['1', '2']);
  });
});

describe('a launch that archives and uploads by the command line', () => {
  const project = { project: 'ios/Sol.xcodeproj', scheme: 'Sol', archive: 'build/Sol.xcarchive' };
  const byTools = () =>
    runbookOf([
      { id: 'bundle-id', form: uses('appstore/bundle-id', { identifier: id }) },
      { id: 'store-app', form: uses('appstore/app', { 'bundle-id': id, name: 'SolOS' }) },
      { id: 'archive', form: uses('xcode/archive', project) },
      {
        id: 'upload',
        form: uses('xcode/upload', { archive: project.archive, 'bundle-id': id, version: '1.0.0', build }),
        verify: [check('appstore/build', { 'bundle-id': id, build }, 7_200_000)],
      },
    ]);
  const sample = join(import.meta.dirname, '../../runbooks/fixtures/prod/ios/SolMobile.xcodeproj/project.pbxproj');
  const pbxproj = readFileSync(sample, 'utf8').replaceAll(
    'CURRENT_PROJECT_VERSION = 1;',
    'CURRENT_PROJECT_VERSION = 7;',
  );
  const files = () => folderWith({ 'ios/Sol.xcodeproj/project.pbxproj': pbxproj });

  it('ends with the build that the archive names', async () => {
    const session = await rehearseRunbook(byTools(), { project: files() });
    expect(session.end).toMatchObject({ finished: 'done' });
    expect(seen(session)).toContain(`${id}, version 1.0.0 (7)`);
  });

  it('is led out of an invalid build: archived again under the next number', async () => {
    const session = await rehearseRunbook(byTools(), { project: files(), fault: 'build-invalid' });
    expect(seen(session)).toContain('Invalid Binary (INVALID)');
    expect(session.end).toMatchObject({ finished: 'done' });
    expect(seen(session)).toContain('build 8 of 1.0.0 is processed');
  });
});
