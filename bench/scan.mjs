// How long `launch secrets scan` takes over a repository of 5,000 files, beside an empty Node. Build first (npm run build).
// node bench/scan.mjs [--json] [--files 5000] [--rounds 5]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean' },
    files: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
  },
});
const program = join(import.meta.dirname, '../dist/launch.cjs');
const repository = mkdtempSync(join(tmpdir(), 'launchbook-bench-scan-'));
const bytes = fill(repository, Number(given.files));
const [scans, empty] = [[], []];
for (let round = 0; round < Number(given.rounds); round++) {
  empty.push(timed(['-e', '0']).seconds);
  scans.push(timed([program, 'secrets', 'scan', '--dir', repository, '--json']));
}
const names = JSON.parse(scans[0].stdout).entries.length;
rmSync(repository, { recursive: true });
const seconds = median(scans.map((scan) => scan.seconds));
const result = {
  files: Number(given.files),
  megabytes: bytes / 1e6,
  names,
  seconds,
  emptyNode: median(empty),
  ratio: seconds / median(empty),
};
console.log(
  given.json
    ? JSON.stringify(result, null, 2)
    : `${result.files} files, ${result.megabytes.toFixed(0)} MB, ${names} names: ${seconds.toFixed(2)} s; an empty Node ${(result.emptyNode * 1000).toFixed(0)} ms (${result.ratio.toFixed(0)} times)`,
);

/** TypeScript of some 5 kB a file, one in ten with a read, each importing the one before. */
function fill(folder, files) {
  let size = 0;
  for (let n = 0; n < files; n++) {
    const below = join(folder, `src/part-${Math.floor(n / 50)}`);
    mkdirSync(below, { recursive: true });
    const before =
      n === 0
        ? ''
        : `import { work0 as before } from '${n % 50 === 0 ? `../part-${Math.floor((n - 1) / 50)}` : '.'}/module-${n - 1}.js';\n`;
    const read = n % 10 === 0 ? `export const value = process.env.NAME_${n} ?? 'x';\n` : '';
    const text = before + read + Array.from({ length: 20 }, (_, at) => work(at)).join('\n');
    writeFileSync(join(below, `module-${n}.ts`), text);
    size += text.length;
  }
  const last = files - 1;
  writeFileSync(
    join(folder, 'fly.toml'),
    `app = "bench"\n[processes]\nweb = "node dist/part-${Math.floor(last / 50)}/module-${last}.js"\nworker = "node dist/part-0/module-0.js"\n`,
  );
  return size;
}

function work(at) {
  return `export function work${at}(input: { readonly id: string; readonly size: number }): number {
  const parts = input.id.split('-').map((part) => part.trim());
  return parts.length > ${at} ? input.size * ${at} : parts.reduce((sum, part) => sum + part.length, 0);
}
`;
}

function timed(argv) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: '' },
  });
  if (status !== 0) throw new Error(stderr);
  return { seconds: (performance.now() - start) / 1000, stdout };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
