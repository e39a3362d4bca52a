// How fast the redactor is beside one regular expression of the same patterns, what each lets through, and whether memory stays flat.
// node bench/redactor.mjs [--json] [--megabytes 100] [--rounds 5] [--long 1024]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { keysWith, logWith } from './log.mjs';

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean' },
    megabytes: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    long: { type: 'string', default: '1024' },
  },
});
const CHUNK = 64 * 1024;

const { createRedactor, variantsOf } = await compiled();
const results = [];
for (const patterns of [500, 5000]) results.push(compare(patterns));
const long = memoryOver(Number(given.long));
if (given.json) process.stdout.write(`${JSON.stringify({ results, long }, null, 2)}\n`);
else tell();

/** The sources as they are, in one file: what ships is made of the same. */
async function compiled() {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-bench-'));
  const outfile = join(folder, 'redact.mjs');
  const contents = "export * from './redact.ts'; export * from './variants.ts';";
  await build({
    stdin: { contents, resolveDir: join(import.meta.dirname, '../src/text'), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
  });
  const loaded = await import(outfile);
  rmSync(folder, { recursive: true });
  return loaded;
}

/** Both over the same text, one after the other in each round; medians. */
function compare(wanted) {
  const { keys: secrets, forms: patterns } = keysWith(wanted, variantsOf);
  const chunks = chunked(logWith(secrets, Number(given.megabytes)));
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const [ours, regular] = [[], []];
  let [left, leftByRegular] = [0, 0];
  for (let round = 0; round < Number(given.rounds); round++) {
    const redacted = timed(() => throughRedactor(secrets, chunks));
    const replaced = timed(() => throughRegular(patterns, chunks));
    ours.push(bytes / 1e6 / redacted.seconds);
    regular.push(bytes / 1e6 / replaced.seconds);
    left = leftIn(redacted.value, patterns);
    leftByRegular = leftIn(replaced.value, patterns);
  }
  return {
    patterns: patterns.length,
    secrets: secrets.length,
    megabytesPerSecond: median(ours),
    byRegularExpression: median(regular),
    ratio: median(ours.map((speed, at) => speed / regular[at])),
    left,
    leftByRegularExpression: leftByRegular,
  };
}

/** In chunks that cut wherever they cut. */
function chunked(bytes) {
  const chunks = [];
  for (let at = 0; at < bytes.length; at += CHUNK) chunks.push(bytes.subarray(at, at + CHUNK));
  return chunks;
}

function throughRedactor(secrets, chunks) {
  const redactor = createRedactor();
  for (const [at, value] of secrets.entries()) redactor.learn(`SECRET_${at}`, value);
  const out = [];
  const stream = redactor.stream((bytes) => out.push(Buffer.from(bytes)));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return out;
}

/** What one would write in an hour: an alternation, chunk by chunk. */
function throughRegular(patterns, chunks) {
  const escaped = patterns
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const all = new RegExp(escaped.join('|'), 'g');
  return chunks.map((chunk) => Buffer.from(chunk.toString('latin1').replace(all, '***'), 'latin1'));
}

function leftIn(out, patterns) {
  const text = Buffer.concat(out).toString('latin1');
  // Raw values only: each stands in the text many times, and one look each is enough.
  return patterns.filter((pattern) => pattern.startsWith('sk_live_') && text.includes(pattern)).length;
}

/** Resident memory while a long stream goes through: at a tenth of it, and at its end. */
function memoryOver(megabytes) {
  const { keys: secrets } = keysWith(500, variantsOf);
  const chunks = chunked(logWith(secrets, 16));
  const redactor = createRedactor();
  for (const [at, value] of secrets.entries()) redactor.learn(`SECRET_${at}`, value);
  let out = 0;
  const stream = redactor.stream((bytes) => (out += bytes.length));
  const whole = Math.ceil((megabytes * 1e6) / CHUNK);
  let early = 0;
  const { seconds } = timed(() => {
    for (let n = 0; n < whole; n++) {
      stream.write(chunks[n % chunks.length]);
      if (n === Math.floor(whole / 10)) early = process.memoryUsage.rss();
    }
    stream.end();
  });
  return {
    megabytes,
    megabytesPerSecond: megabytes / seconds,
    mebibytesEarly: early / 2 ** 20,
    mebibytesAtTheEnd: process.memoryUsage.rss() / 2 ** 20,
    out,
  };
}

function timed(work) {
  const start = performance.now();
  const value = work();
  return { value, seconds: (performance.now() - start) / 1000 };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function tell() {
  for (const one of results)
    console.log(
      `${one.patterns} patterns (${one.secrets} secrets): ${one.megabytesPerSecond.toFixed(0)} MB/s, ${one.left} left; one regular expression ${one.byRegularExpression.toFixed(0)} MB/s, ${one.leftByRegularExpression} left; ${one.ratio.toFixed(1)} times as fast`,
    );
  console.log(
    `${long.megabytes} MB in a row: ${long.megabytesPerSecond.toFixed(0)} MB/s, ${long.mebibytesEarly.toFixed(0)} MiB after a tenth, ${long.mebibytesAtTheEnd.toFixed(0)} MiB at the end`,
  );
}
