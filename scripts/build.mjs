// Builds dist/: a small CommonJS entry, late chunks behind it, and the stand-ins as programs of their own.
// Silent on stdout; written under temporary names and renamed, so that two builds at once do not disturb each other.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const entry = join(dist, 'launch.cjs');
/** A process that runs while another builds loads late chunks of the older build: they stay so long. `--clean` leaves none. */
const KEEP_OLD_CHUNKS_MS = 60 * 60 * 1000;

const TARGET = 'node20.19';
/** Names stay as they are written: for who reads a stack of calls. Short ones with the old ones put back at run time are slower. */
const SMALL = { minifySyntax: true, minifyWhitespace: true };
/** In a chunk: loads another one late; and its own address, where it asks for it. */
const LATE = '__launchbookLate';
const OWN_URL = '__launchbookUrl';

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isFresh() {
  const built = statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // In an installed package there are no sources, and nothing to build.
  if (!statSync(join(root, 'src'), { throwIfNoEntry: false })) return true;
  return (
    built > Math.max(...['src', 'steps', 'scripts/build.mjs', 'package.json'].map((name) => newest(join(root, name))))
  );
}

/** Packages that are CommonJS call `require`, which an ES module has not. */
const banner = {
  js: "import{createRequire as __launchbookRequire}from'node:module';const require=__launchbookRequire(import.meta.url);",
};

/** zod brings its messages in fifty languages, and loads them all: we show our own. */
const english = {
  name: 'english',
  setup(build) {
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

if (!process.argv.includes('--if-stale') || !isFresh()) await build();

async function build() {
  const esbuild = await import('esbuild');
  mkdirSync(dist, { recursive: true });
  const temporary = mkdtempSync(join(dist, '.build-'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const common = {
    bundle: true,
    platform: 'node',
    target: TARGET,
    ...SMALL,
    legalComments: 'none',
    logLevel: 'warning',
    define: { LAUNCHBOOK_VERSION: JSON.stringify(version) },
    outdir: temporary,
    metafile: true,
    plugins: [english],
  };
  try {
    const late = {
      name: 'late',
      setup(build) {
        build.onResolve({ filter: /commands\/main\.ts$/ }, () => ({ path: './main.cjs', external: true }));
      },
    };
    const results = await Promise.all([
      esbuild.build({
        ...common,
        entryPoints: { main: join(root, 'src/commands/main.ts') },
        format: 'esm',
        splitting: true,
        outExtension: { '.js': '.cjs' },
        chunkNames: 'chunk-[name]-[hash]',
        define: { ...common.define, 'import.meta.url': OWN_URL },
      }),
      esbuild.build({
        ...common,
        entryPoints: { launch: join(root, 'src/cli.ts') },
        format: 'cjs',
        outExtension: { '.js': '.cjs' },
        plugins: [late, english],
        supported: { 'dynamic-import': false },
      }),
      esbuild.build({
        ...common,
        entryPoints: { 'stand-in-fly': join(root, 'src/rehearsal/fly/main.ts') },
        format: 'cjs',
        outExtension: { '.js': '.cjs' },
      }),
      // What scripts are run by: on its own, because zx keeps its settings for the whole process.
      esbuild.build({
        ...common,
        entryPoints: { zx: join(root, 'src/system/zx.ts') },
        format: 'esm',
        outExtension: { '.js': '.mjs' },
        banner,
      }),
    ]);
    const [{ metafile }] = results;
    await Promise.all(
      Object.keys(metafile.outputs).map((path) => toCommonJs(esbuild, join(temporary, basename(path)))),
    );
    const { writeNotices } = await import('./notices.mjs');
    const inputs = Object.assign({}, ...results.map(({ metafile }) => metafile.inputs));
    writeNotices(root, { inputs }, join(temporary, 'LICENCES.txt'));
    writeFileSync(join(temporary, 'chunks.json'), `${JSON.stringify(contentsOf(results), null, 2)}\n`);
    const made = readdirSync(temporary);
    for (const name of made) if (name.endsWith('.cjs')) chmodSync(join(temporary, name), 0o755);
    // Chunks first, then what names them; the entry last, so that whoever sees it finds the rest.
    const rank = (name) => (name === 'launch.cjs' ? 2 : name === 'main.cjs' ? 1 : 0);
    for (const name of made.sort((a, b) => rank(a) - rank(b))) renameSync(join(temporary, name), join(dist, name));
    sweep(made);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * esbuild cuts a program into chunks only as ES modules, of which Node loads forty half as fast as CommonJS files (decision 132). What
 * is imported from outside the build (a kind of the project) is still imported.
 */
async function toCommonJs(esbuild, path) {
  const chunk = readFileSync(path, 'utf8').replaceAll(/\bimport\((?="\.\/(?:main|chunk-[\w-]+)\.cjs"\))/g, `${LATE}(`);
  const { code } = await esbuild.transform(chunk, { format: 'cjs', platform: 'node', target: TARGET, ...SMALL });
  const url = code.includes(OWN_URL) ? `const ${OWN_URL}=require("node:url").pathToFileURL(__filename).href;` : '';
  writeFileSync(path, `"use strict";const ${LATE}=async(file)=>require(file);${url}${code}`);
}

/** What is not of this build, once nobody can be in need of it any more. */
function sweep(made) {
  for (const name of readdirSync(dist)) {
    if (made.includes(name)) continue;
    const path = join(dist, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > KEEP_OLD_CHUNKS_MS || (process.argv.includes('--clean') && !name.startsWith('.')))
      rmSync(path, { recursive: true, force: true });
  }
}

/** Which packages each file of the build holds: for the tests of late loading. */
function contentsOf(results) {
  const packageOf = (input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
  return Object.fromEntries(
    results
      .flatMap(({ metafile }) => Object.entries(metafile.outputs))
      .map(([path, { inputs }]) => [
        basename(path),
        [...new Set(Object.keys(inputs).map(packageOf).filter(Boolean))].sort(),
      ])
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}
