// What does it mean when fly did not end well? For a look: why nothing can be said. For an act: refused (nothing was changed), or unclear.
import { stripVTControlCharacters } from 'node:util';
import type { Acted, Json, Look } from '../../src/step.ts';
import type { Ended } from '../../src/system/ports.ts';

/** `no-app`, `login`, `right` and `refused` are answers: nothing was changed. After the others anything may have happened. */
type Sort = 'no-app' | 'login' | 'right' | 'refused' | 'network' | 'missing' | 'unreadable' | 'other';

export interface Problem {
  readonly sort: Sort;
  /** One sentence without a full stop. */
  readonly why: string;
  readonly hint?: string;
}

/** A text that fly or its servers print, and what it means (facts/flyctl.md §2.12). */
export interface Known {
  readonly says: string | RegExp;
  readonly sort: Sort;
  readonly why: string;
  readonly hint?: string;
}

/** Why fly ended as it did. Call it only where that was not well (`exit` is not 0). `known` is looked through first. */
export function explain(ended: Ended, known: readonly Known[] = []): Problem {
  if (ended.missing)
    return { sort: 'missing', why: 'fly is not installed (no `fly` or `flyctl` on PATH)', hint: install };
  if (ended.timedOut) return { sort: 'network', why: 'fly did not answer in time and was ended' };
  if (ended.exit === null) return { sort: 'other', why: `fly was ended by ${ended.signal ?? 'a signal'}` };
  const message = errorMessage(ended);
  const text = inOneLine(message);
  // After a server error it does not matter what was asked. The words of a network come late: a failed build may quote them.
  const meaning = [...serverErrors, ...known, ...networkErrors, ...answers].find(({ says }) => fits(message, says));
  if (meaning) return { sort: meaning.sort, why: withDetail(meaning.why, text), hint: meaning.hint };
  return {
    sort: 'other',
    why: text === '' ? `fly ended with exit code ${ended.exit} and did not say why` : `fly: ${text}`,
  };
}

/** How a command that changes something ended. Only a clear refusal is `failed`: a lost reply, 127, a 5xx are `unclear` (§5.4). */
export function judge(ended: Ended, known: readonly Known[] = []): Acted {
  if (ended.exit === 0 && printedHelp(ended.stdout))
    return { ended: 'failed', why: helpInstead.why, hint: helpInstead.hint };
  if (ended.exit === 0) return { ended: 'ok' };
  const { sort, why, hint } = explain(ended, known);
  const refused = sort === 'missing' || (ended.exit === 1 && nothingChanged.includes(sort));
  if (refused) return { ended: 'failed', why, hint };
  return { ended: 'unclear', why: hint ? `${why}; ${hint}` : why };
}

/** A subcommand that a group does not know prints the group's help, with exit 0 (§2.1). */
export const printedHelp = (stdout: string): boolean =>
  /^Usage:$/m.test(stdout) && stdout.includes('Available Commands:');

export const helpInstead: Problem = {
  sort: 'refused',
  why: 'this fly printed its help and did nothing: it does not know that command',
  hint: 'another version of fly: `fly version upgrade`',
};

/** The answer of a look that fly could not give. An app that is not there is an answer: not so. */
export function notSeen(
  problem: Problem,
  { app, expected, since }: { readonly app: string; readonly expected: string; readonly since?: Json },
): Look {
  if (problem.sort !== 'no-app') return { is: 'unknown', why: problem.why, hint: problem.hint };
  return { is: 'not-so', expected, seen: `there is no app ${app} that this login can see`, hint: whoAmI, since };
}

/** Is a part of an app gone? Where the app is gone, so is the part. */
export function goneWithApp(problem: Problem, app: string): Look {
  if (problem.sort === 'no-app') return { is: 'so', seen: `there is no app ${app} that this login can see` };
  return { is: 'unknown', why: problem.why, hint: problem.hint };
}

/** The look before a part of an app is taken back could not be made. Where the app is gone there is nothing to take back. */
export function notThere(problem: Problem, app: string): Acted {
  return problem.sort === 'no-app'
    ? { ended: 'ok', seen: `there is no app ${app} that this login can see` }
    : notTried(problem);
}

/** The look that comes before an act could not be made: nothing was done. */
export function notTried(problem: Problem): Acted {
  return { ended: 'failed', why: `nothing was changed: ${problem.why}`, hint: problem.hint };
}

/** What fly says went wrong: from its last `Error:` on. A cancelled rolling update has none; its reason is the last ✖ line (§2.11). */
function errorMessage({ stdout, stderr }: Ended): string {
  const lines = stripVTControlCharacters(stderr).split('\n');
  const start = lines.findLastIndex((line) => line.startsWith('Error:'));
  if (start !== -1)
    return lines
      .slice(start)
      .join('\n')
      .replace(/^Error:\s*/, '');
  const cross = stripVTControlCharacters(stdout)
    .split('\n')
    .findLast((line) => line.includes('✖'));
  return cross ?? lines.findLast((line) => line.trim() !== '') ?? '';
}

