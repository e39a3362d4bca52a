// The kinds that give a build to people: the export question, the group, the phones; what signs it; and how each is taken back.
import { describe, expect, test } from 'vitest';
import { buildInGroup } from '../../../steps/appstore/build-in-group.ts';
import { bundleId } from '../../../steps/appstore/bundle-id.ts';
import { compliance } from '../../../steps/appstore/compliance.ts';
import { installed } from '../../../steps/appstore/installed.ts';
import { login } from '../../../steps/appstore/login.ts';
import { signing } from '../../../steps/appstore/signing.ts';
import { testerGroup } from '../../../steps/appstore/tester-group.ts';
import { testers } from '../../../steps/appstore/testers.ts';
import { answer, noAnswer } from '../http/ports.ts';
import { asc, page, refusal, row } from './asc.ts';

const ID = 'com.example.app';
const apps = [page([row('apps', 'a1', { bundleId: ID, name: 'Example' })])];
const builds = (attributes: object, state: string, declaration?: string) => [
  page(
    [
      row(
        'builds',
        'b1',
        { version: '42', processingState: 'VALID', usesNonExemptEncryption: null, ...attributes },
        {
          buildBetaDetail: { data: { type: 'buildBetaDetails', id: 'b1' } },
          ...(declaration && { appEncryptionDeclaration: { data: { type: 'appEncryptionDeclarations', id: 'e1' } } }),
        },
      ),
    ],
    {
      included: [
        row('buildBetaDetails', 'b1', { internalBuildState: state }),
        row('appEncryptionDeclarations', 'e1', { appEncryptionDeclarationState: declaration ?? '' }),
      ],
    },
  ),
];
const group = (auto: boolean, internal = true) => [
  page([row('betaGroups', 'g1', { name: 'Core', isInternalGroup: internal, hasAccessToAllBuilds: auto })]),
];
const done = [answer(204)];
const writes = (requests: readonly string[]) => requests.filter((one) => !one.startsWith('GET'));

describe('appstore/compliance', () => {
  const want = (nonExempt: boolean) =>
    compliance.with.parse({ 'bundle-id': ID, build: '42', 'uses-non-exempt-encryption': nonExempt });
  const look = (nonExempt: boolean, ...given: Parameters<typeof builds>) =>
    compliance.verify?.(want(nonExempt), asc({ 'GET /v1/apps': apps, 'GET /v1/builds': builds(...given) }).ports, {});

  test('an answer that differs from the runbook is never overwritten', async () => {
    const answered = { usesNonExemptEncryption: true };
    expect(await look(false, answered, 'IN_BETA_TESTING')).toMatchObject({
      is: 'not-so',
      seen: 'build 42 is declared: it uses non-exempt encryption',
      hint: expect.stringContaining('legal statement'),
      final: true,
    });
    const world = asc({ 'GET /v1/apps': apps, 'GET /v1/builds': builds(answered, 'IN_BETA_TESTING') });
    expect(await compliance.act?.(want(false), world.ports, {})).toMatchObject({ ended: 'failed' });
    expect(writes(world.requests)).toEqual([]);
  });

  test('an open question is answered once, for that build', async () => {
    const world = asc({
      'GET /v1/apps': apps,
      'GET /v1/builds': builds({}, 'MISSING_EXPORT_COMPLIANCE'),
      'PATCH /v1/builds/b1': [answer(200, { data: { type: 'builds', id: 'b1' } })],
    });
    expect(await compliance.act?.(want(false), world.ports, {})).toEqual({
      ended: 'ok',
      seen: 'build 42 declared: it uses no non-exempt encryption',
    });
    expect(writes(world.requests)).toEqual([
      'PATCH /v1/builds/b1 {"data":{"type":"builds","id":"b1","attributes":{"usesNonExemptEncryption":false}}}',
    ]);
  });

  test('a lost answer is unclear: the next look tells', async () => {
    const world = asc({
      'GET /v1/apps': apps,
      'GET /v1/builds': builds({}, 'MISSING_EXPORT_COMPLIANCE'),
      'PATCH /v1/builds/b1': [noAnswer('ECONNRESET')],
    });
    expect(await compliance.act?.(want(false), world.ports, {})).toMatchObject({ ended: 'unclear' });
  });

  test.each([
    [undefined, 'build 42: no export declaration is attached', true],
    ['IN_REVIEW', 'build 42: Apple reviews its export declaration, which takes days', undefined],
    ['REJECTED', 'build 42: its export declaration is REJECTED', true],
  ])('non-exempt encryption with a declaration that is %s is not so', async (declaration, seen, final) => {
    const looked = await look(true, { usesNonExemptEncryption: true }, 'READY_FOR_BETA_TESTING', declaration);
    expect(looked).toMatchObject({ is: 'not-so', seen });
    expect(looked && 'final' in looked ? looked.final : undefined).toBe(final);
  });

  test('non-exempt encryption with an approved declaration is so', async () => {
    expect(await look(true, { usesNonExemptEncryption: true }, 'IN_BETA_TESTING', 'APPROVED')).toMatchObject({
      is: 'so',
    });
  });

  test('TestFlight may take a moment to see the answer', async () => {
    expect(await look(false, { usesNonExemptEncryption: false }, 'MISSING_EXPORT_COMPLIANCE')).toMatchObject({
      is: 'not-so',
      seen: 'build 42: it is answered; TestFlight still says Missing Compliance',
    });
  });
});

