// Real children: what is held does nothing, what is ended is gone with all it started, what is printed arrives.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bundled, temporaryFolder } from './folder.ts';
import { alive, ENV, ended, linux, person, processesIn, stillTime, until, written } from './processes.ts';

describe('a held child', () => {
  test('has done nothing until it may go, then is the command itself', async () => {
    const project = temporaryFolder();
    const child = await processesIn(project).hold(
      ['bash', '-c', 'echo $$ > pid; echo "$0 $1"; exit 7', 'a b', '$(c)'],
      person,
    );
    await ended(await processesIn(project).hold(['true'], person)); // another comes and goes meanwhile
    expect(existsSync(join(project, 'pid'))).toBe(false);
    child.go();
    expect(await child.ended).toEqual({ exit: 7, stdout: 'a b $(c)\n', stderr: '' });
    expect(readFileSync(join(project, 'pid'), 'utf8').trim()).toBe(String(child.spawned?.pid));
  });

  test.runIf(linux)('names its pid, group, start time, boot and host', async () => {
    const child = await processesIn(temporaryFolder()).hold(['true'], person);
    const { spawned } = child;
    expect(spawned?.group).toBe(spawned?.pid);
    const stat = readFileSync(`/proc/${spawned?.pid}/stat`, 'utf8');
    expect(stat.split(' ')[21]).toBe(spawned?.startTime);
    expect(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()).toBe(spawned?.bootId);
    child.go();
    await child.ended;
  });

  test('can write to /dev/stderr and /dev/stdout by name', async () => {
    const child = await processesIn(temporaryFolder()).hold(
      ['bash', '-c', 'echo e > /dev/stderr; echo o | tee /dev/stderr; echo p >/dev/stdout'],
      person,
    );
    child.go();
    expect(await child.ended).toEqual({ exit: 0, stdout: 'o\np\n', stderr: 'e\no\n' });
  });

  test('has no children but its own: a program that waits for all of them ends', async () => {
    const child = await processesIn(temporaryFolder()).hold(
      ['perl', '-e', '1 while wait() != -1; print "none"'],
      person,
    );
    child.go();
    expect(await child.ended).toMatchObject({ exit: 0, stdout: 'none' });
  });

  test('ends having done nothing when we die before it may go', async () => {
    const project = temporaryFolder();
    const us = bundled('src/system/processes.ts', project);
    const script = `
      const { createProcesses } = await import(${JSON.stringify(us)});
      const child = await createProcesses({ project: ${JSON.stringify(project)}, env: process.env }).hold(['touch', 'done'], { environment: 'person' });
      process.stdout.write(String(child.spawned.pid));
      setInterval(() => {}, 1000);`;
    const holder = spawn('node', ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(await new Promise((resolve) => holder.stdout.once('data', (data) => resolve(String(data)))));
    expect(alive(pid)).toBe(true);
    holder.kill('SIGKILL');
    await until(() => !alive(pid));
    expect(existsSync(join(project, 'done'))).toBe(false);
  });

  test('gives every byte as it comes, of both streams', async () => {
    const seen: Record<string, Buffer[]> = { stdout: [], stderr: [] };
    const child = await processesIn(temporaryFolder()).hold(
      ['bash', '-c', 'head -c 3000000 /dev/urandom | tee copy; cat copy >&2; echo last'],
      {
        ...person,
        onOutput: (bytes, stream) => seen[stream]?.push(Buffer.from(bytes)),
      },
    );
    child.go();
    const { exit, stdout } = await child.ended;
    const [out, err] = [Buffer.concat(seen.stdout!), Buffer.concat(seen.stderr!)];
    expect(exit).toBe(0);
    expect(out.length).toBe(3_000_005);
    expect(out.subarray(0, 3_000_000).equals(err)).toBe(true);
    expect(stdout.endsWith('last\n')).toBe(true);
  });

  test('that prints while others do gives its own bytes', async () => {
    const processes = processesIn(temporaryFolder());
    const all = await Promise.all(
      ['a', 'b', 'c'].map((letter) => processes.hold(['bash', '-c', `yes ${letter} | head -c 400000`], person)),
    );
    const printed = await Promise.all(all.map(async (child) => (await ended(child)).stdout));
    expect(printed.map((text) => text === `${text[0]}\n`.repeat(200_000))).toEqual([true, true, true]);
    expect(printed.map((text) => text[0])).toEqual(['a', 'b', 'c']);
  });

  test('gets what it is sent, and may leave it unread', async () => {
    const { hold } = processesIn(temporaryFolder());
    const reads = await hold(['cat'], { ...person, stdin: 'A=1\n' });
    reads.go();
    expect(await reads.ended).toMatchObject({ exit: 0, stdout: 'A=1\n' });
    const ignores = await hold(['true'], { ...person, stdin: 'x'.repeat(1_000_000) });
    ignores.go();
    expect(await ignores.ended).toMatchObject({ exit: 0 });
  });

  test('without anything sent has an empty input', async () => {
    const child = await processesIn(temporaryFolder()).hold(
      ['bash', '-c', 'cat /dev/stdin; read -r x || echo end'],
      person,
    );
    child.go();
    expect(await child.ended).toMatchObject({ exit: 0, stdout: 'end\n' });
  });

  test('over its time is ended with all it has started, also what ignores TERM and holds the pipe', async () => {
    const project = temporaryFolder();
    const script = `(trap '' TERM; echo $BASHPID > pid; while :; do sleep 0.05; done) & trap 'echo bye; exit 9' TERM; echo up; while :; do sleep 0.05; done`;
    const time = stillTime();
    let said = '';
    const child = await processesIn(project).hold(['bash', '-c', script], {
      ...person,
      timeout: 400,
      onOutput: (bytes) => void (said += Buffer.from(bytes).toString()),
    });
    child.go();
    const deaf = Number(await written(project, 'pid'));
    await until(() => said === 'up\n');
    time.pass(399);
    expect(alive(deaf)).toBe(true);
    time.pass(1);
    expect(await child.ended).toMatchObject({ exit: 9, timedOut: true, stdout: 'up\nbye\n' });
    expect(alive(deaf)).toBe(false);
  });

  test('ended by us before it may go has done nothing', async () => {
    const project = temporaryFolder();
    const child = await processesIn(project).hold(['touch', 'done'], person);
    await child.end();
    expect(await child.ended).toMatchObject({ exit: null, signal: 'SIGTERM' });
    expect(existsSync(join(project, 'done'))).toBe(false);
  });

  test('that ends takes with it what it left behind in its group', async () => {
    const project = temporaryFolder();
    const child = await processesIn(project).hold(
      ['bash', '-c', 'sleep 60 >/dev/null 2>&1 & echo $! > pid; echo done'],
      person,
    );
    child.go();
    expect(await child.ended).toMatchObject({ exit: 0, stdout: 'done\n' });
    expect(alive(Number(readFileSync(join(project, 'pid'), 'utf8')))).toBe(false);
  });

  test('is not waited for longer than a moment when a daemon of its own keeps the pipe', async () => {
    const project = temporaryFolder();
    const child = await processesIn(project).hold(
      [
        'perl',
        '-MPOSIX',
        '-e',
        'unless (fork) { setsid; open F, ">", "pid"; print F $$; close F; sleep 600; exit } select undef, undef, undef, 0.01 until -s "pid"; print "done\\n"',
      ],
      person,
    );
    child.go();
    const daemon = Number(await written(project, 'pid'));
    onTestFinished(() => void process.kill(daemon));
    expect(await child.ended).toMatchObject({ exit: 0, stdout: 'done\n' });
    expect(alive(daemon)).toBe(true);
  });

  test('of a missing executable was never spawned', async () => {
    const child = await processesIn(temporaryFolder()).hold(['no-such-tool'], person);
    expect(child.spawned).toBeUndefined();
    child.go();
    expect(await child.ended).toEqual({
      exit: 127,
      missing: true,
      stdout: '',
      stderr: 'no such command: no-such-tool',
    });
    await child.end();
  });

  test.runIf(linux)('leaves no descriptor open behind it', async () => {
    const { hold } = processesIn(temporaryFolder());
    const open = () => readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 8; i++) await ended(await hold(['true'], person));
    const before = open();
    for (let i = 0; i < 40; i++) await ended(await hold(['cat'], { ...person, stdin: 'x' })); // as many as five batches of pipes
    expect(open()).toBeLessThanOrEqual(before);
  });
});

