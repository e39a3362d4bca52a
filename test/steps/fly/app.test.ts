import { expect, test } from 'vitest';
import { app } from '../../../steps/fly/app.ts';
import { anApp } from './answers.ts';
import { act, did, endings, flyWorld, gone, json, look, noisy, saw, says, undo } from './fake-fly.ts';

const want = { name: 'solserver-prod', org: 'sollabs' };
const none = saw('apps list --json', json([]));
const others = saw('apps list --json', json([anApp('solserver-staging'), anApp('solserver-production')]));
const there = saw('apps list --json', json([anApp('solserver-staging'), anApp('solserver-prod')]));
const create = 'apps create solserver-prod --org sollabs --json';

test('an app in the list is so, with its name and host name as outputs', async () => {
  expect(await look(app, want, flyWorld([there]))).toEqual({
    is: 'so',
    seen: 'the app solserver-prod in sollabs, solserver-prod.fly.dev',
    outputs: { app: 'solserver-prod', hostname: 'solserver-prod.fly.dev' },
  });
});

test('warnings before the JSON and a line after it are passed over', async () => {
  const list = noisy(json([anApp('solserver-prod')]));
  expect(await look(app, want, flyWorld([saw('apps list --json', list)]))).toMatchObject({ is: 'so' });
});

test('an app with a longer name is another app', async () => {
  expect(await look(app, want, flyWorld([others]))).toEqual({
    is: 'not-so',
    expected: 'the app solserver-prod exists in sollabs',
    seen: 'this login sees no app solserver-prod',
  });
});

test('an app of that name in another organization is not so, and nothing is created', async () => {
  const elsewhere = saw('apps list --json', json([anApp('solserver-prod', { org: 'personal' })]));
  expect(await look(app, want, flyWorld([elsewhere]))).toMatchObject({
    is: 'not-so',
    seen: 'the app solserver-prod exists, but in the organization personal',
    final: true,
  });
  expect(await act(app, want, flyWorld([elsewhere]))).toMatchObject({
    ended: 'failed',
    why: 'the app solserver-prod exists, but in the organization personal',
  });
});

test('the act creates it only after a look', async () => {
  expect(await act(app, want, flyWorld([none, did(create, json(anApp('solserver-prod')))]))).toEqual({ ended: 'ok' });
  expect(await act(app, want, flyWorld([there]))).toMatchObject({ ended: 'ok', outputs: { app: 'solserver-prod' } });
});

test('a name that is taken says that it may be ours and unseen', async () => {
  const taken = says(
    'Error: Validation failed: Name has already been taken (Request ID: 01ABC-sjc)\n\nApp names are global.\n',
  );
  expect(await act(app, want, flyWorld([none, did(create, taken)]))).toEqual({
    ended: 'failed',
    why: 'the name is taken on Fly, where names are global, and it is not among the apps this login can see (fly: Validation failed: Name has already been taken)',
    hint: 'choose another name; if the app is yours, log in with the account or token that can see it',
  });
});

test('without an org the list is read the same and fly chooses', async () => {
  const world = flyWorld([
    none,
    did(
      'apps create solserver-prod --json',
      says('Error: org slug must be specified when not running interactively\n'),
    ),
  ]);
  expect(await act(app, { name: 'solserver-prod' }, world)).toMatchObject({
    ended: 'failed',
    hint: 'say `org:` in the step; `fly orgs list` shows those there are',
  });
});

test('taking it back destroys it once, and is so when the list lacks it', async () => {
  expect(
    await undo(
      app,
      want,
      flyWorld([there, did('apps destroy solserver-prod --yes', { stdout: 'Destroyed app solserver-prod\n' })]),
    ),
  ).toEqual({ ended: 'ok' });
  expect(await undo(app, want, flyWorld([none]))).toMatchObject({ ended: 'ok' });
  expect(await gone(app, want, flyWorld([others]))).toMatchObject({ is: 'so' });
  expect(await gone(app, want, flyWorld([there]))).toMatchObject({ is: 'not-so' });
  expect(await gone(app, want, flyWorld([saw('apps list --json', endings.notLoggedIn)]))).toMatchObject({
    is: 'unknown',
  });
});
