// A package that loads late is CommonJS or ESM as it likes; in the bundle the first gives its names only through `default`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** `const { a, default: b } = await import('package')`, in what becomes late chunks. */
function lateImports(): readonly { readonly file: string; readonly names: readonly string[]; readonly from: string }[] {
  return ['src', 'steps']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.ts') && !path.startsWith('src/rehearsal/fly/'))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/const \{([^}]*)\} = await import\('([^.'][^']*)'\)/g)].map(
        ([, names = '', from = '']) => ({
          file,
          from,
          names: names.split(',').map((name) => name.split(':')[0]?.trim() ?? ''),
        }),
      ),
    );
}

test('every name taken from a package that loads late is there in the bundle', async () => {
  const imports = lateImports();
  expect(imports.map(({ from }) => from)).toContain('conf');
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-late-'));
  const lines = imports.map(
    ({ file, names, from }) =>
      `{ const found = await import('${from}'); for (const name of ${JSON.stringify(names)}) if (found[name] === undefined) console.log(${JSON.stringify(file)}, name); }`,
  );
  await build({
    stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'js' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{}');
  const ran = spawnSync(process.execPath, [join(folder, 'stdin.mjs')], { encoding: 'utf8' });
  expect(ran).toMatchObject({ status: 0, stdout: '', stderr: '' });
});
