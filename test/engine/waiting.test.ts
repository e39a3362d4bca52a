// Sessions in which something waits: other steps go on, deadlines are kept, and time may do strange things.
import { describe, expect, test } from 'vitest';
import type { Underway } from '../../src/engine/face.ts';
import { createScriptedFace } from '../../src/ui/scripted.ts';
import { check, run, runbookOf, Stage, uses } from './stage.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const thing = (name: string) => uses('test/make', { thing: name });
const gate = (id: string, seen: string, { every = 5000, within = MINUTE, needs = [] as readonly string[] } = {}) => ({
  id,
  form: { form: 'gate' as const },
  needs,
  verify: [{ ...check('test/seen', { thing: seen }), every, within }],
});
const wait = (id: string, ms: number) => ({ id, form: { form: 'wait' as const, ms }, needs: [] });

describe('while a step waits', () => {
  test('what it waits for is shown with how long it has waited already, also in an earlier sitting', async () => {
    const stage = new Stage();
    const runbook = runbookOf([gate('issued', 'certificate', { within: HOUR })]);
    await stage.sit(runbook, [], { crashAfter: 3 });
    stage.pass(10 * MINUTE);
    stage.later.set('certificate', 5000);
    const shown: (readonly [what: string, already: number | undefined])[] = [];
    const scripted = createScriptedFace([], runbook);
    const face = {
      ...scripted,
      working: (step: string, what: string, more?: Underway) => {
        shown.push([what, more?.already]);
        return scripted.working(step, what);
      },
    };
    expect((await stage.sit(runbook, [], { face })).end).toEqual({ finished: 'done' });
    expect(shown.filter(([what]) => what.startsWith('Waiting until'))).toEqual([
      ['Waiting until: have certificate', 10 * MINUTE],
    ]);
  });

  test('a person has it looked at now, and not an hour later', async () => {
    const stage = new Stage();
    const runbook = runbookOf([gate('issued', 'certificate', { every: HOUR, within: 2 * HOUR })]);
    const scripted = createScriptedFace([], runbook);
    const face = {
      ...scripted,
      working: (step: string, what: string, more?: Underway) => {
        if (more?.look) {
          stage.facts.so.add('certificate');
          setImmediate(more.look);
        }
        return scripted.working(step, what);
      },
    };
    const began = stage.now;
    expect((await stage.sit(runbook, [], { face })).end).toEqual({ finished: 'done' });
    expect(stage.now - began).toBeLessThan(HOUR);
  });

  test('steps that do not need it go on, and it is done by an event as soon as a look between them shows it', async () => {
    const stage = new Stage();
    stage.endings.push({ takes: 10_000 }, { makes: 'certificate', takes: 10_000 }, { takes: 10_000 });
    const runbook = runbookOf([
      gate('issued', 'certificate'),
      { id: 'one', form: run('one'), needs: [] },
      { id: 'two', form: run('two') },
      { id: 'three', form: run('three') },
    ]);
    const { types } = await stage.sit(runbook, [['steps.one.act', 'alone']]);
    expect(types.filter((type) => type.startsWith('step.done'))).toEqual([
      'step.done one verified',
      'step.done two verified',
      'step.done issued verified',
      'step.done three verified',
    ]);
  });

  test('it is done while the person has another step in hand', async () => {
    const stage = new Stage();
    stage.later.set('certificate', 20_000).set('record', 30_000);
    const runbook = runbookOf([
      gate('issued', 'certificate'),
      { id: 'dns', form: { form: 'manual' }, needs: [], verify: [check('test/seen', { thing: 'record' })] },
    ]);
    const { types, end } = await stage.sit(runbook, [['steps.dns.work', { withdrawn: true }]]);
    expect(end).toEqual({ finished: 'done' });
    expect(types.indexOf('step.done issued verified')).toBeLessThan(types.indexOf('step.done dns verified'));
  });

  test('it is not looked at more often than every so often', async () => {
    const stage = new Stage();
    const runbook = runbookOf([
      gate('issued', 'certificate', { every: HOUR, within: 2 * HOUR }),
      ...['one', 'two', 'three'].map((id) => ({ id, form: run(id), needs: [] })),
    ]);
    const { types } = await stage.sit(runbook, [
      ['steps.one.act', 'alone'],
      ['steps.issued.way', 'stop'],
    ]);
    // The first look, and the one at the deadline; those in between leave no line.
    expect(types.filter((type) => type === 'step.looked issued done not-so')).toHaveLength(2);
    expect(types.indexOf('step.done three verified')).toBeGreaterThan(0);
  });

  test('a checklist that is partly filled lets it be waited for instead of stopping', async () => {
    const stage = new Stage();
    stage.later.set('certificate', 20_000);
    const runbook = runbookOf([
      gate('issued', 'certificate'),
      { id: 'smoke', form: { form: 'checklist', items: [{ text: 'It starts' }], testers: [] }, needs: [] },
    ]);
    const { end, types } = await stage.sit(runbook, [
      ['steps.smoke.item.1', 'later'],
      ['steps.smoke.item.1', 'later'],
      ['steps.smoke.item.1', 'pass'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(types.indexOf('step.done issued verified')).toBeLessThan(types.indexOf('step.done smoke on-word'));
  });
});

describe('a deadline', () => {
  test('at which nothing can be seen offers ways forward, and waiting for longer is one', async () => {
    const stage = new Stage();
    stage.facts.hidden.add('certificate');
    const { end, types } = await stage.sit(runbookOf([gate('issued', 'certificate')]), [
      ['steps.issued.way', 'look'],
      ['steps.issued.way', 'wait'],
      ['steps.issued.way', 'by-hand'],
      ['steps.issued.by-hand', 'seen by eye'],
      ['steps.issued.on-word', 'yes'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(types.at(-2)).toBe('step.done issued on-word');
    expect(stage.now - Date.parse('2026-11-22T10:00:00Z')).toBeGreaterThanOrEqual(2 * MINUTE);
  });

  test('at which nothing can be seen stops with 4 without a terminal', async () => {
    const stage = new Stage();
    stage.facts.hidden.add('certificate');
    const { end } = await stage.sit(
      runbookOf([gate('issued', 'certificate')]),
      [['steps.issued.way', { absent: 'To choose how to go on, run `launch test` in a terminal.' }]],
      { present: false },
    );
    expect(end).toMatchObject({ exit: 4, step: 'issued' });
  });

  test('that comes before the next look is when it is looked at once more', async () => {
    const stage = new Stage();
    const { state } = await stage.sit(runbookOf([gate('issued', 'certificate', { every: HOUR })]), [
      ['steps.issued.way', 'stop'],
    ]);
    expect(state.steps.get('issued')).toMatchObject({ status: 'failed', at: '2026-11-22T10:01:00.000Z' });
  });

  test('does not pass while the machine sleeps', async () => {
    const stage = new Stage();
    stage.slips.push(8 * HOUR);
    stage.later.set('certificate', 8 * HOUR + 30_000);
    const { end } = await stage.sit(runbookOf([gate('issued', 'certificate')]), []);
    expect(end).toEqual({ finished: 'done' });
  });

  test('does not pass while the machine sleeps in the middle of a look', async () => {
    const stage = new Stage();
    const look = stage.facts.look.bind(stage.facts);
    let looks = 0;
    stage.facts.look = (thing) => {
      looks += 1;
      if (looks === 3) stage.slip(8 * HOUR);
      return look(thing);
    };
    stage.later.set('certificate', 8 * HOUR + 30_000);
    const { end } = await stage.sit(runbookOf([gate('issued', 'certificate')]), []);
    expect(end).toEqual({ finished: 'done' });
  });

  test('that passed while nobody was there is followed by one look before anything is failed', async () => {
    const stage = new Stage();
    const runbook = runbookOf([gate('issued', 'certificate')]);
    await stage.sit(runbook, [], { crashAfter: 3 });
    stage.pass(24 * HOUR);
    stage.facts.so.add('certificate');
    const { end } = await stage.sit(runbook, []);
    expect(end).toEqual({ finished: 'done' });
  });

  test('comes as early as it would have when the clock is set back, in a sitting and between two', async () => {
    const stage = new Stage();
    const runbook = runbookOf([gate('issued', 'certificate', { every: 10_000 })]);
    await stage.sit(runbook, [], { crashAfter: 3 });
    stage.now -= 24 * HOUR;
    const before = stage.now;
    stage.slips.push(-HOUR);
    const { state } = await stage.sit(runbook, [['steps.issued.way', 'stop']]);
    expect(state.steps.get('issued')?.status).toBe('failed');
    expect(stage.now - (before - HOUR)).toBe(MINUTE);
  });
});

describe('a wait for a time', () => {
  test('outlives the process, and is over as soon as its time is', async () => {
    const stage = new Stage();
    const runbook = runbookOf([wait('traffic', 24 * HOUR)]);
    const first = await stage.sit(runbook, [], { present: false });
    expect(first.end).toMatchObject({ exit: 4, stopped: '"traffic" waits until 2026-11-23T10:00:00.000Z' });
    stage.pass(20 * HOUR);
    const second = await stage.sit(runbook, [], { present: false });
    expect(second.end).toMatchObject({ exit: 4 });
    stage.pass(4 * HOUR);
    expect((await stage.sit(runbook, [], { present: false })).end).toEqual({ finished: 'done' });
  });

  test('shorter than the interval of looks ends at its time', async () => {
    const stage = new Stage();
    const before = stage.now;
    expect((await stage.sit(runbookOf([wait('nap', 2000)]), [])).end).toEqual({ finished: 'done' });
    expect(stage.now - before).toBe(2000);
  });

  test('beside a longer one is waited out before the run is kept for that', async () => {
    const stage = new Stage();
    const runbook = runbookOf([
      wait('day', 24 * HOUR),
      wait('quarter', 15 * MINUTE),
      { id: 'after', form: thing('after'), needs: ['quarter'] },
    ]);
    const { end, state } = await stage.sit(runbook, [['steps.after.act', 'go']], { present: false });
    expect(end).toMatchObject({ exit: 4, step: 'day' });
    expect(state.steps.get('after')?.status).toBe('done');
  });

  test('goes on while the machine sleeps', async () => {
    const stage = new Stage();
    stage.slips.push(8 * HOUR);
    const { state } = await stage.sit(runbookOf([wait('nap', 2 * HOUR)]), []);
    expect(state.steps.get('nap')?.evidence?.note).toBe('waited until 2026-11-22T12:00:00.000Z');
  });

  test('given as a duration is no longer when the clock is set back', async () => {
    const stage = new Stage();
    stage.slips.push(-10 * HOUR);
    const { types } = await stage.sit(
      runbookOf([gate('g', 'x', { every: MINUTE, within: HOUR }), wait('nap', 2 * HOUR)]),
      [['steps.g.way', 'stop']],
    );
    expect(types.filter((type) => type === 'step.waiting nap')).toHaveLength(2);
  });
});
