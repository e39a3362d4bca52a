// The stand-in for App Store Connect, asked by the real kinds and by hand: tokens checked, filters inexact, builds processed in time.

import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import type { StepKind } from '../../src/step.ts';
import type { World } from '../../src/system/world.ts';
import { app } from '../../steps/appstore/app.ts';
import { build } from '../../steps/appstore/build.ts';
import { bundleId } from '../../steps/appstore/bundle-id.ts';
import { testerGroup } from '../../steps/appstore/tester-group.ts';
import { testers } from '../../steps/appstore/testers.ts';
import { closeAll, lookDue, portsOf, rehearse } from './rehearsing.ts';

afterEach(closeAll);

const id = 'com.sollabshq.solmobile';
const signal = new AbortController().signal;

async function act<W>(world: World, kind: StepKind<W>, written: unknown) {
  const ports = portsOf(world);
  return kind.act?.(
    kind.with.parse(written),
    {
      ...ports,
      processes: { ...ports.processes, act: () => Promise.reject(new Error('no command is expected')) },
      http: { ...ports.http, send: (request) => world.http.exchange(request, signal) },
      files: world.files,
      secrets: {
        ...ports.secrets,
        obtain: async () => ({ why: 'nobody is there' }),
        kept: async () => undefined,
        learn: () => undefined,
        remember: () => undefined,
        receive: async () => undefined,
      },
      tell: () => undefined,
    },
    {},
  );
}

describe('the appstore kinds against the stand-in', () => {
  it('register a bundle id, find the app a person made, make a group and put testers in', async () => {
    const { world } = await rehearse();
    expect(await lookDue(world, bundleId, { identifier: id }, { pretend: false })).toMatchObject({ is: 'not-so' });
    expect(await act(world, bundleId, { identifier: id, name: 'SolOS' })).toMatchObject({ ended: 'ok' });
    expect(await lookDue(world, bundleId, { identifier: id }, { pretend: false })).toMatchObject({ is: 'so' });

    const record = { 'bundle-id': id, name: 'SolOS' };
    expect(await lookDue(world, app, record, { pretend: false })).toMatchObject({ is: 'not-so' });
    expect(await lookDue(world, app, record)).toMatchObject({ is: 'so' });

    const group = { 'bundle-id': id, name: 'Internal Testers' };
    expect(await act(world, testerGroup, group)).toMatchObject({ ended: 'ok' });
    expect(await lookDue(world, testerGroup, group, { pretend: false })).toMatchObject({ is: 'so' });
    const people = { 'bundle-id': id, group: 'Internal Testers', emails: ['Ann@example.com', 'ben@example.com'] };
    expect(await act(world, testers, people)).toMatchObject({ ended: 'ok' });
    expect(await lookDue(world, testers, people, { pretend: false })).toMatchObject({ is: 'so' });
  });

  it('see an uploaded build only after Apple has processed it', async () => {
    const { world } = await rehearse();
    const wanted = { 'bundle-id': id, version: '1.0.0', build: '7' };
    await lookDue(world, app, { 'bundle-id': id, name: 'SolOS' });
    expect(await lookDue(world, build, wanted, { pretend: false })).toMatchObject({ is: 'not-so' });
    expect(await lookDue(world, build, wanted)).toMatchObject({ is: 'not-so' });
    await world.clock.sleep(10 * 60_000);
    expect(await lookDue(world, build, wanted, { pretend: false })).toMatchObject({
      is: 'so',
      outputs: { number: '7' },
    });
  });
});

describe('the stand-in itself', () => {
  const ask = (world: World, path: string, authorization?: string) =>
    world.http.exchange(
      { url: `https://api.appstoreconnect.apple.com${path}`, headers: authorization ? { authorization } : {} },
      signal,
    );

  it('refuses a request without a token, and a token by another key', async () => {
    const { world } = await rehearse();
    expect(await ask(world, '/v1/apps')).toMatchObject({ status: 401 });
    const token = await new SignJWT({ iss: world.env.get('ASC_ISSUER_ID'), aud: 'appstoreconnect-v1' })
      .setProtectedHeader({ alg: 'ES256', kid: world.env.get('ASC_KEY_ID') ?? '', typ: 'JWT' })
      .setIssuedAt(world.clock.now())
      .setExpirationTime(new Date(world.clock.now().getTime() + 600_000))
      .sign(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    const answer = await ask(world, '/v1/apps', `Bearer ${token}`);
    expect(answer.body).toContain('signature of the token is not by this key');
  });

  it('counts the life of a token in virtual time, and allows twenty minutes', async () => {
    const { world } = await rehearse();
    const { importPKCS8 } = await import('jose');
    const key = await importPKCS8((await world.env.file?.('ASC_KEY_FILE')) ?? '', 'ES256');
    const sign = (life: number) =>
      new SignJWT({ iss: world.env.get('ASC_ISSUER_ID'), aud: 'appstoreconnect-v1' })
        .setProtectedHeader({ alg: 'ES256', kid: world.env.get('ASC_KEY_ID') ?? '', typ: 'JWT' })
        .setIssuedAt(world.clock.now())
        .setExpirationTime(new Date(world.clock.now().getTime() + life))
        .sign(key);
    expect((await ask(world, '/v1/apps', `Bearer ${await sign(21 * 60_000)}`)).body).toContain(
      'longer than 20 minutes',
    );
    const good = `Bearer ${await sign(600_000)}`;
    expect(await ask(world, '/v1/apps', good)).toMatchObject({ status: 200 });
    await world.clock.sleep(600_000);
    expect((await ask(world, '/v1/apps', good)).body).toContain('has run out');
    expect(await ask(world, '/v1/nothing', `Bearer ${await sign(600_000)}`)).toMatchObject({ status: 404 });
  });

  it('has no way to create an app, and filters that also let longer names through', async () => {
    const { world } = await rehearse();
    await lookDue(world, app, { 'bundle-id': `${id}.dev`, name: 'SolOS dev' });
    expect(await lookDue(world, app, { 'bundle-id': id, name: 'SolOS' }, { pretend: false })).toMatchObject({
      is: 'not-so',
      seen: expect.stringContaining(`${id}.dev`),
    });
  });
});
