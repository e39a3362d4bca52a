// `launch init`: from what is in a project to a runbook that is valid and is rehearsed to its end.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { launch, projectOf } from './launching.ts';

const frontOf = (project: string) =>
  parse(readFileSync(join(project, 'runbooks/prod.md'), 'utf8').split(/^---$/m)[1] ?? '');
const idsOf = (project: string) => frontOf(project).steps.map(({ id }: { readonly id: string }) => id);

describe('launch init', () => {
  test('a web app on Fly: its volume, its secrets, its health check, its domain; rehearsed to the end', async () => {
    const project = projectOf({
      'fly.toml': [
        'app = "jar"',
        'primary_region = "ams"',
        '[env]',
        'LOG_LEVEL = "info"',
        '[http_service]',
        'internal_port = 8080',
        '[[http_service.checks]]',
        'path = "/up"',
        '[mounts]',
        'source = "jar_data"',
        'destination = "/data"',
      ].join('\n'),
      Dockerfile: 'FROM node:22\nCMD ["node", "server.js"]\n',
      'server.js':
        'const key = process.env.STRIPE_SECRET_KEY; const level = process.env.LOG_LEVEL; const n = process.env.PAGE_SIZE ?? "20"; serve(key, level, n);',
      'package.json': JSON.stringify({ name: 'jar', scripts: { test: 'node --test' } }),
      'pnpm-lock.yaml': '',
      '.gitignore': '.launch\n',
    });
    execFileSync('git', ['init', '-q'], { cwd: project });
    const made = await launch(project, ['init']);
    expect(made).toMatchObject({ exit: 0, stderr: '' });
    expect(made.stdout).toBe(
      [
        'runbooks/prod.md: 14 steps',
        '  a git repository: everything committed, no secret in it',
        '  tests: pnpm test',
        '  fly.toml: the app jar',
        '  secrets and configuration that the code reads: PAGE_SIZE, STRIPE_SECRET_KEY',
        '',
        'It is a beginning: read it, and say what only you know. Then: launch rehearse prod',
        '',
      ].join('\n'),
    );
    const { secrets, steps, inputs } = frontOf(project);
    expect(secrets).toEqual({
      jar: { names: { PAGE_SIZE: { secret: false, default: '20', required: false }, STRIPE_SECRET_KEY: {} } },
    });
    expect(Object.keys(inputs)).toEqual(['domain']);
    expect(steps.find(({ id }: { readonly id: string }) => id === 'volume-jar-data').with).toEqual({
      app: 'jar',
      name: 'jar_data',
      region: 'ams',
      size: 1,
    });
    expect(readFileSync(join(project, 'runbooks/prod.md'), 'utf8')).toContain('url: https://jar.fly.dev/up');
    expect(await launch(project, ['lint'])).toMatchObject({ exit: 0, stdout: '1 file: 0 errors, 0 warnings\n' });
    expect(await launch(project, ['rehearse', 'prod', '--auto'])).toMatchObject({ exit: 0 });
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nothing at all', { 'notes.txt': '' }, ['ship', 'answers', 'smoke-test']],
    ['a Go module', { 'go.mod': 'module x' }, ['tests', 'ship', 'answers', 'smoke-test']],
    [
      'a worker on Fly whose file names no app',
      {
        'fly.prod.toml': 'primary_region = "ams"\n[mounts]\nsource = "d"\ndestination = "/d"\n',
        Dockerfile: 'FROM scratch',
      },
      ['create-app', 'volume-d', 'deploy', 'smoke-test'],
    ],
  ])('%s: no more than is there, valid, and rehearsed to the end', async (_, files, ids) => {
    const project = projectOf(files);
    expect((await launch(project, ['init'])).exit).toBe(0);
    expect(idsOf(project)).toEqual(ids);
    expect(await launch(project, ['lint'])).toMatchObject({ exit: 0, stdout: '1 file: 0 errors, 0 warnings\n' });
    expect(await launch(project, ['rehearse', 'prod', '--auto'])).toMatchObject({ exit: 0 });
  });

  test.each<[string, readonly string[], string]>([
    ['a runbook that is there', ['init'], 'runbooks/prod.md is there already'],
    ['a name', ['init', 'fly'], 'init takes no name'],
    ['a fly.toml that cannot be read', ['init', '--out', 'x.md'], 'fly.toml cannot be read'],
  ])('%s is wrong usage, and nothing is written', async (_, argv, words) => {
    const project = projectOf({ 'runbooks/prod.md': 'mine', 'fly.toml': 'app = [' });
    const refused = await launch(project, argv);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain(words);
    expect(readFileSync(join(project, 'runbooks/prod.md'), 'utf8')).toBe('mine');
    expect(existsSync(join(project, 'x.md'))).toBe(false);
  });
});
