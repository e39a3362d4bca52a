// A real run aimed at the stand-ins by LAUNCH_*: the same answers, reached by the code of the real world.
import { afterEach, describe, expect, it } from 'vitest';
import { readAim } from '../../src/system/aim.ts';
import { createRealWorld } from '../../src/system/real-world.ts';
import { record } from '../../steps/dns/record.ts';
import { response } from '../../steps/http/response.ts';
import { closeAll, lookDue, rehearse, temporary } from './rehearsing.ts';

afterEach(closeAll);

describe('an aimed run', () => {
  it('finds the stand-in fly, web and DNS, and nobody behind an unknown name', async () => {
    const { world, aim } = await rehearse();
    const real = createRealWorld({ project: temporary(), aim: readAim(aim), env: { PATH: process.env.PATH } });
    const health = { url: 'https://hooks.example.com/health', json: { status: 'ok' } };
    const dns = { name: 'api.example.com', type: 'CNAME', value: 'app.fly.dev' };
    await lookDue(world, response, health);
    await lookDue(world, record, dns);
    expect(await lookDue(real, response, health)).toMatchObject({ made: undefined, is: 'so' });
    expect(await lookDue(real, record, dns)).toMatchObject({ is: 'so' });
    expect(await lookDue(real, response, { url: 'https://www.example.com/' })).toMatchObject({ is: 'unknown' });
    expect(await real.processes.look(['fly', 'auth', 'whoami'])).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('rehearsal@example.com'),
    });
  });
});
