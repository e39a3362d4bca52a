// What a start loads: nothing for the version, no library for a list, and for the first screen only what draws and checks it.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openPty } from '../terminal/pty.ts';
import { launch, launchFile, projectOf, runbookOf, trusted } from './launching.ts';

/** By file of the build: the packages in it. */
const contents: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(join(dirname(launchFile), 'chunks.json'), 'utf8'),
);

/** What watches Node's own modules. */
const WATCHER = 'modules-loaded.cjs';

/** V8 writes down every script that a process loaded, when it ends. */
const tracing = () => mkdtempSync(join(tmpdir(), 'launchbook-loaded-'));

function loadedIn(folder: string): { readonly files: readonly string[]; readonly packages: readonly string[] } {
  const files = readdirSync(folder).flatMap((name) => {
    const { result }: { result: readonly { readonly url: string }[] } = JSON.parse(
      readFileSync(join(folder, name), 'utf8'),
    );
    return result.flatMap(({ url }) => (url.startsWith('file:') && !url.endsWith(WATCHER) ? [basename(url)] : []));
  });
  const unique = [...new Set(files)].sort();
  return {
    files: unique,
    packages: [...new Set(unique.flatMap((file) => contents[file] ?? [`not built: ${file}`]))].sort(),
  };
}

const project = () =>
  projectOf({
    'runbooks/small.md': runbookOf(
      'steps:\n  - { id: look, uses: http/response, with: { url: https://a.example.com/ } }\n  - { id: go, manual: true }',
      'look',
      'go',
    ),
    'runbooks/other.md': runbookOf('steps: [{ id: go, manual: true }]', 'go'),
  });

/** In an environment with these, a process writes down what it loads of Node itself. */
function watchingNode(): { readonly env: Record<string, string>; readonly loaded: () => readonly string[] } {
  const into = tracing();
  return {
    env: { NODE_OPTIONS: `--require="${join(import.meta.dirname, WATCHER)}"`, MODULES_INTO: into },
    loaded: () => [...new Set(readdirSync(into).flatMap((name) => namesIn(join(into, name))))].sort(),
  };
}

const namesIn = (file: string): readonly string[] => JSON.parse(readFileSync(file, 'utf8'));

async function loadedBy(folder: string, argv: readonly string[]) {
  const into = tracing();
  const ran = await launch(folder, argv, { NODE_V8_COVERAGE: into });
  return { exit: ran.exit, ...loadedIn(into) };
}

describe('the first moments', () => {
  test.each([['--version'], ['-V'], ['--help'], ['-h'], ['help']])(
    'launch %s loads nothing but the entry',
    async (flag) => {
      expect(await loadedBy(project(), [flag])).toEqual({ exit: 0, files: ['launch.cjs'], packages: [] });
    },
  );

  test('a bare launch in a pipe lists the runbooks with nothing but the entry', async () => {
    expect(await loadedBy(project(), [])).toEqual({ exit: 0, files: ['launch.cjs'], packages: [] });
  });

  test.each([[['--version']], [['--help']], [[]]])(
    'launch %j loads nothing of Node beside the bare process',
    async (argv) => {
      const { env, loaded } = watchingNode();
      expect(await launch(project(), argv, env)).toMatchObject({ exit: 0, stderr: '' });
      expect(loaded()).toEqual([]);
    },
  );

  test.each([['runs'], ['status'], ['log']])(
    'launch %s loads no library but the one for slips of the pen, and of Node neither the network nor children nor the loader of ES modules',
    async (command) => {
      const folder = project();
      expect((await launch(folder, await trusted(folder, 'other'))).exit).toBe(4);
      const { exit, packages } = await loadedBy(folder, [command]);
      expect({ exit, packages }).toEqual({ exit: 0, packages: ['fastest-levenshtein'] });
      const { env, loaded } = watchingNode();
      await launch(folder, [command], env);
      expect(loaded().filter((name) => LATE.test(name) || ALSO_LATE.test(name))).toEqual([]);
    },
  );

  test('the first screen on a terminal loads what reads, checks and draws a runbook, and the kinds that it uses', async () => {
    const folder = project();
    const argv = await trusted(folder, 'other');
    const into = tracing();
    const { env, loaded } = watchingNode();
    const pty = openPty({
      file: process.execPath,
      args: [launchFile, ...argv],
      cwd: folder,
      columns: 100,
      rows: 40,
      env: {
        HOME: folder,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        NODE_V8_COVERAGE: into,
        ...env,
        LAUNCHBOOK_CONFIG_DIR: join(folder, '.config'),
      },
    });
    await pty.until('stop and keep');
    await pty.type('q');
    const exit = await pty.ended();
    expect(exit).toBe(4);
    const { files, packages } = loadedIn(into);
    expect(packages).toEqual(FIRST_SCREEN);
    expect(loaded().filter((name) => LATE.test(name))).toEqual([]);
    expect(files.filter((file) => /rehearse|stand-in|export|lint/.test(file))).toEqual([]);
  });

  test('a run loads the kinds that its runbook uses, and no others', async () => {
    const folder = project();
    const { files, packages } = await loadedBy(folder, await trusted(folder, 'small', '--skip', 'look=a test'));
    expect(
      files.filter((file) => /^chunk-(response|app|deploy|testers|record|settings|fill|diff)-/.test(file)),
    ).toEqual([expect.stringMatching(/^chunk-response-/)]);
    expect(
      packages.filter((name) => ['jose', 'xcode', 'conf', 'open', '@babel/parser', 'smol-toml'].includes(name)),
    ).toEqual([]);
  });
});

/** Of Node: what only a look that goes out needs; and what our chunks do without, since they are no ES modules. */
const LATE = /^(https?|tls|dns|_http_.*|_tls_.*|internal\/modules\/esm\/module_job|undici|zlib)$/;
const ALSO_LATE = /^(child_process|readline|internal\/tty)$/;

const FIRST_SCREEN = [
  '@actions/expressions',
  '@clack/core',
  '@clack/prompts',
  'fast-string-truncated-width',
  'fast-string-width',
  'fast-wrap-ansi',
  'fastest-levenshtein',
  'marked',
  'sisteransi',
  'yaml',
  'zod',
];
