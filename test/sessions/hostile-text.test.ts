// Text of a runbook, a child, a file, the environment or the command line never steers the terminal: what is not printable is shown.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commandNames } from '../../src/commands/main.ts';
import { openPty } from '../terminal/pty.ts';
import { launch, launchFile } from './launching.ts';

/** Titles, clipboard, links, questions to the terminal, erasures, colours that are not ours, C1, bidi, overwriting, ringing. */
const ATTACKS = [
  '\u001b]0;owned\u0007',
  '\u001b]52;c;b3duZWQ=\u0007',
  '\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\',
  '\u001b[c',
  '\u001b[2J\u001b[H',
  '\u001b[35mmagenta\u001b[0m',
  '\u001bP+q\u001b\\',
  '\u009b6n\u009d0;x\u009c',
  'good\rbad',
  'a\bb\u007f',
  '\u202edesrever\u202c \u2066x\u2069 zero\u200bwidth',
];
const EVIL = ATTACKS.join(' ');
const NUL = 'nul\u0000nul';
const yaml = JSON.stringify(EVIL).replace(
  /[\u007f-\uffff]/g,
  (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
);

const RUNBOOK = `---
runbook: 1
title: ${yaml}
inputs:
  name: { description: ${yaml}, default: ${yaml} }
steps:
  - { id: print, run: node print.mjs, continue-on-error: true, costs: ${yaml}, takes: ${yaml}, who: ${yaml} }
  - { id: ask, question: ${yaml}, default: fine, needs: [print] }
  - { id: hand, manual: true, open: ${yaml}, copy: { Name: ${yaml} }, needs: [ask], undo: { manual: ${yaml} } }
---

# Launch

## Phase ${ATTACKS[10]}

### Print

Prose ${EVIL}

### Ask

### Hand
`;
const FILLS = `---
runbook: 1
title: ${yaml}
secrets:
  sol-prod: { compare-with: sol-staging, names: { EVIL: { from: { file: ${yaml} } } } }
steps:
  - { id: fill, uses: secrets/fill, with: { app: sol-prod } }
---
`;
/** One that lint has much to say of. */
const WRONG = `---
runbook: 1
title: Wrong
inputs: { ${yaml}: { default: x } }
steps:
  - { id: ${yaml}, run: "true", ${yaml}: 1 }
  - { id: other, uses: ${yaml} }
---
`;
const THROWS = `---
runbook: 1
title: Throws
steps:
  - { id: throw, uses: ./steps/throw.mjs }
---
`;
const KIND = `export default ({ defineStep, z }) => defineStep({
  name: 'throw', summary: 'x', example: 'with: {}', with: z.strictObject({}), describe: () => ${JSON.stringify(EVIL)},
  checkedAgainst: 'source',
  act: () => new Promise(() => setTimeout(() => { throw new Error(${JSON.stringify(EVIL + NUL)}); }, 1)),
});`;

let project: string;
let digest: string;
const env = { LAUNCH_FLY: join('/nowhere', EVIL), USER: EVIL, EVIL };

beforeAll(async () => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-hostile-')));
  for (const folder of ['runbooks', 'steps', 'src']) mkdirSync(join(project, folder));
  writeFileSync(join(project, 'runbooks/hostile.md'), RUNBOOK);
  writeFileSync(join(project, 'runbooks/throws.md'), THROWS);
  writeFileSync(join(project, 'runbooks/wrong.md'), WRONG);
  writeFileSync(join(project, 'runbooks/fills.md'), FILLS);
  writeFileSync(join(project, 'steps/throw.mjs'), KIND);
  writeFileSync(
    join(project, 'print.mjs'),
    `const text = ${JSON.stringify([...ATTACKS, NUL])}; for (const one of text) { console.log(one); console.error(one); } throw new Error(text.join(' '));`,
  );
  writeFileSync(
    join(project, `src/a${ATTACKS[0]}.ts`),
    `use(process.env.EVIL ?? ${JSON.stringify(EVIL)}); use(process.env.OTHER)`,
  );
  writeFileSync(join(project, 'fly.toml'), `app = 'sol-prod'\n[env]\n"EVIL" = ${yaml}\n`);
  writeFileSync(join(project, '.env.example'), `EVIL=${EVIL}${NUL}\nOTHER=\n`);
  writeFileSync(
    join(project, 'plan.md'),
    `# ${EVIL}\n\n## Steps ${EVIL}\n\n1. \`fly deploy ... ${EVIL}\`\n2. ${EVIL} <${EVIL}>\n`,
  );
  writeFileSync(join(project, 'answers.yaml'), `inputs.nothing: ${yaml}\n${yaml}: x\n`);
  digest = await digestOf('hostile');
});