describe('a command as text for bash', () => {
  const bash = (command: string): [string, ...string[]] => ['bash', '-euo', 'pipefail', '-c', command];

  test.each([
    'echo "${0##*/} $# $LINENO ${BASH_SUBSHELL}"; (exit 4)',
    'echo one\necho $LINENO\nfalse\necho never',
    'trap \'echo "line $LINENO"\' ERR\nfalse',
    'echo one\nif then',
    'no-such-tool',
    'echo "$1"',
    'cat <<X\nhere $LINENO\nX',
    '# nothing but a comment',
    '',
    'set -x; true',
    "perl -e 'kill KILL => $$'",
    'exec perl -e \'print "become"\'',
    'export ME=$$; perl -e \'print $$ == $ENV{ME} ? "in place" : "below"\'',
    'echo x >&3',
  ])('does what it does unheld: %j', async (command) => {
    const project = temporaryFolder();
    const [, ...args] = bash(command);
    const unheld = spawnSync('bash', args, { cwd: project, env: { ...ENV, SHLVL: '1' }, encoding: 'utf8' });
    const { exit, signal, stdout, stderr } = await ended(await processesIn(project).hold(bash(command), person));
    const named = (text: string) => text.replace(/^\S*bash: /gm, 'bash: ');
    expect({ exit, signal: signal ?? null, stdout, stderr: named(stderr) }).toEqual({
      exit: unheld.status,
      signal: unheld.signal,
      stdout: unheld.stdout,
      stderr: named(unheld.stderr),
    });
  });

  test('has done nothing until it may go, and nothing when it never may', async () => {
    const project = temporaryFolder();
    const { hold } = processesIn(project);
    const [goes, never] = [await hold(bash('echo $$ > goes'), person), await hold(bash('echo $$ > never'), person)];
    await ended(await hold(bash('true'), person)); // another comes and goes meanwhile
    expect(existsSync(join(project, 'goes'))).toBe(false);
    await never.end();
    await ended(goes);
    expect(readFileSync(join(project, 'goes'), 'utf8').trim()).toBe(String(goes.spawned?.pid));
    expect(existsSync(join(project, 'never'))).toBe(false);
  });

  test.runIf(linux)('is one start of bash, but two where BASH_ENV would be read before it waits', async () => {
    const project = temporaryFolder();
    const wordsOf = async (env: Record<string, string>) => {
      const child = await processesIn(project).hold(bash('true'), { ...person, env });
      await until(() => readFileSync(`/proc/${child.spawned?.pid}/cmdline`, 'utf8').includes('read -r'));
      const words = readFileSync(`/proc/${child.spawned?.pid}/cmdline`, 'utf8');
      await child.end();
      return words.includes('exec "$@"');
    };
    expect([await wordsOf({}), await wordsOf({ BASH_ENV: join(project, 'start.sh') })]).toEqual([false, true]);
  });
});

