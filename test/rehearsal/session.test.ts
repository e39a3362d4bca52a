// Whole rehearsals: the real engine and the real kinds against the stand-ins, with the actor, also when something goes wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readCalls } from '../../src/rehearsal/fly/world.ts';
import { closeAll, folderWith } from './rehearsing.ts';
import { check, rehearseRunbook, runbookOf, type Session, uses } from './sessions.ts';

afterEach(closeAll);

const app = 'sol';
const host = 'api.sollabs.com';
const toml = `app = "${app}"
primary_region = "sjc"
[build]
image = "nginx"
[mounts]
source = "data"
destination = "/data"
[http_service]
internal_port = 8080
[[http_service.checks]]
path = "/health"
interval = "10s"
`;
const id = 'com.sollabshq.solmobile';
const target = '${{ steps.certificate.outputs.target }}';

const launch = () =>
  runbookOf(
    [
      { id: 'create-app', form: uses('fly/app', { name: app, org: 'sollabs' }) },
      { id: 'addresses', form: uses('fly/ips', { app }) },
      { id: 'volume', form: uses('fly/volume', { app, name: 'data', region: 'sjc' }) },
      {
        id: 'deploy',
        form: uses('fly/deploy', { app, config: 'fly.toml', ha: false }),
        verify: [check('http/response', { url: `https://${app}.fly.dev/health`, json: { status: 'ok' } })],
      },
      { id: 'certificate', form: uses('fly/certificate', { app, hostname: host }) },
      {
        id: 'point-dns',
        form: { form: 'manual' },
        verify: [check('dns/record', { name: host, type: 'CNAME', value: target })],
      },
      { id: 'issued', form: uses('fly/certificate-issued', { app, hostname: host }), within: 3_600_000 },
      { id: 'domain', form: uses('http/response', { url: `https://${host}/health` }) },
      { id: 'soak', form: { form: 'wait', ms: 7_200_000 } },
      { id: 'bundle-id', form: uses('appstore/bundle-id', { identifier: id, name: 'SolOS' }) },
      { id: 'store-app', form: uses('appstore/app', { 'bundle-id': id, name: 'SolOS' }) },
      {
        id: 'upload',
        form: { form: 'manual' },
        verify: [check('appstore/build', { 'bundle-id': id, version: '1.0.0' }, 7_200_000)],
      },
      { id: 'group', form: uses('appstore/tester-group', { 'bundle-id': id, name: 'Internal Testers' }) },
      {
        id: 'testers',
        form: uses('appstore/testers', { 'bundle-id': id, group: 'Internal Testers', emails: ['ann@example.com'] }),
      },
      {
        id: 'smoke',
        form: {
          form: 'checklist',
          items: [{ text: 'It starts' }, { text: '15 minutes', for: 900_000 }],
          testers: ['ann'],
        },
      },
      { id: 'declare', form: { form: 'manual' }, irreversible: 'v0', evidence: true },
    ],
    { accounts: { fly: { org: 'sollabs' } } },
  );

const project = () => folderWith({ 'fly.toml': toml });

/** How each step ended, and how often it was begun. */
function summary({ events }: Session): Readonly<Record<string, string>> {
  const steps: Record<string, string> = {};
  for (const event of events) {
    if (event.type === 'step.done') steps[event.step] = event.how;
    if (event.type === 'step.failed') steps[event.step] = `failed: ${event.why}`;
  }
  return steps;
}

const made = (folder: string) =>
  readCalls(folder).flatMap(({ tool, changed }) =>
    tool === 'fly' && changed ? [changed.split(' ').slice(0, 2).join(' ')] : [],
  );

describe('a rehearsal', () => {
  it('plays a launch to its end: everything that can be seen is verified, hours pass in seconds', {
    timeout: 120_000,
  }, async () => {
    const session = await rehearseRunbook(launch(), { project: project() });
    expect(session.end, session.told.slice(-8).join('\n')).toEqual({ finished: 'done' });
    const byWord = ['smoke', 'declare'];
    const expected = launch().steps.map(({ id: step }) => [step, byWord.includes(step) ? 'on-word' : 'verified']);
    expect(summary(session)).toEqual(Object.fromEntries(expected));
    const [first, last] = [session.events[0]?.at ?? '', session.events.at(-1)?.at ?? ''];
    expect(Date.parse(last) - Date.parse(first)).toBeGreaterThan(2 * 3_600_000);
  });

  it.each([
    ['reply-lost@volume', 'volume'],
    ['name-taken', 'create-app'],
    ['network-lost@addresses', 'addresses'],
    ['rate-limit@create-app', 'create-app'],
    ['login-expired@volume', 'volume'],
    ['health-failing', 'deploy'],
    ['said-not-done', 'point-dns'],
    ['dns-typed-wrong', 'point-dns'],
    ['certificate-pending', 'issued'],
  ])('is led out of %s by the actor, with nothing made twice', { timeout: 120_000 }, async (fault, last) => {
    const whole = launch();
    const steps = whole.steps.slice(0, whole.steps.findIndex(({ id: step }) => step === last) + 1);
    const session = await rehearseRunbook({ ...whole, steps }, { project: project(), fault });
    expect(session.end, session.told.slice(-12).join('\n')).toEqual({ finished: 'done' });
    expect(readFileSync(join(session.folder, 'faults.json'), 'utf8')).toContain('"fired": true');
    const changes = made(session.folder);
    for (const once of ['app created', 'volume created'])
      expect(changes.filter((change) => change === once).length, `${once}: ${changes.join(', ')}`).toBeLessThanOrEqual(
        1,
      );
  });
});