describe('appstore/build-in-group', () => {
  const want = buildInGroup.with.parse({ 'bundle-id': ID, group: 'Core', build: '42' });
  const base = (auto: boolean, state = 'READY_FOR_BETA_TESTING') => ({
    'GET /v1/apps': apps,
    'GET /v1/betaGroups': group(auto),
    'GET /v1/builds': [...builds({}, state), page([])],
  });

  test('to a group that takes builds by hand it is attached', async () => {
    const path = '/v1/betaGroups/g1/relationships/builds';
    const world = asc({ ...base(false), [`POST ${path}`]: done });
    expect(await buildInGroup.verify?.(want, world.ports, {})).toMatchObject({
      is: 'not-so',
      expected: 'build 42 in "Core"',
    });
    const acting = asc({ ...base(false), [`POST ${path}`]: done });
    expect(await buildInGroup.act?.(want, acting.ports, {})).toEqual({ ended: 'ok', seen: 'build 42 attached' });
    expect(writes(acting.requests)).toEqual([`POST ${path} {"data":[{"type":"builds","id":"b1"}]}`]);
  });

  test('it is asked for by build and group, and so when the list has it', async () => {
    const world = asc({ ...base(false), 'GET /v1/builds': builds({}, 'IN_BETA_TESTING') });
    expect(await buildInGroup.verify?.(want, world.ports, {})).toMatchObject({
      is: 'so',
      seen: 'build 42 is in "Core" and can be tested',
      outputs: { build_id: 'b1' },
    });
    expect(world.requests.at(-1)).toBe('GET /v1/builds?limit=200&filter[id]=b1&filter[betaGroups]=g1');
  });

  test('to a group that gets every build by itself nothing is ever posted', async () => {
    const world = asc(base(true));
    expect(await buildInGroup.act?.(want, world.ports, {})).toMatchObject({ ended: 'ok' });
    expect(writes(world.requests)).toEqual([]);
  });

  test('a build that lacks compliance is not attached, and the reason is told', async () => {
    const world = asc(base(false, 'MISSING_EXPORT_COMPLIANCE'));
    expect(await buildInGroup.act?.(want, world.ports, {})).toMatchObject({
      ended: 'failed',
      why: expect.stringContaining('export compliance question is not answered'),
    });
    expect(writes(world.requests)).toEqual([]);
  });

  test('is taken back, and seen to be; a group that gets every build keeps it', async () => {
    const path = '/v1/betaGroups/g1/relationships/builds';
    const world = asc({ ...base(false), [`DELETE ${path}`]: done });
    expect(await buildInGroup.undo?.act(want, world.ports, { outputs: {} })).toMatchObject({ ended: 'ok' });
    expect(writes(world.requests)).toEqual([`DELETE ${path} {"data":[{"type":"builds","id":"b1"}]}`]);
    expect(await buildInGroup.undo?.verify(want, asc(base(false)).ports, { outputs: {} })).toMatchObject({ is: 'so' });
    expect(await buildInGroup.undo?.act(want, asc(base(true)).ports, { outputs: {} })).toMatchObject({
      ended: 'failed',
    });
  });
});

