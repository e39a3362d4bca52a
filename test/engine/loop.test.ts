// Sessions of the engine: what a person is asked, what is run, and what the journal says.
import { describe, expect, test } from 'vitest';
import { check, inputOf, run, runbookOf, Stage, uses } from './stage.ts';

const thing = (name: string) => uses('test/make', { thing: name });

describe('an automated step', () => {
  test('is looked at, agreed to, started, ended, and done when it is seen to be so', async () => {
    const stage = new Stage();
    const { end, types } = await stage.sit(runbookOf([{ id: 'app', form: thing('app') }]), [['steps.app.act', 'go']]);
    expect(end).toEqual({ finished: 'done' });
    expect(types).toEqual([
      'run.started',
      'step.looked app act not-so',
      'step.started app',
      'step.ended app ok',
      'step.looked app done so',
      'step.done app verified',
      'run.finished done',
    ]);
  });

  test('that is so already is done without an act and without a question', async () => {
    const stage = new Stage();
    stage.facts.so.add('app');
    const { end, state } = await stage.sit(runbookOf([{ id: 'app', form: thing('app') }]), []);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.facts.acts).toEqual([]);
    expect(state.steps.get('app')).toMatchObject({
      status: 'done',
      how: 'verified',
      already: true,
      outputs: { name: 'app' },
    });
  });

  test('whose state cannot be seen is not acted on: the person is asked', async () => {
    const stage = new Stage();
    stage.facts.hidden.add('app');
    const { end } = await stage.sit(runbookOf([{ id: 'app', form: thing('app') }]), [
      ['steps.app.way', { stop: true }],
    ]);
    expect(end).toMatchObject({ exit: 4, step: 'app' });
    expect(stage.facts.acts).toEqual([]);
  });

  test('whose reply was lost after it acted is looked at and not acted on again', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'unclear', why: 'connection reset', made: true });
    const { end, types } = await stage.sit(runbookOf([{ id: 'app', form: thing('app') }]), [['steps.app.act', 'go']]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.facts.acts).toEqual(['app']);
    expect(types).toContain('step.resolved app look done');
  });

  test('whose reply was lost before it acted is acted on once more, after a look', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'unclear', why: 'connection reset' });
    const { end } = await stage.sit(runbookOf([{ id: 'app', form: thing('app') }]), [
      ['steps.app.act', 'go'],
      ['steps.app.act', 'go'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.facts.acts).toEqual(['app', 'app']);
  });

  test('that failed has ways forward, and "try again" acts again', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'failed', why: 'no capacity' });
    const { end, state, face } = await stage.sit(runbookOf([{ id: 'app', form: thing('app') }]), [
      ['steps.app.act', 'go'],
      ['steps.app.way', 'again'],
      ['steps.app.act', 'go'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(state.steps.get('app')?.failures).toMatchObject([{ why: 'no capacity' }]);
    expect(face.transcript).toContain('? "app" failed: no capacity.');
  });

  test('is tried again by `retry`, and only as often', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'failed', why: 'one' }, { ended: 'failed', why: 'two' });
    const step = { id: 'app', form: thing('app'), retry: { attempts: 2, interval: 1000 } };
    const { end, state } = await stage.sit(runbookOf([step]), [
      ['steps.app.act', 'alone'],
      ['steps.app.way', 'stop'],
    ]);
    expect(end).toMatchObject({ exit: 4 });
    expect(state.steps.get('app')).toMatchObject({ status: 'failed', reason: 'two' });
    expect(stage.facts.acts).toHaveLength(2);
  });

  test('waits between the attempts of `retry` and asks for each of them once', async () => {
    const stage = new Stage();
    const before = stage.now;
    stage.facts.replies.push({ ended: 'failed', why: 'one' }, { ended: 'failed', why: 'two' });
    const step = { id: 'app', form: thing('app'), retry: { attempts: 3, interval: 10_000 } };
    const { end, types } = await stage.sit(runbookOf([step]), [['steps.app.act', 'go']]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.now - before).toBe(20_000);
    expect(types.filter((type) => type === 'step.looked app done not-so')).toHaveLength(2);
  });

  test('that failed but is so is done, and `retry` does not repeat it', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'failed', why: 'exit 1', made: true });
    const step = { id: 'app', form: thing('app'), retry: { attempts: 3, interval: 10_000 } };
    const { end } = await stage.sit(runbookOf([step]), [['steps.app.act', 'go']]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.facts.acts).toEqual(['app']);
  });

  test('that failed and cannot be seen is not repeated by `retry`', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'failed', why: 'exit 1', hides: true });
    const step = { id: 'app', form: thing('app'), retry: { attempts: 3, interval: 10_000 } };
    const { end } = await stage.sit(runbookOf([step]), [
      ['steps.app.act', 'go'],
      ['steps.app.way', 'stop'],
    ]);
    expect(end).toMatchObject({ exit: 4 });
    expect(stage.facts.acts).toEqual(['app']);
  });

  test('that ends without a clear answer twice, and is not so, has failed', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'unclear', why: 'reset' }, { ended: 'unclear', why: 'reset again' });
    const { end, state } = await stage.sit(runbookOf([{ id: 'app', form: thing('app') }]), [
      ['steps.app.act', 'alone'],
      ['steps.app.way', 'stop'],
    ]);
    expect(end).toMatchObject({ exit: 4 });
    expect(state.steps.get('app')).toMatchObject({ status: 'failed', reason: 'reset again' });
  });

  test('without a person ends the run with 1 when it fails, and nothing after it runs', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'failed', why: 'no capacity' });
    const { end } = await stage.sit(
      runbookOf([
        { id: 'app', form: thing('app') },
        { id: 'next', form: thing('next') },
      ]),
      [
        ['steps.app.act', 'go'],
        ['steps.app.way', { absent: 'To choose how to go on, run `launch test` in a terminal.' }],
      ],
      { present: false },
    );
    expect(end).toMatchObject({ exit: 1, step: 'app' });
    expect(stage.facts.acts).toEqual(['app']);
  });

  test('with checks of the runbook is done only when they hold, and a failing one causes no second act', async () => {
    const stage = new Stage();
    const step = {
      id: 'app',
      form: thing('app'),
      verify: [{ ...check('test/seen', { thing: 'page' }), every: 5000, within: 10_000 }],
    };
    const { end, state } = await stage.sit(runbookOf([step]), [
      ['steps.app.act', 'go'],
      ['steps.app.way', 'stop'],
    ]);
    expect(end).toMatchObject({ exit: 4 });
    expect(state.steps.get('app')?.status).toBe('failed');
    expect(stage.facts.acts).toEqual(['app']);
    stage.facts.so.add('page');
    const second = await stage.sit(runbookOf([step]), [['steps.app.way', 'look']]);
    expect(second.end).toEqual({ finished: 'done' });
  });

  test('in doubt is settled by the look of its kind; a check that does not hold yet is waited for, not acted on', async () => {
    const stage = new Stage();
    stage.facts.replies.push({ ended: 'unclear', why: 'connection reset', made: true });
    const step = {
      id: 'app',
      form: thing('app'),
      verify: [{ ...check('test/seen', { thing: 'page' }), every: 5000, within: 10_000 }],
    };
    const { types } = await stage.sit(runbookOf([step]), [
      ['steps.app.act', 'go'],
      ['steps.app.way', 'stop'],
    ]);
    expect(stage.facts.acts).toEqual(['app']);
    expect(types).toContain('step.resolved app look done');
    expect(types).toContain('step.waiting app');
  });
});

