// `launch init`: from what is in a project to a runbook that is valid and is rehearsed to its end.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { launch, projectOf } from './launching.ts';

const frontOf = (project: string) =>
  parse(readFileSync(join(project, 'runbooks/prod.md'), 'utf8').split(/^---$/m)[1] ?? '');
const idsOf = (project: string) => frontOf(project).steps.map(({ id }: { readonly id: string }) => id);

describe('launch init', () => {
  test('a web app on Fly: its volume, its secrets, its health check, its domain; rehearsed to the end', async () => {
    const project = projectOf({
      'fly.toml': [
        'app = "jar"',
        'primary_region = "ams"',
        '[env]',
        'LOG_LEVEL = "info"',
        '[http_service]',
        'internal_port = 8080',
        '[[http_service.checks]]',
        'path = "/up"',
        '[mounts]',
        'source = "jar_data"',
        'destination = "/data"',
      ].join('\n'),
      Dockerfile: 'FROM node:22\nCMD ["node", "server.js"]\n',
      'server.js':
        'const key = process.env.STRIPE_SECRET_KEY; const level = process.env.LOG_LEVEL; const n = process.env.PAGE_SIZE ?? "20"; serve(key, level, n);',
      'package.json': JSON.stringify({ name: 'jar', scripts: { test: 'node --test' } }),
      'pnpm-lock.yaml': '',
      '.gitignore': '.launch\n',
    });
    execFileSync('git', ['init', '-q'], { cwd: project });
    const made = await launch(project, ['init']);
    expect(made).toMatchObject({ exit: 0, stderr: '' });
    expect(made.stdout).toBe(
      [
        'runbooks/prod.md: 14 steps',
        '  a git repository: everything committed, no secret in it',
        '  tests: pnpm test',
        '  fly.toml: the app jar',
        '  secrets and configuration that the code reads: PAGE_SIZE, STRIPE_SECRET_KEY',
        '',
        'It is a beginning: read it, and say what only you know. Then: launch rehearse prod',
        '',
      ].join('\n'),
    );
    const { secrets, steps, inputs } = frontOf(project);
    expect(secrets).toEqual({
      jar: { names: { PAGE_SIZE: { secret: false, default: '20', required: false }, STRIPE_SECRET_KEY: {} } },
    });
    expect(Object.keys(inputs)).toEqual(['domain']);
    expect(steps.find(({ id }: { readonly id: string }) => id === 'volume-jar-data').with).toEqual({
      app: 'jar',
      name: 'jar_data',
      region: 'ams',
      size: 1,
    });
    expect(readFileSync(join(project, 'runbooks/prod.md'), 'utf8')).toContain('url: https://jar.fly.dev/up');
    expect(await launch(project, ['lint'])).toMatchObject({ exit: 0, stdout: '1 file: 0 errors, 0 warnings\n' });
    expect(await launch(project, ['rehearse', 'prod', '--auto'])).toMatchObject({ exit: 0 });
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nothing at all', { 'notes.txt': '' }, ['ship', 'answers', 'smoke-test']],
    ['a Go module', { 'go.mod': 'module x' }, ['tests', 'ship', 'answers', 'smoke-test']],
    [
      'a worker on Fly whose file names no app',
      {
        'fly.prod.toml': 'primary_region = "ams"\n[mounts]\nsource = "d"\ndestination = "/d"\n',
        Dockerfile: 'FROM scratch',
      },
      ['create-app', 'volume-d', 'deploy', 'smoke-test'],
    ],
  ])('%s: no more than is there, valid, and rehearsed to the end', async (_, files, ids) => {
    const project = projectOf(files);
    expect((await launch(project, ['init'])).exit).toBe(0);
    expect(idsOf(project)).toEqual(ids);
    expect(await launch(project, ['lint'])).toMatchObject({ exit: 0, stdout: '1 file: 0 errors, 0 warnings\n' });
    expect(await launch(project, ['rehearse', 'prod', '--auto'])).toMatchObject({ exit: 0 });
  });

  test.each<[string, readonly string[], string]>([
    ['a runbook that is there', ['init'], 'runbooks/prod.md is there already'],
    ['a name', ['init', 'fly'], 'init takes no name'],
    ['a fly.toml that cannot be read', ['init', '--out', 'x.md'], 'fly.toml cannot be read'],
  ])('%s is wrong usage, and nothing is written', async (_, argv, words) => {
    const project = projectOf({ 'runbooks/prod.md': 'mine', 'fly.toml': 'app = [' });
    const refused = await launch(project, argv);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain(words);
    expect(readFileSync(join(project, 'runbooks/prod.md'), 'utf8')).toBe('mine');
    expect(existsSync(join(project, 'x.md'))).toBe(false);
  });
});

