import { describe, expect, test } from 'vitest';
import { build } from '../../../steps/appstore/build.ts';
import { isSameVersion, spellings } from '../../../steps/appstore/versions.ts';
import { asc, page, refusal, row } from './asc.ts';

const apps = [page([row('apps', 'a1', { bundleId: 'com.example.app' })])];
const release = (id: string, version: string) => row('preReleaseVersions', id, { version, platform: 'IOS' });
const detail = (id: string, internalBuildState: string) => row('buildBetaDetails', id, { internalBuildState });
const one = (id: string, number: string, more: object = {}, version = 'p1') =>
  row(
    'builds',
    id,
    { version: number, uploadedDate: '2026-11-20T10:00:00-08:00', processingState: 'VALID', expired: false, ...more },
    {
      preReleaseVersion: { data: { type: 'preReleaseVersions', id: version } },
      buildBetaDetail: { data: { type: 'buildBetaDetails', id } },
    },
  );
const upload = (number: string, state: string, errors: object[] = []) =>
  row('buildUploads', 'u1', { cfBundleVersion: number, cfBundleShortVersionString: '1.0.0', state: { state, errors } });

const look = (answers: Record<string, ReturnType<typeof page>[]>, want: object = { version: '1.0.0', build: '42' }) =>
  build.verify?.(
    build.with.parse({ 'bundle-id': 'com.example.app', ...want }),
    asc({ 'GET /v1/apps': apps, ...answers }).ports,
    {},
  );
const builds = (rows: ReturnType<typeof one>[], ...included: ReturnType<typeof row>[]) => ({
  'GET /v1/builds': [page(rows, { included })],
});

describe('a build that is there', () => {
  test('is so when it is processed and testers can install it', async () => {
    expect(await look(builds([one('b1', '42')], release('p1', '1.0.0'), detail('b1', 'IN_BETA_TESTING')))).toEqual({
      is: 'so',
      seen: 'build 42 of 1.0.0 is processed and can be tested (IN_BETA_TESTING)',
      outputs: { build_id: 'b1', number: '42' },
    });
  });

  test('is found by another spelling of its version, and not by another version', async () => {
    expect(await look(builds([one('b1', '42')], release('p1', '1.0'), detail('b1', 'IN_BETA_TESTING')))).toMatchObject({
      is: 'so',
    });
    const other = {
      ...builds([one('b1', '42')], release('p1', '1.1.0'), detail('b1', 'IN_BETA_TESTING')),
      'GET /v1/apps/a1/buildUploads': [page([])],
    };
    expect(await look(other)).toMatchObject({ is: 'not-so', seen: 'build 42 of 1.0.0 is not in App Store Connect' });
  });

  test('the newest of several counts', async () => {
    const rows = [
      one('b1', '41', { processingState: 'INVALID' }),
      one('b2', '42', { uploadedDate: '2026-11-21T10:00:00-08:00' }),
    ];
    expect(await look(builds(rows, release('p1', '1.0.0'), detail('b2', 'READY_FOR_BETA_TESTING')), {})).toMatchObject({
      is: 'so',
      outputs: { build_id: 'b2' },
    });
  });

  test.each([
    [
      { processingState: 'PROCESSING' },
      'PROCESSING',
      { seen: 'build 42 of 1.0.0: Apple is still processing it for 18 hours (5 to 60 minutes are normal)' },
      undefined,
    ],
    [{ processingState: 'INVALID' }, 'PROCESSING', { seen: expect.stringContaining('Invalid Binary') }, true],
    [{ processingState: 'FAILED' }, 'PROCESSING', { seen: expect.stringContaining('FAILED') }, true],
    [{ expired: true }, 'EXPIRED', { seen: 'build 42 of 1.0.0: it has expired' }, true],
    [
      {},
      'MISSING_EXPORT_COMPLIANCE',
      { seen: expect.stringContaining('compliance'), hint: expect.stringContaining('ITSAppUsesNonExemptEncryption') },
      true,
    ],
    [{}, 'IN_EXPORT_COMPLIANCE_REVIEW', { seen: expect.stringContaining('days') }, undefined],
    [{}, 'PROCESSING', { seen: expect.stringContaining('preparing') }, undefined],
    [{}, 'PROCESSING_EXCEPTION', { seen: expect.stringContaining('could not prepare') }, true],
  ])('%j with TestFlight state %s is not so; waiting helps or not', async (attributes, state, expected, final) => {
    const seen = await look(builds([one('b1', '42', attributes)], release('p1', '1.0.0'), detail('b1', state)));
    expect(seen).toMatchObject({ is: 'not-so', ...expected });
    expect(seen).toHaveProperty('is', 'not-so');
    expect(seen && 'final' in seen ? seen.final : undefined).toBe(final);
  });

  test('processed is enough for a step that answers the export question', async () => {
    const missing = builds([one('b1', '42')], release('p1', '1.0.0'), detail('b1', 'MISSING_EXPORT_COMPLIANCE'));
    expect(await look(missing, { build: '42', until: 'processed' })).toEqual({
      is: 'so',
      seen: 'build 42 of 1.0.0 is processed',
      outputs: { build_id: 'b1', number: '42' },
    });
  });

  test('after a day of processing it says that it is stuck', async () => {
    const old = one('b1', '42', { processingState: 'PROCESSING', uploadedDate: '2026-11-19T10:00:00-08:00' });
    expect(await look(builds([old], release('p1', '1.0.0')))).toMatchObject({
      seen: expect.stringContaining('for 42 hours'),
      hint: expect.stringContaining('After a day it is stuck'),
    });
  });

  test('a state that we do not know is unknown, and shown', async () => {
    expect(await look(builds([one('b1', '42', { processingState: 'SOMETHING_NEW' })]))).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('SOMETHING_NEW'),
    });
    expect(await look(builds([one('b1', '42')], detail('b1', 'BRAND_NEW')))).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('BRAND_NEW'),
    });
  });
});

