// Every kind that asks App Store Connect, against a server over a real connection: so at once, after a while, never; down, wrong, half, silent, cancelled.
import { afterEach, describe, expect, test } from 'vitest';
import type { StepKind } from '../../../src/step.ts';
import { kindNames, loadKind } from '../../../steps/index.ts';
import type { Answers } from '../moody-server.ts';
import { page, row } from './asc.ts';
import { type AppleServer, appleServer } from './server.ts';

const ID = 'com.example.app';
const app = page([row('apps', 'a1', { bundleId: ID, name: 'Example', sku: ID, primaryLocale: 'en-US' })]);
const group = (auto: boolean) =>
  page([row('betaGroups', 'g1', { name: 'Core', isInternalGroup: true, hasAccessToAllBuilds: auto })]);
const ann = (state: string, appDevices: object[] = []) =>
  page([row('betaTesters', 't1', { email: 'ann@example.com', state, appDevices })]);
const phone = { model: 'iPhone 15', osVersion: '18.1', appBuildVersion: '42' };
const build = (attributes: object, internalBuildState: string) =>
  page(
    [
      row(
        'builds',
        'b1',
        { version: '42', uploadedDate: '2026-11-21T11:50:00Z', processingState: 'VALID', ...attributes },
        {
          preReleaseVersion: { data: { type: 'preReleaseVersions', id: 'p1' } },
          buildBetaDetail: { data: { type: 'buildBetaDetails', id: 'b1' } },
        },
      ),
    ],
    {
      included: [
        row('preReleaseVersions', 'p1', { version: '1.0.0' }),
        row('buildBetaDetails', 'b1', { internalBuildState }),
      ],
    },
  );
const ready = build({ usesNonExemptEncryption: false }, 'READY_FOR_BETA_TESTING');
const certificate = (expirationDate: string) =>
  page([row('certificates', 'c1', { name: 'Apple Distribution: Example', expirationDate })]);
const profile = page(
  [
    row(
      'profiles',
      'p1',
      { name: 'Store', expirationDate: '2027-06-01T00:00:00Z' },
      { bundleId: { data: { type: 'bundleIds', id: 'i1' } } },
    ),
  ],
  { included: [row('bundleIds', 'i1', { identifier: ID })] },
);

interface Case {
  readonly want: object;
  readonly so: Answers;
  readonly seen: string;
  readonly before: Answers;
  /** What stands there before it is so, in words. */
  readonly instead: string;
}

/** One line a kind; a kind without one fails below. */
const CASES: Readonly<Record<string, Case>> = {
  'appstore/bundle-id': {
    want: { identifier: ID },
    so: { '/v1/bundleIds': page([row('bundleIds', 'i1', { identifier: ID, name: 'Example', platform: 'IOS' })]) },
    seen: 'com.example.app is registered (Example, IOS)',
    before: { '/v1/bundleIds': page([row('bundleIds', 'i2', { identifier: 'com.example.App' })]) },
    instead: 'it is not registered; there is com.example.App',
  },
  'appstore/app': {
    want: { 'bundle-id': ID, name: 'Example' },
    so: { '/v1/apps': app },
    seen: '"Example" (com.example.app), Apple ID a1',
    before: { '/v1/apps': page([row('apps', 'a2', { bundleId: `${ID}.dev` })]) },
    instead: 'no app record with the bundle id com.example.app; there is com.example.app.dev',
  },
  'appstore/signing': {
    want: { 'bundle-id': ID, style: 'manual' },
    so: { '/v1/certificates': certificate('2027-06-01T00:00:00Z'), '/v1/profiles': profile },
    seen: 'distribution certificate "Apple Distribution: Example" until 2027-06-01, App Store profile "Store" until 2027-06-01',
    before: { '/v1/certificates': certificate('2026-11-25T00:00:00Z'), '/v1/profiles': page([]) },
    instead: 'distribution certificate "Apple Distribution: Example" until 2026-11-25, no App Store profile',
  },
  'appstore/build': {
    want: { 'bundle-id': ID, version: '1.0.0', build: '42' },
    so: { '/v1/apps': app, '/v1/builds': ready },
    seen: 'build 42 of 1.0.0 is processed and can be tested (READY_FOR_BETA_TESTING)',
    before: { '/v1/apps': app, '/v1/builds': build({ processingState: 'PROCESSING' }, 'PROCESSING') },
    instead: 'build 42 of 1.0.0: Apple is still processing it for 10 minutes (5 to 60 minutes are normal)',
  },
  'appstore/compliance': {
    want: { 'bundle-id': ID, build: '42', 'uses-non-exempt-encryption': false },
    so: { '/v1/apps': app, '/v1/builds': ready },
    seen: 'build 42 of 1.0.0 is declared: it uses no non-exempt encryption',
    before: { '/v1/apps': app, '/v1/builds': build({ usesNonExemptEncryption: null }, 'MISSING_EXPORT_COMPLIANCE') },
    instead: 'build 42 of 1.0.0: the export compliance question is not answered',
  },
  'appstore/tester-group': {
    want: { 'bundle-id': ID, name: 'Core' },
    so: { '/v1/apps': app, '/v1/betaGroups': group(true) },
    seen: 'internal group "Core", gets every build by itself',
    before: { '/v1/apps': app, '/v1/betaGroups': page([row('betaGroups', 'g2', { name: 'core' })]) },
    instead: 'there is no such group; there is core',
  },
  'appstore/testers': {
    want: { 'bundle-id': ID, group: 'Core', emails: ['Ann@example.com'] },
    so: { '/v1/apps': app, '/v1/betaGroups': group(true), '/v1/betaGroups/g1/betaTesters': ann('ACCEPTED') },
    seen: 'Ann@example.com (accepted, not installed)',
    before: {
      '/v1/apps': app,
      '/v1/betaGroups': group(true),
      '/v1/betaGroups/g1/betaTesters': page([]),
      '/v1/users': page([]),
      '/v1/userInvitations': page([]),
    },
    instead: 'not in it: Ann@example.com',
  },
  'appstore/build-in-group': {
    want: { 'bundle-id': ID, group: 'Core', build: '42' },
    so: { '/v1/apps': app, '/v1/betaGroups': group(true), '/v1/builds': ready },
    seen: '"Core" gets every build by itself, and build 42 of 1.0.0 can be tested',
    before: { '/v1/apps': app, '/v1/betaGroups': group(true), '/v1/builds': build({}, 'PROCESSING') },
    instead: 'build 42 of 1.0.0: TestFlight is still preparing it',
  },
  'xcode/upload': {
    want: { 'bundle-id': ID, version: '1.0.0', build: '42', archive: 'build/Example.xcarchive' },
    so: { '/v1/apps': app, '/v1/builds': build({ processingState: 'PROCESSING' }, 'PROCESSING') },
    seen: 'build 42 of 1.0.0 has arrived (PROCESSING)',
    before: {
      '/v1/apps': app,
      '/v1/builds': page([]),
      '/v1/apps/a1/buildUploads': page([
        row('buildUploads', 'u1', {
          cfBundleVersion: '42',
          cfBundleShortVersionString: '1.0.0',
          createdDate: '2026-11-21T11:40:00Z',
          state: { state: 'AWAITING_UPLOAD' },
        }),
      ]),
    },
    instead: 'the upload of build 42 of 1.0.0 has begun and is not complete for 20 minutes',
  },
  'appstore/installed': {
    want: { 'bundle-id': ID, group: 'Core', emails: ['ann@example.com'], build: '42' },
    so: {
      '/v1/apps': app,
      '/v1/betaGroups': group(true),
      '/v1/betaGroups/g1/betaTesters': ann('INSTALLED', [phone]),
    },
    seen: 'installed by ann@example.com (iPhone 15, iOS 18.1, build 42)',
    before: {
      '/v1/apps': app,
      '/v1/betaGroups': group(true),
      '/v1/betaGroups/g1/betaTesters': ann('INSTALLED', [{ ...phone, appBuildVersion: '41' }]),
    },
    instead: 'ann@example.com: has another build: iPhone 15, iOS 18.1, build 41',
  },
};

