// Every run ends with a look at what it wrote: a secret in it is an error.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch } from './launching.ts';

const PLANTED = 'planted-4f9c2e71';
const runbook = (title: string) => `---
runbook: 1
steps:
  - { id: go, run: 'echo "token ${PLANTED}"' }
---
# A launch
## Phase
### ${title} <!-- go -->
Do it.
`;

async function launched(title: string) {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-sweep-')));
  mkdirSync(join(project, 'runbooks'));
  writeFileSync(join(project, 'runbooks/small.md'), runbook(title));
  const env = { DEMO_TOKEN: PLANTED };
  const digest = /--trust ([0-9a-f]{64})/.exec((await launch(project, ['small'], env)).stderr)?.[1] ?? '';
  return launch(project, ['small', '--trust', digest], env);
}

test('a secret that reached a file of the run ends it with 1 and names the file, never the value', async () => {
  const { exit, stderr } = await launched(`Go with ${PLANTED}`);
  expect(stderr).toMatch(/DEMO_TOKEN stands in .*\/runbook-[0-9a-f]{8}\.md/);
  expect(stderr).toContain('DEMO_TOKEN stands in PRODUCTION_DEPLOYMENT.md');
  expect(stderr).not.toMatch(/receipts|journal\.jsonl/);
  expect(exit).toBe(1);
});
