// What goes wrong before and around a run: each a message with its place and remedy, its own exit code, and nothing lost or made.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventsOf, launch, launchFile, projectOf, runbookOf, runOf, start, trusted } from './launching.ts';

const step = (text: string) => runbookOf(`steps:\n  - ${text}`, 'go');

describe('a command line', () => {
  test.each([
    [['nothing'], 'no runbook is called "nothing"', 'runbooks here: small'],
    [['smll'], 'no runbook is called "smll"', 'did you mean small?'],
    [['runbooks/other.md'], 'there is no runbooks/other.md in', '`launch` lists the runbooks'],
    [['../other.md'], '../other.md lies outside the project', 'go to the project'],
    [['small', 'more'], '"small" is no command', '`launch --help` lists the commands'],
    [['sttaus', 'small'], '"sttaus" is no command', 'did you mean `launch status`?'],
    [['small', '--jsn'], 'unknown flag --jsn', 'did you mean --json?'],
    [['small', '--answers'], '--answers', '`launch --help` shows how flags are written'],
    [['small', '--skip', 'go'], '--skip go has no "="', '--skip NAME=REASON'],
    [['rehearse', 'small', '--fault', 'nothing'], 'nothing', '--fault list'],
    [['status', '--run', 'zzz'], 'no run begins with "zzz"', '`launch runs` lists them'],
    [['export', '--check', 'no.md'], 'there is no run yet', '`launch NAME` starts one'],
    [['lint', '--dir', '/'], 'no folder from / upward has a runbooks folder', 'launch import PLAN.md'],
  ])('launch %j ends with 2 and says what to do', async (argv, says, remedy) => {
    const project = projectOf({ 'runbooks/small.md': step('{ id: go, manual: true }') });
    const ran = await launch(project, argv);
    expect(ran.stderr).toContain(says);
    expect(ran.stderr).toContain(remedy);
    expect(ran.exit).toBe(2);
    expect(readdirSync(project)).toEqual(['runbooks']);
  });

  test('may name a runbook by its path from where the person is', async () => {
    const project = projectOf({ 'runbooks/small.md': step('{ id: go, manual: true }') });
    expect(await launch(join(project, 'runbooks'), ['lint', './small.md'])).toMatchObject({
      exit: 0,
      stdout: '1 file: 0 errors, 0 warnings\n',
    });
  });
});

describe('a runbook', () => {
  test.each([
    ['with broken YAML', '---\nrunbook: 1\nsteps: [\n---\n', ':4:1', 'close every { and ['],
    ['without front matter', '# A plan\n', ':1:1  the file has no front matter', 'the first line is ---'],
    [
      'with an unknown kind',
      step('{ id: go, uses: http/respnse, with: {} }'),
      ':5:21  unknown kind "http/respnse"',
      'did you mean "http/response"?',
    ],
    [
      'with an unknown key',
      step('{ id: go, manual: true, tiemout: 5m }'),
      ':5:29  unknown key "tiemout"',
      '`launch schema` says which keys fit',
    ],
    ['with a value of the wrong type', step('{ id: go, manual: true, needs: 7 }'), ':5:36', 'needs'],
    ['with a wrong value for a kind', step('{ id: go, uses: http/response, with: { url: 7 } }'), ':5:49', 'url'],
    [
      'with needs in a circle',
      runbookOf('steps:\n  - { id: go, manual: true, needs: [on] }\n  - { id: on, manual: true }', 'go', 'on'),
      ':5:',
      'these steps wait for each other: go → on → go',
    ],
    [
      'with an id twice',
      runbookOf('steps:\n  - { id: go, manual: true }\n  - { id: go, manual: true }', 'go'),
      ':6:11  the id "go" is taken',
      'the step on line 5 has it',
    ],
    [
      'with an expression outside quotes',
      step('{ id: go, run: "echo ${{ run.id }}" }'),
      ':5:',
      'write "${{ run.id }}"',
    ],
    [
      'with an output that is not there',
      runbookOf(
        'steps:\n  - { id: go, uses: fly/certificate, with: { app: a, hostname: h.example.com } }\n  - { id: on, manual: true, copy: { x: "${{ steps.go.outputs.targt }}" } }',
        'go',
        'on',
      ),
      ':6:',
      'did you mean "target"?',
    ],
    ['of another version', '---\nrunbook: 2\ntitle: x\nsteps: []\n---\n', ':2:10  expected 1, found 2', 'write 1'],
  ])('%s stops with 3, its place and the remedy, before anything is run', async (_what, text, place, remedy) => {
    const project = projectOf({ 'runbooks/small.md': text });
    const ran = await launch(project, ['small']);
    expect(ran.stderr).toContain(`runbooks/small.md${place}`);
    expect(ran.stderr).toContain(remedy);
    expect(ran.stderr).toContain('to mend before it can run.');
    expect(ran.exit).toBe(3);
    expect(readdirSync(project)).toEqual(['runbooks']);
  });

  test('with a step that has no section is warned of, and stops only with --strict', async () => {
    const project = projectOf({
      'runbooks/small.md': runbookOf('steps: [{ id: go, run: "true" }, { id: on, run: "true" }]', 'on'),
    });
    const argv = await trusted(project, 'small');
    const strict = await launch(project, [...argv, '--strict']);
    expect(strict.stderr).toContain('runbooks/small.md:4:15  warning: the step "go" has no section');
    expect(strict.stderr).toContain('write "### Title <!-- go -->" where it belongs');
    expect(strict.exit).toBe(3);
    expect(existsSync(join(project, '.launch'))).toBe(false);
    const ran = await launch(project, argv);
    expect(ran.stderr).toContain('warning: the step "go" has no section');
    expect(ran.exit).toBe(0);
  });
});

