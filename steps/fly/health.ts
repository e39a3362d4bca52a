// Every machine of the app runs (or is rightly idle) and its checks pass.
import { z } from 'zod';
import { defineStep } from '../../src/step.ts';
import { flyLogin, flyTool, notSeen, readFly } from './client.ts';
import { appName } from './fields.ts';
import { statusShape } from './shapes.ts';
import { lookAtMachines } from './standing.ts';

export const health = defineStep({
  name: 'fly/health',
  summary: 'All machines of the app run and their checks pass',
  example: 'with: { app: solserver-prod }',
  with: z.strictObject({ app: appName }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  describe: ({ app }) => `all machines of ${app} run and their checks pass`,
  verify: async ({ app }, ports) => {
    const expected = `all machines of ${app} run and their checks pass`;
    const status = await readFly(['status', '-a', app, '--json'], statusShape, ports);
    return status.ok
      ? lookAtMachines(status.value.Machines, { app, expected })
      : notSeen(status.problem, { app, expected });
  },
});
