import { expect, test } from 'vitest';
import { deploy } from '../../../steps/fly/deploy.ts';
import { aLostMachine, aMachine, aRelease, aStatus } from './answers.ts';
import { act, did, endings, flyWorld, gone, json, look, noisy, saw, says, undo } from './fake-fly.ts';

const want = { app: 'solserver-prod', config: 'fly.prod.toml', ha: false };
const files = { 'fly.prod.toml': 'app = "solserver-prod"\n' };
const releases = (...list: unknown[]) => saw('releases -a solserver-prod --json', json(list));
const status = (...machines: unknown[]) => saw('status -a solserver-prod --json', json(aStatus(machines)));
const command = 'deploy -a solserver-prod -c /project/fly.prod.toml --ha=false --deploy-retries=1';
const since = { version: 11, image: 'registry.fly.io/solserver-prod:deployment-11' };
const image12 = 'registry.fly.io/solserver-prod:deployment-12';

test('before the first act a running release is not so: a deploy makes a new one, and what runs is remembered', async () => {
  expect(await look(deploy, want, flyWorld([releases(aRelease(11))]))).toEqual({
    is: 'not-so',
    expected: 'solserver-prod runs a new release, complete on every machine',
    seen: `release 11 is complete, ${since.image}`,
    since,
  });
});

test('what is remembered of a failed release is its number and the image that still runs', async () => {
  const answer = await look(deploy, want, flyWorld([releases(aRelease(12, 'failed'), aRelease(11))]));
  expect(answer).toMatchObject({ is: 'not-so', since: { version: 12, image: since.image } });
  expect(answer).not.toHaveProperty('final');
});

test('an app that was never deployed, or is not there, starts from release 0', async () => {
  expect(await look(deploy, want, flyWorld([releases()]))).toMatchObject({
    is: 'not-so',
    seen: 'solserver-prod has no release',
    since: { version: 0, image: '' },
  });
  const noApp = flyWorld([saw('releases -a solserver-prod --json', endings.noApp)]);
  expect(await look(deploy, want, noApp)).toMatchObject({ is: 'not-so', since: { version: 0, image: '' } });
});

test('a new release that is complete on every machine, checks passing, is so', async () => {
  const world = flyWorld([
    releases(aRelease(12), aRelease(11)),
    status(aMachine(), aMachine({ id: 'b', group: 'worker' })),
  ]);
  expect(await look(deploy, want, world, since)).toEqual({
    is: 'so',
    seen: `release 12 is complete, ${image12}; 2 machines: 2 started, 2 checks passing`,
    outputs: { version: '12', image: image12 },
  });
});

test('noise around the JSON changes nothing', async () => {
  const world = flyWorld([
    saw('releases -a solserver-prod --json', noisy(json([aRelease(12)]))),
    saw('status -a solserver-prod --json', noisy(json(aStatus([aMachine()])))),
  ]);
  expect(await look(deploy, want, world, since)).toMatchObject({ is: 'so' });
});

test('the release from before is not taken for the new one', async () => {
  expect(await look(deploy, want, flyWorld([releases(aRelease(11))]), since)).toMatchObject({
    is: 'not-so',
    seen: 'no release since 11',
  });
});

test.each(['failed', 'interrupted'])('a new release that %s is final, and the way back is named', async (state) => {
  expect(await look(deploy, want, flyWorld([releases(aRelease(12, state), aRelease(11))]), since)).toEqual({
    is: 'not-so',
    expected: 'solserver-prod runs a new release, complete on every machine',
    seen: `release 12 is ${state}, ${image12}`,
    final: true,
    hint: `\`fly logs -a solserver-prod\` may say why; back to the last release: \`fly deploy -a solserver-prod -c fly.prod.toml --image ${since.image} --skip-release-command\` (secrets, volumes and databases stay as they are)`,
    since: { version: 12, image: since.image },
  });
});

test('a release that is still running is waited for', async () => {
  const answer = await look(deploy, want, flyWorld([releases(aRelease(12, 'running'), aRelease(11))]), since);
  expect(answer).toMatchObject({ is: 'not-so', hint: expect.stringContaining('15 s') });
  expect(answer).not.toHaveProperty('final');
});

