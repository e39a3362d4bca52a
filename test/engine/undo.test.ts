// Sessions in which done steps are taken back: the last one first, each looked at until it is gone.
import { describe, expect, test } from 'vitest';
import type { StepData } from './stage.ts';
import { check, run, runbookOf, Stage, uses } from './stage.ts';

const thing = (name: string): StepData => ({ id: name, form: uses('test/make', { thing: name }) });
const pages: StepData = {
  id: 'pages',
  form: run('make pages'),
  verify: [{ ...check('test/seen', { thing: 'page' }), every: 5000, within: 20_000 }],
  undo: { run: 'remove "${{ steps.pages.outputs.tag }}"' },
};

async function launched(steps: readonly StepData[]): Promise<Stage> {
  const stage = new Stage();
  stage.endings.push({ makes: 'page', written: 'tag=p1\n' });
  const { end } = await stage.sit(runbookOf(steps), [[`steps.${steps[0]?.id}.act`, 'alone']]);
  expect(end).toEqual({ finished: 'done' });
  return stage;
}

describe('taking back', () => {
  test('goes from the last to the first, asks for each, and is done when each is seen to be gone', async () => {
    const stage = await launched([thing('app'), thing('volume')]);
    const { end, types } = await stage.sit(
      runbookOf([thing('app'), thing('volume')]),
      [
        ['steps.volume.undo', 'yes'],
        ['steps.app.undo', 'yes'],
      ],
      { undo: ['app', 'volume'] },
    );
    expect(end).toEqual({ undone: ['app', 'volume'] });
    expect(stage.facts.undone).toEqual(['volume (volume)', 'app (app)']);
    expect([...stage.facts.so]).toEqual([]);
    const after = types.slice(types.indexOf('run.resumed') + 1);
    expect(after.filter((type) => type.includes('volume'))).toEqual([
      'answer.given volume',
      'step.started volume',
      'step.ended volume ok',
      'step.undone volume',
    ]);
  });

  test('leaves what the person does not want taken back, and does nothing to what is gone already', async () => {
    const stage = await launched([thing('app'), thing('volume')]);
    stage.facts.so.delete('volume');
    const { end } = await stage.sit(runbookOf([thing('app'), thing('volume')]), [['steps.app.undo', 'no']], {
      undo: ['app', 'volume'],
    });
    expect(end).toEqual({ undone: ['volume'] });
    expect(stage.facts.undone).toEqual([]);
  });

  test('does nothing on the strength of a look that cannot be made', async () => {
    const stage = await launched([thing('app')]);
    stage.facts.hidden.add('app');
    const { end, state } = await stage.sit(
      runbookOf([thing('app')]),
      [
        ['steps.app.undo-way', 'look'],
        ['steps.app.undo-way', 'leave'],
      ],
      { undo: ['app'] },
    );
    expect(end).toEqual({ undone: [] });
    expect(state.steps.get('app')?.status).toBe('done');
  });

  test('that fails leaves the step done, with ways forward', async () => {
    const stage = await launched([thing('app')]);
    stage.facts.undoReplies.push({ ended: 'failed', why: 'in use' });
    const { end } = await stage.sit(
      runbookOf([thing('app')]),
      [
        ['steps.app.undo', 'yes'],
        ['steps.app.undo-way', 'again'],
      ],
      { undo: ['app'] },
    );
    expect(end).toEqual({ undone: ['app'] });
    expect(stage.facts.undone).toHaveLength(2);
  });

  test('by a command of the runbook uses what the step left, and is proven by its checks', async () => {
    const stage = await launched([pages]);
    stage.facts.so.delete('page');
    const done = await stage.sit(runbookOf([pages]), [], { undo: ['pages'] });
    expect(done.end).toEqual({ undone: ['pages'] });

    const other = await launched([pages]);
    const { state, end } = await other.sit(
      runbookOf([pages]),
      [
        ['steps.pages.undo', 'yes'],
        ['steps.pages.undo-way', 'leave'],
      ],
      { undo: ['pages'] },
    );
    expect(Object.values(other.children.at(-1)?.options.env ?? {})).toContain('p1');
    // The page is still there: the command said yes, the world says no.
    expect(end).toEqual({ undone: [] });
    expect(state.steps.get('pages')).toMatchObject({ status: 'done', outputs: { tag: 'p1' } });
  });

  test('by a person is on their word where nothing can be looked at', async () => {
    const step: StepData = { id: 'dns', form: run('make dns'), undo: { manual: 'Delete the record.' } };
    const stage = await launched([step]);
    const { end } = await stage.sit(
      runbookOf([step]),
      [
        ['steps.dns.undo', 'yes'],
        ['steps.dns.undo-work', 'done'],
      ],
      { undo: ['dns'] },
    );
    expect(end).toEqual({ undone: ['dns'] });
  });

  test('of what was so already is refused: this run did not make it', async () => {
    const stage = new Stage();
    stage.facts.so.add('app');
    const runbook = runbookOf([thing('app'), thing('volume')]);
    await stage.sit(runbook, [['steps.volume.act', 'go']]);
    const { end, state } = await stage.sit(runbook, [['steps.volume.undo', 'yes']], { undo: ['app', 'volume'] });
    expect(end).toEqual({
      exit: 1,
      stopped: '"app" cannot be taken back: it was so already, and this run did not make it',
    });
    expect(stage.facts.undone).toEqual(['volume (volume)']);
    expect(state.steps.get('app')?.status).toBe('done');
  });

  test('of what was so again after it was taken back, by somebody else, is refused too', async () => {
    const stage = await launched([thing('app')]);
    const runbook = runbookOf([thing('app')]);
    await stage.sit(runbook, [['steps.app.undo', 'yes']], { undo: ['app'] });
    stage.facts.so.add('app');
    await stage.sit(runbook, [['steps.app.way', 'look']]);
    const { end } = await stage.sit(runbook, [], { undo: ['app'] });
    expect(end).toMatchObject({ exit: 1, stopped: expect.stringContaining('this run did not make it') });
    expect(stage.facts.so.has('app')).toBe(true);
  });

  test('of what this run made, and found to be so when it was opened again, goes on', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'failed', why: 'no answer', made: true, hides: true });
    const runbook = runbookOf([thing('app')]);
    await stage.sit(runbook, [
      ['steps.app.act', 'go'],
      ['steps.app.way', { stop: true }],
    ]);
    stage.facts.hidden.delete('app');
    await stage.sit(runbook, [['steps.app.way', 'look']]);
    const { end } = await stage.sit(runbook, [['steps.app.undo', 'yes']], { undo: ['app'] });
    expect(end).toEqual({ undone: ['app'] });
  });

  test('of what nothing brings back is agreed to by its typed name, and by nothing else', async () => {
    const step: StepData = { id: 'dns', form: run('make dns'), undo: { run: 'drop' }, irreversible: 'live-1' };
    const stage = new Stage();
    await stage.sit(runbookOf([step]), [['steps.dns.name', 'live-1']]);
    const { end, events } = await stage.sit(runbookOf([step]), [['steps.dns.undo', 'live-1']], { undo: ['dns'] });
    expect(end).toEqual({ undone: ['dns'] });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'answer.given', question: 'steps.dns.undo', value: 'live-1' }),
    );
  });

  test('of a step that cannot be taken back says so', async () => {
    const stage = await launched([{ id: 'mail', form: run('send') }]);
    const { end } = await stage.sit(runbookOf([{ id: 'mail', form: run('send') }]), [], { undo: ['mail'] });
    expect(end).toMatchObject({ exit: 1, stopped: '"mail" cannot be taken back' });
  });
});

