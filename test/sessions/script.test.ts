// A script of a runbook, run by the built launch: zx's globals, its values by `env`, its outputs, its exit code.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch } from './launching.ts';

const RUNBOOK = `---
runbook: 1
inputs: { who: { default: world } }
steps:
  - id: greet
    script: |
      const name = await $\`printf %s \${process.env.WHO}\`;
      await $\`echo said=hello-\${name} >> $LAUNCH_OUTPUT\`;
      console.log(path.basename('/a/b'), typeof within, typeof sleep);
    env: { WHO: "\${{ inputs.who }}; exit 9" }
  - id: check
    run: 'test "\${{ steps.greet.outputs.said }}" = "hello-world; exit 9"'
  - id: file
    script: ./tools/fail.mjs
---
# A launch
## Phase
### Greet
### Check
### File
`;

test('runs with zx, passes values on, and ends with the exit code of the command that failed', async () => {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-script-')));
  mkdirSync(join(project, 'runbooks'));
  mkdirSync(join(project, 'tools'));
  writeFileSync(join(project, 'runbooks/small.md'), RUNBOOK);
  writeFileSync(join(project, 'tools/fail.mjs'), "await $`bash -c 'echo no >&2; exit 7'`;\n");
  const digest = /--trust ([0-9a-f]{64})/.exec((await launch(project, ['small'])).stderr)?.[1] ?? '';
  const { exit, stderr } = await launch(project, ['small', '--trust', digest]);
  expect(stderr).toContain('b function function');
  expect(stderr).toContain('it ended with exit code 7');
  expect(exit).toBe(1);
});
