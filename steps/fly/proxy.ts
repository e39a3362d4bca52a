// Can a tunnel be opened to a port in the private network? And does the one that runs in the background listen?
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import { explain, flyLogin, flyTool, lookFly, notSeen } from './client.ts';
import { notRunning } from './exec.ts';
import { appName } from './fields.ts';

const port = z.int().min(1).max(65_535);
const wanted = z.strictObject({
  app: appName.describe('The app whose machines are reached'),
  port: port.describe('The port over there: 5432 of a Postgres app'),
  local: port
    .optional()
    .describe('The port here that `fly proxy LOCAL:PORT` listens on; without it a tunnel is opened for a moment'),
});
type Want = z.output<typeof wanted>;

/** The line fly prints when the tunnel stands (facts/flyctl.md §3.20). */
const ready = /^Proxying localhost:\d+ to remote/m;

export const proxy = defineStep({
  name: 'fly/proxy',
  summary: 'A tunnel to a port of the app can be opened, or listens',
  example: 'with: { app: altcontext-db, port: 5432, local: 15432 }',
  with: wanted,
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  lasts: false,
  describe: ({ app, port: remote, local }) =>
    local === undefined
      ? `a tunnel to port ${remote} of ${app} can be opened`
      : `the tunnel to port ${remote} of ${app} listens on 127.0.0.1:${local}`,
  verify: async (want, { processes, http, signal }): Promise<Look> => {
    if (want.local !== undefined)
      return listens(
        want,
        want.local,
        (await http.look({ url: `http://127.0.0.1:${want.local}/`, timeout: 3_000 })).failed,
        signal,
      );
    const call = ['proxy', `0:${want.port}`, '-a', want.app];
    // It ends when stdin does, which is at once: mostly the tunnel stood before that. Where not, it is given time, and ended by us.
    const brief = await lookFly([...call, '--watch-stdin'], { processes }, { timeout: 45_000 });
    const ended =
      brief.exit === 0 && !ready.test(brief.stdout) ? await lookFly(call, { processes }, { timeout: 15_000 }) : brief;
    if (ready.test(ended.stdout))
      return { is: 'so', seen: `a tunnel to port ${want.port} of ${want.app} was opened and closed` };
    const expected = `a tunnel to port ${want.port} of ${want.app}`;
    if (ended.exit === 0) return { is: 'unknown', why: 'fly ended before the tunnel stood' };
    return notSeen(explain(ended, notRunning), { app: want.app, expected });
  },
});

/** Who listens and speaks no HTTP closes the connection, or answers what is no HTTP: that is an answer too. A refusal says that nobody does. */
function listens({ app, port: remote }: Want, local: number, failed: string | undefined, signal: AbortSignal): Look {
  const expected = `127.0.0.1:${local} listens`;
  if (signal.aborted) return { is: 'unknown', why: 'the look was cut short' };
  if (failed === undefined || /closed by the other side|not HTTP|hang up|Parse Error/.test(failed))
    return { is: 'so', seen: `127.0.0.1:${local} listens` };
  if (!failed.includes('refused')) return { is: 'unknown', why: `127.0.0.1:${local}: ${failed}` };
  return {
    is: 'not-so',
    expected,
    seen: `127.0.0.1:${local}: ${failed}`,
    hint: `\`fly proxy ${local}:${remote} -a ${app}\` must be running, in a step with \`background:\` or in another terminal`,
  };
}
