// fly/console and fly/proxy: a command in a machine, and the near end of a tunnel.
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../../src/system/http.ts';
import type { HttpRequest } from '../../../src/system/ports.ts';
import { console } from '../../../steps/fly/console.ts';
import { proxy } from '../../../steps/fly/proxy.ts';
import { freePort } from '../../system/servers.ts';
import { ports } from '../http/ports.ts';
import { aMachine } from './answers.ts';
import { act, did, endings, flyWorld, json, saw, says } from './fake-fly.ts';

const app = 'solserver-prod';
const id = '148e000000000a';
const command = 'node rollups.js';

describe('fly/console', () => {
  const list = (...machines: readonly object[]) => saw(`machine list -a ${app} --json`, json(machines));
  const call = `ssh console -a ${app} --machine ${id} -q -C ${command}`;
  const run = (calls: Parameters<typeof flyWorld>[0]) => act(console, { app, command }, flyWorld(calls));

  test('the command runs in a started machine, and its last line is kept', async () => {
    const asleep = aMachine({ id: '148e000000000b', state: 'stopped' });
    expect(await run([list(asleep, aMachine()), did(call, { stdout: 'one\n3 rows\n' })])).toEqual({
      ended: 'ok',
      seen: `ended with 0 in machine ${id}`,
      outputs: { machine: id, last_line: '3 rows' },
    });
  });

  test('no machine that runs, and another exit status, have failed, in words', async () => {
    expect(await run([list(aMachine({ state: 'stopped' }))])).toMatchObject({
      ended: 'failed',
      why: `nothing was run: no machine is started (${id} is stopped)`,
      hint: `wake one: \`fly machine start ${id} -a ${app}\``,
    });
    expect(await run([list()])).toMatchObject({ why: `nothing was run: ${app} has no such machine` });
    const broken = says('no such table\nError: ssh shell: Process exited with status 3\n');
    expect(await run([list(aMachine()), did(call, broken)])).toEqual({
      ended: 'failed',
      why: 'the command ended with 3, not 0: no such table',
    });
  });

  test('ended by its time limit or by a signal, nobody knows what it did', async () => {
    for (const ending of [endings.timedOut, endings.killed]) {
      expect(await run([list(aMachine()), did(call, ending)])).toMatchObject({
        ended: 'unclear',
        why: expect.stringMatching(/.{10}/),
      });
    }
  });
});

describe('fly/proxy', () => {
  /** Where the near end is told, fly itself is not asked. */
  const silent = () => Promise.reject(new Error('fly was called'));
  const processes = { look: silent, act: silent };
  const hosts = (port: number) => ({ '*': { host: '127.0.0.1', port } });

  const signal = new AbortController().signal;
  const look = async (port: number) => {
    const http = createHttp({ hosts: hosts(port) });
    const given = { look: (asked: HttpRequest) => http.exchange(asked, signal), send: silent };
    return proxy.verify?.(
      proxy.with.parse({ app, port: 5432, local: 15_432 }),
      ports({ processes, http: given, signal }),
      {},
    );
  };

  test('a near end that listens is so, whatever it speaks', async () => {
    for (const speaks of ['N', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', '']) {
      const port = await listening((socket) => socket.end(speaks));
      expect(await look(port)).toEqual({ is: 'so', seen: '127.0.0.1:15432 listens' });
    }
  });

  test('one that nobody has opened says what to start, and is so once it is', async () => {
    const port = await freePort();
    expect(await look(port)).toEqual({
      is: 'not-so',
      expected: '127.0.0.1:15432 listens',
      seen: '127.0.0.1:15432: connection refused',
      hint: expect.stringContaining(`\`fly proxy 15432:5432 -a ${app}\` must be running`),
    });
    await listening((socket) => socket.end(), port);
    expect(await look(port)).toMatchObject({ is: 'so' });
  });
});

async function listening(connected: Parameters<typeof createServer>[1], wanted = 0): Promise<number> {
  const server = createServer(connected);
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
