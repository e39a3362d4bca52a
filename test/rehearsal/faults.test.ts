// What goes wrong on purpose: once, at the step that was named, and written down.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { faults, listOfFaults, parseFault, whyNot } from '../../src/rehearsal/faults.ts';
import { record } from '../../steps/dns/record.ts';
import { response } from '../../steps/http/response.ts';
import { silentFace } from './faces.ts';
import { closeAll, lookDue, rehearse, run } from './rehearsing.ts';

afterEach(closeAll);

const steps = [
  { id: 'create-app', kind: 'fly/app', checks: [] },
  { id: 'volume', kind: 'fly/volume', checks: [] },
  { id: 'point-dns', checks: ['dns/record'] },
];

describe('--fault', () => {
  it.each([
    ['reply-lost', { name: 'reply-lost', always: false }],
    ['reply-lost@volume', { name: 'reply-lost', always: false, step: 'volume' }],
    ['dns-typed-wrong!@point-dns', { name: 'dns-typed-wrong', always: true, step: 'point-dns' }],
    ['no-such', { problem: 'there is no fault "no-such": `--fault list` shows all' }],
    ['reply lost', { problem: '--fault reply lost: write it as NAME, NAME@STEP or NAME!@STEP' }],
  ])('%s', (text, expected) => {
    expect(parseFault(text)).toEqual(expected);
  });

  it.each([
    ['reply-lost@volume', undefined],
    ['reply-lost@point-dns', '"reply-lost" cannot hit the step "point-dns", but create-app, volume'],
    ['dns-typed-wrong', undefined],
    ['said-not-done@point-dns', undefined],
    ['health-failing', 'no step of this runbook can be hit by "health-failing"'],
    ['reply-lost@gone', 'there is no step "gone"'],
  ])('%s in a runbook: %s', (text, expected) => {
    const fault = parseFault(text);
    expect('problem' in fault ? fault.problem : whyNot(fault, steps)).toBe(expected);
  });

  const upload = { id: 'upload', kind: 'xcode/upload', checks: [], bundleId: 'com.example.app' };
  const build = { id: 'build', checks: ['appstore/build'], bundleId: 'com.example.app' };
  it.each([
    ['build-invalid@upload', [upload, build], undefined],
    ['build-invalid@build', [upload, build], '"build-invalid" cannot hit the step "build", but upload'],
    ['missing-compliance@build', [upload, build], '"missing-compliance" cannot hit the step "build", but upload'],
    ['build-invalid@build', [build], undefined],
    ['build-invalid@build', [{ ...upload, bundleId: 'com.example.other' }, build], undefined],
  ])('%s strikes where the build comes to Apple: %j', (text, all, expected) => {
    const fault = parseFault(text);
    expect('problem' in fault ? fault.problem : whyNot(fault, all)).toBe(expected);
  });

  it('lists every fault with what it is and the way out', () => {
    expect(listOfFaults().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['health-failing', 'said-not-done', 'dns-typed-wrong', 'reply-lost']),
    );
    expect(
      Object.values(faults).every(({ what, wayOut, ways }) => what !== '' && wayOut !== '' && ways.length > 0),
    ).toBe(true);
  });
});

describe('a fault of fly', () => {
  it('strikes once, at the step it is for, and what it lost was done', async () => {
    const rehearsal = await rehearse({ fault: 'reply-lost@volume' });
    const { world, folder } = rehearsal;
    const face = rehearsal.watch(silentFace());
    const create = ['fly', 'volumes', 'create', 'data', '-a', 'sol', '-r', 'sjc', '--size', '1', '-y'];
    const working = (step: string) =>
      face.card({
        id: step,
        title: step,
        phase: '',
        position: 1,
        total: 2,
        prose: '',
        commands: [],
        copy: [],
        waiting: [],
      });
    await run(world, 'fly', 'apps', 'create', 'sol', '--org', 'personal');
    working('another');
    expect(await run(world, ...create)).toMatchObject({ exit: 0 });
    working('volume');
    const lost = await run(world, ...create);
    expect(lost.exit).not.toBe(0);
    expect(await run(world, ...create)).toMatchObject({ exit: 0 });
    const listed = await world.processes.look(['fly', 'volumes', 'list', '-a', 'sol', '--json']);
    expect(JSON.parse(listed.stdout)).toHaveLength(3);
    expect(JSON.parse(readFileSync(join(folder, 'faults.json'), 'utf8'))).toMatchObject([
      { name: 'reply-lost', at: 'fly volumes create', step: 'volume', fired: true },
    ]);
  });

  it('does not strike again in a later sitting, unless it is meant to', async () => {
    const once = await rehearse({ fault: 'name-taken' });
    expect((await run(once.world, 'fly', 'apps', 'create', 'one', '--org', 'personal')).exit).not.toBe(0);
    await closeAll();
    const later = await rehearse({ folder: once.folder, fault: 'name-taken' });
    expect(await run(later.world, 'fly', 'apps', 'create', 'one', '--org', 'personal')).toMatchObject({ exit: 0 });
    const always = await rehearse({ fault: 'name-taken!' });
    for (const name of ['one', 'two'])
      expect((await run(always.world, 'fly', 'apps', 'create', name, '--org', 'personal')).exit).not.toBe(0);
  });
});

describe('a fault of people', () => {
  const wanted = { name: 'api.example.com', type: 'CNAME', value: 'app.fly.dev' };

  it('said-not-done: the first time nothing was done', async () => {
    const { world } = await rehearse({ fault: 'said-not-done' });
    const health = { url: 'https://hooks.example.com/' };
    expect(await lookDue(world, response, health)).toMatchObject({ made: true, is: 'unknown' });
    expect(await lookDue(world, response, health)).toMatchObject({ made: true, is: 'so' });
  });

  it('dns-typed-wrong: a wrong value first, and caches that remember it', async () => {
    const { world } = await rehearse({ fault: 'dns-typed-wrong@step' });
    expect(await lookDue(world, record, wanted)).toMatchObject({
      is: 'not-so',
      seen: expect.stringContaining('xapp.fly.dev'),
    });
    await lookDue(world, record, wanted);
    await world.clock.sleep(3_600_000);
    expect(await lookDue(world, record, wanted)).toMatchObject({ is: 'so' });
  });

  it('at another step it is not played', async () => {
    const { world } = await rehearse({ fault: 'dns-typed-wrong@elsewhere' });
    await lookDue(world, record, wanted);
    expect((await world.dns.ask({ name: wanted.name, type: 'CNAME', server: '192.0.2.53' })).answers).toMatchObject([
      { data: 'app.fly.dev' },
    ]);
  });
});
