import { expect, test } from 'vitest';
import { findXcodeHazards } from '../../../steps/xcode/project-hazards.ts';
import { memoryFiles } from '../fly/memory-files.ts';
import { projectText } from './project-text.ts';

const path = 'ios/Sol.xcodeproj/project.pbxproj';
const sound = {
  Debug: { PRODUCT_BUNDLE_IDENTIFIER: 'com.example.sol.dev', API_BASE_URL: '"http://localhost:3000"' },
  Release: {
    PRODUCT_BUNDLE_IDENTIFIER: 'com.example.sol',
    API_BASE_URL: '"https://api.example.com"',
    INFOPLIST_KEY_ITSAppUsesNonExemptEncryption: 'NO',
    GENERATE_INFOPLIST_FILE: 'YES',
  },
};
const plist = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>\n${body}\n</dict>\n</plist>\n`;

const find = async (
  release: Readonly<Record<string, string | undefined>>,
  files: Readonly<Record<string, string>> = {},
) => {
  const settings = Object.entries({ ...sound.Release, ...release }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  const text = projectText({
    settings: {
      project: { Debug: {}, Release: {} },
      Sol: { Debug: sound.Debug, Release: Object.fromEntries(settings) },
    },
  });
  const all = { [path]: text, ...files };
  const { findings } = await findXcodeHazards(Object.keys(all), { files: memoryFiles(all) });
  return findings.map(({ code, severity, message, place, text: line, why, remedy }) => {
    expect([why, remedy]).not.toContain(undefined);
    return `${severity} ${code} ${place.file}: ${line.trim()} | ${message}`;
  });
};

test('a sound project has none; what Debug calls is its own business', async () => {
  expect(await find({})).toEqual([]);
});

test.each([
  [
    'bundle ids that differ by case',
    { PRODUCT_BUNDLE_IDENTIFIER: 'com.example.Sol.dev' },
    {},
    `error bundle-id-case ${path}: PRODUCT_BUNDLE_IDENTIFIER = com.example.Sol.dev; | the bundle id is com.example.Sol.dev in Release and com.example.sol.dev in Debug`,
  ],
  [
    'an address of the own computer in a setting',
    { API_BASE_URL: '"http://localhost:3000"' },
    {},
    `error local-address ${path}: API_BASE_URL = "http://localhost:3000"; | API_BASE_URL is http://localhost:3000 in the configuration that is archived`,
  ],
  [
    'an address of the office in the Info.plist',
    { INFOPLIST_FILE: 'Sol/Info.plist' },
    { 'ios/Sol/Info.plist': plist('\t<key>ApiBaseURL</key>\n\t<string>http://192.168.1.20:3000</string>') },
    'error local-address ios/Sol/Info.plist: <key>ApiBaseURL</key> | ApiBaseURL is http://192.168.1.20:3000 in the configuration that is archived',
  ],
  [
    'transport without TLS to anyone',
    { INFOPLIST_FILE: 'Sol/Info.plist' },
    {
      'ios/Sol/Info.plist': plist(
        '\t<key>NSAppTransportSecurity</key>\n\t<dict>\n\t\t<key>NSAllowsArbitraryLoads</key>\n\t\t<true/>\n\t</dict>',
      ),
    },
    'warning open-transport ios/Sol/Info.plist: <key>NSAllowsArbitraryLoads</key> | NSAllowsArbitraryLoads is on: the app may talk to any server without TLS',
  ],
  [
    'no word about encryption',
    { INFOPLIST_KEY_ITSAppUsesNonExemptEncryption: undefined },
    {},
    `warning no-compliance ${path}: PRODUCT_BUNDLE_IDENTIFIER = com.example.sol; | ITSAppUsesNonExemptEncryption is not in Info.plist: each upload will stop at "Missing Compliance"`,
  ],
])('%s: found, with its line', async (_, release, files, told) => {
  expect(await find(release, files)).toEqual([told]);
});

test('each of them mended is not found', async () => {
  const files = {
    'ios/Sol/Info.plist': plist(
      '\t<key>ApiBaseURL</key>\n\t<string>https://api.example.com</string>\n\t<key>NSAppTransportSecurity</key>\n\t<dict>\n\t\t<key>NSAllowsArbitraryLoads</key>\n\t\t<false/>\n\t</dict>',
    ),
  };
  expect(await find({ INFOPLIST_FILE: 'Sol/Info.plist', PRODUCT_BUNDLE_IDENTIFIER: 'com.example.Sol' }, files)).toEqual(
    [],
  );
});

test('a project that cannot be parsed is told as such', async () => {
  const all = { [path]: '{ this is no project' };
  const { findings } = await findXcodeHazards([path], { files: memoryFiles(all) });
  expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    expect.stringContaining('unreadable: it cannot be read'),
  ]);
});
