// Which test shows each kind in each situation: so at once, after a while, never; server down, wrong answer, half answer, time-out, cancelled.
import { readdir, readFile } from 'node:fs/promises';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { kindNames } from '../../steps/index.ts';

const SITUATIONS = [
  'at once',
  'after a while',
  'never',
  'server down',
  'wrong answer',
  'half answer',
  'time-out',
  'cancelled',
] as const;
type Situation = (typeof SITUATIONS)[number];

/** The file from this folder, then the names of the test from the outside in. */
type Shown = readonly [file: string, ...names: readonly string[]];
type Cell = Shown | { readonly cannot: string };
type Row = Readonly<Record<Situation, Cell>>;

const cannot = (reason: string): Cell => ({ cannot: reason });

/** What the contract shows of every kind alike, whatever it asks: with ports that answer so. */
const blind: Shown = ['contract.test.ts', '%s', 'never says "so" of a %s, nor of what is gone, and has words for it'];
const act: Shown = ['contract.test.ts', '%s', 'never says that an act went well with a %s'];
const stopped: Shown = [
  'contract.test.ts',
  '%s',
  'a look that is stopped while it waits ends, and asks for next to nothing more',
];
const byContract = {
  'server down': blind,
  'wrong answer': blind,
  'half answer': blind,
  'time-out': blind,
  cancelled: stopped,
} as const;

const wire = (file: string): Row => {
  const shown = (name: string): Shown => [file, '%s', name];
  return {
    'at once': shown('is so at once, in words'),
    'after a while': shown('is so after a while'),
    never: shown('is never so, and says what is there instead and what was expected'),
    'server down': shown('cannot be told while the server is down'),
    'wrong answer': shown('cannot be told from an answer of something else'),
    'half answer': shown('cannot be told from half an answer'),
    'time-out': shown('cannot be told in time from a server that says nothing'),
    cancelled: shown('is left at once when the run is stopped while it waits'),
  };
};

const http = (kind: string, row: Readonly<Record<Situation, string>>): Row =>
  // Each key of a row is a situation: the mapping keeps them.
  Object.fromEntries(
    SITUATIONS.map((situation): [Situation, Shown] => [situation, ['http/waiting.test.ts', kind, row[situation]]]),
  ) as Row;

/** A kind that asks `fly`: `outcomes` has its bad endings, by the words of fly itself. */
const fly = (file: string, atOnce: string, later: Cell, never: string | Shown): Row => ({
  'at once': [file, atOnce],
  'after a while': later,
  never: typeof never === 'string' ? [file, never] : never,
  'server down': ['fly/outcomes.test.ts', '$kind.name', 'a look that ends with %s is unknown, and says why'],
  'wrong answer': blind,
  'half answer': blind,
  'time-out': ['fly/outcomes.test.ts', '$kind.name', 'a look that ends with %s is unknown, and says why'],
  cancelled: stopped,
});
const converges: Shown = ['fly/converging*', 'killed after each change, it goes on, and nothing is doubled'];
const fileOfProject = cannot('it reads files of the project: no server, no process, nothing to wait for');
const notCut = cannot('a file is read whole; one that breaks off in the middle is a file that cannot be parsed');

