import { describe, expect, test } from 'vitest';
import { app } from '../../../steps/appstore/app.ts';
import { bundleId } from '../../../steps/appstore/bundle-id.ts';
import { testerGroup } from '../../../steps/appstore/tester-group.ts';
import { testers } from '../../../steps/appstore/testers.ts';
import { answer, noAnswer } from '../http/ports.ts';
import { asc, page, refusal, row } from './asc.ts';

const ID = 'com.example.app';
const apps = [
  page([
    row('apps', 'a-dev', { bundleId: `${ID}.dev` }),
    row('apps', 'a1', { bundleId: ID, name: 'Example', sku: 'ex', primaryLocale: 'en-US' }),
  ]),
];
const nobody = [page([])];

describe('appstore/bundle-id', () => {
  const want = bundleId.with.parse({ identifier: ID });
  const registered = (identifier: string, platform = 'IOS') =>
    page([row('bundleIds', 'b1', { identifier, name: 'XC app', platform })]);

  test('is so only by the exact identifier; near misses and another case are named', async () => {
    const look = (answers: readonly ReturnType<typeof page>[]) =>
      bundleId.verify?.(want, asc({ 'GET /v1/bundleIds': answers }).ports, {});
    expect(await look([registered(ID, 'UNIVERSAL')])).toEqual({
      is: 'so',
      seen: `${ID} is registered (XC app, UNIVERSAL)`,
      outputs: { id: 'b1' },
    });
    expect(await look([registered(`${ID}.dev`)])).toMatchObject({
      is: 'not-so',
      seen: `it is not registered; there is ${ID}.dev`,
    });
    expect(await look([registered('com.example.App')])).toMatchObject({
      is: 'not-so',
      seen: 'it is not registered; there is com.example.App',
    });
    expect(await look([registered(ID, 'MAC_OS')])).toMatchObject({ is: 'not-so', seen: 'it is registered for MAC_OS' });
    expect(await look([refusal(403, 'FORBIDDEN_ERROR')])).toMatchObject({ is: 'unknown' });
  });

  test('is registered with a description that Apple takes', async () => {
    const world = asc({ 'POST /v1/bundleIds': [answer(201, { data: { type: 'bundleIds', id: 'b1' } })] });
    expect(await bundleId.act?.(want, world.ports, {})).toEqual({ ended: 'ok', outputs: { id: 'b1' } });
    expect(world.requests).toEqual([
      'POST /v1/bundleIds {"data":{"type":"bundleIds","attributes":{"identifier":"com.example.app","name":"com example app","platform":"IOS"}}}',
    ]);
  });

  test('a duplicate is done where it can be seen, and failed where another team has it', async () => {
    const duplicate = [refusal(409, 'ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE')];
    const act = (seen: ReturnType<typeof page>) =>
      bundleId.act?.(want, asc({ 'POST /v1/bundleIds': duplicate, 'GET /v1/bundleIds': [seen] }).ports, {});
    expect(await act(registered(ID))).toMatchObject({ ended: 'ok' });
    expect(await act(page([]))).toMatchObject({ ended: 'failed', hint: expect.stringContaining('another team') });
  });

  test('a person is told where to click', () => {
    expect(bundleId.guide?.(want)).toMatchObject({
      copy: { 'Bundle ID': ID, Description: 'com example app' },
      text: expect.stringContaining('**Register**'),
    });
  });
});

