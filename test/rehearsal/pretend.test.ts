// What people and their apps bring about, played: each check is looked at by the real kind, before and after.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { record } from '../../steps/dns/record.ts';
import { content } from '../../steps/file/content.ts';
import { certificate as flyCertificate } from '../../steps/fly/certificate.ts';
import { certificateIssued } from '../../steps/fly/certificate-issued.ts';
import { logs } from '../../steps/fly/logs.ts';
import { proxy } from '../../steps/fly/proxy.ts';
import { branch } from '../../steps/git/branch.ts';
import { clean } from '../../steps/git/clean.ts';
import { tag } from '../../steps/git/tag.ts';
import { cors } from '../../steps/http/cors.ts';
import { events } from '../../steps/http/events.ts';
import { poll } from '../../steps/http/poll.ts';
import { rateLimit } from '../../steps/http/rate-limit.ts';
import { response } from '../../steps/http/response.ts';
import { certificate } from '../../steps/tls/certificate.ts';
import { settings } from '../../steps/xcode/settings.ts';
import { closeAll, folderWith, lookDue, rehearse, run } from './rehearsing.ts';

afterEach(closeAll);

describe('an http check', () => {
  it.each([
    [{ status: 200, json: { status: 'ok', db: { up: true } }, contains: 'ok' }],
    [{ status: [202, 200], contains: ['one "quoted"', 'two'] }],
    [{ status: 401, method: 'POST', 'json-body': { a: 1 } }],
    [{ json: { status: 'ok' }, contains: 'something else', 'expect-headers': { 'X-Version': '7' } }],
  ])('is so once it was made so: %j', async (wanted) => {
    const { world } = await rehearse();
    const written = { url: 'https://hooks.example.com/health?full=1', ...wanted };
    expect(await lookDue(world, response, written, { pretend: false })).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('no stand-in for hooks.example.com'),
    });
    expect(await lookDue(world, response, written)).toMatchObject({ made: true, is: 'so' });
  });

  it('tells requests to one address apart by what they carry, and keeps no secret', async () => {
    const { world, folder } = await rehearse();
    const url = 'https://hooks.example.com/v1/chat';
    const right = { url, headers: { Authorization: 'Bearer canary-right' }, status: 200 };
    const wrong = { url, headers: { Authorization: 'Bearer nonsense' }, status: 403 };
    const none = { url, status: 401 };
    for (const wanted of [right, wrong, none]) await lookDue(world, response, wanted);
    for (const wanted of [right, wrong, none])
      expect(await lookDue(world, response, wanted, { pretend: false })).toMatchObject({ is: 'so' });
    expect(readFileSync(join(folder, 'http.json'), 'utf8')).not.toContain('canary-right');
  });

  it('that polls sees work going on first', async () => {
    const { world } = await rehearse();
    const wanted = { url: 'https://jobs.example.com/42', json: { state: 'done' } };
    expect(await lookDue(world, poll, wanted)).toMatchObject({
      is: 'not-so',
      seen: '202: not ready yet: {"status":"pending"}',
    });
    expect(await lookDue(world, poll, wanted)).toMatchObject({ is: 'so' });
  });

  it('of a stream, of a preflight, of a limit and of a redirect is so once it was made so, and again', async () => {
    const { world } = await rehearse();
    const url = 'https://api.example.com/v1/events';
    for (let again = 0; again < 2; again += 1) {
      expect(await lookDue(world, events, { url, event: 'final', json: { state: 'done' } })).toMatchObject({
        is: 'so',
      });
      expect(await lookDue(world, cors, { url, origin: 'https://www.example.com' })).toMatchObject({ is: 'so' });
      expect(await lookDue(world, cors, { url, origin: 'https://evil.example', allowed: false })).toMatchObject({
        is: 'so',
      });
      expect(await lookDue(world, rateLimit, { url, method: 'POST', allowed: 12 })).toMatchObject({ is: 'so' });
      const plain = { url: 'http://api.example.com/', 'redirects-to': 'https://api.example.com/' };
      expect(await lookDue(world, response, plain)).toMatchObject({ is: 'so' });
    }
  });

  it('of a request to come gives the answer that its outputs are read from', async () => {
    const { world } = await rehearse();
    const url = 'https://api.example.com/v1/chat';
    await world.pretend?.makeSo(
      'http/request',
      { url, method: 'POST', headers: {}, status: [200, 202], save: { id: 'data.0.id', state: 'state' } },
      'send',
    );
    const answer = await world.http.exchange({ url, method: 'POST', body: '{}' }, new AbortController().signal);
    expect(JSON.parse(answer.body)).toEqual({ data: [{ id: 'stand-in-id' }], state: 'stand-in-state' });
  });
});