const TABLE: Readonly<Record<string, Row>> = {
  'appstore/app': wire('appstore/wire.test.ts'),
  'appstore/build': wire('appstore/wire.test.ts'),
  'appstore/build-in-group': wire('appstore/wire.test.ts'),
  'appstore/bundle-id': wire('appstore/wire.test.ts'),
  'appstore/compliance': wire('appstore/wire.test.ts'),
  'appstore/installed': wire('appstore/wire.test.ts'),
  'appstore/signing': wire('appstore/wire.test.ts'),
  'appstore/tester-group': wire('appstore/wire.test.ts'),
  'appstore/testers': wire('appstore/wire.test.ts'),
  'cloudflare/record': wire('apis.test.ts'),
  'dns/record': {
    'at once': ['dns/waiting.test.ts', 'dns/record', 'is done at once where the record stands'],
    'after a while': [
      'dns/waiting.test.ts',
      'dns/record',
      'completes a while after somebody saved the record, and says how long a "no" may last meanwhile',
    ],
    never: [
      'dns/waiting.test.ts',
      'dns/record',
      'never: fails at its deadline with expected, seen, and the usual reason',
    ],
    'server down': [
      'dns/waiting.test.ts',
      'dns/record',
      'down, refused, cut off and what is no DNS are unknown, in words',
    ],
    'wrong answer': [
      'dns/waiting.test.ts',
      'dns/record',
      'down, refused, cut off and what is no DNS are unknown, in words',
    ],
    'half answer': [
      'dns/waiting.test.ts',
      'dns/record',
      'down, refused, cut off and what is no DNS are unknown, in words',
    ],
    'time-out': [
      'dns/waiting.test.ts',
      'dns/record',
      'no DNS at all, silent or refusing, stays unknown and the run is kept',
    ],
    cancelled: [
      'dns/waiting.test.ts',
      'dns/record',
      'is left at once when it is stopped, also while a server is silent',
    ],
  },
  'file/content': {
    'at once': ['file/content.test.ts', 'a file that is there is so, one that is not is not so'],
    'after a while': ['waits.test.ts', '%s is so after a while, when somebody has mended the file'],
    never: ['file/content.test.ts', 'expected and seen stand side by side'],
    'server down': fileOfProject,
    'wrong answer': [
      'file/content.test.ts',
      'a broken file is not so, with the reason; a file that may not be read is unknown',
    ],
    'half answer': [
      'file/content.test.ts',
      'a broken file is not so, with the reason; a file that may not be read is unknown',
    ],
    'time-out': fileOfProject,
    cancelled: stopped,
  },
  'file/ignored': {
    ...byContract,
    'at once': [
      'git/git.test.ts',
      'file/ignored',
      'a file is ignored, open to the next `git add .`, or in the repository already',
    ],
    'after a while': ['waits.test.ts', '%s is so after a while, when somebody has mended it'],
    never: [
      'git/git.test.ts',
      'file/ignored',
      'a file is ignored, open to the next `git add .`, or in the repository already',
    ],
  },
  'fly/app': fly(
    'fly/app.test.ts',
    'an app in the list is so, with its name and host name as outputs',
    converges,
    'an app with a longer name is another app',
  ),
  'fly/certificate': fly(
    'fly/certificate.test.ts',
    'a host name that the app has is so, with the DNS records as outputs',
    converges,
    'a host name that the app does not have is not so, and no validation is started',
  ),
  'fly/certificate-issued': fly(
    'fly/certificate.test.ts',
    'issued is an active certificate with a date in the future',
    ['fly/certificate.test.ts', 'configured is not issued'],
    'a certificate nobody asked for will not come by waiting',
  ),
  'fly/config': {
    ...byContract,
    'at once': ['fly/config.test.ts', 'a file that says all the runbook relies on is so'],
    'after a while': cannot('what it finds in the file is final: it is mended, and then looked at again by the person'),
    never: ['fly/config.test.ts', 'every difference is named at once'],
  },
  'fly/console': {
    'at once': [
      'fly/inside.test.ts',
      'fly/console',
      'the command runs in a started machine, and its last line is kept',
    ],
    'after a while': cannot('an act without a look: it is carried out once'),
    never: [
      'fly/inside.test.ts',
      'fly/console',
      'no machine that runs, and another exit status, have failed, in words',
    ],
    'server down': act,
    'wrong answer': act,
    'half answer': act,
    'time-out': [
      'fly/inside.test.ts',
      'fly/console',
      'ended by its time limit or by a signal, nobody knows what it did',
    ],
    cancelled: [
      'fly/inside.test.ts',
      'fly/console',
      'ended by its time limit or by a signal, nobody knows what it did',
    ],
  },
  'fly/deploy': fly(
    'fly/deploy.test.ts',
    'a new release that is complete on every machine, checks passing, is so',
    ['fly/deploy.test.ts', 'a release that is still running is waited for'],
    'a new release that %s is final, and the way back is named',
  ),
  'fly/health': fly(
    'fly/checks.test.ts',
    'machines that run with passing checks are healthy',
    ['fly/checks.test.ts', 'one machine of two with a failing check is not healthy'],
    'no machine is not healthy',
  ),
  'fly/ips': fly(
    'fly/ips.test.ts',
    'a public IPv6 and a shared IPv4 address are so',
    converges,
    'a private address is no public one',
  ),
  'fly/logs': fly(
    'fly/checks.test.ts',
    'log lines are pretty-printed objects one after another',
    ['fly/checks.test.ts', 'lines from before the last deploy do not count, unless they are asked for'],
    'a text that must not be there is shown with its line',
  ),
  'fly/machines': fly(
    'fly/machines.test.ts',
    'exactly the number asked for is so, more or fewer is not',
    converges,
    'a bare count on an app with several groups cannot be meant',
  ),
  'fly/postgres': fly(
    'fly/credentials.test.ts',
    'an attach is never tried where the variable is there',
    converges,
    'no cluster is the sentence that fly prints also with --json, not an unreadable answer',
  ),
  'fly/proxy': {
    ...byContract,
    'at once': ['fly/inside.test.ts', 'fly/proxy', 'a near end that listens is so, whatever it speaks'],
    'after a while': [
      'fly/inside.test.ts',
      'fly/proxy',
      'one that nobody has opened says what to start, and is so once it is',
    ],
    never: ['fly/inside.test.ts', 'fly/proxy', 'one that nobody has opened says what to start, and is so once it is'],
    'wrong answer': cannot('it asks whether something listens: whatever answers does'),
    'half answer': cannot('it asks whether something listens: whatever answers does'),
  },
  'fly/release': fly(
    'fly/stand-in.test.ts',
    'a deployed image is gone back from to the one before, as a new release',
    converges,
    ['fly/outcomes.test.ts', '$kind.name', 'an app that is not there is not so, and who is logged in is asked'],
  ),
  'fly/scheduled-machine': fly('fly/converging*', 'what is so already is not made again', converges, [
    'fly/outcomes.test.ts',
    '$kind.name',
    'an app that is not there is not so, and who is logged in is asked',
  ]),
  'fly/secrets-applied': fly(
    'fly/checks.test.ts',
    'secrets that are all Deployed are so',
    ['fly/checks.test.ts', 'staged, partly deployed and missing secrets are not so, each by name'],
    'staged, partly deployed and missing secrets are not so, each by name',
  ),
  'fly/token': fly(
    'fly/credentials.test.ts',
    'a token of that name is not made again, by a whole cell of the list',
    converges,
    'a token of that name is not made again, by a whole cell of the list',
  ),
  'fly/volume': fly(
    'fly/volume.test.ts',
    'a volume of that name in that region is so',
    converges,
    'the same name in another region, or another name, does not count',
  ),
  'git/branch': {
    ...byContract,
    'at once': ['git/git.test.ts', 'git/branch', 'the branch that is checked out is so, and its commit is an output'],
    'after a while': ['waits.test.ts', '%s is so after a while, when somebody has mended it'],
    never: ['git/git.test.ts', 'git/branch', 'a detached HEAD and a branch without a commit are not so'],
  },
  'git/clean': {
    ...byContract,
    'at once': ['git/git.test.ts', 'git/clean', 'a committed tree is so, anything else is named'],
    'after a while': ['waits.test.ts', '%s is so after a while, when somebody has mended it'],
    never: ['git/git.test.ts', 'git/clean', 'a committed tree is so, anything else is named'],
    'server down': ['git/git.test.ts', 'git/clean', 'no repository, and no git, are unknown'],
  },
  'git/committed': {
    ...byContract,
    'at once': ['git/git.test.ts', 'git/committed', 'a file is committed as it is, changed since, or was never added'],
    'after a while': ['waits.test.ts', '%s is so after a while, when somebody has mended it'],
    never: ['git/git.test.ts', 'git/committed', 'a file is committed as it is, changed since, or was never added'],
  },
  'git/no-secrets': {
    ...byContract,
    'at once': [
      'git/git.test.ts',
      'git/no-secrets',
      'a clean repository is so, also an empty one, also with examples and places to be filled in',
    ],
    'after a while': ['waits.test.ts', '%s is so after a while, when somebody has mended it'],
    never: ['git/git.test.ts', 'git/no-secrets', 'files and tokens are named with their place, and never shown'],
  },
  'git/pushed': {
    ...byContract,
    'at once': [
      'git/git.test.ts',
      'git/pushed',
      'a commit is pushed, behind, ahead on the remote, or the branch is not there at all',
    ],
    'after a while': [
      'git/git.test.ts',
      'git/pushed',
      'a commit is pushed, behind, ahead on the remote, or the branch is not there at all',
    ],
    never: [
      'git/git.test.ts',
      'git/pushed',
      'a detached HEAD has no branch, and a remote that does not answer is unknown',
    ],
    'server down': [
      'git/git.test.ts',
      'git/pushed',
      'a detached HEAD has no branch, and a remote that does not answer is unknown',
    ],
  },
  'git/tag': {
    ...byContract,
    'at once': ['git/git.test.ts', 'git/tag', 'it is made once, and found afterwards'],
    'after a while': [
      'git/git.test.ts',
      'git/tag',
      'with push it goes to the remote; a run that died between the two pushes only',
    ],
    never: ['git/git.test.ts', 'git/tag', 'a tag at another commit is never moved'],
    'server down': ['git/git.test.ts', 'git/tag', 'a remote that does not answer is unknown'],
  },
  'http/cors': http('http/cors', {
    'at once': 'asks as a browser does, and is so where the origin may',
    'after a while': 'becomes so once the list of origins was mended and deployed',
    never: '%j: never, with the header that is wrong',
    'server down': 'a server in trouble, down, or silent tells nothing about origins',
    'wrong answer': '%j: never, with the header that is wrong',
    'half answer': 'a server in trouble, down, or silent tells nothing about origins',
    'time-out': 'a server in trouble, down, or silent tells nothing about origins',
    cancelled: 'is left when it is stopped',
  }),
  'http/events': http('http/events', {
    'at once': 'is so with the first event that fits, however it comes',
    'after a while': 'listens again where the event came only later',
    never: 'never: says how many came, the last one, and why it stopped listening',
    'server down': 'an answer that is no stream is told with its kind',
    'wrong answer': 'an answer that is no stream is told with its kind',
    'half answer': 'a stream that is open and silent is told from one that breaks off',
    'time-out': 'a stream that is open and silent is told from one that breaks off',
    cancelled: 'is left when it is stopped while it listens',
  }),
  'http/poll': http('http/poll', {
    'at once': 'says at each look how the work stands, until it is done',
    'after a while': 'says at each look how the work stands, until it is done',
    never: 'fails at its deadline where it never ends; stays unknown where nobody answers',
    'server down': 'fails at its deadline where it never ends; stays unknown where nobody answers',
    'wrong answer': 'a page of something else, half an answer and none in time say what came',
    'half answer': 'a page of something else, half an answer and none in time say what came',
    'time-out': 'a page of something else, half an answer and none in time say what came',
    cancelled: 'is left when it is stopped',
  }),
  'http/rate-limit': http('http/rate-limit', {
    'at once': 'is so where the calls pass and the next is refused; no more are made than needed',
    'after a while': 'calls of before still count: it is tried again when the window has passed',
    never: 'no limit at all ends it at once: waiting would not make one',
    'server down': 'a server that is down, cuts its answers, or is silent leaves it unknown',
    'wrong answer': 'another error is told instead, at once',
    'half answer': 'a server that is down, cuts its answers, or is silent leaves it unknown',
    'time-out': 'a server that is down, cuts its answers, or is silent leaves it unknown',
    cancelled: 'is left when it is stopped',
  }),
  'http/request': {
    ...http('http/request', {
      'at once': 'is done with the answer, and sent once',
      'after a while': 'is done with the answer, and sent once',
      never: 'a refusal, a page of something else, and a server that is down have failed, and say so',
      'server down': 'a refusal, a page of something else, and a server that is down have failed, and say so',
      'wrong answer': 'a refusal, a page of something else, and a server that is down have failed, and say so',
      'half answer': 'half an answer and none in time leave a doubt: nothing is sent again unasked',
      'time-out': 'half an answer and none in time leave a doubt: nothing is sent again unasked',
      cancelled: 'stopped while it waits for the answer, it is in doubt and not sent again',
    }),
    'after a while': cannot('an act without a look: it is sent once, and its answer is the end'),
  },
  'http/response': http('http/response', {
    'at once': 'is done at once where the answer is right',
    'after a while': 'waits while the server flaps, and says what it saw',
    never: 'fails at its deadline where it never comes true',
    'server down': 'a server that is down stays unknown, and the run is kept',
    'wrong answer': 'waits while the server flaps, and says what it saw',
    'half answer': 'half an answer and no answer in time are unknown too',
    'time-out': 'half an answer and no answer in time are unknown too',
    cancelled: 'is left at once when it is stopped, in the middle of an answer or between two looks',
  }),
  'postgres/query': {
    'at once': [
      'postgres/query.test.ts',
      'postgres/query',
      'is done at once where the answer is right; the statement stands alone in a transaction that reads',
    ],
    'after a while': [
      'postgres/query.test.ts',
      'postgres/query',
      'waits until the rows are there, and says what was there before',
    ],
    never: ['postgres/query.test.ts', 'postgres/query', '%j of %j: never, in words'],
    'server down': [
      'postgres/query.test.ts',
      'postgres/query',
      'a tunnel that is down, a server that is silent, half an answer, and none of PostgreSQL are unknown',
    ],
    'wrong answer': [
      'postgres/query.test.ts',
      'postgres/query',
      'a tunnel that is down, a server that is silent, half an answer, and none of PostgreSQL are unknown',
    ],
    'half answer': [
      'postgres/query.test.ts',
      'postgres/query',
      'a tunnel that is down, a server that is silent, half an answer, and none of PostgreSQL are unknown',
    ],
    'time-out': [
      'postgres/query.test.ts',
      'postgres/query',
      'a tunnel that is down, a server that is silent, half an answer, and none of PostgreSQL are unknown',
    ],
    cancelled: ['postgres/query.test.ts', 'postgres/query', 'is left at once when it is stopped'],
  },
  'record/write': {
    'at once': ['record/write.test.ts', 'it is written where the runbook says, and is so until somebody changes it'],
    'after a while': cannot('it is written by the step itself, and stands there at once'),
    never: ['record/write.test.ts', 'one of before this step is not so: it knows nothing of the steps since'],
    'server down': ['record/write.test.ts', 'without a run there is nothing to write'],
    'wrong answer': ['record/write.test.ts', 'one of before this step is not so: it knows nothing of the steps since'],
    'half answer': notCut,
    'time-out': fileOfProject,
    cancelled: stopped,
  },
  'secrets/diff': {
    ...byContract,
    'at once': ['secrets/diff.test.ts', 'what a person should know is a warning'],
    'after a while': ['secrets/diff.test.ts', 'what is required and missing is not so; the rest stands beside it'],
    never: ['secrets/diff.test.ts', 'what is required and missing is not so; the rest stands beside it'],
    'server down': ['secrets/diff.test.ts', 'a side that cannot be read is unknown, never a difference'],
  },
  'secrets/fill': {
    ...byContract,
    'at once': [
      'secrets/fill.test.ts',
      'verify',
      'is so with every required name, and names the optional ones that are left',
    ],
    'after a while': [
      'secrets/fill.test.ts',
      'act',
      'a lost reply is settled by the list where it can be, and stays unclear where it cannot',
    ],
    never: ['secrets/fill.test.ts', 'act', 'a name that fly dropped without an error is found out'],
    'server down': [
      'secrets/fill.test.ts',
      'verify',
      'an app that is not there is not so; a list that cannot be read is unknown',
    ],
  },
  'tls/certificate': {
    'at once': ['tls/waiting.test.ts', 'tls/certificate', 'is done at once where the certificate is good'],
    'after a while': [
      'tls/waiting.test.ts',
      'tls/certificate',
      'waits while the edge hangs up, as it does before the certificate is there',
    ],
    never: ['tls/waiting.test.ts', 'tls/certificate', 'one %s is not so, never trusted, with the usual reason'],
    'server down': ['tls/waiting.test.ts', 'tls/certificate', 'down, silent, or without TLS stays unknown, in words'],
    'wrong answer': ['tls/waiting.test.ts', 'tls/certificate', 'down, silent, or without TLS stays unknown, in words'],
    'half answer': ['tls/waiting.test.ts', 'tls/certificate', 'half a handshake is none'],
    'time-out': ['tls/waiting.test.ts', 'tls/certificate', 'down, silent, or without TLS stays unknown, in words'],
    cancelled: [
      'tls/waiting.test.ts',
      'tls/certificate',
      'is left at once when it is stopped in the middle of a handshake',
    ],
  },
  'twilio/message-answered': wire('apis.test.ts'),
  'twilio/webhook': wire('apis.test.ts'),
  'xcode/archive': {
    ...byContract,
    'at once': [
      'xcode/tools.test.ts',
      'xcode/archive',
      'one that is named by version and build number is so without a look before',
    ],
    'after a while': [
      'xcode/tools.test.ts',
      'xcode/archive',
      'an archive of before is not the new one; one made since is, and tells its numbers',
    ],
    never: ['xcode/tools.test.ts', 'xcode/archive', 'none, and one that cannot be read, are told apart'],
    'server down': act,
    'wrong answer': ['xcode/tools.test.ts', 'xcode/archive', 'none, and one that cannot be read, are told apart'],
    'time-out': ['xcode/tools.test.ts', 'xcode/archive', 'a time-out is unclear'],
  },
  'xcode/settings': {
    'at once': [
      'xcode/settings.test.ts',
      'what is so',
      'bundle id, version, build, signing and team of the app target, with outputs',
    ],
    'after a while': ['waits.test.ts', '%s is so after a while, when somebody has mended the file'],
    never: ['xcode/settings.test.ts', 'what is not so', 'everything that is wrong is told at once'],
    'server down': fileOfProject,
    'wrong answer': ['xcode/settings.test.ts', 'a project file that cannot be parsed is unknown'],
    'half answer': ['xcode/settings.test.ts', 'where values come from', 'an Info.plist that cannot be read is unknown'],
    'time-out': fileOfProject,
    cancelled: stopped,
  },
  'xcode/upload': wire('appstore/wire.test.ts'),
};

