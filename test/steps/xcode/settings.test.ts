import { describe, expect, test } from 'vitest';
import { settings } from '../../../steps/xcode/settings.ts';
import { ports } from '../http/ports.ts';
import { projectText, type Written } from './project-text.ts';

const PROJECT = 'ios/Sol.xcodeproj';
const look = async (
  want: object,
  written: Written | string | undefined,
  more: Readonly<Record<string, string>> = {},
) => {
  const text = typeof written === 'object' ? projectText(written) : written;
  const files: Readonly<Record<string, string>> = {
    ...more,
    ...(text !== undefined && { 'ios/Sol.xcodeproj/project.pbxproj': text }),
  };
  const port = {
    read: async (path: string) => files[path],
    list: async () => [],
    resolve: async () => '',
    write: async () => {},
  };
  return settings.verify?.(
    settings.with.parse({ project: PROJECT, configuration: 'Release', ...want }),
    ports({ files: port }),
    {},
  );
};
const plist = (values: Readonly<Record<string, string>>) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n<dict>\n${Object.entries(
    values,
  )
    .map(([key, value]) => `\t<key>${key}</key>\n\t${value}`)
    .join('\n')}\n</dict>\n</plist>\n`;

const usual: Written = {
  settings: {
    project: { Debug: {}, Release: { IPHONEOS_DEPLOYMENT_TARGET: '26.2' } },
    Sol: {
      Debug: { PRODUCT_BUNDLE_IDENTIFIER: 'com.sollabshq.solmobile.dev' },
      Release: {
        PRODUCT_BUNDLE_IDENTIFIER: 'com.sollabshq.solmobile',
        MARKETING_VERSION: '1.0.0',
        CURRENT_PROJECT_VERSION: '7',
        CODE_SIGN_STYLE: 'Automatic',
        DEVELOPMENT_TEAM: 'ABCDE12345',
        GENERATE_INFOPLIST_FILE: 'YES',
        INFOPLIST_KEY_ITSAppUsesNonExemptEncryption: 'NO',
        PRODUCT_NAME: '"$(TARGET_NAME)"',
      },
    },
  },
};

describe('what is so', () => {
  test('bundle id, version, build, signing and team of the app target, with outputs', async () => {
    const want = {
      'bundle-id': 'com.sollabshq.solmobile',
      version: '1.0.0',
      build: '7',
      signing: 'automatic',
      team: 'ABCDE12345',
    };
    expect(await look(want, usual)).toEqual({
      is: 'so',
      seen: 'Sol, Release: com.sollabshq.solmobile, version 1.0.0 (7), bundle id com.sollabshq.solmobile, version 1.0.0, build number 7, signing Automatic, team ABCDE12345',
      outputs: {
        bundle_id: 'com.sollabshq.solmobile',
        version: '1.0.0',
        build: '7',
        team: 'ABCDE12345',
        minimum_ios: '26.2',
      },
    });
  });

  test('Debug has its own bundle id', async () => {
    expect(await look({ configuration: 'Debug', 'bundle-id': 'com.sollabshq.solmobile.dev' }, usual)).toMatchObject({
      is: 'so',
    });
  });

  test('any setting, with variables filled in, and any value of a generated Info.plist', async () => {
    expect(
      await look({ settings: { PRODUCT_NAME: 'Sol' }, plist: { ITSAppUsesNonExemptEncryption: false } }, usual),
    ).toMatchObject({ is: 'so' });
  });

  test('1.0 is 1.0.0 for Apple', async () => {
    expect(await look({ version: '1.0', build: 7 }, usual)).toMatchObject({ is: 'so' });
  });

  test('the older place of team and signing counts where the settings say nothing', async () => {
    const attributes =
      ' TargetAttributes = { TARGET_Sol = { DevelopmentTeam = ABCDE12345; ProvisioningStyle = Manual; }; }; ';
    expect(await look({ signing: 'manual', team: 'ABCDE12345' }, { settings: {}, attributes })).toMatchObject({
      is: 'so',
    });
  });
});

describe('what is not so', () => {
  test('a lowest iOS above that of the testers stands in the project, and is found', async () => {
    expect(await look({ 'minimum-ios-at-most': '17.0' }, usual)).toMatchObject({
      is: 'not-so',
      expected: 'lowest iOS at most 17.0',
      seen: 'lowest iOS 26.2',
      hint: expect.stringMatching(/TestFlight.*17\.0 is what this runbook says.*Settings → General → Software Update/),
    });
    expect(await look({ 'minimum-ios-at-most': 26.2 }, usual)).toMatchObject({ is: 'so' });
  });

  test('a bundle id that differs in case only is said to', async () => {
    expect(await look({ 'bundle-id': 'com.SolLabsHQ.solmobile' }, usual)).toEqual({
      is: 'not-so',
      expected: 'bundle id com.SolLabsHQ.solmobile',
      seen: 'bundle id com.sollabshq.solmobile',
      hint: 'They differ in upper and lower case only: for Apple these are two bundle ids.',
    });
  });

  test('everything that is wrong is told at once', async () => {
    expect(
      await look({ version: '2.0', team: 'ZZZZZ00000', settings: { API_BASE_URL: 'https://api' } }, usual),
    ).toMatchObject({
      expected: 'version 2.0; team ZZZZZ00000; API_BASE_URL https://api',
      seen: 'version 1.0.0; team ABCDE12345; API_BASE_URL is not set',
    });
  });

  test('a missing project, target or configuration is named with what there is', async () => {
    expect(await look({}, undefined)).toEqual({
      is: 'not-so',
      expected: `an Xcode project ${PROJECT}`,
      seen: 'there is none',
    });
    expect(await look({ target: 'Moon' }, usual)).toMatchObject({
      is: 'not-so',
      seen: 'the project has Sol, SolTests',
    });
    expect(await look({ configuration: 'Prod' }, usual)).toMatchObject({
      is: 'not-so',
      seen: 'Sol has Debug, Release',
    });
  });

  test('a version that is hard-coded in Info.plist beats the build setting', async () => {
    const written: Written = {
      settings: { Sol: { Release: { MARKETING_VERSION: '1.0.0', INFOPLIST_FILE: 'Sol/Info.plist' } } },
    };
    const info = { 'ios/Sol/Info.plist': plist({ CFBundleShortVersionString: '<string>0.9</string>' }) };
    expect(await look({ version: '1.0.0' }, written, info)).toMatchObject({ is: 'not-so', seen: 'version 0.9' });
  });
});

describe('where values come from', () => {
  const written: Written = {
    settings: {
      project: { Release: { API_HOST: 'project.example.com', SUFFIX: '""' } },
      Sol: {
        Release: {
          PRODUCT_BUNDLE_IDENTIFIER: '"com.example.$(PRODUCT_NAME:rfc1034identifier)$(SUFFIX)"',
          PRODUCT_NAME: '"My App"',
          INFOPLIST_FILE: '"$(SRCROOT)/Sol/Info.plist"',
        },
      },
    },
    xcconfig: { 'Sol Release': 'Release.xcconfig' },
  };
  const files = {
    'ios/Config/Release.xcconfig':
      '// settings\n#include "Shared.xcconfig"\n#include? "Local.xcconfig"\nAPI_BASE_URL = https:/$()/$(API_HOST)/v1 // cut here\nFLAGS = $(inherited) -O\nKEY[config=Debug] = debug\nKEY[sdk=iphoneos*] = phone\nKEY = plain\nBROKEN = http://x\n',
    'ios/Config/Shared.xcconfig': 'API_HOST = api.sollabs.com\n',
    'ios/Sol/Info.plist': plist({
      CFBundleIdentifier: '<string>$(PRODUCT_BUNDLE_IDENTIFIER)</string>',
      SolBaseURL: '<string>$(API_BASE_URL)</string>',
      NSAppTransportSecurity: '<dict><key>NSAllowsArbitraryLoads</key><false/></dict>',
      Title: '<string>a &amp; b &#65;</string>',
    }),
  };

  test('a configuration file beats the project, a condition beats the plain key, and Info.plist is filled in', async () => {
    const want = {
      'bundle-id': 'com.example.My-App',
      settings: { API_BASE_URL: 'https://api.sollabs.com/v1', KEY: 'phone', FLAGS: ' -O', BROKEN: 'http:' },
      plist: {
        SolBaseURL: 'https://api.sollabs.com/v1',
        'NSAppTransportSecurity.NSAllowsArbitraryLoads': 'NO',
        Title: 'a & b A',
      },
    };
    expect(await look(want, written, files)).toMatchObject({ is: 'so' });
  });

  test('a configuration file that is missing leaves unknown what it might say, and warns where a stronger level decides', async () => {
    const { 'ios/Config/Release.xcconfig': _gone, ...rest } = files;
    expect(await look({ settings: { KEY: 'phone' } }, written, rest)).toEqual({
      is: 'unknown',
      why: 'KEY of Sol cannot be told: ios/Config/Release.xcconfig is missing',
    });
    expect(await look({ settings: { PRODUCT_NAME: 'My App' } }, written, rest)).toMatchObject({
      warning: expect.not.stringContaining('is missing: it may'),
    });
    expect(await look({ settings: { API_HOST: 'project.example.com' } }, written, rest)).toMatchObject({
      is: 'so',
      warning: expect.stringContaining('Release.xcconfig is missing'),
    });
  });

  test('a variable that is set nowhere, and settings that refer to each other, are unknown', async () => {
    const odd: Written = { settings: { Sol: { Release: { A: '"$(NOWHERE)/x"', B: '"$(C)"', C: '"$(B)"' } } } };
    expect(await look({ settings: { A: 'y/x' } }, odd)).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('$(NOWHERE) is set nowhere'),
    });
    expect(await look({ settings: { B: 'x' } }, odd)).toMatchObject({ is: 'unknown' });
    const doubling = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`A${n}`, `"$(A${n + 1})$(A${n + 1})"`]));
    expect(
      await look({ settings: { A0: 'x' } }, { settings: { Sol: { Release: { ...doubling, A40: 'x' } } } }),
    ).toMatchObject({ is: 'unknown', why: expect.stringContaining('too many') });
  });

  test('an Info.plist that cannot be read is unknown', async () => {
    const broken = { ...files, 'ios/Sol/Info.plist': '<plist><dict><key>A</key><string>x</dict></plist>' };
    expect(await look({ plist: { SolBaseURL: 'x' } }, written, broken)).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('Info.plist cannot be read'),
    });
  });
});

test('two app targets are unknown until one is named', async () => {
  const two: Written = { settings: { Sol: { Release: { MARKETING_VERSION: '1.0' } } }, apps: ['Sol', 'Clip'] };
  expect(await look({ version: '1.0' }, two)).toMatchObject({
    is: 'unknown',
    why: 'the project has 2 app targets: Sol, Clip',
  });
  expect(await look({ version: '1.0', target: 'Sol' }, two)).toMatchObject({ is: 'so' });
});

test('a project file that cannot be parsed is unknown', async () => {
  expect(await look({}, '{ nonsense')).toMatchObject({
    is: 'unknown',
    why: expect.stringContaining('cannot be parsed'),
  });
});

describe('where the Release build sends its requests', () => {
  const base = (value: string) => ({
    settings: { Sol: { Release: { API_BASE_URL: `"${value}"`, GENERATE_INFOPLIST_FILE: 'YES' } } },
  });
  const want = { 'base-url': { key: 'API_BASE_URL', is: 'https://api.sollabs.com' } };

  test('is so at the production address, with or without a slash at its end', async () => {
    expect(await look(want, base('https://api.sollabs.com/'))).toMatchObject({ is: 'so' });
  });

  test.each([
    ['https:', 'write https:/$()/api.example.com'],
    ['http://localhost:3000', 'the machine it was built on'],
    ['https://a1b2.ngrok.app', 'gone when the laptop is closed'],
    ['https://solserver-staging.sollabs.com', 'staging or development'],
    ['http://api.sollabs.com', 'must begin with https://'],
  ])('is not so at %s, and the usual reason is told', async (value, reason) => {
    expect(await look(want, base(value))).toMatchObject({
      is: 'not-so',
      expected: 'API_BASE_URL https://api.sollabs.com',
      seen: `API_BASE_URL ${value}`,
      hint: expect.stringContaining(reason),
    });
  });

  test('a plan that names no https address is refused', () => {
    const plain = { ...want, project: PROJECT, configuration: 'Release', 'base-url': { key: 'A', is: 'http://x.com' } };
    expect(settings.with.safeParse(plain).success).toBe(false);
  });
});

describe('what will hurt later', () => {
  const written = (
    release: Readonly<Record<string, string>>,
    tests: Readonly<Record<string, string>> = {},
  ): Written => ({
    settings: { Sol: { Release: { GENERATE_INFOPLIST_FILE: 'YES', ...release } }, SolTests: { Release: tests } },
  });
  const answered = { INFOPLIST_KEY_ITSAppUsesNonExemptEncryption: 'NO' };

  test('an export question that is not answered in the project', async () => {
    expect(await look({}, written({}))).toMatchObject({
      is: 'so',
      warning: 'ITSAppUsesNonExemptEncryption is not in Info.plist: each upload will stop at "Missing Compliance"',
    });
    expect(await look({}, written(answered))).not.toHaveProperty('warning');
    expect(await look({ configuration: 'Debug' }, usual)).not.toHaveProperty('warning');
  });

  test('a version that Apple does not take, and a part of the app that needs a newer iOS', async () => {
    const odd = { ...answered, MARKETING_VERSION: '"1.0-beta"', IPHONEOS_DEPLOYMENT_TARGET: '17.0' };
    expect(await look({}, written(odd, { IPHONEOS_DEPLOYMENT_TARGET: '18.0' }))).toMatchObject({
      warning:
        'the version "1.0-beta" is none that Apple takes: numbers and dots, at most three; the target SolTests needs iOS 18.0, the app 17.0',
    });
  });

  test('requests without TLS: not so where they are forbidden, a warning elsewhere', async () => {
    const infoPlist: Written = { settings: { Sol: { Release: { ...answered, INFOPLIST_FILE: 'Sol/Info.plist' } } } };
    const info = (transport: string) => ({
      'ios/Sol/Info.plist': plist({ ITSAppUsesNonExemptEncryption: '<false/>', NSAppTransportSecurity: transport }),
    });
    const open = info('<dict><key>NSAllowsArbitraryLoads</key><true/></dict>');
    expect(await look({ 'transport-security': 'strict' }, infoPlist, open)).toMatchObject({
      is: 'not-so',
      expected: 'NSAllowsArbitraryLoads off',
      seen: 'NSAllowsArbitraryLoads true',
    });
    expect(await look({}, infoPlist, open)).toMatchObject({ warning: expect.stringContaining('without TLS') });
    const one = info('<dict><key>NSExceptionDomains</key><dict><key>old.example.com</key><dict/></dict></dict>');
    expect(await look({ 'transport-security': 'strict' }, infoPlist, one)).toMatchObject({
      is: 'so',
      warning: 'transport security has exceptions for old.example.com',
    });
    expect(await look({ 'transport-security': 'strict' }, written(answered))).toMatchObject({ is: 'so' });
  });
});