describe('appstore/app', () => {
  const want = app.with.parse({ 'bundle-id': ID, name: 'Example', sku: 'ex-2' });
  const look = (answers: readonly ReturnType<typeof page>[]) =>
    app.verify?.(want, asc({ 'GET /v1/apps': answers }).ports, {});

  test('is so by the exact bundle id on any page; what was typed differently is a warning', async () => {
    const pages = [
      page([row('apps', 'x', { bundleId: `${ID}.dev` })], { links: { next: 'https://asc.test/v1/apps?cursor=1' } }),
      ...apps,
    ];
    expect(await look(pages)).toEqual({
      is: 'so',
      seen: `"Example" (${ID}), Apple ID a1`,
      outputs: { app_id: 'a1' },
      warning: 'its SKU is "ex", the runbook says "ex-2"',
    });
  });

  test('a near miss is named; no key is unknown', async () => {
    expect(await look([page([row('apps', 'x', { bundleId: `${ID}.dev` })])])).toMatchObject({
      is: 'not-so',
      seen: `no app record with the bundle id ${ID}; there is ${ID}.dev`,
    });
    const without = await app.verify?.(want, asc({}, { ASC_KEY_ID: '' }).ports, {});
    expect(without).toMatchObject({
      is: 'unknown',
      why: 'no App Store Connect key (ASC_KEY_ID, ASC_ISSUER_ID, ASC_KEY_FILE)',
      hint: expect.any(String),
    });
  });
});

describe('appstore/tester-group', () => {
  const want = testerGroup.with.parse({ 'bundle-id': ID, name: 'Core' });
  const group = (id: string, name: string, isInternalGroup = true) =>
    row('betaGroups', id, { name, isInternalGroup, hasAccessToAllBuilds: true });
  const look = (groups: readonly ReturnType<typeof group>[]) =>
    testerGroup.verify?.(want, asc({ 'GET /v1/apps': apps, 'GET /v1/betaGroups': [page(groups)] }).ports, {});

  test('is so by its exact name', async () => {
    expect(await look([group('g0', 'core'), group('g1', 'Core')])).toEqual({
      is: 'so',
      seen: 'internal group "Core", gets every build by itself',
      outputs: { group_id: 'g1' },
    });
    expect(await look([group('g0', 'core')])).toMatchObject({
      is: 'not-so',
      seen: 'there is no such group; there is core',
    });
  });

  test('two of that name are unknown, so that no third is made; one of the other sort is final', async () => {
    expect(await look([group('g1', 'Core'), group('g2', 'Core')])).toMatchObject({ is: 'unknown' });
    expect(await look([group('g1', 'Core', false)])).toMatchObject({ is: 'not-so', final: true });
  });

  test('is made for the app, with every build; without the app nothing is made', async () => {
    const world = asc({
      'GET /v1/apps': apps,
      'POST /v1/betaGroups': [answer(201, { data: { type: 'betaGroups', id: 'g1' } })],
    });
    expect(await testerGroup.act?.(want, world.ports, {})).toEqual({ ended: 'ok', outputs: { group_id: 'g1' } });
    expect(world.requests[1]).toBe(
      'POST /v1/betaGroups {"data":{"type":"betaGroups","attributes":{"name":"Core","isInternalGroup":true,"hasAccessToAllBuilds":true},"relationships":{"app":{"data":{"type":"apps","id":"a1"}}}}}',
    );
    expect(await testerGroup.act?.(want, asc({ 'GET /v1/apps': nobody }).ports, {})).toMatchObject({
      ended: 'failed',
      why: expect.stringContaining('no app record'),
    });
  });

  test('a lost answer is unclear: the list decides', async () => {
    const world = asc({ 'GET /v1/apps': apps, 'POST /v1/betaGroups': [noAnswer('ECONNRESET')] });
    expect(await testerGroup.act?.(want, world.ports, {})).toMatchObject({ ended: 'unclear' });
  });
});

