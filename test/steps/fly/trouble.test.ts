import { expect, test } from 'vitest';
import { explain, judge } from '../../../steps/fly/trouble.ts';

const ended = (stderr: string, exit: number | null = 1) => ({ exit, stdout: '', stderr });

test.each([
  ['no access token available', 'login'],
  [
    'failed to run query($slug: String!) { organization(slug: $slug) { id } }: You must be authenticated to view this.',
    'login',
  ],
  ['server returned a non-200 status code: 401', 'login'],
  ['server returned a non-200 status code: 403', 'right'],
  ['Could not find App "x"', 'no-app'],
  ['the app x could not be found, did you create the app first?', 'no-app'],
  ['Name has already been taken', 'refused'],
  ['organization acme not found', 'refused'],
  ['org slug must be specified when not running interactively', 'refused'],
  ['region xyz not found', 'refused'],
  ['region requires an organization with a Launch plan', 'refused'],
  ['please add a payment method: https://fly.io/dashboard/jam/billing', 'refused'],
  ['App configuration is not valid', 'refused'],
  ['failed loading app config from /p/fly.toml: toml: line 3', 'refused'],
  ['prompt: non interactive', 'refused'],
  ['unknown flag: --json', 'refused'],
  ['failed ensuring config directory perms: mkdir /home/jam/.fly: permission denied', 'refused'],
  ['server returned a non-200 status code: 502', 'network'],
  ['failed to launch VM: resource_exhausted: rate limit exceeded', 'network'],
  ['Post "https://api.fly.io/graphql": dial tcp: i/o timeout', 'network'],
  ['something else', 'other'],
])('"%s" means %s', (message, sort) => {
  expect(explain(ended(`==> Verifying app config\nError: ${message}\n`)).sort).toBe(sort);
});

test('only what follows the last Error: is read: a log above may say anything', () => {
  const log =
    'npm ERR! connection refused\nError: the first\nno access token available in the build\nError: the last (Request ID: 01ABC) (Trace ID: 02)\n';
  expect(explain(ended(log))).toEqual({ sort: 'other', why: 'fly: the last' });
});

test('colour, request ids and the query of GraphQL are left out', () => {
  const message =
    'Error: failed to run query($a: Int) { apps(a: $a) { id } }: \u001b[31mServer says no\u001b[0m (Request ID: 01ABC-sjc)\n';
  expect(explain(ended(message)).why).toBe('fly: Server says no');
});

test('an end without a word names the exit code', () => {
  expect(explain(ended('', 3)).why).toBe('fly ended with exit code 3 and did not say why');
});

test('only exit 1 with a known refusal is a failure', () => {
  expect(judge(ended('Error: prompt: non interactive\n'))).toMatchObject({ ended: 'failed' });
  expect(judge(ended('Error: prompt: non interactive\n', 127))).toMatchObject({ ended: 'unclear' });
  expect(judge({ exit: 0, stdout: '', stderr: 'WARN noise' })).toEqual({ ended: 'ok' });
});
