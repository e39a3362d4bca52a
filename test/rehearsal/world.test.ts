// The stand-in world as a run sees it: real sockets and processes, everything on loopback, nothing let through.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readCalls } from '../../src/rehearsal/fly/world.ts';
import { replaceFile } from '../../src/rehearsal/stand-in-file.ts';
import type { HeldChild } from '../../src/system/world.ts';
import { freePort } from '../system/servers.ts';
import { closeAll, rehearse, start, temporary } from './rehearsing.ts';

afterEach(closeAll);

const never = new AbortController().signal;

describe('fail closed', () => {
  it('an unknown host, server, executable has no stand-in and is not asked', async () => {
    const { world } = await rehearse();
    const answer = await world.http.exchange({ url: 'https://www.example.com/' }, never);
    expect(answer.failed).toBe('no stand-in for www.example.com');
    const shake = await world.tls.handshake({ host: 'www.example.com' });
    expect(shake.failed).toBe('no stand-in for www.example.com');
    const ended = await world.processes.look(['psql', '--version']);
    expect(ended).toMatchObject({ exit: 127, stderr: 'no stand-in for psql' });
    const held = await world.processes.hold(['curl', 'https://example.com'], { environment: 'kind' });
    expect(await held.ended).toMatchObject({ exit: 127, stderr: 'no stand-in for curl' });
  });

  it('takes the tokens of providers out of the environment, and puts in keys of stand-ins and canaries', async () => {
    const env = {
      PATH: process.env.PATH,
      HOME: '/home/ann',
      FLY_API_TOKEN: 'real',
      OPENAI_API_KEY: 'real',
      MY_PASSWORD: 'real',
      ASC_KEY_ID: 'real',
      LANG: 'C',
    };
    const { world, environment } = await rehearse({ env, canaries: ['OPENAI_API_KEY'] });
    expect(Object.values(environment)).not.toContain('real');
    expect(world.env.get('FLY_API_TOKEN')).toBeUndefined();
    expect(world.env.get('OPENAI_API_KEY')).toBe('canary-OPENAI_API_KEY-0123456789abcdef');
    expect(world.env.get('LANG')).toBe('C');
    expect(readFileSync(world.env.get('ASC_KEY_FILE') ?? '', 'utf8')).toContain('BEGIN PRIVATE KEY');
  });

  it('a script of the project reaches stand-ins by its proxy, and nobody else', async () => {
    const { world, folder } = await rehearse();
    await world.pretend?.makeSo('http/response', { url: 'https://hooks.example.com/ping', contains: 'pong' }, 'ping');
    const script =
      'command -v fly; curl -sS https://hooks.example.com/ping; curl -sS https://other.example.com/ || true';
    const held = await world.processes.hold(['bash', '-c', script], { environment: 'person' });
    const ended = await finished(held);
    expect(ended.stdout).toBe(`${join(folder, 'bin', 'fly')}\npong\n`);
    expect(ended.stderr).toContain('502');
  });
});

describe('fly in the stand-in world', () => {
  it('is the stand-in, with its state in the folder of the rehearsal', async () => {
    const { world, folder } = await rehearse({ accounts: { fly: { org: 'sollabs' } } });
    const held = await world.processes.hold(['fly', 'apps', 'create', 'solserver-prod', '--org', 'sollabs'], {
      environment: 'kind',
    });
    expect(await finished(held)).toMatchObject({ exit: 0 });
    expect(JSON.parse(readFileSync(join(folder, 'fly.json'), 'utf8')).apps).toMatchObject([
      { name: 'solserver-prod', org: 'sollabs' },
    ]);
    expect(readCalls(folder).filter((call) => call.changed)).toHaveLength(1);
  });

  it('knows the apps that were there before, with their secrets', async () => {
    const { world } = await rehearse({ apps: [{ name: 'solserver-staging', secrets: ['OPENAI_API_KEY'] }] });
    const listed = await world.processes.look(['fly', 'secrets', 'list', '-a', 'solserver-staging', '--json']);
    expect(listed).toMatchObject({ exit: 0 });
    expect(listed.stdout).toContain('OPENAI_API_KEY');
  });

  it('goes on with the world that is there', async () => {
    const folder = join(temporary(), 'world');
    // Below the ports that the system gives out: nobody has them in between.
    const ports = { resolver: await freePort(), owner: await freePort(), web: await freePort() };
    replaceFile(join(folder, 'ports.json'), JSON.stringify(ports));
    const first = await rehearse({ folder });
    await finished(
      await first.world.processes.hold(['fly', 'apps', 'create', 'two', '--org', 'personal'], { environment: 'kind' }),
    );
    await first.world.clock.sleep(60_000);
    await closeAll();
    const second = await rehearse({ folder: first.folder });
    const listed = await second.world.processes.look(['fly', 'apps', 'list', '--json']);
    expect(listed.stdout).toContain('two');
    expect(second.world.clock.now()).toEqual(new Date(start.getTime() + 60_000));
    expect(second.aim).toEqual(first.aim);
  });
});

async function finished(child: HeldChild) {
  child.go();
  return child.ended;
}