/** A run that stopped at its second step, with a journal of some lines. */
async function stopped() {
  const project = projectOf({
    'runbooks/small.md': runbookOf(
      'steps: [{ id: go, run: "echo went >> went.txt" }, { id: on, manual: true }]',
      'go',
      'on',
    ),
  });
  const argv = await trusted(project, 'small');
  expect((await launch(project, argv)).exit).toBe(4);
  const journal = join(runOf(project), 'journal.jsonl');
  return { project, argv, journal, text: readFileSync(journal, 'utf8') };
}

describe('a journal', () => {
  test('with a torn last line is mended, told, and the run goes on without doing anything twice', async () => {
    const { project, argv, journal, text } = await stopped();
    writeFileSync(journal, `${text}{"v":1,"n":`);
    const ran = await launch(project, argv);
    expect(ran.stderr).toMatch(/The last line of the journal was not whole; it was set aside as journal\.torn-\d+\./);
    expect(ran.exit).toBe(4);
    expect(readFileSync(journal, 'utf8').startsWith(text)).toBe(true);
    expect(readFileSync(join(project, 'went.txt'), 'utf8')).toBe('went\n');
    const [torn = ''] = readdirSync(runOf(project)).filter((name) => name.startsWith('journal.torn'));
    expect(readFileSync(join(runOf(project), torn), 'utf8')).toBe('{"v":1,"n":');
  });

  test.each([
    [
      'a broken line in the middle',
      (line: string) => line.slice(0, -9),
      ':3  this line cannot be used: it is not a JSON object',
      'Put back an untouched copy',
    ],
    [
      'a line of another number',
      (line: string) => line.replace('"n":3', '"n":7'),
      ':3  this line cannot be used: it has the number 7 where 3 is due',
      'Nothing was changed',
    ],
    [
      'a changed line',
      (line: string) => line.replace('"at":"2', '"at":"3'),
      ':4  this line cannot be used: the line before it is not the one',
      'Put back an untouched copy',
    ],
    [
      'a line of an unknown version',
      (line: string) => line.replace('"v":1', '"v":9'),
      ':3  this run was written by a newer launch (version 9',
      'Go on with the version of launch that wrote it',
    ],
  ])('with %s stops with 8, names the line, and stays as it is', async (_what, change, place, remedy) => {
    const { project, argv, journal, text } = await stopped();
    const changed = text
      .split('\n')
      .map((line, index) => (index === 2 ? change(line) : line))
      .join('\n');
    expect(changed).not.toBe(text);
    writeFileSync(journal, changed);
    for (const command of [argv, ['status']]) {
      const ran = await launch(project, command);
      expect(ran.stderr).toContain(`journal.jsonl${place}`);
      expect(ran.stderr).toContain(remedy);
      expect(ran.exit).toBe(8);
    }
    expect(readFileSync(journal, 'utf8')).toBe(changed);
    expect(readFileSync(join(project, 'went.txt'), 'utf8')).toBe('went\n');
  });
});

/** Root may write everywhere, so there these programs run as nobody, and from a copy of the package that nobody may read. */
const nobody = process.getuid?.() === 0 ? 65534 : undefined;
function readable(): string {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-package-'));
  cpSync(dirname(launchFile), join(folder, 'dist'), { recursive: true });
  chmodSync(folder, 0o755);
  return join(folder, 'dist/launch.cjs');
}
const asNobody = (cwd: string, argv: readonly string[]) =>
  start(cwd, argv, { file: readable(), env: { HOME: cwd }, ...(nobody !== undefined && { as: nobody }) }).ended;
function ownedByNobody(path: string): void {
  if (nobody === undefined) return;
  chownSync(path, nobody, nobody);
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' }))
    chownSync(join(path, entry), nobody, nobody);
}

