// A build is in App Store Connect, processed, and testers can install it.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import { BundleId, theApp } from './apps.ts';
import { whyNotProcessed, whyNotTestable } from './build-states.ts';
import { buildFields, findBuild, nameOf } from './builds.ts';
import { notSeen, type Ports } from './client.ts';
import { login } from './login.ts';
import { lookAtUploads } from './uploads.ts';

const With = z.strictObject({
  'bundle-id': BundleId,
  ...buildFields,
  until: z
    .enum(['processed', 'testable'])
    .default('testable')
    .describe('`processed`: also while the export question is open, for a step that answers it'),
});
type Want = z.output<typeof With>;

export const build = defineStep({
  name: 'appstore/build',
  summary: 'Check that a build is processed and can be tested',
  example: 'with: { bundle-id: com.example.app, version: "1.0.0", build: "42" }',
  with: With,
  outputs: z.object({ build_id: z.string(), number: z.string() }),
  describe: (want) => `${nameOf(want)} of ${want['bundle-id']} ${goalOf(want)}`,
  login,
  verify: async (want, ports) => {
    const app = await theApp(want['bundle-id'], ports);
    return 'is' in app ? app : lookAtBuild(want, app.id, ports);
  },
  within: '1h',
  every: '30s',
  checkedAgainst: 'stand-in',
});

const goalOf = ({ until }: Want): string => (until === 'testable' ? 'can be tested' : 'is processed');

async function lookAtBuild(want: Want, app: string, ports: Ports): Promise<Look> {
  const read = await findBuild(want, app, ports);
  if (!read.ok) return notSeen(read.problem);
  const found = read.value;
  if (found === undefined) return lookAtUploads(want, app, `${nameOf(want)} ${goalOf(want)}`, ports);
  const now = ports.clock.now();
  const why = want.until === 'testable' ? whyNotTestable(found, now) : whyNotProcessed(found, now);
  if (why !== undefined) return why;
  const outputs = { build_id: found.id, number: found.number };
  if (want.until === 'processed') return { is: 'so', seen: `${found.label} is processed`, outputs };
  return { is: 'so', seen: `${found.label} is processed and can be tested (${found.testing})`, outputs };
}