describe('appstore/installed', () => {
  const look = (build: string | undefined, ...people: readonly ReturnType<typeof row>[]) =>
    installed.verify?.(
      installed.with.parse({ 'bundle-id': ID, group: 'Core', emails: ['ann@example.com', 'Ben@example.com'], build }),
      asc({
        'GET /v1/apps': apps,
        'GET /v1/betaGroups': group(true),
        'GET /v1/betaGroups/g1/betaTesters': [page(people)],
      }).ports,
      {},
    );
  const person = (email: string, state: string, ...numbers: readonly string[]) =>
    row('betaTesters', email, {
      email,
      state,
      appDevices: numbers.map((appBuildVersion) => ({ model: 'iPhone', osVersion: '18.1', appBuildVersion })),
    });

  test('by everybody, with their phones', async () => {
    const seen = 'ann@example.com (iPhone, iOS 18.1, build 42), Ben@example.com (iPhone, iOS 18.1, build 42)';
    expect(
      await look('42', person('Ann@example.com', 'INSTALLED', '42'), person('ben@example.com', 'INSTALLED', '42')),
    ).toEqual({ is: 'so', seen: `installed by ${seen}`, outputs: { installed_by: seen } });
  });

  test('each who has not is named, with what to do', async () => {
    expect(await look('42', person('ann@example.com', 'INVITED'))).toEqual({
      is: 'not-so',
      expected: 'build 42 installed by ann@example.com, Ben@example.com',
      seen: 'ann@example.com: invited, not accepted; Ben@example.com: not in the group',
      hint: 'They open the mail on the phone, with the same Apple Account, and accept. Put them into the group first.',
    });
  });

  test('which build it is cannot be told where Apple lists no phone', async () => {
    const both = [person('ann@example.com', 'INSTALLED'), person('ben@example.com', 'INSTALLED')];
    expect(await look('42', ...both)).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('Apple does not say which build'),
    });
    expect(await look(undefined, ...both)).toMatchObject({ is: 'so' });
  });

  test('a state that we do not know is unknown', async () => {
    expect(
      await look(undefined, person('ann@example.com', 'NEW'), person('ben@example.com', 'INSTALLED')),
    ).toMatchObject({ is: 'unknown', why: 'ann@example.com: in a state that we do not know: NEW' });
  });
});

describe('appstore/signing', () => {
  const nothing = { 'GET /v1/certificates': [page([])], 'GET /v1/profiles': [page([])] };

  test('automatic signing needs nothing that can be seen, and says so', async () => {
    const want = signing.with.parse({ 'bundle-id': ID });
    expect(await signing.verify?.(want, asc(nothing).ports, {})).toMatchObject({
      is: 'so',
      seen: 'no distribution certificate, no App Store profile',
      warning: expect.stringContaining('made by Xcode'),
    });
  });

  test('a profile of another app does not count; an individual key cannot tell', async () => {
    const want = signing.with.parse({ 'bundle-id': ID, style: 'manual' });
    const other = page(
      [row('profiles', 'p', { name: 'Other' }, { bundleId: { data: { type: 'bundleIds', id: 'i' } } })],
      { included: [row('bundleIds', 'i', { identifier: `${ID}.dev` })] },
    );
    expect(await signing.verify?.(want, asc({ ...nothing, 'GET /v1/profiles': [other] }).ports, {})).toMatchObject({
      is: 'not-so',
      seen: 'no distribution certificate, no App Store profile',
    });
    const forbidden = { 'GET /v1/certificates': [refusal(403, 'FORBIDDEN_ERROR')] };
    expect(await signing.verify?.(want, asc(forbidden).ports, {})).toMatchObject({
      is: 'unknown',
      hint: expect.stringContaining('individual key'),
    });
  });
});

