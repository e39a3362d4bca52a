// Two people, two machines, one run: packed here, opened there, handed back; and what is not let in.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alive, until } from '../system/processes.ts';
import { eventsOf, launch, projectOf, runbookOf, runOf, start, trusted } from './launching.ts';

const runbook = runbookOf(
  'steps: [{ id: make, run: "echo made | tee -a made.txt" }, { id: go, manual: true, who: ben }, { id: end, run: "echo made >> ended.txt" }]',
  'make',
  'go',
  'end',
);
const project = () => projectOf({ 'runbooks/small.md': runbook });

/** A run of ann that stands at the step for ben, packed. */
async function packed() {
  const here = project();
  const argv = await trusted(here, 'small', '--who', 'ann');
  expect((await launch(here, argv)).exit).toBe(4);
  const ran = await launch(here, ['handover', '--who', 'ann', '--to', 'ben', '--out', 'over.json']);
  return { here, argv, ran, file: join(here, 'over.json'), id: basename(runOf(here)) };
}

interface File {
  name: string;
  text: string;
  sha256: string;
}

/** The same file, changed by someone on its way. */
function changed(file: string, change: (handover: { run: string; files: File[] }) => void): string {
  const handover = JSON.parse(readFileSync(file, 'utf8'));
  change(handover);
  const to = `${file}.changed`;
  writeFileSync(to, JSON.stringify(handover));
  return to;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('launch handover', () => {
  test('packs where we are and who is needed, and from then on this folder refuses to act', async () => {
    const { here, argv, ran, file, id } = await packed();
    expect(ran.stderr).toBe('');
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toContain('Needed: ben, for "go"');
    expect(ran.stdout).toContain(`SHA-256 ${sha256(readFileSync(file, 'utf8'))}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const files: File[] = JSON.parse(readFileSync(file, 'utf8')).files;
    expect(files.map(({ name }) => name.replace(/-[0-9a-f]{8}\./, '-DIGEST.'))).toEqual([
      'journal.jsonl',
      'receipts/make-1.log',
      'runbook-DIGEST.md',
    ]);
    const before = readFileSync(join(runOf(here), 'journal.jsonl'), 'utf8');
    const refused = await launch(here, argv);
    expect(refused.stderr).toContain(`${id} was handed over to ben by ann at `);
    expect(refused.exit).toBe(5);
    expect((await launch(here, ['status', '--text'])).stdout).toContain('it goes on elsewhere');
    for (const name of ['status', 'log', 'export']) expect((await launch(here, [name])).exit).toBe(0);
    expect(readFileSync(join(runOf(here), 'journal.jsonl'), 'utf8')).toBe(before);
  });

  test('packs the same again where its file was lost, with no second event', async () => {
    const { here, file } = await packed();
    expect((await launch(here, ['handover', '--out', 'again.json'])).exit).toBe(0);
    const journalIn = (path: string) => JSON.parse(readFileSync(path, 'utf8')).files[0];
    expect(journalIn(join(here, 'again.json'))).toEqual(journalIn(file));
  });

  test('hands nothing over where the file cannot be made', async () => {
    const here = project();
    const argv = await trusted(here, 'small');
    await launch(here, argv);
    writeFileSync(join(here, 'there.json'), 'mine');
    expect((await launch(here, ['handover', '--out', 'there.json'])).exit).toBe(2);
    expect((await launch(here, ['handover', '--out', 'no/folder.json'])).exit).toBe(2);
    expect(readFileSync(join(here, 'there.json'), 'utf8')).toBe('mine');
    expect((await launch(here, argv)).exit).toBe(4);
  });

  test('waits for a child that still runs after its launch was killed', async () => {
    const here = projectOf({
      'runbooks/small.md': runbookOf('steps: [{ id: go, run: "echo under $(echo way); sleep 300" }]', 'go'),
    });
    const first = start(here, await trusted(here, 'small'));
    await first.until('under way');
    first.child.kill('SIGKILL');
    await first.ended;
    const refused = await launch(here, ['handover', '--out', 'over.json']);
    expect(refused.stderr).toContain('"go" still runs here');
    expect(refused.exit).toBe(4);
    expect(existsSync(join(here, 'over.json'))).toBe(false);
    const [, group] = /kill -- -(\d+)/.exec(refused.stderr) ?? [];
    process.kill(-Number(group), 'SIGKILL');
    await until(() => !alive(Number(group)));
    const ran = await launch(here, ['handover', '--out', 'over.json']);
    expect(ran.stdout).toContain('In doubt: "go"');
    expect(ran.exit).toBe(0);
  });

  test('packs nothing that holds a token of this environment', async () => {
    const here = projectOf({
      'runbooks/small.md': runbookOf(
        'steps: [{ id: say, run: "echo canary-value-1" }, { id: go, manual: true }]',
        'say',
        'go',
      ),
    });
    const argv = await trusted(here, 'small');
    await launch(here, argv);
    const ran = await launch(here, ['handover', '--out', 'over.json'], { DEPLOY_TOKEN: 'canary-value-1' });
    expect(ran.stderr).toContain('DEPLOY_TOKEN stands in ');
    expect(ran.stderr).not.toContain('canary-value-1');
    expect(ran.exit).toBe(1);
    expect((await launch(here, argv)).exit).toBe(4);
  });

  test('--new leaves the run that goes on elsewhere as it is, and says so first', async () => {
    const { here, argv, id } = await packed();
    const journal = join(here, '.launch/runs', id, 'journal.jsonl');
    const before = readFileSync(journal, 'utf8');
    expect(await launch(here, [...argv, '--new'])).toMatchObject({ exit: 2 });
    expect((await launch(here, [...argv, '--new', '--yes'])).exit).toBe(4);
    expect(readFileSync(journal, 'utf8')).toBe(before);
    expect((await launch(here, argv)).exit).toBe(4);
  });

  test('take-back is for a person at a terminal', async () => {
    const { here, argv } = await packed();
    const ran = await launch(here, ['handover', 'take-back', '--yes']);
    expect(ran.stderr).toContain('needs a person at a terminal');
    expect(ran.exit).toBe(4);
    expect((await launch(here, argv)).exit).toBe(5);
  });
});

describe('launch handover open', () => {
  test('goes on in the other project with nothing done twice, and the run can come back', async () => {
    const { here, argv, file, id } = await packed();
    const there = project();
    const [, ...trust] = await trusted(there, 'small', '--who', 'ben');
    const opened = await launch(there, ['handover', 'open', file, ...trust]);
    expect(opened.stderr).toContain('Needed: ben, for "go"');
    expect(opened.stderr).toContain(`Go on with: launch small`);
    expect(opened.exit).toBe(4);
    expect(basename(runOf(there))).toBe(id);
    expect(existsSync(join(there, 'made.txt'))).toBe(false);
    expect((await launch(there, ['log'])).stdout).toContain('ben goes on after ann');
    expect(eventsOf(runOf(there)).filter(({ type }) => type === 'run.resumed')).toHaveLength(1);

    expect((await launch(there, ['handover', '--who', 'ben', '--out', 'back.json'])).exit).toBe(0);
    const back = await launch(here, ['handover', 'open', join(there, 'back.json'), ...argv.slice(1)]);
    expect(back.exit).toBe(4);
    expect(readFileSync(join(here, 'made.txt'), 'utf8')).toBe('made\n');
    const types = eventsOf(runOf(here)).map(({ type }) => type);
    expect(types.filter((type) => type === 'run.handed-over')).toHaveLength(2);
    expect((await launch(here, argv)).exit).toBe(4);
  });

  test('asks for trust first: nothing is written without it, nor where the run brings another version', async () => {
    const { file } = await packed();
    const there = project();
    expect((await launch(there, ['handover', 'open', file])).exit).toBe(7);
    expect(existsSync(join(there, '.launch'))).toBe(false);
    const other = projectOf({ 'runbooks/small.md': runbook.replace('echo made', 'echo other') });
    const [, ...trust] = await trusted(other, 'small');
    expect((await launch(other, ['handover', 'open', file, ...trust])).exit).toBe(7);
    expect(existsSync(join(other, '.launch'))).toBe(false);
  });

  test('takes the place of no run that is here, also not of the one it was packed from', async () => {
    const { here, argv, file } = await packed();
    const refused = await launch(here, ['handover', 'open', file, ...argv.slice(1)]);
    expect(refused.stderr).toContain('is here already, and is not what this file goes on from');
    expect(refused.exit).toBe(8);
    const there = project();
    const own = await trusted(there, 'small');
    await launch(there, own);
    expect((await launch(there, ['handover', 'open', file, ...own.slice(1)])).exit).toBe(2);
    expect(readdirSync(join(there, '.launch/runs'))).toHaveLength(1);
  });

  test.each<[string, (handover: { run: string; files: File[] }) => void]>([
    [
      'a path out of the folder',
      ({ files }) => void Object.assign(files[1] ?? {}, { name: 'receipts/../../../out.log' }),
    ],
    ['an absolute path', ({ files }) => void Object.assign(files[1] ?? {}, { name: '/tmp/out.log' })],
    ['a run whose id is a path', (handover) => void Object.assign(handover, { run: '../../out' })],
    ['a lock', ({ files }) => void files.push({ name: 'lock', text: '{}', sha256: sha256('{}') })],
    ['a link', ({ files }) => void Object.assign(files[1] ?? {}, { link: '/etc/passwd' })],
    ['a name twice', ({ files }) => void files.push({ ...(files[1] ?? { name: '', text: '', sha256: '' }) })],
    ['a receipt that was changed', ({ files }) => void Object.assign(files[1] ?? {}, { text: 'all is well' })],
    ['no runbook', ({ files }) => void files.pop()],
    [
      'a journal whose chain was broken, with the right hash',
      ({ files: [journal] }) => {
        if (!journal) return;
        const lines = journal.text.split('\n');
        journal.text = [lines[0], lines[1]?.replace('"at":"2', '"at":"3'), ...lines.slice(2)].join('\n');
        journal.sha256 = sha256(journal.text);
      },
    ],
    [
      'a journal that ends before the handover',
      ({ files: [journal] }) => {
        if (!journal) return;
        journal.text = `${journal.text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`;
        journal.sha256 = sha256(journal.text);
      },
    ],
  ])('lets nothing in with %s', async (_, change) => {
    const { file } = await packedOnce();
    const there = projectOf({ 'runbooks/small.md': runbook });
    const [, ...trust] = await trusted(there, 'small');
    const ran = await launch(there, ['handover', 'open', changed(file, change), ...trust]);
    expect(ran.stderr).toContain('cannot be used');
    expect(ran.exit).toBe(8);
    expect(existsSync(join(there, '.launch'))).toBe(false);
  });

  test('says what is no handover file, half a file, a newer one, and a file that is not there', async () => {
    const { file } = await packedOnce();
    const there = project();
    mkdirSync(join(there, 'files'));
    const with_ = (name: string, text: string) => {
      writeFileSync(join(there, 'files', name), text);
      return launch(there, ['handover', 'open', `files/${name}`]);
    };
    expect((await with_('half', readFileSync(file, 'utf8').slice(0, -40))).stderr).toContain('it is not whole');
    expect((await with_('other', '{"a":1}')).exit).toBe(8);
    expect((await with_('newer', '{"handover":2}')).stderr).toContain('packed by a newer launch');
    expect((await launch(there, ['handover', 'open', 'none'])).exit).toBe(2);
    expect((await launch(there, ['handover', 'open'])).exit).toBe(2);
  });
});

let once: ReturnType<typeof packed> | undefined;
/** One for all that only read it. */
function packedOnce() {
  once ??= packed();
  return once;
}
