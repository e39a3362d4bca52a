// The parts of the real world that have no test of their own: scratch, clock, desktop, and how it is put together.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readAim } from '../../src/system/aim.ts';
import { createRealWorld } from '../../src/system/real-world.ts';
import { bundled, program, temporaryFolder } from './folder.ts';
import { servePlain } from './servers.ts';

function world(env: Record<string, string | undefined> = {}) {
  const project = temporaryFolder();
  const all = { PATH: process.env.PATH, ...env };
  return createRealWorld({ project, aim: readAim(all), env: all });
}

describe('scratch', () => {
  test('is an empty file for us alone, read as it is and gone when removed', async () => {
    const scratch = await world().scratch();
    expect(statSync(scratch.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(scratch.path)).mode & 0o777).toBe(0o700);
    expect(await scratch.read()).toBe('');
    writeFileSync(scratch.path, 'url=https://x\n');
    expect(await scratch.read()).toBe('url=https://x\n');
    await scratch.remove();
    expect(existsSync(scratch.path)).toBe(false);
    expect(await scratch.read()).toBe('');
  });

  test('is another file each time, also when the folder was tidied away', async () => {
    const { scratch } = world();
    const [one, other] = [await scratch(), await scratch()];
    expect(one.path).not.toBe(other.path);
    rmSync(dirname(one.path), { recursive: true });
    const third = await scratch();
    writeFileSync(third.path, 'a=b\n');
    expect(await third.read()).toBe('a=b\n');
    expect(await one.read()).toBe('');
  });

  test('leaves nothing behind when the process ends', () => {
    const folder = temporaryFolder();
    const us = bundled('src/system/real-world.ts', folder);
    const script = `
      const { createRealWorld } = await import(${JSON.stringify(us)});
      const { path } = await createRealWorld({ project: '/', aim: { urls: {} }, env: {} }).scratch();
      process.stdout.write(path);`;
    const { stdout } = spawnSync('node', ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(stdout).toMatch(/launch-.*output-1$/);
    expect(existsSync(dirname(stdout))).toBe(false);
  });

  test('that its step made a folder is read as empty', async () => {
    const scratch = await world().scratch();
    rmSync(scratch.path);
    mkdirSync(scratch.path);
    expect(await scratch.read()).toBe('');
    await scratch.remove();
    expect(existsSync(scratch.path)).toBe(false);
  });

  test('of more than a megabyte is refused', async () => {
    const scratch = await world().scratch();
    writeFileSync(scratch.path, 'x'.repeat(2 ** 20 + 1));
    await expect(scratch.read()).rejects.toThrow('more than 1 MB');
    await scratch.remove();
  });
});

describe('the clock', () => {
  test('sleeps as long as it is told, and ends early when it is told to', async () => {
    const { clock } = world();
    const start = performance.now();
    await clock.sleep(30);
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
    // Longer than any test: that it goes on is the proof.
    const stop = new AbortController();
    const sleeping = clock.sleep(3_000_000_000, stop.signal);
    stop.abort();
    await sleeping;
    await clock.sleep(3_000_000_000, AbortSignal.abort());
    const [before, now, after] = [Date.now(), clock.now().getTime(), Date.now()];
    expect([now >= before, now <= after]).toEqual([true, true]);
  });

  test('does not sleep to a time that came while the machine slept, at whichever moment it did', async () => {
    const { clock } = world();
    const [real, due] = [Date.now, Date.now() + 60_000];
    for (const before of [0, 1]) {
      let asked = 0;
      const moved = vi.spyOn(Date, 'now').mockImplementation(() => real() + (asked++ < before ? 0 : 3_600_000));
      // A sleep of any length takes a turn of the event loop.
      const slept = await Promise.race([
        clock.sleepUntil(due).then(() => false),
        new Promise((resolve) => setImmediate(() => resolve(true))),
      ]);
      moved.mockRestore();
      expect(slept).toBe(false);
    }
  });
});

describe('the desktop', () => {
  test('without one, nothing is opened or copied', async () => {
    const { open, copy } = world({ DISPLAY: '', WAYLAND_DISPLAY: '' });
    expect(await open('https://example.com')).toBe(process.platform === 'darwin');
    if (process.platform !== 'darwin') expect(await copy('x')).toBe(false);
  });

  test('only web pages are opened', async () => {
    const { open } = world({ DISPLAY: ':0' });
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', '/etc/passwd', 'https://'])
      expect(await open(url)).toBe(false);
  });

  test.runIf(process.platform === 'linux')(
    'a text goes to the first clipboard that takes it, by its input; the tokens of the person do not',
    async () => {
      const bin = temporaryFolder();
      program(bin, 'wl-copy', 'exit 1');
      program(
        bin,
        'xclip',
        `cat > ${join(bin, 'clip')}; printf %s "$*" > ${join(bin, 'args')}; env > ${join(bin, 'env')}`,
      );
      const { copy } = world({
        DISPLAY: ':0',
        WAYLAND_DISPLAY: 'w',
        FLY_API_TOKEN: 'planted-4f9c2e71',
        PATH: `${bin}:${process.env.PATH}`,
      });
      expect(await copy('a "secret"\n')).toBe(true);
      expect(readFileSync(join(bin, 'clip'), 'utf8')).toBe('a "secret"\n');
      expect(readFileSync(join(bin, 'args'), 'utf8')).toBe('-selection clipboard');
      // Some stay for as long as they hold the text.
      const environment = readFileSync(join(bin, 'env'), 'utf8');
      expect(environment).toContain('DISPLAY=:0');
      expect(environment).not.toContain('planted');
    },
  );
});

describe('put together', () => {
  test('it is aimed where its variables say, and fly finds its stand-in world', async () => {
    const bin = temporaryFolder();
    const fly = program(bin, 'stand-in', 'echo "$LAUNCHBOOK_STANDIN $OTHER"');
    const port = await servePlain((request, response) => response.end(request.headers.host));
    const env = {
      LAUNCH_FLY: fly,
      LAUNCH_HTTP_HOSTS: `*=127.0.0.1:${port}`,
      LAUNCHBOOK_STANDIN: '/w',
      OTHER: 'x',
      LAUNCH_ASC_URL: 'http://asc.test',
    };
    const { processes, http, urls, env: seen } = world(env);
    expect((await processes.look(['fly', 'version'])).stdout).toBe('/w \n');
    expect((await http.exchange({ url: 'http://any.example.com/' }, new AbortController().signal)).body).toBe(
      'any.example.com',
    );
    expect([urls.appStoreConnect, seen.get('OTHER'), seen.get('NONE')]).toEqual(['http://asc.test', 'x', undefined]);
  });

  test('random bytes come as hex', () => {
    const { random } = world();
    expect(random(16)).toMatch(/^[0-9a-f]{32}$/);
    expect(random(16)).not.toBe(random(16));
  });
});
