// Nothing waits without a limit, nor without saying for what, what is there meanwhile, and how long it is still waited for.
import { rmSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { offerOf } from '../../src/engine/offer.ts';
import type { Json } from '../../src/step.ts';
import { parseDuration } from '../../src/text/duration.ts';
import { kindNames, loadKind } from '../../steps/index.ts';
import { runbookOf, Stage } from '../engine/stage.ts';
import { closedPort } from '../system/servers.ts';
import { type Repository, repository } from './git/repository.ts';
import { waitFor, whyOf } from './waiting.ts';
import { projectText } from './xcode/project-text.ts';

const kinds = await Promise.all(
  kindNames.map(async (name) => {
    const kind = await loadKind(name);
    if (!kind) throw new Error(`no kind ${name}`);
    // A parse boundary: the contract test holds that an example is YAML with `with`.
    const { with: given } = z.object({ with: z.unknown() }).parse(parse(kind.example)) as { readonly with: Json };
    return { name, kind, given };
  }),
);
const looking = kinds.filter(({ kind }) => kind.verify !== undefined);
/** Those that wait with nobody there: no act and no person comes before. */
const alone = looking.filter(({ kind }) => !kind.act && !kind.guide && !kind.login);

describe.each(looking)('$name', ({ name, kind, given }) => {
  test('has a deadline, and looks more than once before it', () => {
    const [step] = runbookOf([{ id: 'it', form: { form: 'uses', kind: name, with: given } }]).steps;
    if (!step) throw new Error('no step');
    const { within, every } = offerOf(step, new Map([[name, kind]]), parseDuration);
    expect(within).toBeGreaterThanOrEqual(10_000);
    expect(within).toBeLessThanOrEqual(24 * 60 * 60_000);
    expect(every).toBeGreaterThanOrEqual(1_000);
    expect(every).toBeLessThan(within);
  });
});

/** A world whose programs say nothing that helps; nothing else answers either. */
const nothing = () => {
  const { processes } = new Stage().world();
  const blind = { exit: 128, stdout: '', stderr: 'fatal: not a git repository' };
  return { processes: { ...processes, look: async () => blind } };
};

describe.each(alone)('$name', ({ name, kind, given }) => {
  test('ends at its deadline where nothing answers, and says meanwhile what it waits for and how long still', async () => {
    const nowhere = { '*': { host: '127.0.0.1', port: closedPort } };
    const { took, screen, step } = await waitFor(name, given, { world: nothing(), hosts: nowhere, dns: nowhere });
    // What waiting cannot change is not waited for.
    if (took === 0) return expect(step).toMatchObject({ status: 'failed', reason: expect.stringMatching(/.{20}/) });
    expect(took).toBe(parseDuration(kind.within ?? '5m'));
    const said = screen.filter((line) => line.startsWith('Waiting until: '));
    for (const line of said) expect(line).toMatch(/^Waiting until: .{5,}: not yet \(\d+[smh][^()]* left\): .{5,}$/);
    expect(said.length).toBeGreaterThan(0);
  });
});

test('values that a kind does not take once they are filled in are not waited for', async () => {
  const waited = await waitFor('http/cors', { url: 'https://api.example.com/v1', origin: 'www.example.com' });
  expect(waited).toMatchObject({ end: { exit: 1 }, took: 0, step: { status: 'failed' } });
  expect(whyOf(waited)).toContain('`with` of http/cors is not right once filled in (origin: a whole address is needed');
});

/** What somebody mends while it is waited for. */
const mending: readonly (readonly [
  kind: string,
  given: Json,
  before: (repo: Repository) => unknown,
  mend: (repo: Repository) => unknown,
])[] = [
  [
    'git/branch',
    { name: 'release' },
    (repo) => repo.commit('first'),
    (repo) => repo.git('checkout', '-q', '-b', 'release'),
  ],
  ['git/clean', {}, (repo) => repo.write('a.txt', '1'), (repo) => repo.commit('first')],
  ['git/committed', { paths: ['a.txt'] }, (repo) => repo.write('a.txt', '1'), (repo) => repo.commit('first')],
  [
    'git/no-secrets',
    { history: false },
    async (repo) => {
      repo.write('.env', 'A=1');
      await repo.commit('first');
    },
    (repo) => repo.git('rm', '-q', '--cached', '.env'),
  ],
  ['git/pushed', {}, (repo) => repo.commit('first'), (repo) => repo.git('push', '-q', 'origin', 'main')],
  ['file/ignored', { paths: ['.env'] }, () => {}, (repo) => repo.write('.gitignore', '.env\n')],
];

test.each(mending)('%s is so after a while, when somebody has mended it', async (kind, given, before, mend) => {
  const repo = await repository();
  onTestFinished(() => rmSync(repo.folder, { recursive: true, force: true }));
  await before(repo);
  let looks = 0;
  const { processes } = new Stage().world();
  const look: Repository['processes']['look'] = async (argv, options) => {
    looks += 1;
    // The first look of the step has seen it as it was; each kind asks git a few times a look.
    if (looks === ENOUGH) await mend(repo);
    return repo.processes.look(argv, options);
  };
  const waited = await waitFor(kind, given, { world: { processes: { ...processes, look } } });
  expect(waited.end).toEqual({ finished: 'done' });
  expect(waited.took).toBeGreaterThan(0);
});
/** More than any of them asks in one look (git/no-secrets: a question for each shape of a token). */
const ENOUGH = 16;

test.each<[string, Json, string, string, string]>([
  ['file/content', { path: 'fly.toml', key: 'app', equals: 'relay' }, 'fly.toml', 'app = "other"', 'app = "relay"'],
  [
    'xcode/settings',
    { project: 'ios/Sol.xcodeproj', configuration: 'Release', 'bundle-id': 'com.example.app' },
    'ios/Sol.xcodeproj/project.pbxproj',
    xcode('com.example.App'),
    xcode('com.example.app'),
  ],
])('%s is so after a while, when somebody has mended the file', async (kind, given, file, before, after) => {
  let reads = 0;
  const files = {
    ...new Stage().world().files,
    read: async (path: string) => (path === file ? (++reads > 2 ? after : before) : undefined),
  };
  const waited = await waitFor(kind, given, { world: { files } });
  expect(waited.end).toEqual({ finished: 'done' });
  expect(waited.took).toBeGreaterThan(0);
});

function xcode(id: string): string {
  const Release = { PRODUCT_BUNDLE_IDENTIFIER: id, MARKETING_VERSION: '1.0.0', CURRENT_PROJECT_VERSION: '1' };
  return projectText({ settings: { project: { Debug: {}, Release: {} }, Sol: { Debug: {}, Release } } });
}