describe('a build that is not there', () => {
  const none = builds([]);
  const uploads = (...rows: ReturnType<typeof upload>[]) => ({ ...none, 'GET /v1/apps/a1/buildUploads': [page(rows)] });

  test('a refused upload is final, with the codes of Apple', async () => {
    expect(
      await look(uploads(upload('42', 'FAILED', [{ code: '90683', description: 'purpose string missing' }]))),
    ).toMatchObject({
      is: 'not-so',
      seen: 'the upload of build 42 of 1.0.0 was refused: 90683: purpose string missing',
      final: true,
    });
  });

  test('an upload on its way is waited for', async () => {
    expect(await look(uploads(upload('42', 'PROCESSING')))).toMatchObject({
      is: 'not-so',
      seen: 'build 42 of 1.0.0 was uploaded (PROCESSING); the build does not show yet',
    });
    expect(await look(uploads(upload('42', 'AWAITING_UPLOAD')))).toMatchObject({
      is: 'not-so',
      hint: expect.stringContaining('broke off'),
    });
  });

  test('another number that arrived is told: Xcode may have changed it', async () => {
    expect(await look(uploads(upload('43', 'COMPLETE')))).toMatchObject({
      seen: expect.stringContaining('the newest upload is build 43 of 1.0.0'),
      hint: expect.stringContaining('Xcode'),
    });
  });

  test('uploads that cannot be read cost the reason, not the answer', async () => {
    expect(await look({ ...none, 'GET /v1/apps/a1/buildUploads': [refusal(403, 'FORBIDDEN_ERROR')] })).toMatchObject({
      is: 'not-so',
    });
  });

  test('no app record is not so; no right to look is unknown', async () => {
    expect(await look({ 'GET /v1/apps': [page([])] })).toMatchObject({
      is: 'not-so',
      seen: expect.stringContaining('no app record'),
    });
    expect(
      await look({ 'GET /v1/builds': [refusal(403, 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED')] }),
    ).toMatchObject({ is: 'unknown', hint: expect.stringContaining('agreement') });
  });
});

test('versions are compared as Apple does, and asked for in every spelling', () => {
  expect([
    isSameVersion('1.2', '1.2.0'),
    isSameVersion('01.2', '1.2'),
    isSameVersion('1.2.1', '1.2'),
    isSameVersion('x', 'x'),
  ]).toEqual([true, true, false, true]);
  expect(spellings('1.2')).toEqual(['1.2', '1.2.0']);
  expect(spellings('1.2.0')).toEqual(['1.2.0', '1.2']);
  expect(spellings('42')).toEqual(['42', '42.0', '42.0.0']);
  expect(spellings('1.2.3')).toEqual(['1.2.3']);
});
