// Sessions with a command that goes on while other steps run: a tunnel.
import { describe, expect, test } from 'vitest';
import { check, run, runbookOf, Stage, type StepData } from './stage.ts';

const tunnel = (more: Partial<NonNullable<StepData['background']>> = {}): StepData => ({
  id: 'tunnel',
  form: run('fly proxy 5432'),
  background: { readyWhen: [{ ...check('test/seen', { thing: 'port' }), every: 1000, within: 30_000 }], ...more },
});
const migrate: StepData = { id: 'migrate', form: run('psql -f up.sql') };
const look: StepData = { id: 'count', form: run('psql -c count') };
const after: StepData = { id: 'after', form: run('echo after') };
const alone: readonly ['steps.tunnel.act', 'alone'] = ['steps.tunnel.act', 'alone'];

describe('a background step', () => {
  test('is done when it is ready, stays up for those that need it, and is ended after the last', async () => {
    const stage = new Stage();
    stage.later.set('port', 3000);
    stage.endings.push({ stays: true }, {}, {}, {});
    const upAt: number[] = [];
    stage.onGo = () => upAt.push(stage.up.size);
    const runbook = runbookOf([tunnel({ stopAfter: 'count' }), migrate, look, after]);
    const { end, types } = await stage.sit(runbook, [alone]);
    expect(end).toEqual({ finished: 'done' });
    expect(upAt).toEqual([1, 1, 0]);
    expect(types.filter((type) => type.includes('tunnel'))).toEqual([
      'step.started tunnel',
      'step.spawned tunnel',
      'step.looked tunnel done not-so',
      'step.waiting tunnel',
      'step.looked tunnel done so',
      'step.done tunnel verified',
      'step.ended tunnel ok',
    ]);
  });

  test('a secret that its readiness is looked at with is asked for', async () => {
    const stage = new Stage();
    stage.facts.so.add('a-secret-value');
    stage.endings.push({ stays: true });
    const key = {
      ...{ name: 'KEY', secret: true, required: true, absent: false, to: 'fly-secret' as const },
      sameAsStaging: 'warn' as const,
    };
    const ready = [{ ...check('test/seen', { thing: '${{ secrets.KEY }}' }), every: 1000, within: 30_000 }];
    const runbook = runbookOf([tunnel({ readyWhen: ready })], { secrets: [{ app: 'db', names: [key] }] });
    const { end } = await stage.sit(runbook, [alone, ['secrets.db.KEY', 'a-secret-value']]);
    expect(end).toEqual({ finished: 'done' });
  });

  test('without `stop-after` is ended when the run is', async () => {
    const stage = new Stage();
    stage.facts.so.add('port');
    stage.endings.push({ stays: true });
    const { end, types } = await stage.sit(runbookOf([tunnel(), migrate]), [alone]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.up.size).toBe(0);
    expect(types.slice(-2)).toEqual(['step.ended tunnel ok', 'run.finished done']);
  });

  test('that ends before it is ready has failed, with its last words', async () => {
    const stage = new Stage();
    stage.endings.push({ exit: 1, output: 'no such app\n' });
    const { end, state } = await stage.sit(runbookOf([tunnel(), migrate]), [alone, ['steps.tunnel.way', 'stop']]);
    expect(end).toMatchObject({ exit: 4, step: 'tunnel' });
    expect(state.steps.get('tunnel')).toMatchObject({
      status: 'failed',
      reason: '"tunnel" ended with exit code 1 while it was needed: no such app',
    });
    expect(stage.children).toHaveLength(1);
  });

  test('that breaks fails the step that is running, and is started again before that is tried again', async () => {
    const stage = new Stage();
    stage.facts.so.add('port');
    stage.endings.push({ stays: true }, { stays: true }, { stays: true }, {});
    const runbook = runbookOf([tunnel({ stopAfter: 'migrate' }), migrate]);
    const sitting = stage.sit(runbook, [alone, ['steps.migrate.way', 'again'], ['steps.migrate.act', 'go']]);
    await stage.until(() => stage.children.length === 2);
    stage.up.get(101)?.({ exit: 255 });
    const { end, state } = await sitting;
    expect(end).toEqual({ finished: 'done' });
    expect(state.steps.get('migrate')?.failures).toMatchObject([
      { why: '"tunnel" ended with exit code 255 while it was needed' },
    ]);
    expect(stage.children.map(({ argv }) => argv.at(-1))).toEqual([
      'fly proxy 5432',
      'psql -f up.sql',
      'fly proxy 5432',
      'psql -f up.sql',
    ]);
  });

  test('left over from a killed sitting is ended, and started again only when a step that needs it is next', async () => {
    const stage = new Stage();
    stage.facts.so.add('port');
    stage.endings.push({ stays: true });
    const other: StepData = { id: 'other', form: { form: 'manual' }, needs: [] };
    const runbook = runbookOf([tunnel(), other, { ...migrate, needs: ['tunnel', 'other'] }]);
    const first = await stage.sit(runbook, [alone, ['steps.other.work', { stop: true }]], { crashAfter: 5 });
    expect(first.types.at(-1)).toBe('step.done tunnel verified');
    stage.living.add(101);
    stage.endings.push({ stays: true }, {});
    const second = await stage.sit(runbook, [
      ['steps.other.work', 'done'],
      ['steps.migrate.act', 'go'],
    ]);
    expect(second.end).toEqual({ finished: 'done' });
    expect(stage.living.size).toBe(0);
    const types = second.types.slice(first.types.length);
    expect(types.indexOf('step.ended tunnel ok')).toBeLessThan(types.indexOf('step.done other on-word'));
    expect(types.indexOf('step.done other on-word')).toBeLessThan(types.indexOf('step.started tunnel'));
    expect(types.some((type) => type.startsWith('step.resolved'))).toBe(false);
  });

  test('that was cut off while it started is not in doubt: it is started again', async () => {
    const stage = new Stage();
    stage.facts.so.add('port');
    stage.endings.push({ stays: true });
    const runbook = runbookOf([tunnel(), migrate]);
    await stage.sit(runbook, [alone], { crashAfter: 3 });
    stage.endings.push({ stays: true }, {});
    const { end } = await stage.sit(runbook, [alone]);
    expect(end).toEqual({ finished: 'done' });
  });

  test('that does not stay up is given up after some tries', async () => {
    const stage = new Stage();
    stage.facts.so.add('port');
    stage.endings.push(...Array.from({ length: 6 }, () => ({ exit: 1 })));
    const runbook = runbookOf([tunnel({ readyWhen: [] }), { ...migrate, form: { form: 'manual' } }]);
    const { end, state } = await stage.sit(runbook, [alone, ['steps.tunnel.way', 'stop']]);
    expect(end).toMatchObject({ exit: 4, step: 'tunnel' });
    expect(state.steps.get('tunnel')?.attempts.length).toBeLessThanOrEqual(5);
  });

  test('is ended when the person stops', async () => {
    const stage = new Stage();
    stage.facts.so.add('port');
    stage.endings.push({ stays: true });
    const { end } = await stage.sit(runbookOf([tunnel(), { ...migrate, form: { form: 'manual' } }]), [
      alone,
      ['steps.migrate.work', 'stop'],
    ]);
    expect(end).toMatchObject({ exit: 4 });
    expect(stage.up.size).toBe(0);
  });
});
