// Secrets are not only stored but live: every machine was updated after they were set.
import { z } from 'zod';
import { defineStep } from '../../src/step.ts';
import { flyLogin, flyTool, listSecrets, notSeen } from './client.ts';
import { appName } from './fields.ts';

export const secretsApplied = defineStep({
  name: 'fly/secrets-applied',
  summary: 'Secrets are set and live on every machine',
  example: 'with: { app: solserver-prod, names: [OPENAI_API_KEY] }',
  with: z.strictObject({
    app: appName,
    names: z
      .array(z.string().min(1))
      .optional()
      .describe('Default: those the runbook declares as required, and every other that is set'),
  }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  describe: ({ app, names }) =>
    `${names ? names.join(', ') : 'all secrets'} of ${app} ${names?.length === 1 ? 'is' : 'are'} live on every machine`,
  verify: async ({ app, names }, { processes, secrets }) => {
    const expected = `${names ? names.join(', ') : 'every secret'} set and Deployed`;
    const list = await listSecrets(app, { processes });
    if (!list.ok) return notSeen(list.problem, { app, expected });
    const declared = secrets
      .declared(app)
      .names.filter((spec) => spec.to === 'fly-secret' && spec.required && !spec.absent);
    const needed = names ?? [...new Set([...declared.map(({ name }) => name), ...list.value.map(({ name }) => name)])];
    const status = new Map(list.value.map((secret) => [secret.name, secret.status]));
    const missing = needed.filter((name) => !status.has(name));
    const wrong = needed.filter((name) => ['Staged', 'Partial'].includes(status.get(name) ?? ''));
    if (missing.length + wrong.length > 0) {
      const seen = [
        ...missing.map((name) => `${name} is not set`),
        ...wrong.map((name) => `${name} is ${status.get(name)}`),
      ].join(', ');
      // A restart does not bring staged secrets to the machines (facts/flyctl.md §3.10.6).
      const hint =
        wrong.length > 0
          ? `only a deploy brings them to the machines (a restart does not): \`fly deploy\`, or \`fly secrets deploy -a ${app}\` where machines run already`
          : undefined;
      return { is: 'not-so', expected, seen, hint };
    }
    const untold = needed.filter((name) => status.get(name) !== 'Deployed');
    if (untold.length > 0)
      return {
        is: 'unknown',
        why: `fly does not say whether ${untold.join(', ')} reached the machines`,
        hint: 'more than 100 machines, or another version of fly',
      };
    return { is: 'so', seen: needed.length === 0 ? `${app} has no secret` : `Deployed: ${needed.join(', ')}` };
  },
});
