// Rehearses each shipped runbook with every fault that can hit it and with a crash at every point, and writes what came of it into docs/seeds.md.
//
//   npm run trials                      what is not known yet, of every runbook; hours
//   npm run trials -- prod --faults     one part of one (--auto, --faults, --crash); with a name: `--fault reply-lost`
//   npm run trials -- --again prod      anew
//   npm run trials -- --table           only writes the table
//
// What each rehearsal came to is kept at once, so that a run which was stopped goes on where it was. What was tried before the definitions of a runbook
// were edited is tried anew; until then the table says how much of it is older. What was tried with an older launch is tried anew only when told so.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = join(root, 'docs/seeds.md');
const KEPT = join(root, 'node_modules/.cache/launchbook-trials');
/** An input that leads to the steps which its default leaves out. */
const OTHERWISE = { 'whatsapp-relay': 'channel=sender' };
const MINUTES = { auto: 10, fault: 15, crash: 90 };

const faultsThat = (trial, ended) =>
  Object.entries(trial).flatMap(([what, outcome]) =>
    what.startsWith('fault ') && ended(outcome.ended) ? [what.slice('fault '.length)] : [],
  );
const isLost = (ended) => !['well', 'not met', 'cannot hit'].includes(ended);

const row = (cells) => `| ${cells.join(' | ')} |`;
const codes = (list) => (list.length === 0 ? 'none' : list.map((one) => `\`${one}\``).join(', '));
const said = (before, list) => (list.length === 0 ? '' : `${before}${codes(list)}.`);

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    auto: { type: 'boolean' },
    faults: { type: 'boolean' },
    fault: { type: 'string', multiple: true },
    crash: { type: 'boolean' },
    again: { type: 'boolean' },
    table: { type: 'boolean' },
  },
});
const shipped = readdirSync(join(root, 'runbooks'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => file.replace(/\.md$/, ''));
const names = positionals.length > 0 ? positionals : shipped;
const unknown = names.find((name) => !shipped.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`there is no runbook "${unknown}": ${shipped.join(', ')}\n`);
  process.exit(2);
}
const some = flags.auto || flags.faults || flags.fault || flags.crash;

if (!flags.table) {
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale'], { stdio: 'inherit' });
  if (built.status !== 0) process.exit(built.status ?? 1);
  for (const name of names) await tryOut(name);
}
const tried = shipped.flatMap((name) => (kept(name) ? [[name, kept(name)]] : []));
writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), tableOf(tried)));
process.exitCode = tried.every(([, trial]) => isGood(trial)) ? 0 : 1;

async function tryOut(name) {
  const faults = flags.fault ?? (flags.faults || !some ? listOfFaults() : []);
  if (flags.auto || !some) await part(name, 'auto', () => rehearse(name, MINUTES.auto, ['--auto']));
  for (const fault of faults) await part(name, `fault ${fault}`, () => rehearseFault(name, fault));
  if (flags.crash || !some)
    await part(name, 'crash', () => rehearse(name, MINUTES.crash, ['--crash', 'every', '--json']));
}

/** A fault may strike at a step that only another answer leads to. */
async function rehearseFault(name, fault) {
  const outcome = await rehearse(name, MINUTES.fault, ['--auto', '--fault', fault]);
  const otherwise = OTHERWISE[name];
  if (outcome.ended !== 'not met' || otherwise === undefined) return outcome;
  return rehearse(name, MINUTES.fault, ['--auto', '--fault', fault, '--input', otherwise]);
}

/** One rehearsal, unless it is known to go well. */
async function part(name, what, play) {
  const known = kept(name)?.[what];
  if (known?.of === digestOf(name) && !flags.again && !isLost(known.ended)) return;
  const began = Date.now();
  const outcome = await play();
  const seconds = Math.round((Date.now() - began) / 1000);
  keep(name, { ...kept(name), [what]: { ...outcome, seconds, of: digestOf(name) } });
  const tail = outcome.tail ? `\n    ${outcome.tail.join('\n    ')}` : '';
  process.stderr.write(`${name}, ${what}: ${outcome.ended}, ${seconds} s${tail}\n`);
}

/** `ended`: well · cannot hit · not met · exit N · out of time. */
async function rehearse(name, minutes, argv) {
  const project = mkdtempSync(join(tmpdir(), 'launchbook-trial-'));
  mkdirSync(join(project, 'runbooks'));
  cpSync(join(root, 'runbooks', `${name}.md`), join(project, 'runbooks', `${name}.md`));
  const fixtures = join(root, 'runbooks/fixtures', name);
  if (existsSync(fixtures)) cpSync(fixtures, project, { recursive: true });
  const ran = await launch(project, ['rehearse', name, ...argv], minutes);
  const outcome = { ...outcomeOf(ran, argv), ...(argv.includes('--crash') && crashesOf(ran)) };
  rmSync(project, { recursive: true, force: true });
  return outcome;
}

