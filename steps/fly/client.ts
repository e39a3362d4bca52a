// How fly is called: which environment, from where, with which deadline, and what its answers mean. The only door of the fly kinds to it.
import type { z } from 'zod';
import type { Acted, Login, Look, Requirement } from '../../src/step.ts';
import type { Ended, LookPorts, ProcessOptions, Use, UseToAct } from '../../src/system/ports.ts';
import { jsonValues } from './noisy-json.ts';
import { orgsShape, secretsShape, statusShape, whoAmIShape } from './shapes.ts';
import { explain, helpInstead, judge, type Known, notTried, type Problem, printedHelp } from './trouble.ts';

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

interface FlySecret {
  readonly name: string;
  /** 16 hex characters that flyctl passes on; equal values have been seen to give equal ones. '' where Fly left it out. */
  readonly digest: string;
  /** `Deployed`, `Staged`, `Partial`, `Unknown`; undefined on apps of more than 100 machines. */
  readonly status?: string;
}

/** Facts §8 recommend 0.4.56: the JSON of secrets (0.4.6) and certificates (0.4.11), `secrets import` (0.4.14), tokens of the environment (0.4.43), the release line. */
export const flyTool: Requirement = {
  tool: 'fly',
  atLeast: {
    version: '0.4.56',
    why: 'before 0.4.14 `fly secrets import` changes values, before 0.4.43 a token of the environment can count as too old, and before 0.4.56 a deploy does not say which release it made; `fly version upgrade` brings the newest',
  },
  get: 'https://fly.io/docs/flyctl/install/',
};

/** What every call has in common (facts §2.16). The person's own ~/.fly and FLY_API_TOKEN, FLY_ACCESS_TOKEN come with the environment. */
const flyEnvironment: Readonly<Record<string, string | undefined>> = {
  FLY_NO_UPDATE_CHECK: '1',
  FLY_NO_INCIDENTS_CHECK: '1',
  FLY_SEND_METRICS: '0',
  FLY_SYNTHETICS_AGENT: '0',
  NO_COLOR: '1',
  LOG_LEVEL: 'error',
  // Each of these would aim a command elsewhere or change what it prints.
  FLY_APP: undefined,
  FLY_ORG: undefined,
  FLY_ORGANIZATION: undefined,
  FLY_REGION: undefined,
  FLY_JSON: undefined,
  CLICOLOR_FORCE: undefined,
  FLY_GHA_ERROR_ANNOTATION: undefined,
};

/** fly reads a fly.toml in its working directory before `-a`, and fails when it cannot: so it is called where there is none (§2.3). */
const nowhere = '/';
const patience = 60_000;
/** Creating commands poll for up to a minute themselves. Ended by this they are unclear, and looked at. */
const patienceToAct = 180_000;

/** A call of fly that changes nothing. `timeout` in milliseconds. */
export function lookFly(
  args: readonly string[],
  { processes }: Use<'processes'>,
  { timeout = patience } = {},
): Promise<Ended> {
  return processes.look(['fly', ...args], { cwd: nowhere, env: flyEnvironment, timeout });
}

/** Asks fly and reads the one JSON value of that shape in what it prints. Never rejects. */
export async function readFly<T>(
  args: readonly string[],
  shape: z.ZodType<T>,
  { processes }: Use<'processes'>,
): Promise<Read<T>> {
  const ended = await lookFly(args, { processes });
  if (ended.exit !== 0) return { ok: false, problem: explain(ended) };
  const value = findJson(ended.stdout, shape);
  if (value !== undefined) return { ok: true, value };
  if (printedHelp(ended.stdout)) return { ok: false, problem: helpInstead };
  return {
    ok: false,
    problem: {
      sort: 'unreadable',
      why: `\`fly ${args.join(' ')}\` printed no JSON of the shape we know`,
      hint: 'see it by hand; `fly version` may differ',
    },
  };
}

/** The first JSON value of that shape in fly's output, whatever stands around it. */
export function findJson<T>(stdout: string, shape: z.ZodType<T>): T | undefined {
  for (const value of jsonValues(stdout)) {
    const parsed = shape.safeParse(value);
    if (parsed.success) return parsed.data;
  }
  return undefined;
}

/** Ports of an act, with what the runbook says about accounts where it says something. */
export type ActingFly = UseToAct<'processes'> & Partial<Pick<LookPorts, 'accounts'>>;

/** Has fly change something, and judges how that ended. `ended` is missing where it was not called at all. `known` are texts that only this command prints. */
export async function actFly(
  args: readonly string[],
  ports: ActingFly,
  { known = [], ...options }: ProcessOptions & { readonly known?: readonly Known[] } = {},
): Promise<{ readonly acted: Acted; readonly stdout: string; readonly ended?: Ended }> {
  const elsewhere = await wrongOrganization(args, ports);
  if (elsewhere) return { acted: elsewhere, stdout: '' };
  const ended = await ports.processes.act(['fly', ...args], {
    cwd: nowhere,
    timeout: patienceToAct,
    ...options,
    env: { ...flyEnvironment, ...options.env },
  });
  return { acted: judge(ended, known), stdout: ended.stdout, ended };
}

