// Text of a runbook, a child or a file never steers the terminal: what is not printable is shown, not obeyed.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openPty } from '../terminal/pty.ts';
import { launch, launchFile } from './launching.ts';

const ESC = '\u001b';
/** Sets the window's title, writes to the clipboard, asks the terminal a question, clears, overwrites the line, turns the text round. */
const ATTACKS = [
  '\u001b]0;owned\u0007',
  '\u001b]52;c;b3duZWQ=\u0007',
  '\u001b[c',
  '\u001bP+q\u001b\\',
  '\u009b6n',
  'good\rbad',
  '\u202edesrever',
];
const yaml = JSON.stringify(ATTACKS.join(' ')).replace(
  /[\u0080-\uffff]/g,
  (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
);

const RUNBOOK = `---
runbook: 1
title: ${yaml}
inputs:
  name: { description: ${yaml}, default: ${yaml} }
steps:
  - { id: print, run: node print.mjs, continue-on-error: true }
  - { id: ask, question: ${yaml}, default: fine, needs: [print] }
---

# Launch

## Phase ${ATTACKS[6]}

### Print

Prose ${ATTACKS[6]}

### Ask
`;

let project: string;
beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-hostile-')));
  mkdirSync(join(project, 'runbooks'));
  writeFileSync(join(project, 'runbooks/hostile.md'), RUNBOOK);
  const print = `const text = ${JSON.stringify(ATTACKS)}; for (const one of text) { console.log(one); console.error(one); } throw new Error(text.join(' '));`;
  writeFileSync(join(project, 'print.mjs'), print);
  writeFileSync(
    join(project, `a${ESC}]0;owned\u0007.ts`),
    `use(process.env.EVIL ?? ${JSON.stringify(ATTACKS.join(' '))}); use(process.env.OTHER)`,
  );
});

/** What would be obeyed and is not ours: none of it may be in what was written. */
function obeyed(raw: string): readonly string[] {
  const found = [/\u001b\]0;owned/, /\u001b\]52/, /\u001b\[c/, /\u001bP/, /\u009b/, /good\rbad/, /\u202e/].filter(
    (attack) => attack.test(raw),
  );
  return found.map(String);
}

test('in lines, as JSON and in tables nothing of it is obeyed, and it can be seen', async () => {
  const digest = /--trust ([0-9a-f]{64})/.exec((await launch(project, ['hostile'])).stderr)?.[1] ?? '';
  for (const argv of [
    ['hostile', '--trust', digest],
    ['plan', 'hostile'],
    ['lint'],
    ['status'],
    ['log'],
    ['runs'],
    ['export'],
    ['secrets', 'scan'],
    ['secrets', 'scan', '--format', 'markdown'],
    ['secrets', 'scan', '--json'],
    ['trust', 'hostile'],
  ]) {
    const { stdout, stderr } = await launch(project, argv);
    expect({ argv, obeyed: obeyed(stdout + stderr) }).toEqual({ argv, obeyed: [] });
  }
  const { stdout } = await launch(project, ['secrets', 'scan']);
  expect(stdout).toContain('^[]0;owned^G');
}, 120_000);

test('in the wizard neither', async () => {
  const env = { HOME: project, LAUNCHBOOK_CONFIG_DIR: join(project, '.config') };
  const digest = /--trust ([0-9a-f]{64})/.exec((await launch(project, ['hostile', '--new'])).stderr)?.[1] ?? '';
  const pty = openPty({
    file: process.execPath,
    args: [launchFile, 'hostile', '--new', '--yes', '--trust', digest],
    cwd: project,
    env,
    columns: 100,
    rows: 40,
  });
  await pty.until('1 value to give');
  await pty.type('\r');
  await pty.until('2/2');
  expect(obeyed(pty.raw())).toEqual([]);
}, 60_000);