interface Found {
  readonly names: readonly string[];
  readonly body: string;
}

/** Every test that a file writes down, with the names of the groups around it. */
function testsIn(text: string): readonly Found[] {
  const found: Found[] = [];
  const walk = (node: ts.Node, around: readonly string[]): void => {
    const call = titled(node);
    if (call?.is === 'test') found.push({ names: [...around, call.title], body: node.getText() });
    ts.forEachChild(node, (child) => walk(child, call?.is === 'describe' ? [...around, call.title] : around));
  };
  walk(ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true), []);
  return found;
}

/** `test('…')`, `test.each([…])('…')`, `describe(…)`, `describe.each(…)(…)`. */
function titled(node: ts.Node): { readonly is: 'test' | 'describe'; readonly title: string } | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [title] = node.arguments;
  const is = /^(test|describe)\b/.exec(node.expression.getText())?.[1];
  if (title === undefined || !ts.isStringLiteralLike(title) || (is !== 'test' && is !== 'describe')) return undefined;
  return { is, title: title.text };
}

const known = new Map<string, { readonly source: string; readonly tests: readonly Found[] }>();
async function read(file: string) {
  const source = known.get(file)?.source ?? (await sourceOf(file));
  const tests = known.get(file)?.tests ?? testsIn(source);
  known.set(file, { source, tests });
  return { source, tests };
}