it('a tunnel that a command of the runbook would open listens once it was made so', async () => {
  const { world } = await rehearse();
  const wanted = { app: 'sol-db', port: 5432, local: 15_432 };
  expect(await lookDue(world, proxy, wanted, { pretend: false })).toMatchObject({ is: 'unknown' });
  expect(await lookDue(world, proxy, wanted)).toMatchObject({ is: 'so', seen: '127.0.0.1:15432 listens' });
});

describe('a domain of an app', () => {
  const host = 'api.sollabs.com';
  const toml = 'app = "sol"\nprimary_region = "sjc"\n[build]\nimage = "nginx"\n[http_service]\ninternal_port = 8080\n';

  it('is issued and served by Fly itself once its record was made', async () => {
    const { world } = await rehearse({ project: folderWith({ 'fly.toml': toml }) });
    for (const argv of [
      ['apps', 'create', 'sol', '--org', 'personal'],
      ['ips', 'allocate-v6', '-a', 'sol'],
      ['deploy', '-a', 'sol', '-c', await world.files.resolve('fly.toml'), '--ha=false'],
      ['certs', 'add', host, '-a', 'sol'],
    ])
      expect(await run(world, 'fly', ...argv)).toMatchObject({ exit: 0 });
    const health = { url: 'https://sol.fly.dev/health', json: { status: 'ok' } };
    expect(await lookDue(world, response, health)).toMatchObject({ is: 'so' });
    expect(await lookDue(world, response, { ...health, url: `https://${host}/health` })).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('has no address'),
    });

    const added = await lookDue(world, flyCertificate, { app: 'sol', hostname: host }, { pretend: false });
    const target = 'outputs' in added ? added.outputs?.target : undefined;
    const wanted = { name: host, type: 'CNAME', value: target };
    expect(await lookDue(world, record, wanted, { pretend: false })).toMatchObject({ is: 'not-so' });
    expect(await lookDue(world, record, wanted)).toMatchObject({ made: true });
    expect(await lookDue(world, response, { ...health, url: `https://${host}/health` })).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('handshake'),
    });
    expect(await lookDue(world, certificateIssued, { app: 'sol', hostname: host })).toMatchObject({
      made: true,
      is: 'not-so',
    });
    await world.clock.sleep(3 * 60_000);
    expect(await lookDue(world, certificateIssued, { app: 'sol', hostname: host })).toMatchObject({ is: 'so' });
    expect(await lookDue(world, certificate, { host, issuer: "Let's Encrypt" })).toMatchObject({ is: 'so' });
    expect(await lookDue(world, response, { ...health, url: `https://${host}/health` })).toMatchObject({ is: 'so' });
    expect(await lookDue(world, logs, { app: 'sol', contains: ['worker ready'] })).toMatchObject({ is: 'so' });
  });

  it('of somebody else shows a certificate where one is looked for', async () => {
    const { world } = await rehearse();
    expect(await lookDue(world, certificate, { host: 'www.example.com' })).toMatchObject({ made: true, is: 'so' });
  });
});

describe('a DNS record', () => {
  it('that was typed over stands alone, and the resolver comes to see it', async () => {
    const { world } = await rehearse();
    const wanted = (value: string) => ({ name: 'api.example.com', type: 'A', value });
    expect(await lookDue(world, record, wanted('192.0.2.10'))).toMatchObject({ is: 'so' });
    await lookDue(world, record, { name: 'api.example.com', type: 'CNAME', value: 'x.fly.dev' });
    await world.clock.sleep(3_600_000);
    const answer = await world.dns.ask({ name: 'api.example.com', type: 'A', server: '192.0.2.53' });
    expect(answer.answers).toMatchObject([{ type: 'CNAME', data: 'x.fly.dev' }]);
  });
});

