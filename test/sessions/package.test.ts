// What is built and what is shipped: one package that works elsewhere without a network, and a build that disturbs nobody.
import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Ran } from './launching.ts';

const root = join(import.meta.dirname, '../..');
const TIME = 300_000;

function command(cwd: string, name: string, ...argv: readonly string[]): Promise<Ran> {
  const child = spawn(name, argv, {
    cwd,
    env: { ...process.env, npm_config_update_notifier: 'false', NODE_EXTRA_CA_CERTS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  return new Promise((resolve) => child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr })));
}

const folder = (name: string) => realpathSync(mkdtempSync(join(tmpdir(), `launchbook-${name}-`)));

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

test(
  'the package holds what it needs and nothing else, and works where it is installed, without a network',
  async () => {
    const into = folder('pack');
    // Packing builds: not where other tests run what is built.
    const copy = clone();
    for (const name of ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE'])
      cpSync(join(root, name), join(copy, name));
    mkdirSync(join(copy, 'dist'));
    writeFileSync(join(copy, 'dist/chunk-stale-AAAAAAAA.mjs'), '');
    const packed = await command(copy, 'npm', 'pack', '--json', '--pack-destination', into);
    expect(packed.exit).toBe(0);
    const [{ filename, unpackedSize, files }]: [Packed] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[')));
    expect(unpackedSize).toBeLessThanOrEqual(5_000_000);
    const paths = files.map(({ path }) => path);
    expect(paths.filter((path) => !/^(dist|runbooks)\//.test(path)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
    ]);
    expect(paths).not.toContain('dist/chunk-stale-AAAAAAAA.mjs');
    expect(paths).not.toContain('dist/chunks.json');
    const programs = paths.filter((path) => /\.[cm]js$/.test(path));
    const texts = programs.map((path) => readFileSync(join(copy, path), 'utf8'));
    const unused = programs.filter(
      (path) => !/launch\.cjs$/.test(path) && !texts.some((text) => text.includes(path.replace('dist/', ''))),
    );
    expect(unused).toEqual([]);

    const elsewhere = folder('elsewhere');
    writeFileSync(join(elsewhere, 'package.json'), '{"private":true}');
    const installed = await command(
      elsewhere,
      'npm',
      'install',
      '--offline',
      '--no-audit',
      '--no-fund',
      join(into, filename),
    );
    expect(installed.stderr).not.toContain('ERR');
    expect(installed.exit).toBe(0);
    const lock: { packages: Record<string, { hasInstallScript?: boolean }> } = JSON.parse(
      readFileSync(join(elsewhere, 'package-lock.json'), 'utf8'),
    );
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/launchbook']);
    expect(lock.packages['node_modules/launchbook']?.hasInstallScript).toBeUndefined();
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const name of ['launch', 'launchbook'])
      expect(await command(elsewhere, 'npx', '--offline', name, '--version')).toMatchObject({
        exit: 0,
        stdout: `${version}\n`,
      });
    const rehearsed = await command(elsewhere, 'npx', '--offline', 'launch', 'rehearse', 'prod', '--auto');
    expect(rehearsed.stderr).toContain('Finished. The record:');
    expect(rehearsed.exit).toBe(0);
  },
  TIME,
);

/** A clone that was not built yet. Packages are those of this one: what they are is not in question here. */
function clone(): string {
  const copy = folder('clone');
  for (const name of ['package.json', 'scripts', 'src', 'steps', 'runbooks'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

test(
  'two builds at once in a fresh clone are silent on stdout, and what each leaves works',
  async () => {
    const copy = clone();
    const both = await Promise.all(
      [1, 2].map(async () => [
        await command(copy, 'node', 'scripts/build.mjs', '--if-stale'),
        await command(copy, 'node', 'dist/launch.cjs', 'lint', 'prod'),
      ]),
    );
    for (const [built, ran] of both) {
      expect(built).toMatchObject({ exit: 0, stdout: '' });
      expect(ran).toMatchObject({ exit: 0, stderr: '' });
    }
    expect(readdirSync(join(copy, 'dist')).filter((name) => name.startsWith('.'))).toEqual([]);
  },
  TIME,
);

test(
  'a build that is newer than its sources is left alone, and one that is older is not',
  async () => {
    const copy = clone();
    const entry = join(copy, 'dist/launch.cjs');
    const build = () => command(copy, 'node', 'scripts/build.mjs', '--if-stale');
    await build();
    const first = statSync(entry).mtimeMs;
    expect(await build()).toMatchObject({ exit: 0, stdout: '', stderr: '' });
    expect(statSync(entry).mtimeMs).toBe(first);
    const later = new Date(first + 1000);
    utimesSync(join(copy, 'steps/index.ts'), later, later);
    await build();
    expect(statSync(entry).mtimeMs).not.toBe(first);
  },
  TIME,
);

test(
  'chunks of an older build stay an hour for who runs them, and go then',
  async () => {
    const copy = clone();
    mkdirSync(join(copy, 'dist'));
    const [young, old] = ['chunk-young-AAAAAAAA.mjs', 'chunk-old-BBBBBBBB.mjs'].map((name) => join(copy, 'dist', name));
    for (const path of [young, old]) writeFileSync(path ?? '', '');
    const before = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(old ?? '', before, before);
    await command(copy, 'node', 'scripts/build.mjs');
    const names = readdirSync(join(copy, 'dist'));
    expect(names).toContain('chunk-young-AAAAAAAA.mjs');
    expect(names).not.toContain('chunk-old-BBBBBBBB.mjs');
  },
  TIME,
);