const LOOKING = kindNames.filter((name) => name.startsWith('appstore/') || name === 'xcode/upload');

let apple: AppleServer | undefined;
afterEach(() => apple?.close());

async function looking(name: string, answers: Answers, signal?: AbortSignal) {
  const kind: StepKind | undefined = await loadKind(name);
  const given = CASES[name];
  if (!kind?.verify || !given) throw new Error(`${name} has no case here`);
  const server = await appleServer(signal);
  server.answers = answers;
  apple = server;
  const { verify } = kind;
  const want = kind.with.parse(given.want);
  return { server, given, look: () => verify(want, server.ports, {}) };
}

describe.each(LOOKING)('%s', (name) => {
  test('is so at once, in words', async () => {
    const { look, given } = await looking(name, CASES[name]?.so ?? {});
    expect(await look()).toMatchObject({ is: 'so', seen: given.seen });
  });

  test('is so after a while', async () => {
    const { server, look, given } = await looking(name, CASES[name]?.before ?? {});
    expect(await look()).toMatchObject({ is: 'not-so' });
    server.answers = given.so;
    expect(await look()).toMatchObject({ is: 'so' });
  });

  test('is never so, and says what is there instead and what was expected', async () => {
    const { look, given } = await looking(name, CASES[name]?.before ?? {});
    const seen = await look();
    expect(seen).toMatchObject({ is: 'not-so', seen: given.instead, expected: expect.stringMatching(/.{10}/) });
    expect(await look()).toEqual(seen);
  });

  test('cannot be told while the server is down', async () => {
    const { server, look } = await looking(name, {});
    await server.close();
    expect(await look()).toMatchObject({
      is: 'unknown',
      why: expect.stringMatching(/^App Store Connect did not answer: .*refused/),
    });
    expect(server.slept).toEqual([1_000, 2_000, 4_000]);
  });

  test('cannot be told from an answer of something else', async () => {
    const { server, look } = await looking(name, {});
    server.mood = 'hello';
    expect(await look()).toMatchObject({ is: 'unknown', why: expect.stringContaining('in a shape we do not know') });
  });

  test('cannot be told from half an answer', async () => {
    const { server, look, given } = await looking(name, CASES[name]?.so ?? {});
    server.mood = 'half';
    expect(await look()).toMatchObject({ is: 'unknown', why: expect.stringContaining('did not answer') });
    server.mood = 'well';
    expect(await look()).toMatchObject({ is: 'so', seen: given.seen });
  });

  test('cannot be told in time from a server that says nothing', async () => {
    const { server, look } = await looking(name, {});
    server.mood = 'silent';
    expect(await look()).toMatchObject({
      is: 'unknown',
      why: 'App Store Connect did not answer: timed out after 0.15 s',
    });
  });

  test('is left at once when the run is stopped while it waits', async () => {
    const stopping = new AbortController();
    const { server, look } = await looking(name, {}, stopping.signal);
    server.mood = 'silent';
    const looked = look();
    await server.waiting();
    stopping.abort();
    expect(await looked).toMatchObject({ is: 'unknown', why: 'App Store Connect did not answer: stopped' });
    expect(server.requests).toHaveLength(1);
  });
});
