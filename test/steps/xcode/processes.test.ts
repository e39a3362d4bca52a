// Archive and upload with real processes: small programs on PATH in place of Xcode's, which write down how they were called.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diskFiles } from '../../../src/system/files.ts';
import type { ActPorts } from '../../../src/system/ports.ts';
import { createProcesses } from '../../../src/system/processes.ts';
import { archive } from '../../../steps/xcode/archive.ts';
import { upload } from '../../../steps/xcode/upload.ts';
import { ports } from '../http/ports.ts';

const info = `<plist version="1.0"><dict><key>ApplicationProperties</key><dict>
<key>CFBundleIdentifier</key><string>com.example.app</string>
<key>CFBundleShortVersionString</key><string>1.0.0</string><key>CFBundleVersion</key><string>42</string>
</dict><key>CreationDate</key><date>2026-11-21T10:00:00Z</date></dict></plist>`;

/** A project whose PATH has these programs first; each also logs its words and two variables. */
function macWith(programs: Readonly<Record<string, string>>) {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-xcode-')));
  mkdirSync(join(project, 'bin'));
  for (const [name, lines] of Object.entries(programs)) {
    const log = `echo "${name} $*|$API_PRIVATE_KEYS_DIR|$SECRET_OF_ANOTHER" >> "${project}/calls"`;
    writeFileSync(join(project, 'bin', name), `#!/bin/sh\n${log}\n${lines}\n`);
    chmodSync(join(project, 'bin', name), 0o755);
  }
  const env = {
    PATH: `${join(project, 'bin')}:/usr/bin:/bin`,
    SECRET_OF_ANOTHER: 'not-for-xcode',
    ASC_KEY_ID: 'ABC1234567',
    ASC_ISSUER_ID: 'issuer',
    ASC_KEY_FILE: '/keys/AuthKey_ABC1234567.p8',
  };
  const processes = createProcesses({ project, env });
  const act: ActPorts['processes']['act'] = async (argv, options = {}) => {
    const child = await processes.hold(argv, { ...options, environment: 'kind' });
    child.go();
    return child.ended;
  };
  const given = ports({
    processes: { look: (argv, options) => processes.look(argv, options), act },
    files: diskFiles(project),
    env: { get: (name) => Reflect.get(env, name) },
  });
  return { project, ports: given, calls: () => readFileSync(join(project, 'calls'), 'utf8').trim().split('\n') };
}

const want = archive.with.parse({ project: 'Example.xcodeproj', scheme: 'Example', archive: 'build/E.xcarchive' });

describe('with programs on PATH', () => {
  test('an archive is made, and is the new one afterwards', async () => {
    const mac = macWith({
      xcodebuild: `if [ "$1" = archive ]; then mkdir -p build/E.xcarchive; cat > build/E.xcarchive/Info.plist <<'END'\n${info}\nEND\nfi`,
    });
    expect(await archive.canAct?.(want, mac.ports)).toBe(true);
    const before = await archive.verify?.(want, mac.ports, {});
    const since = before && 'since' in before ? before.since : undefined;
    expect(await archive.act?.(want, mac.ports, { since })).toMatchObject({ ended: 'ok' });
    expect(await archive.verify?.(want, mac.ports, { since })).toMatchObject({ is: 'so', outputs: { build: '42' } });
  });

  test('command line tools without Xcode are no Xcode', async () => {
    const mac = macWith({
      xcodebuild: 'echo "requires Xcode, but active developer directory is CommandLineTools"; exit 1',
    });
    expect(await archive.canAct?.(want, mac.ports)).toBe(false);
  });

  test('a failed export says why, in the words of the tool and in ours', async () => {
    const mac = macWith({ xcodebuild: 'echo "error: exportArchive Cloud signing permission error" >&2; exit 70' });
    mkdirSync(join(mac.project, 'build/E.xcarchive'), { recursive: true });
    writeFileSync(join(mac.project, 'build/E.xcarchive/Info.plist'), info);
    const sending = { archive: 'build/E.xcarchive', 'bundle-id': 'com.example.app', version: '1.0.0', build: '42' };
    expect(await upload.act?.(upload.with.parse(sending), mac.ports, {})).toMatchObject({
      ended: 'failed',
      hint: expect.stringContaining('role Admin'),
    });
    expect(readFileSync(join(mac.project, 'build/E.ExportOptions.plist'), 'utf8')).toContain('<string>upload</string>');
  });

  test('altool gets the folder of the key, and no variable that is not for it', async () => {
    const mac = macWith({ xcrun: 'echo done' });
    const sending = { via: 'altool', ipa: 'E.ipa', 'bundle-id': 'com.example.app', version: '1.0.0', build: '42' };
    expect(await upload.act?.(upload.with.parse(sending), mac.ports, {})).toMatchObject({ ended: 'ok' });
    expect(mac.calls()).toEqual([
      'xcrun altool --upload-package E.ipa --platform ios --api-key ABC1234567 --api-issuer issuer|/keys|',
    ]);
  });
});