/** `accounts.fly.org` of the runbook: nothing is changed in an app of another organization, nor anything made there. */
async function wrongOrganization(args: readonly string[], ports: ActingFly): Promise<Acted | undefined> {
  const ours = ports.accounts?.fly?.org;
  if (ours === undefined) return undefined;
  const after = (...flags: string[]): string | undefined =>
    args[args.findIndex((word) => flags.includes(word)) + 1 || args.length];
  const asked = after('--org', '-o');
  if (asked !== undefined && asked !== ours) return inOther(`\`fly ${args.join(' ')}\` is for`, asked, ours);
  const app = after('-a', '--app') ?? (args[0] === 'apps' && args[1] === 'destroy' ? args[2] : undefined);
  if (app === undefined) return undefined;
  const status = await readFly(['status', '-a', app, '--json'], statusShape, ports);
  // Where there is no such app the command itself will say so.
  if (!status.ok) return status.problem.sort === 'no-app' ? undefined : notTried(status.problem);
  const home = status.value.Organization?.Slug ?? '';
  return home === '' || home === ours ? undefined : inOther(`the app ${app} is in`, home, ours);
}

const inOther = (what: string, org: string, ours: string): Acted => ({
  ended: 'failed',
  why: `nothing was changed: ${what} the organization ${org}, and this run is for ${ours}`,
  hint: 'correct the step (its `org:` or its app), or `accounts.fly.org` of the runbook',
});

/** Names, digests and states of an app's secrets; never a value (facts §3.10.2). */
export function listSecrets(app: string, ports: Use<'processes'>): Promise<Read<readonly FlySecret[]>> {
  return readFly(['secrets', 'list', '-a', app, '--json'], secretsShape, ports);
}

/**
 * Sends `lines` (already in the encoding of facts §3.10.4) by stdin. With `stage` nothing restarts: the next deploy carries them.
 * Exit 0 is not proof that every name arrived: look at `listSecrets` afterwards. What fly says about a line is never passed on,
 * because it quotes the line.
 */
export async function importSecrets(
  app: string,
  lines: string,
  ports: ActingFly,
  { stage }: { readonly stage: boolean },
): Promise<Acted> {
  const elsewhere = await wrongOrganization(['secrets', 'import', '-a', app], ports);
  if (elsewhere) return elsewhere;
  const ended = await ports.processes.act(['fly', 'secrets', 'import', ...(stage ? ['--stage'] : []), '-a', app], {
    cwd: nowhere,
    env: flyEnvironment,
    stdin: lines,
    timeout: stage ? patienceToAct : 15 * 60_000,
  });
  if (ended.exit === 3) return { ended: 'unclear', why: 'fly crashed (exit code 3) while it read the secrets' };
  const unreadable =
    /Failed to parse secrets from stdin|requires at least one SECRET=VALUE pair|not a valid secret name|only allows letters/;
  const said = unreadable.exec(ended.stderr)?.[0];
  if (ended.exit === 1 && said)
    return { ended: 'failed', why: `fly refused what it was sent and stored nothing: ${said}` };
  const acted = judge({ ...ended, stdout: '', stderr: withoutAssignments(ended.stderr) });
  const staged = /Secrets have been staged|staged for the first deployment/.test(ended.stdout);
  if (acted.ended === 'ok' && stage && !staged)
    return { ended: 'unclear', why: 'fly ended well but did not say that the secrets are staged' };
  return acted;
}

/** Whether fly is logged in, as whom, and whether `org` (as in `accounts:` of the runbook) is one of its organizations. */
export const flyLogin: Login = {
  account: 'fly',
  async check(expected, ports): Promise<Look> {
    const who = await readFly(['auth', 'whoami', '--json'], whoAmIShape, ports);
    if (!who.ok) return notLoggedIn(who.problem);
    const { email } = who.value;
    if (expected.email !== undefined && expected.email !== email) {
      return {
        is: 'not-so',
        expected: `logged in to Fly as ${expected.email}`,
        seen: `logged in as ${email}`,
        hint: '`fly auth login` changes it',
        final: true,
      };
    }
    if (expected.org === undefined) return { is: 'so', seen: `logged in to Fly as ${email}` };
    const orgs = await readFly(['orgs', 'list', '--json'], orgsShape, ports);
    if (!orgs.ok)
      return { is: 'unknown', why: `logged in as ${email}, but: ${orgs.problem.why}`, hint: orgs.problem.hint };
    const name = orgs.value[expected.org];
    if (name !== undefined)
      return { is: 'so', seen: `logged in to Fly as ${email}, organization ${expected.org} (${name})` };
    const seen = `${email} sees ${Object.keys(orgs.value).join(', ') || 'no organization'}`;
    return {
      is: 'not-so',
      expected: `a member of the organization ${expected.org}`,
      seen,
      hint: 'log in with the right account, or be invited to the organization',
      final: true,
    };
  },
};

function notLoggedIn(problem: Problem): Look {
  if (problem.sort !== 'login') return { is: 'unknown', why: problem.why, hint: problem.hint };
  return { is: 'not-so', expected: 'a login that Fly accepts', seen: problem.why, hint: problem.hint, final: true };
}

/** Lines with `=` may quote what was sent. */
function withoutAssignments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.includes('='))
    .join('\n');
}

export { explain, goneWithApp, notSeen, notThere, notTried } from './trouble.ts';
