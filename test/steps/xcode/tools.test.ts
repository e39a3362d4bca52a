// Archive and upload: what is executed, which archive counts as the new one, and what the tools' failures mean.
import { describe, expect, test } from 'vitest';
import type { Ended } from '../../../src/system/ports.ts';
import { archive } from '../../../steps/xcode/archive.ts';
import { upload } from '../../../steps/xcode/upload.ts';
import { ports } from '../http/ports.ts';

const info = (number: string, created: string, id = 'com.example.app') => `<?xml version="1.0"?>
<plist version="1.0"><dict>
<key>ApplicationProperties</key><dict>
<key>CFBundleIdentifier</key><string>${id}</string>
<key>CFBundleShortVersionString</key><string>1.0.0</string>
<key>CFBundleVersion</key><string>${number}</string>
</dict><key>CreationDate</key><date>${created}</date></dict></plist>`;
const PATH = 'build/Example.xcarchive';

function mac(files: Readonly<Record<string, string>> = {}, ended: Partial<Ended> = {}) {
  const acted: { argv: readonly string[]; env: Readonly<Record<string, string | undefined>> }[] = [];
  const written: Record<string, string> = {};
  const end: Ended = { exit: 0, stdout: '', stderr: '', ...ended };
  const given = ports({
    files: {
      read: async (path) => files[path],
      list: async () => [],
      resolve: async (path) => path,
      write: async (path, text) => void (written[path] = text),
    },
    env: {
      get: (name) =>
        ({ ASC_KEY_ID: 'ABC1234567', ASC_ISSUER_ID: 'issuer', ASC_KEY_FILE: '/keys/AuthKey_ABC1234567.p8' })[name],
    },
    processes: {
      look: async () => end,
      act: async (argv, options) => {
        acted.push({ argv, env: options?.env ?? {} });
        return end;
      },
    },
  });
  return { ports: given, acted, written };
}

describe('xcode/archive', () => {
  const want = archive.with.parse({ project: 'ios/Example.xcodeproj', scheme: 'Example', archive: PATH });
  const old = { [`${PATH}/Info.plist`]: info('41', '2026-11-20T10:00:00Z') };
  const made = { [`${PATH}/Info.plist`]: info('42', '2026-11-21T10:00:00Z') };

  test('an archive of before is not the new one; one made since is, and tells its numbers', async () => {
    const before = await archive.verify?.(want, mac(old).ports, {});
    expect(before).toMatchObject({
      is: 'not-so',
      seen: expect.stringContaining('an older one'),
      since: { created: '2026-11-20T10:00:00Z' },
    });
    const since = before && 'since' in before ? before.since : undefined;
    expect(await archive.verify?.(want, mac(old).ports, { since })).toMatchObject({ is: 'not-so' });
    expect(await archive.verify?.(want, mac(made).ports, { since })).toEqual({
      is: 'so',
      seen: 'com.example.app, version 1.0.0 (42), archived 2026-11-21T10:00:00Z',
      outputs: { bundle_id: 'com.example.app', version: '1.0.0', build: '42' },
    });
    expect(await archive.verify?.(want, mac(made).ports, { since: { created: null } })).toMatchObject({ is: 'so' });
  });

  test('one that is named by version and build number is so without a look before', async () => {
    const named = archive.with.parse({ ...want, version: '1.0', build: '42' });
    expect(await archive.verify?.(named, mac(made).ports, {})).toMatchObject({ is: 'so' });
    expect(await archive.verify?.(named, mac(old).ports, {})).toMatchObject({
      is: 'not-so',
      expected: 'build number 42',
    });
  });

  test('none, and one that cannot be read, are told apart', async () => {
    expect(await archive.verify?.(want, mac().ports, {})).toMatchObject({ is: 'not-so', seen: 'there is none' });
    const broken = { [`${PATH}/Info.plist`]: 'bplist00' };
    expect(await archive.verify?.(want, mac(broken).ports, {})).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('cannot be read'),
    });
  });

  test('is made by xcodebuild, with the key only where the runbook says so', async () => {
    const world = mac();
    expect(await archive.act?.(want, world.ports, {})).toMatchObject({ ended: 'ok' });
    expect(world.acted[0]?.argv.join(' ')).toBe(
      'xcodebuild archive -project ios/Example.xcodeproj -scheme Example -configuration Release -destination generic/platform=iOS -archivePath build/Example.xcarchive -allowProvisioningUpdates',
    );
    await archive.act?.(archive.with.parse({ ...want, 'with-api-key': true }), world.ports, {});
    expect(world.acted[1]?.argv.slice(-6)).toEqual([
      ...['-authenticationKeyPath', '/keys/AuthKey_ABC1234567.p8', '-authenticationKeyID', 'ABC1234567'],
      ...['-authenticationKeyIssuerID', 'issuer'],
    ]);
  });

  test('without Xcode a person does it', async () => {
    expect(await archive.canAct?.(want, mac({}, { exit: 127, missing: true }).ports)).toBe(false);
    expect(await archive.canAct?.(want, mac().ports)).toBe(true);
    expect(archive.guide?.(want).text).toContain('It has worked when');
  });

  test('a project and a workspace together are refused', () => {
    expect(archive.with.safeParse({ ...want, workspace: 'x.xcworkspace' }).success).toBe(false);
  });

  test.each([
    ['error: No profiles for "com.example.app" were found', 'no certificate or profile'],
    ['error: Cloud signing permission error', 'role Admin'],
    ['error: Signing for "Example" requires a development team.', 'Signing & Capabilities'],
  ])('%s', async (stderr, hint) => {
    expect(await archive.act?.(want, mac({}, { exit: 65, stderr }).ports, {})).toEqual({
      ended: 'failed',
      why: `xcodebuild archive ended with exit code 65: ${stderr}`,
      hint: expect.stringContaining(hint),
    });
  });

  test('a time-out is unclear', async () => {
    const acted = await archive.act?.(want, mac({}, { exit: null, timedOut: true }).ports, {});
    expect(acted).toEqual({ ended: 'unclear', why: 'xcodebuild archive was interrupted' });
  });
});

