// Four things that go wrong by a person's hand or a provider's: each is shown in words, and the wizard leads out of it to the end of the step.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectText } from '../steps/xcode/project-text.ts';
import { projectOf, type Session, sit } from './session.ts';

const STEPS = [
  ...['point-dns', 'create-app', 'addresses', 'certificate', 'point-www', 'issued'],
  ...['bundle', 'record', 'group', 'testers', 'number', 'archive', 'upload', 'build'],
];

const RELEASE = { PRODUCT_BUNDLE_IDENTIFIER: 'com.example.app', MARKETING_VERSION: '1.0' };
const APP = projectText({ apps: ['App'], settings: { App: { Debug: RELEASE, Release: RELEASE } } });

/** `launch rehearse faults` with only these steps, and their acts agreed to. */
function rehearse(fault: string, ids: readonly string[], columns: number): Session {
  const project = projectOf('faults');
  mkdirSync(join(project, 'ios/App.xcodeproj'), { recursive: true });
  writeFileSync(join(project, 'ios/App.xcodeproj/project.pbxproj'), APP);
  const skipped = STEPS.filter((id) => !ids.includes(id)).flatMap((id) => ['--skip', `${id}=not now`]);
  return sit({
    project,
    argv: ['rehearse', 'faults', '--yes', '--fault', fault, ...skipped],
    columns,
    rows: 40,
  });
}

/** On one line, however the screen has broken it. */
const shown = (session: Session): string => session.screen().replaceAll(/\s*\n[│|]?\s*|\s+/g, ' ');

async function finished(session: Session): Promise<string> {
  expect(await session.ended()).toBe(0);
  return shown(session);
}

test('a CNAME typed wrong: what stands there beside what should, the usual reason, and on', async () => {
  const session = rehearse('dns-typed-wrong@point-dns', ['point-dns'], 80);
  await session.until('I have done it');
  await session.type('\r');
  await session.until(/It is not so yet[\s\S]*└$/);
  expect(shown(session)).toContain('expected api.example.com CNAME x1.relay-prod.fly.dev');
  expect(shown(session)).toContain('seen ns1.stand-in.invalid, ns2.stand-in.invalid: xx1.relay-prod.fly.dev');
  expect(shown(session)).toContain('a slip of the typing');
  await session.type('\r');
  expect(await finished(session)).toContain('Done: "Point DNS", verified: api.example.com CNAME x1.relay-prod.fly.dev');
});

test('a tester who is no user of the team: who, and where to invite them, and on', async () => {
  const session = rehearse('tester-missing@testers', ['bundle', 'record', 'group', 'testers'], 50);
  await session.until('I have done it');
  await session.type('\r');
  await session.until(/Failed: "Testers"[\s\S]*└$/);
  expect(shown(session)).toContain('ann@example.com is no user of the team and was not invited');
  expect(shown(session)).toContain('Users and Access → People → "+": invite them');
  expect(shown(session)).not.toContain('Nobody was added..');
  await session.type('\r');
  expect(await finished(session)).toContain('Done: "Testers", verified: ann@example.com (invited)');
});

test('a build that Apple finds invalid: the reason, a higher number, and the way back to the archive', async () => {
  const session = rehearse('build-invalid', ['bundle', 'record', 'number', 'archive', 'upload', 'build'], 80);
  await session.until('I have done it');
  await session.type('\r');
  await session.until('Which build number is it?');
  await session.type('1\r');
  await session.until(/Failed: "Build"[\s\S]*└$/);
  expect(shown(session)).toContain('seen build 1 of 1.0: Invalid Binary (INVALID)');
  expect(shown(session)).toContain('upload again with a higher build number');
  await session.type('j');
  await session.until(/To which step\?[\s\S]*Archive/);
  await session.type('Build number\r');
  await session.until(/Opened again: "Build number"[\s\S]*Which build number is it\?/);
  await session.type('2\r');
  // What was done with the old number is named before anything is built on it.
  await session.until(/Since "Archive" was done, answer of "Build number" changed from 1 to 2\.[\s\S]*└$/);
  await session.type('r');
  await session.until(/Opened again: "Archive"[\s\S]*version 1\.0 \(2\)[\s\S]*(?:└$|Finished\.)/);
  if (!session.screen().includes('Finished.')) await session.type('\r');
  expect(await finished(session)).toContain('Done: "Build", verified: build 2 of 1.0 is processed and can be tested');
});