describe('a killed taking back', () => {
  test.each([3, 4])('killed after event %i of it is settled by a look, and nothing is taken back twice', async (at) => {
    const stage = await launched([thing('app')]);
    const before = stage.runs.read(stage.run ?? '').length;
    await stage.sit(runbookOf([thing('app')]), [['steps.app.undo', 'yes']], { undo: ['app'], crashAfter: before + at });
    const acted = stage.facts.undone.length;
    const script = acted > 0 ? [] : [['steps.app.undo', 'yes'] as const];
    const { end, state } = await stage.sit(runbookOf([thing('app')]), script, { undo: ['app'] });
    expect(end).toEqual({ undone: ['app'] });
    expect(state.steps.get('app')?.status).toBe('undone');
    expect(stage.facts.undone).toHaveLength(1);
  });

  test('is in doubt for the next launch too, and never taken for done', async () => {
    const stage = await launched([thing('app')]);
    const before = stage.runs.read(stage.run ?? '').length;
    await stage.sit(runbookOf([thing('app')]), [['steps.app.undo', 'yes']], { undo: ['app'], crashAfter: before + 4 });
    const { state } = await stage.sit(runbookOf([thing('app')]), [['steps.app.way', 'stop']]);
    expect(state.steps.get('app')?.status).toBe('undone');
  });
});
