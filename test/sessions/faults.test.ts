// Something goes wrong on purpose in the sample launch: it is led out of, nothing is made twice, and the record tells what failed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, made, projectOf, projectWith, rehearsalOf, runbookOf } from './launching.ts';

const TIME = 300_000;

/** How often each sort of thing was made, where it is not once. */
function notOnce(project: string): Record<string, number> {
  const sorts = [
    'app created',
    'ip allocated v6',
    'ip allocated shared_v4',
    'volume created',
    'release created',
    'certificate added',
    'bundle id',
    'tester group',
  ];
  const counts = sorts.map(
    (sort) =>
      [sort, made(project).filter((what) => what.startsWith(sort) && !what.includes('staging')).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count !== 1));
}

test('a fault that no step came to is said: nothing was led out of', async () => {
  const runbook = runbookOf(
    `steps:
  - { id: app, uses: fly/app, with: { name: some-app } }
  - { id: deploy, uses: fly/deploy, with: { app: some-app, config: fly.toml } }`,
    'app',
    'deploy',
  );
  const config = 'app = "some-app"\nprimary_region = "sjc"\n[http_service]\ninternal_port = 8080\n';
  const rehearsed = async (fault: string) => {
    const project = projectOf({ 'runbooks/small.md': runbook, 'fly.toml': config, Dockerfile: 'FROM node:22\n' });
    return launch(project, ['rehearse', 'small', '--auto', '--fault', fault]);
  };
  const unmet = 'The fault "release-command-failing" did not strike';
  const ran = await rehearsed('release-command-failing');
  expect(ran.stderr).toContain(unmet);
  expect(ran.exit).toBe(1);
  expect((await rehearsed('build-failing')).stderr).not.toContain('did not strike');
}, 120_000);

describe('launch rehearse prod --auto', () => {
  test.concurrent.each([
    // A failed release is there, and stays: the deploy that mends it is another one.
    ['health-failing', 'Deploy', /the health checks did not pass in time/, { 'release created': 2 }],
    ['said-not-done@point-dns', 'Point DNS', /was looked at and was not so: expected api\.sollabs\.com CNAME/, {}],
    [
      'dns-typed-wrong',
      'Point DNS',
      /was not so: expected api\.sollabs\.com CNAME \S+; seen .* x[0-9a-f]+\.solserver-prod\.fly\.dev/,
      {},
    ],
    ['reply-lost@volume', 'Volume', /connection reset by peer/i, {}],
  ] as const)(
    'with --fault %s ends with exit 0, makes nothing twice, and its record tells of it',
    async (fault, step, says, more) => {
      const project = projectWith();
      const ran = await launch(project, ['rehearse', 'prod', '--auto', '--fault', fault]);
      expect(ran.stderr).toContain('Finished. The record:');
      expect(ran.exit).toBe(0);
      expect(notOnce(project)).toEqual(more);
      const record = readFileSync(join(rehearsalOf(project), 'PRODUCTION_DEPLOYMENT.md'), 'utf8');
      const [, failures = ''] = /^## What failed[^\n]*\n([\s\S]*?)(?=^## )/m.exec(record) ?? [];
      expect(failures).toContain(step);
      expect(failures).toMatch(says);
    },
    TIME,
  );
});
