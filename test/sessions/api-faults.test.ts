// Cloudflare and Twilio refuse, are overrun or are down: a rehearsal is led out of each to the end, and nothing is made twice.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch, projectOf, rehearsalOf, runbookOf } from './launching.ts';

const runbook = runbookOf(
  `steps:
  - { id: name, uses: cloudflare/record, with: { name: api.example.com, type: CNAME, value: x1.sol.fly.dev } }
  - { id: hook, uses: twilio/webhook, with: { number: "+15550100", url: "https://api.example.com/webhook" } }`,
  'name',
  'hook',
);

test.each([
  ['cloudflare-refused', /403[\s\S]*Zone → DNS → Edit/],
  ['cloudflare-no-right', /this token sees no zone that holds api\.example\.com/],
  ['cloudflare-rate-limit', /too many requests \(429\)[\s\S]*Wait 60 seconds/],
  ['cloudflare-down', /Cloudflare answered 503/],
  ['twilio-refused', /401[\s\S]*The login is not right/],
  ['twilio-rate-limit', /429[\s\S]*look again in a minute/],
  ['twilio-down', /Twilio answered 503/],
])('%s: said in words, and led out of', async (fault, says) => {
  const project = projectOf({ 'runbooks/small.md': runbook });
  const ran = await launch(project, ['rehearse', 'small', '--auto', '--fault', fault]);
  expect({ exit: ran.exit, stderr: ran.exit === 0 ? '' : ran.stderr.slice(-2_000) }).toEqual({ exit: 0, stderr: '' });
  expect(ran.stderr).toMatch(says);
  const world = join(rehearsalOf(project), 'world');
  expect(readFileSync(join(world, 'faults.json'), 'utf8')).toContain('"fired": true');
  const calls = readFileSync(join(world, 'calls.jsonl'), 'utf8');
  expect(calls.match(/"api\.example\.com CNAME x1\.sol\.fly\.dev"/g)).toHaveLength(1);
});
