import { expect, test } from 'vitest';
import { connectionsIn, credentialsIn } from '../../../steps/fly/credentials.ts';
import { postgres } from '../../../steps/fly/postgres.ts';
import { token } from '../../../steps/fly/token.ts';
import { aMachine, anApp, aStatus } from './answers.ts';
import { act, did, flyWorld, json, look, saw, says, undo } from './fake-fly.ts';

const url = 'postgres://sol:p%40ss-word1@db.flycast:5432/sol?sslmode=disable';
const valuesIn = (stdout: string) => Object.values(credentialsIn({ stdout, stderr: '' }) ?? {});

test('a connection string is known whole, and its password as written and as meant', () => {
  expect(valuesIn(`The following secret was added to sol:\n  DATABASE_URL=${url}\n`)).toEqual([
    url,
    'p@ss-word1',
    'p%40ss-word1',
  ]);
  expect(connectionsIn(`x postgres://db.flycast:5432/none ${url}`)).toEqual([url]);
});

test('a password and a token that stand alone are known', () => {
  expect(valuesIn('  Username:    postgres\n  Password:    aVeryLongOne\n')).toEqual(['aVeryLongOne']);
  expect(valuesIn('{\n    "token": "FlyV1 fm2_lJPE,fm2_abc"\n}\n')).toEqual([
    'FlyV1 fm2_lJPE,fm2_abc',
    'fm2_lJPE,fm2_abc',
  ]);
});

test('output with nothing secret is shown; one that speaks of a credential of unknown form is not', () => {
  expect(credentialsIn({ stdout: 'Checking for existing attachments\n', stderr: 'Error: no\n' })).toEqual({});
  expect(credentialsIn({ stdout: 'password = "hunter2hunter2"\n', stderr: '' })).toBeUndefined();
  expect(credentialsIn({ stdout: 'mysql://root:secret@host/x\n', stderr: '' })).toBeUndefined();
});

const app = 'sol';
const clusters = saw('postgres list --json', json([anApp('db')]));
const running = saw('status -a db --json', json(aStatus([aMachine({ autostop: false })])));
const secrets = (...names: string[]) =>
  saw(`secrets list -a ${app} --json`, json(names.map((name) => ({ name, digest: '0', status: 'Staged' }))));
const want = { name: 'db', attach: { app } };
const attach = 'postgres attach db -a sol --variable-name DATABASE_URL --yes';

test('an attach is never tried where the variable is there', async () => {
  expect(await act(postgres, want, flyWorld([clusters, running, secrets('DATABASE_URL')]))).toMatchObject({
    ended: 'ok',
  });
});

test('what an attach prints is withheld until it is known, and is there for later steps', async () => {
  const world = flyWorld([clusters, running, secrets(), did(attach, { stdout: `  DATABASE_URL=${url}\n` })]);
  expect(await act(postgres, want, world)).toEqual({ ended: 'ok' });
  expect(world.asked.at(-1)?.options.credentials?.({ stdout: url, stderr: '' })).toMatchObject({
    'connection string 1': url,
  });
  expect(world.remembered).toEqual([`sol DATABASE_URL ${url}`]);
});

test('a user left by an attach that broke off: what to do is said', async () => {
  const refused = says(
    'Error: database user "sol" already exists. Please specify a new database user via --database-user\n',
  );
  const world = flyWorld([clusters, running, secrets(), did(attach, refused)]);
  expect(await act(postgres, want, world)).toMatchObject({ ended: 'failed', hint: expect.stringContaining('`user:`') });
});

test('no cluster is the sentence that fly prints also with --json, not an unreadable answer', async () => {
  const none = saw('postgres list --json', { stdout: 'No postgres clusters found\n' });
  expect(await look(postgres, want, flyWorld([none]))).toMatchObject({
    is: 'not-so',
    final: true,
    seen: 'there is no Postgres app db',
  });
});

test('a cluster that was not made to its end is not made over, and not attached to', async () => {
  const half = saw('status -a db --json', json(aStatus([])));
  const made = { name: 'db', org: 'sollabs', create: { region: 'yyz' } };
  expect(await look(postgres, made, flyWorld([clusters, half]))).toMatchObject({
    is: 'not-so',
    final: true,
    hint: expect.stringContaining('fly apps destroy db'),
  });
});

test('an attachment is taken back by hand', async () => {
  expect(await undo(postgres, want, flyWorld([]))).toMatchObject({
    ended: 'failed',
    hint: expect.stringContaining('fly postgres detach'),
  });
});

const rows = (...names: string[]) =>
  saw(`tokens list -a ${app}`, {
    stdout: `ID  │ NAME  │ EXPIRES AT\n${names.map((name) => `t1  │ ${name}  │ 2027\n`).join('')}\n`,
  });

test('a token of that name is not made again, by a whole cell of the list', async () => {
  expect(await act(token, { app, name: 'ci' }, flyWorld([rows('ci')]))).toMatchObject({ ended: 'ok' });
  expect(await look(token, { app, name: 'ci' }, flyWorld([rows('ci-old')]))).toMatchObject({
    is: 'not-so',
    seen: expect.stringMatching(/.{5}/),
  });
});

test('a new token is handed over, and nothing of it stands in what the act leaves', async () => {
  const made = did(`tokens create deploy -a ${app} -n ci -x 8760h --json`, json({ token: 'FlyV1 fm2_abc' }));
  const world = flyWorld([rows(), made]);
  expect(await act(token, { app, name: 'ci' }, world)).toEqual({ ended: 'ok' });
  expect(world.received).toEqual(['sol ci FlyV1 fm2_abc']);
});