/** Without request ids and without the query that GraphQL errors quote (§2.12). */
function inOneLine(message: string): string {
  const withoutQuery = message.includes('failed to run query')
    ? message.slice(message.lastIndexOf('}: ') + 2)
    : message;
  return (withoutQuery.split(/\n\s*\n/)[0] ?? '')
    .replace(/\((Request|Trace) ID: [^)]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

const fits = (message: string, says: string | RegExp): boolean =>
  typeof says === 'string' ? message.includes(says) : says.test(message);
const withDetail = (why: string, text: string): string => (text === '' ? why : `${why} (fly: ${text})`);

const nothingChanged: readonly Sort[] = ['no-app', 'login', 'right', 'refused'];
const install = 'install it: https://fly.io/docs/flyctl/install/';
const whoAmI = 'if it should be there: `fly auth whoami` shows who is logged in, and a narrow token sees fewer apps';
const logIn = 'log in with `fly auth login`, or set FLY_API_TOKEN; a login older than 30 days counts as none';

const status = 'wait some minutes, then go on; https://status.flyio.net says whether Fly itself is in trouble';
const network = (says: string | RegExp, why: string, hint: string): Known => ({ says, sort: 'network', why, hint });
const serverErrors: readonly Known[] = [
  network(/(non-200 status code|non-2xx status): 5\d\d/, 'Fly answered with a server error', status),
  network(
    /rate limit exceeded|(non-200 status code|non-2xx status): 429/,
    'Fly asks to go slower (rate limit)',
    'wait a minute, then go on',
  ),
];
const networkErrors: readonly Known[] = [
  network(
    /no such host|network is unreachable|connection refused|dial tcp/,
    'Fly cannot be reached from here',
    'is the network up (VPN, proxy, DNS)?',
  ),
  network(
    /i\/o timeout|deadline exceeded|TLS handshake timeout|connection reset|unexpected EOF|: EOF/,
    'the connection to Fly broke off',
    status,
  ),
];

const answers: readonly Known[] = [
  {
    says: 'failed ensuring config directory perms',
    sort: 'refused',
    why: 'fly cannot write to its own folder (~/.fly)',
    hint: 'give yourself the right to write there, or set FLY_CONFIG_DIR',
  },
  { says: 'no access token available', sort: 'login', why: 'not logged in to Fly', hint: logIn },
  {
    says: /You must be authenticated to view this|status(?: code)?: 401|[Uu]nauthorized/,
    sort: 'login',
    why: 'Fly does not accept this login',
    hint: logIn,
  },
  {
    says: /status(?: code)?: 403|[Nn]ot authorized|[Pp]ermission denied/,
    sort: 'right',
    why: 'this login has no right to do that',
    hint: 'see `fly auth whoami` and `fly orgs list`',
  },
  {
    says: /Could not find App|could not be found, did you create the app/,
    sort: 'no-app',
    why: 'there is no such app that this login can see',
    hint: whoAmI,
  },
  {
    says: /Name has already been taken|name_taken/,
    sort: 'refused',
    why: 'the name is taken on Fly, where names are global, and it is not among the apps this login can see',
    hint: 'choose another name; if the app is yours, log in with the account or token that can see it',
  },
  {
    says: /organization \S+ not found/,
    sort: 'refused',
    why: 'there is no such organization for this login',
    hint: '`fly orgs list` shows those there are',
  },
  {
    says: 'org slug must be specified',
    sort: 'refused',
    why: 'fly needs to know the organization',
    hint: 'say `org:` in the step; `fly orgs list` shows those there are',
  },
  {
    says: /region \S+ not found/,
    sort: 'refused',
    why: 'there is no such region',
    hint: '`fly platform regions` shows those there are',
  },
  { says: 'requires an organization with a Launch plan', sort: 'refused', why: 'this region needs a paid plan' },
  {
    says: 'insufficient_capacity',
    sort: 'refused',
    why: 'the region has no room at the moment',
    hint: 'try again later, or another region',
  },
  {
    says: /insufficient resources|could not reserve resource/,
    sort: 'refused',
    why: 'no host has room for such a machine there at the moment',
    hint: 'try again later, a smaller machine, or another region',
  },
  {
    says: /timeout reached waiting for machine's state to change/,
    sort: 'network',
    why: 'a machine did not start in time; it is there all the same',
    hint: '`fly machine list` shows it',
  },
  {
    says: /add a payment method/,
    sort: 'refused',
    why: 'Fly wants a payment method first',
    hint: 'https://fly.io/dashboard has it under Billing',
  },
  {
    says: /App configuration is not valid|strict validation failed/,
    sort: 'refused',
    why: 'the fly.toml is not valid',
    hint: '`fly config validate --strict -c FILE` names each fault',
  },
  {
    says: /failed loading app config from|config file not found at specified path/,
    sort: 'refused',
    why: 'the fly.toml cannot be read',
  },
  {
    says: /unknown (shorthand )?flag|unknown command/,
    sort: 'refused',
    why: 'this fly does not know that command',
    hint: 'another version of fly: `fly version upgrade`',
  },
  {
    says: /yes flag must be specified|prompt: non interactive|must be specified when not running interactively/,
    sort: 'refused',
    why: 'fly wanted to ask something that cannot be answered here',
  },
];