describe('a folder that cannot be written', () => {
  test('stops a new run with 8 before anything is run', async () => {
    const project = projectOf({ 'runbooks/small.md': step('{ id: go, run: "echo went >> $HOME/went.txt" }') });
    const argv = await trusted(project, 'small');
    chmodSync(project, 0o555);
    const ran = await asNobody(project, argv);
    expect(ran.stderr).toMatch(/cannot make \.launch: no permission/);
    expect(ran.stderr).toContain('Give yourself the right to write there');
    expect(ran.exit).toBe(8);
    chmodSync(project, 0o755);
    expect(readdirSync(project)).toEqual(['runbooks']);
  });

  test('stops a resume with 8; the journal stays as it is, and is still shown', async () => {
    const { project, argv, journal, text } = await stopped();
    ownedByNobody(project);
    chmodSync(dirname(journal), 0o555);
    const ran = await asNobody(project, argv);
    expect(ran.stderr).toContain('no permission');
    expect(ran.stderr).toContain('the run goes on where it is');
    expect(ran.exit).toBe(8);
    expect((await asNobody(project, ['status'])).exit).toBe(0);
    chmodSync(dirname(journal), 0o755);
    expect(readFileSync(journal, 'utf8')).toBe(text);
  });

  test('for the record stops with 8, when all else is done, and says how the record is written', async () => {
    const project = projectOf({
      'runbooks/small.md': runbookOf('record: docs/RECORD.md\nsteps: [{ id: go, run: "true" }]', 'go'),
      'docs/x': '',
    });
    const argv = await trusted(project, 'small');
    chmodSync(project, 0o755);
    ownedByNobody(project);
    chmodSync(join(project, 'docs'), 0o555);
    const ran = await asNobody(project, argv);
    expect(ran.stderr).toContain(
      'the run is finished, but its record could not be written: cannot write docs/RECORD.md',
    );
    expect(ran.stderr).toContain('start again: only the record is still to be written');
    expect(ran.exit).toBe(8);
    chmodSync(join(project, 'docs'), 0o755);
    expect((await asNobody(project, argv)).exit).toBe(0);
    expect(readFileSync(join(project, 'docs/RECORD.md'), 'utf8')).toContain('outcome: "done"');
  });
});

describe('fly', () => {
  const flyStep = () =>
    projectOf({ 'runbooks/small.md': step('{ id: go, uses: fly/app, with: { name: some-app, org: personal } }') });

  /** A folder with these executables, and the few that are needed besides. */
  function pathWith(scripts: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'launchbook-path-'));
    for (const name of ['bash', 'git', 'ps']) {
      const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
      if (stdout.trim() !== '') symlinkSync(stdout.trim(), join(folder, name));
    }
    for (const [name, text] of Object.entries(scripts))
      writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    return folder;
  }

  test('that is not there stops with 1 before the first act, and says where to get it', async () => {
    const project = flyStep();
    const ran = await launch(project, await trusted(project, 'small'), { PATH: pathWith({}) });
    expect(ran.stderr).toContain('fly is not on this machine');
    expect(ran.stderr).toContain('Go on with: launch small');
    expect(ran.exit).toBe(1);
    expect(eventsOf(runOf(project)).map(({ type }) => type)).toEqual(['run.started', 'run.paused']);
  });

  test('that is not logged in stops with 1 before the first act, and says how to log in', async () => {
    const project = flyStep();
    const fly = `case "$1" in version) echo '{"Version":"0.4.68"}'; echo 'flyctl v0.4.68';; *) echo "Error: no access token available. Please login with 'flyctl auth login'" >&2; exit 1;; esac`;
    const ran = await launch(project, await trusted(project, 'small'), { PATH: pathWith({ fly }) });
    expect(ran.stderr).toContain('fly: expected a login that Fly accepts, seen not logged in to Fly');
    expect(ran.stderr).toContain('fly auth login');
    expect(ran.exit).toBe(1);
    expect(eventsOf(runOf(project)).map(({ type }) => type)).toEqual(['run.started', 'run.paused']);
  });

  test('too old stops with 1 and names the version that is needed', async () => {
    const project = flyStep();
    const ran = await launch(project, await trusted(project, 'small'), {
      PATH: pathWith({ fly: 'echo flyctl v0.0.1' }),
    });
    expect(ran.stderr).toMatch(/fly 0\.0\.1 is too old: \d+\.\d+\.\d+ is needed/);
    expect(ran.exit).toBe(1);
  });
});

test('a `.launch` that is a file stops with 8 and says so', async () => {
  const project = projectOf({ 'runbooks/small.md': step('{ id: go, run: "true" }'), '.launch': '' });
  const ran = await launch(project, await trusted(project, 'small'));
  expect(ran.stderr).toContain('a part of the path is a file, not a folder');
  expect(ran.exit).toBe(8);
});

test('a runbook that is a folder, or no text, is told with what to do', async () => {
  const project = projectOf({ 'runbooks/other.md': step('{ id: go, manual: true }') });
  mkdirSync(join(project, 'runbooks/small.md'));
  writeFileSync(join(project, 'runbooks/binary.md'), Buffer.from([0xff, 0xfe, 0x00, 0x2d]));
  expect((await launch(project, ['small'])).exit).toBe(2);
  const ran = await launch(project, ['binary']);
  expect(ran.stderr).toContain('this is not UTF-8 text');
  expect(ran.exit).toBe(3);
});