describe('xcode/upload', () => {
  const numbers = { 'bundle-id': 'com.example.app', version: '1.0.0', build: '42' };
  const want = upload.with.parse({ ...numbers, archive: PATH });
  const there = { [`${PATH}/Info.plist`]: info('42', '2026-11-21T10:00:00Z') };

  test('sends the archive as it is: with options that upload, and no other number', async () => {
    const world = mac(there);
    expect(await upload.act?.(want, world.ports, {})).toEqual({ ended: 'ok', seen: 'build 42 of 1.0.0 was sent' });
    expect(world.acted[0]?.argv.slice(0, 8).join(' ')).toBe(
      'xcodebuild -exportArchive -archivePath build/Example.xcarchive -exportPath build/Example.export -exportOptionsPlist build/Example.ExportOptions.plist',
    );
    const options = world.written['build/Example.ExportOptions.plist'];
    expect(options).toMatch(/<key>destination<\/key>\s*<string>upload</);
    expect(options).toMatch(/<key>manageAppVersionAndBuildNumber<\/key>\s*<false\/>/);
  });

  test.each([
    [{}, 'there is no archive at build/Example.xcarchive'],
    [
      { [`${PATH}/Info.plist`]: info('41', '2026-11-21T10:00:00Z') },
      'the archive is version 1.0.0 (41), not 1.0.0 (42)',
    ],
    [
      { [`${PATH}/Info.plist`]: info('42', '2026-11-21T10:00:00Z', 'com.example.app.dev') },
      'the archive is of com.example.app.dev',
    ],
  ])('another archive is not sent', async (files, why) => {
    const world = mac(files);
    expect(await upload.act?.(want, world.ports, {})).toMatchObject({
      ended: 'failed',
      why: expect.stringContaining(why),
    });
    expect(world.acted).toEqual([]);
  });

  test('altool is told the folder of the key, never the key', async () => {
    const world = mac();
    await upload.act?.(upload.with.parse({ ...numbers, via: 'altool', ipa: 'build/Example.ipa' }), world.ports, {});
    expect(world.acted).toEqual([
      {
        argv: [
          ...['xcrun', 'altool', '--upload-package', 'build/Example.ipa', '--platform', 'ios'],
          ...['--api-key', 'ABC1234567', '--api-issuer', 'issuer'],
        ],
        env: { API_PRIVATE_KEYS_DIR: '/keys' },
      },
    ]);
  });

  test("the project's fastlane runs its lane, with the key under the names it knows", async () => {
    const world = mac();
    await upload.act?.(upload.with.parse({ ...numbers, via: 'fastlane', lane: 'ios beta' }), world.ports, {});
    expect(world.acted[0]).toMatchObject({
      argv: ['fastlane', 'ios', 'beta'],
      env: { APP_STORE_CONNECT_API_KEY_KEY_FILEPATH: '/keys/AuthKey_ABC1234567.p8', CI: '1' },
    });
  });

  test('what the way of uploading needs must be given', () => {
    expect(upload.with.safeParse({ ...numbers, via: 'altool', archive: PATH }).success).toBe(false);
    expect(upload.with.safeParse(numbers).success).toBe(false);
  });

  test.each([
    ['ERROR: ITMS-90189: Redundant Binary Upload', 'failed', 'raise CURRENT_PROJECT_VERSION'],
    ["ERROR: Cannot determine the Apple ID from Bundle ID 'com.example.app'. (19)", 'failed', 'no app record'],
    ['ERROR: The network connection was lost.', 'unclear', undefined],
  ])('%s is %s', async (stderr, ended, hint) => {
    const acted = await upload.act?.(want, mac(there, { exit: 70, stderr }).ports, {});
    expect(acted).toMatchObject({ ended, ...(hint && { hint: expect.stringContaining(hint) }) });
  });

  test('without the key or without Xcode a person does it', async () => {
    expect(await upload.canAct?.(want, mac({}, { exit: 1 }).ports)).toBe(false);
    expect(upload.guide?.(want).text).toContain('Manage version and build number');
  });
});