describe('launch init of an iOS app', () => {
  const sample = join(import.meta.dirname, '../../runbooks/fixtures/prod/ios');
  const pbxproj = readFileSync(join(sample, 'SolMobile.xcodeproj/project.pbxproj'), 'utf8');
  const plist = readFileSync(join(sample, 'SolMobile/Info.plist'), 'utf8');
  const native = (text = pbxproj) => ({
    'ios/SolMobile.xcodeproj/project.pbxproj': text,
    'ios/SolMobile/Info.plist': plist,
  });
  const scheme = { 'ios/SolMobile.xcodeproj/xcshareddata/xcschemes/SolMobile.xcscheme': '<Scheme/>' };
  const app = (expo: object) => JSON.stringify({ expo });
  const lanes = (...text: readonly string[]) => ['platform :ios do', ...text, 'end', ''].join('\n');
  const beta = '  lane :beta do\n    build_app\n    upload_to_testflight\n  end';

  const STORE = ['bundle-id', 'store-app'];
  const TESTERS = ['tester-group', 'testers', 'distribute', 'installed', 'smoke-test'];
  const BY_XCODE = [...STORE, 'settings', 'signing', 'archive', 'upload', 'compliance', ...TESTERS];
  const BY_OTHERS = [...STORE, 'upload', 'processed', 'compliance', ...TESTERS];
  const ALWAYS = ['app_name', 'group', 'testers'];

  test.each<
    [string, Readonly<Record<string, string>>, readonly string[], readonly string[], readonly (object | string)[]]
  >([
    [
      'an Xcode project that says all',
      { ...native(), ...scheme, 'ios/SolMobile.xcodeproj/project.xcworkspace/contents.xcworkspacedata': '' },
      BY_XCODE,
      ['encryption'],
      [
        { id: 'archive', with: { project: 'ios/SolMobile.xcodeproj', scheme: 'SolMobile', version: '1.0.0' } },
        {
          id: 'settings',
          with: { configuration: 'Release', 'bundle-id': 'com.sollabshq.solmobile', signing: 'automatic' },
        },
      ],
    ],
    [
      'a workspace of another name, a version of two numbers in a configuration file, no scheme that is shared',
      {
        ...native(
          pbxproj
            .replaceAll('MARKETING_VERSION = 1.0.0;', '')
            .replace(
              'AA0000000000000000000012 /* Release */ = {',
              'AA0000000000000000000099 /* R.xcconfig */ = { isa = PBXFileReference; path = R.xcconfig; sourceTree = "<group>"; };\n\t\tAA0000000000000000000012 /* Release */ = {\n\t\t\tbaseConfigurationReference = AA0000000000000000000099 /* R.xcconfig */;',
            ),
        ),
        'ios/R.xcconfig': 'MARKETING_VERSION = 2.1\n',
        'ios/All.xcworkspace/contents.xcworkspacedata':
          '<Workspace><FileRef location = "group:SolMobile.xcodeproj"/></Workspace>',
      },
      BY_XCODE,
      ['scheme', 'encryption'],
      [{ id: 'archive', with: { workspace: 'ios/All.xcworkspace', scheme: '${{ inputs.scheme }}', version: '2.1' } }],
    ],
    [
      'values that only a tool fills in are asked, and so is which scheme',
      {
        ...native(pbxproj.replaceAll('MARKETING_VERSION = 1.0.0', 'MARKETING_VERSION = "$(FLUTTER_BUILD_NAME)"')),
        'ios/SolMobile.xcodeproj/xcshareddata/xcschemes/A.xcscheme': '',
        'ios/SolMobile.xcodeproj/xcshareddata/xcschemes/B.xcscheme': '',
      },
      BY_XCODE,
      ['version', 'scheme', 'encryption'],
      [{ id: 'archive', with: { version: '${{ inputs.version }}' } }],
    ],
    [
      'a bundle id that is made of other settings is read as it will be',
      {
        ...native(
          pbxproj.replaceAll(
            'PRODUCT_BUNDLE_IDENTIFIER = com.sollabshq.solmobile;',
            'PRODUCT_BUNDLE_IDENTIFIER = "org.example.$(PRODUCT_NAME:rfc1034identifier)";',
          ),
        ),
        ...scheme,
      },
      BY_XCODE,
      ['encryption'],
      [{ id: 'bundle-id', with: { identifier: 'org.example.SolMobile' } }],
    ],
    [
      'what it declares of its encryption is not asked',
      {
        ...native(),
        ...scheme,
        'ios/SolMobile/Info.plist': plist.replace('<dict>', '<dict><key>ITSAppUsesNonExemptEncryption</key><false/>'),
      },
      BY_XCODE,
      [],
      [{ id: 'compliance', with: { 'uses-non-exempt-encryption': false } }],
    ],
    [
      'encryption that is not exempt wants documents',
      {
        ...native(),
        ...scheme,
        'ios/SolMobile/Info.plist': plist.replace('<dict>', '<dict><key>ITSAppUsesNonExemptEncryption</key><true/>'),
      },
      BY_XCODE.map((id) => (id === 'compliance' ? 'export-documents' : id)),
      [],
      [],
    ],
    [
      'Expo, built by EAS',
      {
        'app.json': app({
          name: 'Jar',
          version: '1.2.0',
          ios: { bundleIdentifier: 'com.example.jar', config: { usesNonExemptEncryption: false } },
        }),
        'eas.json': JSON.stringify({
          build: { development: { developmentClient: true }, preview: { distribution: 'internal' }, production: {} },
        }),
      },
      BY_OTHERS,
      [],
      [
        {
          id: 'upload',
          manual: true,
          copy: { Command: 'eas build --platform ios --profile production --auto-submit' },
        },
        { id: 'processed', with: { 'bundle-id': 'com.example.jar', version: '1.2.0', until: 'processed' } },
      ],
    ],
    [
      'Expo, whose configuration is code: asked, with what it seems to be',
      { 'app.config.ts': "export default { ios: { bundleIdentifier: 'com.example.jar' } };\n" },
      BY_OTHERS,
      ['bundle_id', 'encryption'],
      [{ id: 'bundle-id', with: { identifier: '${{ inputs.bundle_id }}' } }, 'default: com.example.jar'],
    ],
    [
      'code that names two, and two profiles: neither is chosen',
      {
        'app.config.js':
          "module.exports = { ios: { bundleIdentifier: process.env.DEV ? 'com.example.dev' : 'com.example.jar' } };\n",
        'eas.json': JSON.stringify({ build: { store: {}, beta: {} } }),
      },
      BY_OTHERS,
      ['bundle_id', 'profile', 'encryption'],
      [
        { id: 'upload', copy: { Command: 'eas build --platform ios --profile ${{ inputs.profile }} --auto-submit' } },
        'example: com.example.app',
      ],
    ],
    [
      'one lane of fastlane that uploads',
      {
        ...native(),
        'ios/fastlane/Fastfile': lanes('  # upload_to_testflight', '  lane :test do\n    scan\n  end', beta),
        'ios/Gemfile': "gem 'fastlane'\n",
      },
      [...STORE, 'settings', ...BY_OTHERS.slice(2)],
      ['encryption'],
      [{ id: 'upload', run: 'bundle exec fastlane ios beta', 'working-directory': 'ios' }],
    ],
    [
      'several lanes: which is asked',
      { ...native(), 'fastlane/Fastfile': lanes(beta, beta.replace('beta', 'release')) },
      [...STORE, 'settings', ...BY_OTHERS.slice(2)],
      ['lane', 'encryption'],
      [{ id: 'upload', run: 'fastlane ios "${{ inputs.lane }}"' }],
    ],
    [
      'lanes of Android, and such as do not upload, are none',
      {
        ...native(),
        ...scheme,
        'fastlane/Fastfile': `platform :android do\n${beta}\nend\nlane :test do\n  scan\nend\n`,
      },
      BY_XCODE,
      ['encryption'],
      [],
    ],
  ])(
    '%s: what is read stands in it, the rest is asked; valid, and rehearsed to the end',
    async (_, files, ids, inputs, parts) => {
      const project = projectOf(files);
      const made = await launch(project, ['init']);
      expect(made).toMatchObject({ exit: 0, stderr: '' });
      expect(made.stdout).toContain('an iOS app');
      expect(idsOf(project)).toEqual(ids);
      const front = frontOf(project);
      expect(Object.keys(front.inputs).sort()).toEqual([...ALWAYS, ...inputs].sort());
      for (const part of parts)
        if (typeof part === 'string') expect(readFileSync(join(project, 'runbooks/prod.md'), 'utf8')).toContain(part);
        else expect(front.steps).toContainEqual(expect.objectContaining(deep(part)));
      expect(await launch(project, ['lint'])).toMatchObject({ exit: 0, stdout: '1 file: 0 errors, 0 warnings\n' });
      const rehearsed = await launch(project, ['rehearse', 'prod', '--auto']);
      expect(rehearsed.exit, rehearsed.stderr).toBe(0);
    },
  );

  test('beside a backend on Fly: one runbook for both', async () => {
    const project = projectOf({
      ...native(),
      ...scheme,
      'fly.toml': 'app = "jar"\nprimary_region = "ams"\n',
      Dockerfile: 'FROM scratch',
    });
    expect((await launch(project, ['init'])).exit).toBe(0);
    expect(idsOf(project)).toEqual(['config', 'create-app', 'deploy', ...BY_XCODE]);
    expect(await launch(project, ['lint'])).toMatchObject({ exit: 0, stdout: '1 file: 0 errors, 0 warnings\n' });
    expect((await launch(project, ['rehearse', 'prod', '--auto'])).exit).toBe(0);
  });

  test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    [
      'two apps for iPhones',
      { ...native(), 'other/App.xcodeproj/project.pbxproj': pbxproj },
      'Xcode projects ios/SolMobile.xcodeproj, other/App.xcodeproj: which app is launched is yours to write',
    ],
    ['an app for the Mac', native(pbxproj.replaceAll('SDKROOT = iphoneos', 'SDKROOT = macosx')), undefined],
    ['Expo for Android only', { 'app.json': app({ name: 'Jar', platforms: ['android'] }) }, undefined],
    ['an app.json of something else', { 'app.json': '{"name":"heroku"}' }, undefined],
    ['an app.json that is broken', { 'app.json': '{' }, undefined],
  ])('%s: no step of Apple is made up', async (_, files, said) => {
    const project = projectOf(files);
    const { exit, stdout } = await launch(project, ['init']);
    expect(exit).toBe(0);
    expect(idsOf(project)).toEqual(['ship', 'answers', 'smoke-test']);
    if (said === undefined) expect(stdout).not.toContain('Xcode');
    else expect(stdout).toContain(said);
  });
});

/** Maps inside are compared by the keys that are given. */
const deep = (part: object): object =>
  Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? expect.objectContaining(value) : value,
    ]),
  );
