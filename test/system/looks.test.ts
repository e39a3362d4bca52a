// Short commands: never an exception, never a process left, never more output than is kept.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './folder.ts';
import { alive, processesIn, stillTime, written } from './processes.ts';

describe('a look', () => {
  test('gives exit code, output and error output apart', async () => {
    const { look } = processesIn(temporaryFolder());
    expect(await look(['bash', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      exit: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('says which signal ended it', async () => {
    const { look } = processesIn(temporaryFolder());
    expect(await look(['bash', '-c', 'kill -9 $$'])).toMatchObject({ exit: null, signal: 'SIGKILL' });
  });

  test('of a missing executable is exit 127 and missing', async () => {
    const { look } = processesIn(temporaryFolder());
    expect(await look(['no-such-tool', 'x'])).toEqual({
      exit: 127,
      missing: true,
      stdout: '',
      stderr: 'no such command: no-such-tool',
    });
  });

  test('in a missing folder is exit 127 and not missing', async () => {
    const project = temporaryFolder();
    const ended = await processesIn(project).look(['true'], { cwd: 'nowhere' });
    expect(ended).toEqual({ exit: 127, stdout: '', stderr: `no such folder: ${join(project, 'nowhere')}` });
  });

  test('never rejects, also for what the system will not start', async () => {
    const { look } = processesIn(temporaryFolder());
    expect(await look(['true', 'a\0b'])).toMatchObject({ exit: 127 });
    expect(await look(['true', 'x'.repeat(3_000_000)])).toMatchObject({ exit: 127 });
    expect(await look([])).toMatchObject({ exit: 127, missing: true });
  });

  test('gets what it is sent, and may leave it unread', async () => {
    const { look } = processesIn(temporaryFolder());
    expect((await look(['cat'], { stdin: 'A=1\n' })).stdout).toBe('A=1\n');
    expect((await look(['true'], { stdin: 'x'.repeat(1_000_000) })).exit).toBe(0);
  });

  test('over its time is ended with all it has started', async () => {
    const project = temporaryFolder();
    const time = stillTime();
    const looking = processesIn(project).look(['bash', '-c', 'sleep 600 & echo $! > pid; wait'], { timeout: 300 });
    const started = Number(await written(project, 'pid'));
    time.pass(299);
    expect(alive(started)).toBe(true);
    time.pass(1);
    expect(await looking).toMatchObject({ timedOut: true, exit: null, signal: 'SIGTERM' });
    expect(alive(started)).toBe(false);
  });

  test('that is given up is ended with all it has started', async () => {
    const project = temporaryFolder();
    const given = new AbortController();
    const looking = processesIn(project).look(['bash', '-c', 'sleep 600 & echo $! > pid; wait'], {
      signal: given.signal,
    });
    const started = Number(await written(project, 'pid'));
    given.abort();
    expect(await looking).toMatchObject({ exit: null, signal: 'SIGTERM' });
    expect(alive(started)).toBe(false);
    expect(await processesIn(project).look(['sleep', '60'], { signal: given.signal })).toMatchObject({ exit: null });
  });

  test('that prints without end is kept to its head and tail', async () => {
    const { look } = processesIn(temporaryFolder());
    const { exit, stdout } = await look([
      'bash',
      '-c',
      'echo first; head -c 20000000 /dev/zero | tr "\\0" x; echo; echo last',
    ]);
    expect(exit).toBe(0);
    expect(stdout.length).toBeLessThan(17_000_000);
    expect(stdout.startsWith('first\n') && stdout.endsWith('\nlast\n')).toBe(true);
    expect(stdout).toMatch(/… \d+ bytes left out …/);
  });
});