test.each([
  ['carries an older release', aMachine({ release: 11 }), 'app 148e000000000a (sjc) carries release 11, not 12'],
  ['has not started', aMachine({ state: 'starting' }), 'app 148e000000000a (sjc) is starting'],
  ['is stopped and nothing starts it again', aMachine({ state: 'stopped' }), 'app 148e000000000a (sjc) is stopped'],
  [
    'has a critical check',
    aMachine({ checks: [{ name: 'http', status: 'critical', output: '500\n<html>' }] }),
    'app 148e000000000a (sjc): check http is critical (500)',
  ],
  [
    'has no result of its checks yet',
    aMachine({ checks: [] }),
    'app 148e000000000a (sjc): no result of its checks yet',
  ],
])('one machine that %s makes it not so', async (_, machine, seen) => {
  const world = flyWorld([releases(aRelease(12)), status(aMachine({ id: 'good' }), machine)]);
  expect(await look(deploy, want, world, since)).toMatchObject({ is: 'not-so', seen });
});

test('machines stopped by autostop are right, but nobody has seen the release work', async () => {
  const idle = aMachine({ state: 'stopped', autostop: true });
  expect(await look(deploy, want, flyWorld([releases(aRelease(12)), status(idle)]), since)).toMatchObject({
    is: 'so',
    warning: expect.stringContaining('no machine runs'),
  });
  const standby = aMachine({ id: 'b', state: 'created', standbys: ['148e000000000a'] });
  expect(
    await look(deploy, want, flyWorld([releases(aRelease(12)), status(aMachine(), standby)]), since),
  ).toMatchObject({ is: 'so', warning: expect.stringContaining('1 machine is idle') });
});

test('a machine on a silent host leaves it unknown', async () => {
  const world = flyWorld([releases(aRelease(12)), status(aMachine(), aLostMachine('c'))]);
  expect(await look(deploy, want, world, since)).toEqual({
    is: 'unknown',
    why: 'machine c (sjc) cannot be seen: its host is unreachable',
  });
});

test('an image that already runs everywhere is so without a deploy', async () => {
  const asked = { ...want, image: image12 };
  expect(await look(deploy, asked, flyWorld([releases(aRelease(12)), status(aMachine())]))).toMatchObject({
    is: 'so',
    outputs: { version: '12' },
  });
  expect(await look(deploy, asked, flyWorld([releases(aRelease(13), aRelease(12))]))).toMatchObject({
    is: 'not-so',
    seen: expect.stringContaining('release 13'),
  });
});

test('the act names app, file, engine and machines, and reads the release from the output', async () => {
  const stdout = `Watch your deployment at https://fly.io/apps/solserver-prod/monitoring\n\n{"id":"rel_12","version":12,"image_ref":"${image12}"}\nVisit your newly deployed app at https://solserver-prod.fly.dev/\n`;
  const world = flyWorld([did(command, { stdout })], { files });
  expect(await act(deploy, want, world, since)).toEqual({
    ended: 'ok',
    seen: `release 12, ${image12}`,
    outputs: { version: '12', image: image12 },
  });
  expect(world.asked[0]?.options).toMatchObject({
    cwd: undefined,
    env: { FLY_EMIT_RELEASE_JSON: '1', LOG_LEVEL: 'error', FLY_APP: undefined },
  });
});

test('image, strategy and folder are passed on', async () => {
  const built = { ...files, 'server/Dockerfile': 'FROM node' };
  const world = flyWorld([did(`${command} --image nginx:1 --strategy immediate`, {})], { files: built });
  expect(await act(deploy, { ...want, image: 'nginx:1', strategy: 'immediate', directory: 'server' }, world)).toEqual({
    ended: 'ok',
  });
  expect(world.asked[0]?.options.cwd).toBe('/project/server');
  expect(await act(deploy, { ...want, directory: 'serber' }, flyWorld([], { files: built }))).toEqual({
    ended: 'failed',
    why: 'there is nothing in serber',
  });
});

test('without its fly.toml nothing is deployed: fly would take the configuration that runs', async () => {
  expect(await act(deploy, want, flyWorld([]))).toEqual({ ended: 'failed', why: 'there is no fly.prod.toml' });
  expect(await act(deploy, { ...want, config: '../fly.toml' }, flyWorld([]))).toEqual({
    ended: 'failed',
    why: '../fly.toml leaves the project',
  });
});

