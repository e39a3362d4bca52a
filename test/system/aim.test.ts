// Where a run is aimed: read whole or refused, and never forgotten to be shown.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AimError, addressFor, aimed, readAim } from '../../src/system/aim.ts';
import { temporaryFolder, writeFileIn } from './folder.ts';

describe('the aim', () => {
  test('of an empty environment is the real world', () => {
    const aim = readAim({ PATH: '/bin', LAUNCH_FLY: '' });
    expect(aimed(aim)).toBeUndefined();
    expect(aim.urls).toEqual({
      appStoreConnect: 'https://api.appstoreconnect.apple.com',
      cloudflare: 'https://api.cloudflare.com/client/v4',
      twilio: 'https://api.twilio.com',
    });
  });

  test('is read from its variables, and shown as they were set', () => {
    const ca = writeFileIn(temporaryFolder(), 'ca.pem', 'PEM');
    const env = {
      LAUNCH_FLY: '/opt/fly',
      LAUNCH_DNS: 'recursive=127.0.0.1:5301, *=[::1]:5302,2001:DB8::1=127.0.0.1:5303',
      LAUNCH_HTTP_HOSTS: 'API.example.com=127.0.0.1:8443,*.fly.dev=127.0.0.1:8444',
      LAUNCH_CA_FILE: ca,
      LAUNCH_ASC_URL: 'http://127.0.0.1:9000/',
    };
    const aim = readAim(env);
    expect(aim).toMatchObject({
      fly: '/opt/fly',
      dns: {
        recursive: { host: '127.0.0.1', port: 5301 },
        '*': { host: '::1', port: 5302 },
        '2001:db8::1': { host: '127.0.0.1', port: 5303 },
      },
      hosts: { 'api.example.com': { host: '127.0.0.1', port: 8443 }, '*.fly.dev': { host: '127.0.0.1', port: 8444 } },
      ca: 'PEM',
      urls: { appStoreConnect: 'http://127.0.0.1:9000' },
    });
    expect(aimed(aim)).toEqual(env);
  });

  test.each([
    { LAUNCH_FLY: 'fly' },
    { LAUNCH_DNS: 'recursive=localhost:53' },
    { LAUNCH_DNS: '127.0.0.1:53' },
    { LAUNCH_HTTP_HOSTS: '*=127.0.0.1' },
    { LAUNCH_HTTP_HOSTS: '*=127.0.0.1:99999' },
    { LAUNCH_CA_FILE: join('nowhere', 'ca.pem') },
    { LAUNCH_ASC_URL: 'file:///etc/passwd' },
    { LAUNCH_TWILIO_URL: 'http://' },
  ])('%j is refused with the name of the variable', (env) => {
    expect(() => readAim(env)).toThrow(AimError);
    expect(() => readAim(env)).toThrow(Object.keys(env)[0]);
  });

  test('of a host is its own entry, else the nearest above it, else any', () => {
    const to = (port: number) => ({ host: '127.0.0.1', port });
    const hosts = { 'a.b.dev': to(1), '*.b.dev': to(2), '*.dev': to(3), '*': to(4) };
    const ports = ['A.b.dev', 'x.b.dev', 'y.x.b.dev', 'b.dev', 'example.com', '192.0.2.1'].map(
      (host) => addressFor(host, hosts)?.port,
    );
    expect(ports).toEqual([1, 2, 2, 3, 4, 4]);
    expect(addressFor('constructor', {})).toBeUndefined();
  });
});