describe('taking back', () => {
  test('a bundle id is given back, but not one that an app record uses', async () => {
    const want = bundleId.with.parse({ identifier: ID });
    const found = [page([row('bundleIds', 'i1', { identifier: ID, platform: 'IOS' })])];
    const free = asc({ 'GET /v1/apps': [page([])], 'GET /v1/bundleIds': found, 'DELETE /v1/bundleIds/i1': done });
    expect(await bundleId.undo?.act(want, free.ports, { outputs: {} })).toMatchObject({ ended: 'ok' });
    const used = asc({ 'GET /v1/apps': apps });
    expect(await bundleId.undo?.act(want, used.ports, { outputs: {} })).toMatchObject({
      ended: 'failed',
      why: expect.stringContaining('an app record uses com.example.app'),
    });
    expect(await bundleId.undo?.verify(want, asc({ 'GET /v1/bundleIds': found }).ports, { outputs: {} })).toMatchObject(
      {
        is: 'not-so',
      },
    );
    expect(
      await bundleId.undo?.verify(want, asc({ 'GET /v1/bundleIds': [page([])] }).ports, { outputs: {} }),
    ).toMatchObject({
      is: 'so',
    });
  });

  test('a group is deleted, and seen to be gone', async () => {
    const want = testerGroup.with.parse({ 'bundle-id': ID, name: 'Core' });
    const base = { 'GET /v1/apps': apps, 'GET /v1/betaGroups': group(true) };
    const world = asc({ ...base, 'DELETE /v1/betaGroups/g1': done });
    expect(testerGroup.undo?.loses?.(want)).toBe('Core');
    expect(await testerGroup.undo?.act(want, world.ports, { outputs: {} })).toMatchObject({ ended: 'ok' });
    expect(await testerGroup.undo?.verify(want, asc(base).ports, { outputs: {} })).toMatchObject({ is: 'not-so' });
    const gone = asc({ ...base, 'GET /v1/betaGroups': [page([])] });
    expect(await testerGroup.undo?.verify(want, gone.ports, { outputs: {} })).toMatchObject({ is: 'so' });
  });

  test('testers are taken out, and seen to be', async () => {
    const want = testers.with.parse({ 'bundle-id': ID, group: 'Core', emails: ['Ann@example.com'] });
    const path = '/v1/betaGroups/g1/relationships/betaTesters';
    const base = (...people: readonly ReturnType<typeof row>[]) => ({
      'GET /v1/apps': apps,
      'GET /v1/betaGroups': group(true),
      'GET /v1/betaGroups/g1/betaTesters': [page(people)],
    });
    const ann = row('betaTesters', 't1', { email: 'ann@example.com', state: 'INVITED' });
    const world = asc({ ...base(ann), [`DELETE ${path}`]: done });
    expect(await testers.undo?.act(want, world.ports, { outputs: {} })).toMatchObject({ ended: 'ok' });
    expect(writes(world.requests)).toEqual([`DELETE ${path} {"data":[{"type":"betaTesters","id":"t1"}]}`]);
    expect(await testers.undo?.verify(want, asc(base(ann)).ports, { outputs: {} })).toMatchObject({ is: 'not-so' });
    expect(await testers.undo?.verify(want, asc(base()).ports, { outputs: {} })).toMatchObject({ is: 'so' });
  });
});

test('a user of the team who cannot see the app is told apart from a stranger', async () => {
  const want = testers.with.parse({ 'bundle-id': ID, group: 'Core', emails: ['ann@example.com'] });
  const relation = (id: string) => ({ visibleApps: { data: [{ type: 'apps', id }] } });
  const look = (app: string) =>
    testers.verify?.(
      want,
      asc({
        'GET /v1/apps': apps,
        'GET /v1/betaGroups': group(true),
        'GET /v1/betaGroups/g1/betaTesters': [page([])],
        'GET /v1/users': [
          page([row('users', 'u1', { username: 'ann@example.com', allAppsVisible: false }, relation(app))]),
        ],
      }).ports,
      {},
    );
  expect(await look('another')).toMatchObject({ hint: expect.stringContaining('cannot see this app') });
  expect(await look('a1')).toEqual({
    is: 'not-so',
    expected: 'ann@example.com in "Core"',
    seen: 'not in it: ann@example.com',
  });
});

describe('the login', () => {
  const check = (answers: Parameters<typeof asc>[0], expected: Record<string, string> = {}, env = {}) =>
    login.check(expected, asc(answers, env).ports);

  test('says as whom', async () => {
    expect(await check({ 'GET /v1/apps': [page([])] }, { key: 'ABC1234567' })).toEqual({
      is: 'so',
      seen: 'key ABC1234567 of the team 00000000-0000-0000-0000-000000000000',
    });
  });

  test('without a key it stops nothing', async () => {
    expect(await check({}, {}, { ASC_KEY_ID: '' })).toMatchObject({
      is: 'so',
      seen: expect.stringContaining('by hand'),
    });
  });

  test('another key or team than the runbook names stops, before anything is asked', async () => {
    expect(await check({}, { key: 'OTHER' })).toMatchObject({ is: 'not-so', seen: 'the key ABC1234567' });
    expect(await check({}, { issuer: 'OTHER' })).toMatchObject({ is: 'not-so', expected: 'the issuer OTHER' });
  });

  test('a refused key stops; an agreement that waits is told; no answer is unknown', async () => {
    expect(await check({ 'GET /v1/apps': [refusal(401, 'NOT_AUTHORIZED')] })).toMatchObject({
      is: 'not-so',
      final: true,
    });
    const agreement = refusal(403, 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED');
    expect(await check({ 'GET /v1/apps': [agreement] })).toMatchObject({
      is: 'so',
      seen: expect.stringMatching(/^key ABC1234567 .*at the moment it is refused.*Account Holder must accept/),
    });
    expect(await check({ 'GET /v1/apps': [noAnswer('no network')] })).toMatchObject({ is: 'unknown' });
  });
});