describe('a command', () => {
  test('leaves the outputs it writes, and they are filled in later', async () => {
    const stage = new Stage();
    stage.endings.push({ output: 'building\n', written: 'tag=v7\n' });
    const runbook = runbookOf([
      { id: 'build', form: run('make image') },
      { id: 'app', form: uses('test/make', { thing: '${{ steps.build.outputs.tag }}' }) },
    ]);
    const { end, face } = await stage.sit(runbook, [
      ['steps.build.act', 'go'],
      ['steps.app.act', 'go'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.facts.acts).toEqual(['v7']);
    expect(face.transcript).toContain('building');
  });

  test('gets values by its environment, never as code', async () => {
    const stage = new Stage();
    const runbook = runbookOf([{ id: 'greet', form: run('echo "${{ inputs.name }}"') }], { inputs: [inputOf('name')] });
    await stage.sit(runbook, [
      ['inputs.name', '$(rm -rf /)"; true'],
      ['steps.greet.act', 'go'],
    ]);
    const [child] = stage.children;
    expect(child?.argv.at(-1)).not.toContain('rm -rf');
    expect(Object.values(child?.options.env ?? {})).toContain('$(rm -rf /)"; true');
  });

  test('that uses a value nobody left asks for it instead of an empty text', async () => {
    const stage = new Stage();
    const runbook = runbookOf([
      { id: 'build', form: run('make image') },
      { id: 'app', form: uses('test/make', { thing: '${{ steps.build.outputs.tag }}' }) },
    ]);
    const { end } = await stage.sit(runbook, [
      ['steps.build.act', 'go'],
      ['steps.build.outputs.tag', 'v8'],
      ['steps.app.act', 'go'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.facts.acts).toEqual(['v8']);
  });

  test('that has something to copy that nobody left asks for it before a person is told to copy it', async () => {
    const stage = new Stage();
    const runbook = runbookOf([
      { id: 'build', form: run('make image') },
      { id: 'tell', form: { form: 'manual' }, copy: { Tag: '${{ steps.build.outputs.tag }}' } },
    ]);
    const { end, face } = await stage.sit(runbook, [
      ['steps.build.act', 'go'],
      ['steps.build.outputs.tag', 'v8'],
      ['steps.tell.work', 'done'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(face.cards.at(-1)?.copy).toEqual([{ label: 'Tag', value: 'v8' }]);
  });

  test('with a forbidden word is not started', async () => {
    const stage = new Stage();
    const runbook = runbookOf([{ id: 'wrong', form: run('fly deploy -a app-staging') }], { forbid: ['app-staging'] });
    const { end } = await stage.sit(runbook, []);
    expect(end).toMatchObject({ exit: 1, stopped: expect.stringContaining('"app-staging" is forbidden') });
    expect(stage.children).toEqual([]);
  });

  test('whose checks were so before it proves nothing by them after a time-out: the person is asked', async () => {
    const stage = new Stage();
    stage.facts.so.add('page');
    stage.endings.push({ exit: null, signal: 'SIGKILL', timedOut: true });
    const runbook = runbookOf([{ id: 'go', form: run('make go'), verify: [check('test/seen', { thing: 'page' })] }]);
    const { end } = await stage.sit(runbook, [
      ['steps.go.act', 'go'],
      ['steps.go.way', 'was-done'],
    ]);
    expect(end).toEqual({ finished: 'done' });
  });
});

describe('a command with `retry` that ran into its time-out', () => {
  const step = {
    id: 'go',
    form: run('make go'),
    retry: { attempts: 2, interval: 10_000 },
    verify: [{ ...check('test/seen', { thing: 'page' }), every: 5000, within: 10_000 }],
  };

  test('is repeated when its checks say not so', async () => {
    const stage = new Stage();
    stage.endings.push({ exit: null, signal: 'SIGKILL', timedOut: true }, { makes: 'page' });
    const before = stage.now;
    const { end } = await stage.sit(runbookOf([step]), [['steps.go.act', 'go']]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.children).toHaveLength(2);
    expect(stage.now - before).toBe(10_000);
  });

  test('is not repeated when they cannot be seen: the person is asked', async () => {
    const stage = new Stage();
    stage.facts.hidden.add('page');
    stage.endings.push({ exit: null, signal: 'SIGKILL', timedOut: true });
    const { end } = await stage.sit(runbookOf([step]), [
      ['steps.go.act', 'go'],
      ['steps.go.way', 'stop'],
    ]);
    expect(end).toMatchObject({ exit: 4 });
    expect(stage.children).toHaveLength(1);
  });
});

describe('a point of no return', () => {
  const declare = { id: 'declare', form: { form: 'manual' as const }, irreversible: 'SolOS', confirm: 'All agreed?' };

  test('of a person is confirmed and its name typed before the work begins, once', async () => {
    const stage = new Stage();
    const { end } = await stage.sit(runbookOf([declare, { id: 'other', form: { form: 'manual' }, needs: [] }]), [
      ['steps.declare.confirm', 'yes'],
      ['steps.declare.name', 'SolOS'],
      ['steps.declare.work', 'later'],
      ['steps.other.work', 'done'],
      ['steps.declare.work', 'done'],
    ]);
    expect(end).toEqual({ finished: 'done' });
  });

  test('of a person is not begun with a wrong name', async () => {
    const stage = new Stage();
    const { end, state } = await stage.sit(runbookOf([declare]), [
      ['steps.declare.confirm', 'yes'],
      ['steps.declare.name', { stop: true }],
    ]);
    expect(end).toMatchObject({ exit: 4, step: 'declare' });
    expect(state.steps.get('declare')?.status).toBe('pending');
  });
});

describe('a step for a person', () => {
  const manual = {
    id: 'dns',
    form: { form: 'manual' as const },
    verify: [check('test/seen', { thing: 'record' })],
    open: 'https://example.com/dns',
    copy: { Name: 'api', Target: 'x.fly.dev' },
  };

  test('opens the page, copies value after value, and is done when it is seen', async () => {
    const stage = new Stage();
    const { end, state } = await stage.sit(runbookOf([manual]), [
      ['steps.dns.work', 'open'],
      ['steps.dns.work', 'copy'],
      ['steps.dns.work', 'copy'],
      ['steps.dns.work', { withdrawn: true }],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(state.steps.get('dns')).toMatchObject({ how: 'verified' });
    expect(stage.opened).toEqual(['https://example.com/dns']);
    expect(stage.copied).toEqual(['api', 'x.fly.dev']);
  });

  test('copies a secret by its value, shows only its name, and takes it off the clipboard at the end', async () => {
    const stage = new Stage();
    const key = {
      ...{ name: 'KEY', secret: true, required: true, absent: false, to: 'fly-secret' as const },
      sameAsStaging: 'warn' as const,
    };
    const step = { ...manual, copy: { Key: '${{ secrets.KEY }}', Name: 'api' } };
    const { face, events } = await stage.sit(runbookOf([step], { secrets: [{ app: 'shop', names: [key] }] }), [
      ['steps.dns.work', 'copy'],
      ['secrets.shop.KEY', 'a-secret-value'],
      ['steps.dns.work', { stop: true }],
    ]);
    expect(stage.copied).toEqual(['a-secret-value', '']);
    expect(JSON.stringify([face.transcript, events])).not.toContain('a-secret-value');
    expect(face.transcript).toContain('Copied Key. It is taken off the clipboard when this step ends.');
  });

  test('a value that is copied after a secret is left there', async () => {
    const stage = new Stage();
    const step = { ...manual, copy: { Key: '${{ inputs.token }}', Name: 'api' } };
    await stage.sit(runbookOf([step], { inputs: [inputOf('token', { secret: true })] }), [
      ['inputs.token', 'a-secret-value'],
      ['steps.dns.work', 'copy'],
      ['steps.dns.work', 'copy'],
      ['steps.dns.work', { stop: true }],
    ]);
    expect(stage.copied).toEqual(['a-secret-value', 'api']);
  });

  test('that is not so after "done" shows expected and seen, and takes the word only when told to', async () => {
    const stage = new Stage();
    const { end, state, face } = await stage.sit(
      runbookOf([{ ...manual, verify: [{ ...check('test/seen', { thing: 'record' }), every: 3_600_000 }] }]),
      [
        ['steps.dns.work', 'done'],
        ['steps.dns.no', 'look'],
        ['steps.dns.no', 'word'],
      ],
    );
    expect(end).toEqual({ finished: 'done' });
    expect(state.steps.get('dns')).toMatchObject({ status: 'done', how: 'on-word' });
    expect(face.transcript).toContain('  seen      nothing');
  });

  test('a value to paste back that may be left empty, and is, leaves no output', async () => {
    const stage = new Stage();
    const ask = [{ name: 'note_url', required: false }];
    const { state } = await stage.sit(runbookOf([{ id: 'team', form: { form: 'manual' as const }, ask }]), [
      ['steps.team.work', 'done'],
      ['steps.team.ask.note_url', ''],
    ]);
    expect(state.steps.get('team')).toMatchObject({ status: 'done', outputs: {} });
  });

  test('without a check is done on the word, with the values pasted back and the proof', async () => {
    const stage = new Stage();
    const step = {
      id: 'team',
      form: { form: 'manual' as const },
      ask: [{ name: 'team_id', pattern: '[A-Z0-9]{10}', required: true }],
      evidence: true,
    };
    const { state } = await stage.sit(runbookOf([step]), [
      ['steps.team.work', 'done'],
      ['steps.team.ask.team_id', 'ABCDE12345'],
      ['steps.team.evidence', 'https://example.com/proof'],
    ]);
    expect(state.steps.get('team')).toMatchObject({
      how: 'on-word',
      outputs: { team_id: 'ABCDE12345' },
      evidence: { proof: 'https://example.com/proof' },
    });
  });

  test('that is skipped asks for the outputs that later steps use', async () => {
    const stage = new Stage();
    const runbook = runbookOf([
      { id: 'team', form: { form: 'manual' }, ask: [{ name: 'id', required: true }] },
      { id: 'app', form: uses('test/make', { thing: '${{ steps.team.outputs.id }}' }) },
    ]);
    const { end } = await stage.sit(runbook, [
      ['steps.team.work', 'skip'],
      ['steps.team.skip', 'made last week'],
      ['steps.team.outputs.id', 'T1'],
      ['steps.app.act', 'go'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.facts.acts).toEqual(['T1']);
  });

  test('may be put aside while steps that do not need it go on', async () => {
    const stage = new Stage();
    const runbook = runbookOf([
      { id: 'ask-bob', form: { form: 'manual' } },
      { id: 'app', form: thing('app'), needs: [] },
    ]);
    const { end } = await stage.sit(runbook, [
      ['steps.ask-bob.work', 'later'],
      ['steps.app.act', 'go'],
      ['steps.ask-bob.work', 'done'],
    ]);
    expect(end).toEqual({ finished: 'done' });
  });
});

describe('a checklist', () => {
  const form = {
    form: 'checklist' as const,
    items: [{ text: 'It starts' }, { text: 'No crash', for: 900_000 }],
    testers: ['ann', 'ben'],
  };

  test('is filled item by item for each tester, and a watched item waits out its time', async () => {
    const stage = new Stage();
    const before = stage.now;
    const { end, state } = await stage.sit(runbookOf([{ id: 'smoke', form }]), [
      ['steps.smoke.item.1.ann', 'pass'],
      ['steps.smoke.item.2.ann', 'watching'],
      ['steps.smoke.item.1.ben', 'pass'],
      ['steps.smoke.item.2.ben', 'watching'],
      ['steps.smoke.item.2.ann', 'pass'],
      ['steps.smoke.item.2.ben', 'pass'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.now - before).toBe(900_000);
    expect(state.steps.get('smoke')).toMatchObject({ status: 'done', how: 'on-word' });
  });

  test('partly filled waits, is kept, and goes on later', async () => {
    const stage = new Stage();
    const runbook = runbookOf([{ id: 'smoke', form: { ...form, items: [{ text: 'It starts' }] } }]);
    const first = await stage.sit(runbook, [
      ['steps.smoke.item.1.ann', 'pass'],
      ['steps.smoke.item.1.ben', 'later'],
      ['steps.smoke.item.1.ben', { stop: true }],
    ]);
    expect(first.end).toMatchObject({ exit: 4 });
    const second = await stage.sit(runbook, [['steps.smoke.item.1.ben', 'pass']]);
    expect(second.end).toEqual({ finished: 'done' });
  });

  test('with a failing item fails, with the note', async () => {
    const stage = new Stage();
    const { state } = await stage.sit(
      runbookOf([{ id: 'smoke', form: { ...form, items: [{ text: 'It starts' }], testers: [] } }]),
      [
        ['steps.smoke.item.1', 'fail'],
        ['steps.smoke.item.note', 'white screen'],
        ['steps.smoke.way', 'stop'],
      ],
    );
    expect(state.steps.get('smoke')).toMatchObject({
      status: 'failed',
      ticks: [{ result: 'fail', note: 'white screen' }],
    });
  });
});

describe('waiting', () => {
  test('for a time is kept as an absolute time over sittings', async () => {
    const stage = new Stage();
    const runbook = runbookOf([{ id: 'nap', form: { form: 'wait', ms: 7_200_000 } }]);
    const first = await stage.sit(runbook, [], { present: false });
    expect(first.end).toMatchObject({ exit: 4, step: 'nap' });
    stage.now += 7_200_000;
    const second = await stage.sit(runbook, [], { present: false });
    expect(second.end).toEqual({ finished: 'done' });
  });

  test('for a check ends when it comes true, and its deadline is on disk', async () => {
    const stage = new Stage();
    const runbook = runbookOf([
      {
        id: 'gate',
        form: { form: 'gate' },
        verify: [{ ...check('test/seen', { thing: 'green' }), every: 5000, within: 60_000 }],
      },
    ]);
    const first = await stage.sit(runbook, [], { crashAfter: 3 });
    expect(first.types).toEqual(['run.started', 'step.looked gate done not-so', 'step.waiting gate']);
    stage.facts.so.add('green');
    const second = await stage.sit(runbook, []);
    expect(second.end).toEqual({ finished: 'done' });
  });
});

describe('a secret that a look needs', () => {
  const key = {
    name: 'KEY',
    secret: true,
    required: true,
    absent: false,
    to: 'fly-secret' as const,
    sameAsStaging: 'warn' as const,
    place: { file: 'runbooks/test.md', line: 1, column: 1 },
  };
  const secrets = [{ app: 'shop', names: [key] }];

  test('is asked for again in the next sitting, before the look', async () => {
    const stage = new Stage();
    const gate = {
      id: 'gate',
      form: { form: 'gate' as const },
      verify: [{ ...check('test/seen', { thing: '${{ secrets.KEY }}' }), every: 5000, within: 60_000 }],
    };
    const typed: [string, string] = ['secrets.shop.KEY', 'a-secret-value'];
    const first = await stage.sit(runbookOf([gate], { secrets }), [typed], { crashAfter: 3 });
    expect(first.types).toContain('step.waiting gate');
    stage.facts.so.add('a-secret-value');
    const second = await stage.sit(runbookOf([gate], { secrets }), [typed]);
    expect(second.end).toEqual({ finished: 'done' });
    expect(JSON.stringify(second.events)).not.toContain('a-secret-value');
  });

  test('is asked for again before a doubt is looked at', async () => {
    const stage = new Stage();
    const step = { id: 'app', form: thing('${{ secrets.KEY }}') };
    const typed: [string, string] = ['secrets.shop.KEY', 'a-secret-value'];
    await stage.sit(runbookOf([step], { secrets }), [typed, ['steps.app.act', 'go']], { crashAfter: 3 });
    const second = await stage.sit(runbookOf([step], { secrets }), [typed, ['steps.app.act', 'go']]);
    expect(second.types).toContain('step.resolved app look not-done');
    expect(second.end).toEqual({ finished: 'done' });
  });
});

describe('going back', () => {
  test('reopens one step, and looks again at what needs it', async () => {
    const stage = new Stage();
    const runbook = runbookOf([
      { id: 'app', form: thing('app') },
      { id: 'ip', form: thing('ip') },
      { id: 'ask', form: { form: 'question', question: 'Ready?', shape: 'text' } },
      { id: 'page', form: { form: 'manual' } },
    ]);
    const { types, end } = await stage.sit(runbook, [
      ['steps.app.act', 'alone'],
      ['steps.ask.answer', 'yes'],
      ['steps.page.work', 'jump'],
      ['steps.page.jump', 'app'],
      ['steps.page.work', 'done'],
    ]);
    expect(end).toEqual({ finished: 'done' });
    expect(types).toContain('step.looked ip drift so');
    expect(stage.facts.acts).toEqual(['app', 'ip']);
  });
});

test.each([
  ['no look can settle offers none, and Enter does nothing', [], undefined],
  ['a look may settle offers one, on Enter', [check('test/seen', { thing: 'x' })], 'look'],
])('a doubt that %s', async (_, verify, onEnter) => {
  const stage = new Stage();
  const runbook = runbookOf([{ id: 'go', form: run('deed'), verify }]);
  await stage.sit(runbook, [['steps.go.act', 'go']], { crashAfter: verify.length === 0 ? 3 : 4 });
  const { face } = await stage.sit(runbook, [['steps.go.way', 'stop']]);
  const asked = face.questions.find(({ id }) => id === 'steps.go.way');
  const ways = asked?.type === 'choice' ? asked.options.map(({ value }) => value) : [];
  expect(ways.includes('look')).toBe(verify.length > 0);
  expect(asked).toHaveProperty('default', onEnter);
});