const digestOf = async (name: string): Promise<string> =>
  /[0-9a-f]{64}/.exec((await launch(project, ['trust', name], env)).stdout)?.[0] ?? '';

/** What is not printable and not one of ours, with what stands around it. */
function hidden(raw: string, ours: RegExp): readonly string[] {
  const rest = raw.replace(ours, '');
  return [...rest.matchAll(/.{0,12}[\p{C}\p{Zl}\p{Zp}](?<![\n\t]).{0,12}/gsu)].map(([found]) => JSON.stringify(found));
}

const NOTHING = /(?!)/;
/** Bold, dim, underline, four tones, and their ends. */
const COLOURS = /\u001b\[(?:0|1|2|4|22|24|31|32|33|36|39)m/g;
/** What the wizard and clack draw with besides. */
const DRAWN =
  /\u001b\[(?:[0-9]+A|J|\?25[lh]|\?2004[lh]|\?2026[lh]|(?:0|1|2|4|7|8|9|22|24|27|28|29|31|32|33|34|35|36|39|90)m)|\r(?=\u001b|\n)|(?<=^|[^\u001b])\u0007/g;

/** Everything that a command can say, and after it what it is said of: each of the commands is here. */
const SAID: readonly (readonly string[])[] = [
  [],
  [EVIL],
  [EVIL, EVIL],
  [`--${EVIL}`],
  ['--dir', EVIL],
  ['run', 'hostile', '--trust', '@', '--yes'],
  ['run', 'hostile', '--trust', EVIL],
  ['run', 'hostile', '--trust', '@', '--skip', `hand=${EVIL}`, '--skip', `${EVIL}=x`],
  ['run', 'hostile', '--trust', '@', '--skip', `hand=${EVIL}`, '--who', EVIL],
  ['hostile', '--answers', 'answers.yaml', '--trust', '@'],
  ['hostile', '--answers', EVIL],
  ['hostile', '--input', `name=${EVIL}`, '--input', EVIL],
  ['hostile', '--run', EVIL],
  ['run', 'throws', '--trust', '@throws'],
  ['run', 'hostile', '--json', '--new', '--yes', '--trust', '@'],
  ['plan', 'hostile'],
  ['plan', 'hostile', '--json'],
  ['rehearse', 'hostile', '--auto'],
  ['rehearse', 'hostile', '--auto', '--json', '--new'],
  ['rehearse', 'hostile', '--fault', EVIL],
  ['rehearse', 'hostile', '--crash', 'every', '--json'],
  ['rehearse', EVIL],
  ['import', 'plan.md'],
  ['import', EVIL],
  ['init'],
  ['init', EVIL],
  ['lint'],
  ['lint', 'hostile', '--json'],
  ['lint', '--format', 'github'],
  ['lint', '--format', EVIL],
  ['lint', '--project'],
  ['lint', EVIL],
  ['status', '--run', '@run'],
  ['status', '--run', '@run', '--text'],
  ['status', '--run', '@run', '--json'],
  ['status', '--run', EVIL],
  ['log', '--run', '@run'],
  ['log', '--run', '@run', '--json'],
  ['runs'],
  ['runs', '--json'],
  ['export', '--run', '@run'],
  ['export', '--run', '@run', '--format', 'json'],
  ['export', '--run', '@run', '--format', EVIL],
  ['export', '--run', '@run', '--check', EVIL],
  ['secrets', 'scan'],
  ['secrets', 'scan', '--format', 'markdown'],
  ['secrets', 'scan', '--json'],
  ['secrets', 'diff', 'fills'],
  ['secrets', 'diff', 'fills', '--json'],
  ['secrets', 'fill', 'fills', '--trust', '@fills'],
  ['secrets', EVIL],
  ['trust', 'hostile'],
  ['trust', EVIL],
  ['verify', '--run', '@run'],
  ['verify', '--run', '@run', '--json'],
  ['undo', '--run', '@run'],
  ['undo', '--run', '@run', '--json'],
  ['mark', 'hand', 'skipped', '--reason', EVIL, '--run', '@run'],
  ['mark', EVIL, 'done', '--run', '@run'],
  ['answer', EVIL, EVIL, '--run', '@run'],
  ['answer', 'steps.ask.answer', EVIL, '--run', '@run'],
  ['handover', '--run', '@run', '--out', EVIL],
  ['handover', 'open', EVIL],
  ['unlock', EVIL],
  ['steps', EVIL],
  ['steps', 'http/response'],
  ['doctor', 'hostile'],
  ['doctor', 'hostile', '--json'],
  ['completion', EVIL],
  ['completion', 'zsh'],
  ['schema'],
];

test('every command is tried', () => {
  expect(commandNames.filter((name) => !SAID.some(([first]) => first === name))).toEqual([]);
});

test('in lines, as JSON and in tables nothing of it is obeyed, with colours and without', async () => {
  const [throws, fills] = [await digestOf('throws'), await digestOf('fills')];
  let shown = '';
  for (const [at, argv] of SAID.entries()) {
    const colour = at % 2 === 1;
    const [run] = argv.includes('@run')
      ? readdirSync(join(project, '.launch/runs')).filter((id) => /^hostile/.test(id))
      : [];
    const names: Record<string, string | undefined> = { '@': digest, '@throws': throws, '@fills': fills, '@run': run };
    const words = argv.map((word) => names[word] ?? word);
    const { stdout, stderr, exit } = await launch(project, words, { ...env, FORCE_COLOR: colour ? '1' : '0' });
    const said = stdout + stderr;
    expect({ argv, hidden: hidden(said, colour ? COLOURS : NOTHING) }).toEqual({ argv, hidden: [] });
    expect({ argv, said: said !== '', bug: exit === 70 }).toEqual({ argv, said: true, bug: argv.includes('throws') });
    shown += said;
    if (argv.includes('--json') && exit !== 2 && stdout !== '')
      for (const one of argv[0] === 'log' || stdout.includes('"v":') ? stdout.trim().split('\n') : [stdout])
        JSON.parse(one);
  }
  for (const attack of [
    '^[]0;owned^G',
    '^[]52;c;',
    '^[]8;;',
    '^[[2J',
    '^[[35m',
    '\\u{9b}6n',
    '^Mbad',
    '\\u{202e}',
    '^@nul',
  ])
    expect(shown).toContain(attack);
}, 580_000);

test('an error that nobody caught is told like any other bug of ours', async () => {
  const { exit, stderr } = await launch(
    project,
    ['throws', '--new', '--yes', '--trust', await digestOf('throws')],
    env,
  );
  expect(stderr).toContain('this is a bug of ours');
  expect(stderr).toContain('^[]0;owned^G');
  expect(exit).toBe(70);
});

test('in the wizard neither', async () => {
  const pty = openPty({
    file: process.execPath,
    args: [launchFile, 'hostile', '--new', '--yes', '--trust', digest],
    cwd: project,
    env: { ...env, HOME: project, LAUNCHBOOK_CONFIG_DIR: join(project, '.config') },
    columns: 100,
    rows: 40,
  });
  await pty.until('a value to give');
  await pty.type('\r');
  await pty.until('2/3');
  await pty.type('\r');
  await pty.until('3/3');
  await pty.type('?');
  await pty.until('a shell in the project');
  expect(hidden(pty.raw(), DRAWN)).toEqual([]);
  expect(pty.screen()).toContain('^[]0;owned^G');
}, 120_000);