test.each([
  [
    'Error: failed to update machine 148e: Unrecoverable error: timeout reached waiting for health checks to pass for machine 148e: failed to get VM',
    'the health checks did not pass in time',
  ],
  [
    'Error: release command failed - aborting deployment. error release_command machine 148e exited with non-zero status of 1',
    'the release command failed',
  ],
  [
    'Error: failed to fetch an image or build from source: app does not have a Dockerfile or buildpacks configured',
    'there is no image',
  ],
  [
    'Error: smoke checks for 148e failed: the app appears to be crashing\nconnect: connection refused',
    'the new machine starts and ends again',
  ],
  [
    "Error: Process group 'app' needs an unattached volume named 'solserver_data' in region 'sjc'",
    'there is no free volume of that name',
  ],
  ['Error: failed to get lease on VM 148e: lease currently held by jam', 'another deploy holds the machines'],
  [
    'Error: yes flag must be specified when not running interactively',
    'a machine has a volume, but the fly.toml has no mount',
  ],
])('a failure is explained with what to do: %s', async (stderr, why) => {
  const answer = await act(
    deploy,
    want,
    flyWorld([did(command, says(`--> Verified app config\n${stderr}\n`))], { files }),
    since,
  );
  expect(answer).toMatchObject({
    ended: 'failed',
    why: expect.stringContaining(why),
    hint: expect.stringMatching(/./),
  });
});

test('a health check that fails names the way back to the last release', async () => {
  const stderr = says('Error: timeout reached waiting for health checks to pass for machine 148e\n');
  expect(await act(deploy, want, flyWorld([did(command, stderr)], { files }), since)).toMatchObject({
    hint: expect.stringContaining(`--image ${since.image}`),
  });
});

test('127 is unclear, and its reason is the last cross on stdout', async () => {
  const ended = {
    exit: 127,
    stderr: '\n',
    stdout:
      '✔ [1/3] Machine a is good\n\u001b[31m✖\u001b[0m [2/3] Machine b: timeout reached waiting for health checks to pass\n',
  };
  expect(await act(deploy, want, flyWorld([did(command, ended)], { files }), since)).toMatchObject({
    ended: 'unclear',
    why: expect.stringContaining('the health checks did not pass in time'),
  });
});

test('an unknown end is unclear: the app may be healthy all the same', async () => {
  const ended = says('Error: something nobody wrote down\n');
  expect(await act(deploy, want, flyWorld([did(command, ended)], { files }), since)).toEqual({
    ended: 'unclear',
    why: 'fly: something nobody wrote down',
  });
});

test('taking it back deploys the image of the last complete release before it', async () => {
  const list = releases(aRelease(12), aRelease(11, 'failed'), aRelease(10));
  const world = flyWorld(
    [list, did(`${command} --image registry.fly.io/solserver-prod:deployment-10 --skip-release-command`, {})],
    { files },
  );
  expect(await undo(deploy, want, world, { version: '12' })).toEqual({ ended: 'ok' });
  expect(world.told).toEqual(['back to release 10: registry.fly.io/solserver-prod:deployment-10']);
});

test('there must be something to go back to: an earlier release, with another image', async () => {
  expect(await undo(deploy, want, flyWorld([releases(aRelease(1))], { files }), { version: '1' })).toMatchObject({
    ended: 'failed',
    why: 'there is no earlier complete release to go back to',
  });
  const same = releases(aRelease(12, 'failed', since.image), aRelease(11));
  expect(await undo(deploy, want, flyWorld([same], { files }))).toMatchObject({
    ended: 'failed',
    hint: expect.stringContaining('fly.toml'),
  });
});

test('it is taken back when an earlier image runs again as a new, complete release', async () => {
  const again = aRelease(13, 'complete', 'registry.fly.io/solserver-prod:deployment-11');
  expect(await gone(deploy, want, flyWorld([releases(again, aRelease(12), aRelease(11))]))).toMatchObject({ is: 'so' });
  expect(await gone(deploy, want, flyWorld([releases(aRelease(12), aRelease(11))]))).toMatchObject({ is: 'not-so' });
});