describe('appstore/testers', () => {
  const want = testers.with.parse({
    'bundle-id': ID,
    group: 'Core',
    emails: ['Ann@example.com', 'bob@example.com', 'cy@example.com'],
  });
  const base = {
    'GET /v1/apps': apps,
    'GET /v1/betaGroups': [page([row('betaGroups', 'g1', { name: 'Core', isInternalGroup: true })])],
  };
  const member = (email: string, state: string) => row('betaTesters', `t-${email}`, { email, state });
  const user = (email: string) => row('users', `u-${email}`, { username: email, firstName: 'Bo', lastName: 'B' });
  const invitation = (email: string, expirationDate: string) => row('userInvitations', 'i', { email, expirationDate });

  test('is so when everybody is in the group, whatever the case of the address', async () => {
    const members = ['ann@example.com', 'bob@example.com', 'cy@example.com'].map((email) => member(email, 'INSTALLED'));
    expect(
      await testers.verify?.(want, asc({ ...base, 'GET /v1/betaGroups/g1/betaTesters': [page(members)] }).ports, {}),
    ).toEqual({
      is: 'so',
      seen: 'Ann@example.com (installed), bob@example.com (installed), cy@example.com (installed)',
    });
  });

  test('who is missing is named, with the reason that the team gives', async () => {
    const world = asc({
      ...base,
      'GET /v1/betaGroups/g1/betaTesters': [page([member('ann@example.com', 'REVOKED')])],
      'GET /v1/users': [page([user('ann@example.com')])],
      'GET /v1/userInvitations': [page([invitation('bob@example.com', '2026-11-20T00:00:00Z')])],
    });
    expect(await testers.verify?.(want, world.ports, {})).toEqual({
      is: 'not-so',
      expected: 'Ann@example.com, bob@example.com, cy@example.com in "Core"',
      seen: 'not in it: Ann@example.com, bob@example.com, cy@example.com',
      hint: 'The invitation of bob@example.com to the team ran out on 2026-11-20: send it again. cy@example.com is no user of the team and was not invited (the user name is the Apple Account, which may be another address). In the team: ann@example.com.',
    });
  });

  test('those who can be added are, the others are named', async () => {
    const world = asc({
      ...base,
      'GET /v1/betaGroups/g1/betaTesters': nobody,
      'GET /v1/users': [page([user('ann@example.com'), user('bob@example.com')])],
      'GET /v1/userInvitations': nobody,
      'POST /v1/betaTesters': [
        answer(201, { data: { type: 'betaTesters', id: 't1' } }),
        refusal(409, 'STATE_ERROR.TESTER_INVITE', 'not assignable'),
      ],
    });
    expect(await testers.act?.(want, world.ports, {})).toMatchObject({
      ended: 'failed',
      why: expect.stringMatching(
        /bob@example.com cannot be added: .*cy@example.com is no user of the team.* Added: Ann@example.com\./,
      ),
      hint: expect.stringContaining('invite them'),
    });
    expect(world.requests.filter((one) => one.startsWith('POST'))[0]).toContain(
      '"email":"Ann@example.com","firstName":"Bo","lastName":"B"',
    );
  });

  test('a lost answer stops, and says who was added before', async () => {
    const world = asc({
      ...base,
      'GET /v1/betaGroups/g1/betaTesters': nobody,
      'GET /v1/users': [page(['ann', 'bob', 'cy'].map((name) => user(`${name}@example.com`)))],
      'GET /v1/userInvitations': nobody,
      'POST /v1/betaTesters': [answer(201, { data: { type: 'betaTesters', id: 't1' } }), noAnswer('ECONNRESET')],
    });
    expect(await testers.act?.(want, world.ports, {})).toMatchObject({
      ended: 'unclear',
      why: expect.stringContaining('added before: Ann@example.com'),
    });
  });
});

test.each([
  bundleId.guide?.(bundleId.with.parse({ identifier: ID })),
  app.guide?.(app.with.parse({ 'bundle-id': ID, name: 'Example' })),
  testerGroup.guide?.(testerGroup.with.parse({ 'bundle-id': ID, name: 'Core' })),
  testerGroup.guide?.(testerGroup.with.parse({ 'bundle-id': ID, name: 'Friends', internal: false })),
  testers.guide?.(testers.with.parse({ 'bundle-id': ID, group: 'Core', emails: ['ann@example.com'] })),
])('a guide says where to go and what success looks like', (guide) => {
  expect(guide?.text).toContain('It has worked when');
  expect(guide?.open).toMatch(/^https:\/\//);
});