describe('a child of a sitting that died', () => {
  test('is alive, can be ended, and is then gone', async () => {
    const processes = processesIn(temporaryFolder());
    const child = await processes.hold(['sleep', '60'], person);
    child.go();
    expect(processes.lives(child.spawned!)).toBe('alive');
    await processes.endOrphan(child.spawned!);
    expect(processes.lives(child.spawned!)).toBe('gone');
    expect(await child.ended).toMatchObject({ signal: 'SIGTERM' });
  });

  test.runIf(linux)('is alive as long as something it started lives in its group', async () => {
    const project = temporaryFolder();
    const leader = spawn('bash', ['-c', 'sleep 60 & echo $! > pid; read -r x'], {
      cwd: project,
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const processes = processesIn(project);
    await written(project, 'pid');
    const startTime = readFileSync(`/proc/${leader.pid}/stat`, 'utf8').split(' ')[21]!;
    const other = await processes.hold(['true'], person);
    const orphan = { ...other.spawned!, pid: leader.pid!, group: leader.pid!, startTime };
    leader.stdin.end();
    await new Promise((resolve) => leader.once('exit', resolve));
    expect(processes.lives(orphan)).toBe('alive');
    await processes.endOrphan(orphan);
    expect(processes.lives(orphan)).toBe('gone');
    await other.end();
  });

  test('is gone when its pid is somebody else, or the machine was started again, and elsewhere on another host', async () => {
    const processes = processesIn(temporaryFolder());
    const child = await processes.hold(['sleep', '60'], person);
    const { spawned } = child;
    const reused = { ...spawned!, startTime: '1' };
    expect(processes.lives(reused)).toBe('gone');
    expect(processes.lives({ ...spawned!, bootId: 'before' })).toBe('gone');
    expect(processes.lives({ ...spawned!, host: 'other' })).toBe('elsewhere');
    await processes.endOrphan(reused);
    expect(processes.lives(spawned!)).toBe('alive');
    await child.end();
  });
});