function outcomeOf({ exit, timedOut, stderr }, argv) {
  const tail = stderr.trimEnd().split('\n').slice(-6);
  if (timedOut) return { ended: 'out of time', tail };
  if (exit === 2 && argv.includes('--fault')) return { ended: 'cannot hit' };
  if (exit === 1 && / did not strike: /.test(stderr)) return { ended: 'not met' };
  return exit === 0 ? { ended: 'well' } : { ended: `exit ${exit}`, tail };
}

function crashesOf({ stdout }) {
  if (!stdout.startsWith('{')) return {};
  const { kills, points, unsure, asked, differences } = JSON.parse(stdout);
  return { kills, points, unsure: [...unsure, ...asked], differences };
}

function launch(project, argv, minutes) {
  const child = spawn(process.execPath, [join(root, 'dist/launch.cjs'), ...argv], {
    cwd: project,
    env: { ...process.env, LAUNCHBOOK_CONFIG_DIR: join(project, '.config') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr = (stderr + data).slice(-20_000);
  });
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    child.kill('SIGTERM');
  }, minutes * 60_000);
  return new Promise((done) => {
    child.on('close', (exit) => {
      clearTimeout(limit);
      done({ exit, timedOut, stdout, stderr });
    });
  });
}

function listOfFaults() {
  const { stdout } = spawnSync(process.execPath, [
    join(root, 'dist/launch.cjs'),
    'rehearse',
    'prod',
    '--fault',
    'list',
  ]);
  return String(stdout)
    .split('\n')
    .flatMap((line) => /^([a-z][a-z-]*) /.exec(line)?.slice(1) ?? []);
}

function kept(name) {
  const file = join(KEPT, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function keep(name, trial) {
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(join(KEPT, `${name}.json`), JSON.stringify(trial, null, 2));
}

/** Of what is carried out: the definitions, not the prose. */
function digestOf(name) {
  const [, definitions = ''] = textOf(name).split(/^---$/m);
  return createHash('sha256').update(definitions).digest('hex').slice(0, 16);
}

function textOf(name) {
  return readFileSync(join(root, 'runbooks', `${name}.md`), 'utf8');
}

function isGood(trial) {
  return !Object.values(trial).some(({ ended }) => isLost(ended));
}

/** What was tried before the last edit, in a sentence. */
function olderIn(name, trial) {
  const all = Object.values(trial);
  const older = all.filter((outcome) => outcome.of !== digestOf(name)).length;
  return older === 0 ? '' : ` ${older} of these ${all.length} trials are from before the last edit of its definitions.`;
}

function tableOf(tried) {
  const faults = listOfFaults();
  const rows = tried.map(([name, trial]) => {
    const steps = new Set([...textOf(name).matchAll(/^ {2}- (?:\{ )?id: ([a-z0-9-]+)/gm)].map(([, id]) => id)).size;
    const met = faultsThat(trial, (ended) => ended === 'well' || isLost(ended)).length;
    const led = faultsThat(trial, (ended) => ended === 'well').length;
    const { crash } = trial;
    const killed = crash?.points === undefined ? (crash?.ended ?? 'not tried') : `${crash.kills} at ${crash.points}`;
    const end = crash?.differences === undefined ? '' : crash.differences.length === 0 ? 'the same' : crash.differences;
    return [name, steps, trial.auto?.ended ?? 'not tried', met, led, killed, end, codes(crash?.unsure ?? [])];
  });
  const titles = [
    'runbook',
    'steps',
    '`--auto`',
    'faults met',
    'led out of',
    'killed, at points',
    'end',
    'asked after a crash',
  ];
  const lists = tried.flatMap(([name, trial]) => [
    '',
    `**${name}** is led out of ${codes(faultsThat(trial, (ended) => ended === 'well'))}.` +
      said(' Not led out of: ', faultsThat(trial, isLost)) +
      said(
        ' Its steps could be hit by these, and never came to where they strike: ',
        faultsThat(trial, (ended) => ended === 'not met'),
      ) +
      said(
        ' Not tried: ',
        faults.filter((fault) => trial[`fault ${fault}`] === undefined),
      ) +
      olderIn(name, trial),
  ]);
  return [row(titles), row(titles.map(() => '---')), ...rows.map(row), ...lists].join('\n');
}

function withTable(text, table) {
  const between = /(<!-- trials -->\n\n)[\s\S]*?(\n\n<!-- \/trials -->)/;
  if (!between.test(text))
    throw new Error('docs/seeds.md has no place for the table: <!-- trials --> … <!-- /trials -->');
  return text.replace(between, (_whole, before, after) => before + table + after);
}
