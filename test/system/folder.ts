// A project folder for a test, and programs in it.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';

/** Absolute and without links; gone when the test is. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launch-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeFileIn(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A bash script that can be run. */
export function program(folder: string, name: string, script: string): string {
  const file = writeFileIn(folder, name, `#!/bin/bash\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** One of our modules as a file that a bare Node can import. */
export function bundled(module: string, folder: string): string {
  const outfile = join(folder, 'bundle.mjs');
  const root = join(import.meta.dirname, '../..');
  buildSync({
    entryPoints: [join(root, module)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}