describe('a file', () => {
  it.each([
    ['fly.toml', { key: 'env.PORT', equals: '8080' }],
    ['config.json', { key: 'a.b', equals: true }],
    ['ci.yaml', { key: 'jobs.test.timeout', equals: 10 }],
    ['notes.md', { contains: 'ready to launch' }],
    ['version.txt', { matches: '^v[0-9]+\\.[0-9]+$' }],
    ['LICENSE', { exists: true }],
    ['README.md', { exists: false }],
  ])('%s is edited in the overlay, and the project stays as it was', async (path, wanted) => {
    const project = folderWith({ 'fly.toml': 'app = "x"\n[env]\nA = "1"\n', 'README.md': '# Hello\n' });
    const { world } = await rehearse({ project });
    expect(await lookDue(world, content, { path, ...wanted }, { pretend: false })).toMatchObject({ is: 'not-so' });
    expect(await lookDue(world, content, { path, ...wanted })).toMatchObject({ made: true, is: 'so' });
    expect(readFileSync(join(project, 'fly.toml'), 'utf8')).toBe('app = "x"\n[env]\nA = "1"\n');
    expect(readFileSync(join(project, 'README.md'), 'utf8')).toBe('# Hello\n');
  });
});

describe('git', () => {
  it('is on the branch, clean, and tagged here and on the stand-in remote', async () => {
    const { world } = await rehearse();
    expect(await lookDue(world, branch, { name: 'release' })).toMatchObject({ is: 'so' });
    expect(await lookDue(world, clean, {})).toMatchObject({ is: 'so' });
    expect(await lookDue(world, tag, { name: 'v1.0.0', push: true })).toMatchObject({ is: 'so' });
  });
});

describe('an Xcode project', () => {
  const shipped = join(import.meta.dirname, '../../runbooks/fixtures/prod');
  const wanted = { project: 'ios/SolMobile.xcodeproj', configuration: 'Release' };

  it.each([
    [{ 'bundle-id': 'com.sollabs.solos', version: '2.1', build: 9, signing: 'manual', team: 'ABCDE12345' }],
    [{ 'minimum-ios-at-most': '16.0', settings: { API_BASE_URL: 'https://api.example.com', ENABLE_BITCODE: false } }],
    [{ plist: { ITSAppUsesNonExemptEncryption: false, API_BASE_URL: 'https://api.example.com/?a&b' } }],
  ])('gets what is looked for, in the overlay: %j', async (more) => {
    const { world, borrowed } = await rehearse({ fixtures: shipped });
    expect(await lookDue(world, settings, { ...wanted, ...more }, { pretend: false })).toMatchObject({ is: 'not-so' });
    expect(await lookDue(world, settings, { ...wanted, ...more })).toMatchObject({ made: true, is: 'so' });
    expect(
      await lookDue(world, settings, { ...wanted, configuration: 'Debug', 'bundle-id': 'com.sollabshq.solmobile.dev' }),
    ).toMatchObject({ is: 'so' });
    expect(borrowed()).toContain('ios/SolMobile.xcodeproj/project.pbxproj');
  });

  it('that is nowhere cannot be pretended', async () => {
    const { world } = await rehearse();
    expect(await lookDue(world, settings, wanted)).toMatchObject({ made: false, is: 'not-so' });
  });
});

describe('what has no stand-in', () => {
  it('is not pretended: unknown kinds say so, and nothing is forced under fly/ and secrets/', async () => {
    const { world } = await rehearse();
    expect(await world.pretend?.makeSo('postgres/query', {}, 'step')).toBe(false);
    expect(await world.pretend?.makeSo('fly/app', { name: 'sol' }, 'step')).toBe(true);
    expect(await world.pretend?.makeSo('dns/record', { name: 7 }, 'step')).toBe(false);
    expect((await run(world, 'fly', 'apps', 'list', '--json')).stdout).not.toContain('sol');
  });
});