/** A name that ends with `*` stands for all files that begin so. */
async function sourceOf(file: string): Promise<string> {
  if (!file.endsWith('*')) return readFile(new URL(file, import.meta.url), 'utf8');
  const [folder = '', start = ''] = file.slice(0, -1).split('/');
  const names = (await readdir(new URL(`${folder}/`, import.meta.url))).filter((name) => name.startsWith(start));
  const texts = await Promise.all(names.map((name) => readFile(new URL(`${folder}/${name}`, import.meta.url), 'utf8')));
  return texts.join('\n');
}

/** Where it does not hold, the words that a person sees are held by the test itself, or by the table it walks through. */
const QUIET: ReadonlySet<Situation> = new Set(['at once', 'after a while', 'cancelled']);
const WORDS = /\b(why|whyOf|seen|seenBy|screen|hint|words|stuck|WORDS)\b/;

test('every kind has a row, and no row is of a kind that is gone', () => {
  expect(Object.keys(TABLE).toSorted()).toEqual([...kindNames].toSorted());
});

describe.each(Object.entries(TABLE))('%s', (kind, row) => {
  test.each(SITUATIONS)('%s', async (situation) => {
    const cell = row[situation];
    if ('cannot' in cell) return expect(cell.cannot).toMatch(/.{20}/);
    const [file, ...names] = cell;
    const { source, tests } = await read(file);
    const shown = tests.find((one) => names.every((name, at) => one.names.at(at - names.length) === name));
    expect(shown, `${file} has no test "${names.join(' > ')}"`).toBeDefined();
    if (!QUIET.has(situation)) expect(shown?.body).toMatch(WORDS);
    // The contract walks all kinds; elsewhere the kind must be named.
    if (file !== 'contract.test.ts') expect(source).toMatch(new RegExp(`${kind}['.]|\\b${nounOf(kind)}\\b`));
  });
});

/** `build-in-group`: as it is imported. */
const nounOf = (kind: string): string =>
  (kind.split('/')[1] ?? kind).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
