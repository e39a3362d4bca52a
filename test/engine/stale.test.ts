// A value that steps were done with is given anew: they are looked at with the new one, or the person says what becomes of them.
import { describe, expect, test } from 'vitest';
import { standingOf } from '../../src/engine/drift.ts';
import type { LaunchEvent } from '../../src/engine/events.ts';
import type { Face } from '../../src/engine/face.ts';
import { createScriptedFace, type ScriptLine } from '../../src/ui/scripted.ts';
import { check, inputOf, run, runbookOf, Stage, type StepData, uses } from './stage.ts';

const where: StepData = { id: 'where', form: { form: 'question', question: 'Where?', shape: 'text' } };
const answer = '${{ steps.where.outputs.answer }}';
const made: StepData = { id: 'made', form: uses('test/make', { thing: answer }) };
const deed: StepData = { id: 'deed', form: uses('test/deed', { thing: answer }) };
const apart: StepData = { id: 'apart', form: uses('test/deed', { thing: 'apart' }) };
const last: StepData = { id: 'last', form: { form: 'manual' } };

const go = (id: string): ScriptLine => [`steps.${id}.act`, 'go'];
const back = (to: string): readonly ScriptLine[] => [
  ['steps.last.work', 'jump'],
  ['steps.last.jump', to],
];
const endIt: ScriptLine = ['steps.last.work', 'done'];

/** At the last step, everything before it done with `here`. */
async function toLast(steps: readonly StepData[], script: readonly ScriptLine[], rest: readonly ScriptLine[]) {
  const stage = new Stage();
  const runbook = runbookOf([where, ...steps, last]);
  const sat = await stage.sit(runbook, [['steps.where.answer', 'here'], ...script, ...rest]);
  return { stage, runbook, ...sat };
}

/** What happened after the question was opened again. */
const sinceThen = (types: readonly string[]) => types.slice(types.indexOf('step.reopened where') + 1);

test('what was made with the old answer is looked at with the new one and opened, and not made before the person says so', async () => {
  const { stage, types, events, face } = await toLast(
    [made, apart],
    [go('made'), go('apart')],
    [...back('where'), ['steps.where.answer', 'there'], go('made'), endIt],
  );
  expect(sinceThen(types)).toEqual([
    'answer.given where',
    'step.done where on-word',
    'step.looked made drift not-so',
    'step.reopened made',
    'step.looked made act not-so',
    'step.started made',
    'step.ended made ok',
    'step.looked made done so',
    'step.done made verified',
    'step.done last on-word',
    'run.finished done',
  ]);
  expect(stage.facts.acts).toEqual(['here', 'apart', 'there']);
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'step.reopened',
      why: 'not so since answer of "where" changed from here to there',
    }),
  );
  expect(face.transcript).toContain('Since "made" was done, answer of "where" changed from here to there.');
  expect(face.transcript).toContain('What it made before stays as it is.');
});

test('what is so with the new answer too is done with it, and leaves what is there now', async () => {
  const stage = new Stage();
  stage.facts.so.add('here').add('there');
  const { types, state } = await stage.sit(runbookOf([where, made, last]), [
    ['steps.where.answer', 'here'],
    ...back('where'),
    ['steps.where.answer', 'there'],
    endIt,
  ]);
  expect(sinceThen(types).slice(2, 4)).toEqual(['step.looked made drift so', 'step.done made verified']);
  expect(state.steps.get('made')?.outputs).toEqual({ name: 'there' });
  expect(stage.facts.acts).toEqual([]);
});

test('what the act of a command left stays where a look with the new answer says so, and is done already', async () => {
  const told: StepData = { id: 'told', form: run(`echo "${answer}"`), verify: [check('test/seen', { thing: answer })] };
  const stage = new Stage();
  stage.facts.so.add('there');
  stage.endings.push({ makes: 'here', written: 'url=https://a.example.com\n' });
  const { state, events } = await stage.sit(runbookOf([where, told, last]), [
    ['steps.where.answer', 'here'],
    go('told'),
    ...back('where'),
    ['steps.where.answer', 'there'],
    endIt,
  ]);
  expect(state.steps.get('told')?.outputs).toMatchObject({ url: 'https://a.example.com' });
  expect(events.filter((event) => event.type === 'step.done' && event.step === 'told')).toEqual([
    expect.not.objectContaining({ already: true }),
    expect.objectContaining({ already: true }),
  ]);
});

test('the same answer once more changes nothing', async () => {
  const { types } = await toLast([made], [go('made')], [...back('where'), ['steps.where.answer', 'here'], endIt]);
  expect(sinceThen(types)).toEqual([
    'answer.given where',
    'step.done where on-word',
    'step.done last on-word',
    'run.finished done',
  ]);
});

describe('what no look can tell', () => {
  test('is asked about, and done again where the person opens it', async () => {
    const { stage, face } = await toLast(
      [deed],
      [go('deed')],
      [...back('where'), ['steps.where.answer', 'there'], ['steps.deed.values', 'open'], go('deed'), endIt],
    );
    expect(stage.facts.acts).toEqual(['here', 'there']);
    expect(face.questions.find(({ id }) => id === 'steps.deed.values')?.message).toBe(
      'Since "deed" was done, answer of "where" changed from here to there. No look tells whether it still holds.',
    );
  });

  test('stays done where the person leaves it, which the journal says; a third answer is asked about once more', async () => {
    const { stage, runbook, events } = await toLast(
      [deed],
      [go('deed')],
      [
        ...back('where'),
        ['steps.where.answer', 'there'],
        ['steps.deed.values', 'leave'],
        ...back('where'),
        ['steps.where.answer', 'elsewhere'],
        ['steps.deed.values', 'stop'],
      ],
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'answer.given', question: 'steps.deed.values', value: 'left as it is' }),
    );
    // Another sitting asks again: nothing has been said of the third.
    const { end } = await stage.sit(runbook, [['steps.deed.values', 'leave'], endIt]);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.facts.acts).toEqual(['here']);
  });

  test('stops a run without a person, by its name, and nothing is run', async () => {
    const { stage, runbook } = await toLast(
      [deed],
      [go('deed')],
      [...back('where'), ['steps.where.answer', 'there'], ['steps.deed.values', { stop: true }]],
    );
    const { end } = await stage.sit(runbook, [['steps.deed.values', { absent: 'Nobody is there.' }]], {
      present: false,
    });
    expect(end).toMatchObject({ exit: 4, step: 'deed' });
    expect(end).toMatchObject({ stopped: expect.stringContaining('Since "deed" was done, answer of "where" changed') });
    expect(stage.facts.acts).toEqual(['here']);
  });

  test('a command whose check is not so with the new value is not run again by itself', async () => {
    const command: StepData = {
      id: 'command',
      form: run(`echo "${answer}"`),
      verify: [check('test/seen', { thing: answer })],
    };
    const stage = new Stage();
    stage.endings.push({ makes: 'here' });
    const { types } = await stage.sit(runbookOf([where, command, last]), [
      ['steps.where.answer', 'here'],
      go('command'),
      ...back('where'),
      ['steps.where.answer', 'there'],
      ['steps.command.values', 'leave'],
      endIt,
    ]);
    expect(sinceThen(types)).toContain('step.looked command drift not-so');
    expect(stage.children).toHaveLength(1);
  });

  test('a look that does not use the value is no answer', async () => {
    const command: StepData = {
      id: 'command',
      form: run(`echo "${answer}"`),
      verify: [check('test/seen', { thing: 'x' })],
    };
    const stage = new Stage();
    stage.endings.push({ makes: 'x' });
    const { types } = await stage.sit(runbookOf([where, command, last]), [
      ['steps.where.answer', 'here'],
      go('command'),
      ...back('where'),
      ['steps.where.answer', 'there'],
      ['steps.command.values', 'leave'],
      endIt,
    ]);
    expect(sinceThen(types).slice(2)).toEqual(['answer.given command', 'step.done last on-word', 'run.finished done']);
  });
});

test('a look that sees one of two values that changed does not answer for the other', async () => {
  const second = { ...where, id: 'second' };
  const command: StepData = {
    id: 'command',
    form: run(`echo "${answer}" "\${{ steps.second.outputs.answer }}"`),
    verify: [check('test/seen', { thing: answer })],
    needs: ['where', 'second'],
  };
  const stage = new Stage();
  stage.facts.so.add('there');
  stage.endings.push({ makes: 'here' });
  const { types } = await stage.sit(runbookOf([{ ...where, needs: [] }, { ...second, needs: [] }, command, last]), [
    ['steps.where.answer', 'here'],
    ['steps.second.answer', 'one'],
    go('command'),
    ...back('second'),
    ['steps.second.answer', 'two'],
    ['steps.command.values', 'leave'],
    ...back('where'),
    ['steps.where.answer', 'there'],
    ['steps.command.values', 'leave'],
    endIt,
  ]);
  expect(sinceThen(types)).toEqual([
    'answer.given where',
    'step.done where on-word',
    'step.looked command drift so',
    'answer.given command',
    'step.done last on-word',
    'run.finished done',
  ]);
});

test('what cannot be seen with the new answer is for the person to say', async () => {
  const stage = new Stage();
  stage.facts.hidden.add('there');
  const { types } = await stage.sit(runbookOf([where, made, last]), [
    ['steps.where.answer', 'here'],
    go('made'),
    ...back('where'),
    ['steps.where.answer', 'there'],
    ['steps.made.values', 'look'],
    ['steps.made.values', 'leave'],
    endIt,
  ]);
  expect(sinceThen(types).slice(2)).toEqual([
    'step.looked made drift unknown',
    'step.looked made drift unknown',
    'answer.given made',
    'step.done last on-word',
    'run.finished done',
  ]);
});

test('a step for a person comes up again with the new value, and their word is asked for anew', async () => {
  const manual: StepData = {
    id: 'manual',
    form: { form: 'manual' },
    copy: { Name: answer },
    verify: [check('test/seen', { thing: answer })],
  };
  const stage = new Stage();
  stage.facts.so.add('here');
  const { face, types } = await stage.sit(runbookOf([where, manual, last]), [
    ['steps.where.answer', 'here'],
    ...back('where'),
    ['steps.where.answer', 'there'],
    ['steps.manual.work', 'by-hand'],
    ['steps.manual.by-hand', 'by telephone'],
    ['steps.manual.on-word', 'yes'],
    endIt,
  ]);
  expect(face.cards.findLast(({ id }) => id === 'manual')?.copy).toEqual([{ label: 'Name', value: 'there' }]);
  expect(types).toContain('step.done manual on-word');
  expect(face.transcript).not.toContain('What it made before stays as it is.');
});

describe('a condition', () => {
  const only = (value: string): StepData => ({
    ...deed,
    form: uses('test/deed', { thing: 'x' }),
    if: `steps.where.outputs.answer == '${value}'`,
  });

  test('that now says the step is needed opens it', async () => {
    const { stage, types } = await toLast(
      [only('there')],
      [],
      [...back('where'), ['steps.where.answer', 'there'], go('deed'), endIt],
    );
    expect(sinceThen(types).slice(2, 4)).toEqual(['step.reopened deed', 'step.started deed']);
    expect(stage.facts.acts).toEqual(['x']);
  });

  test('that decides the same asks nothing', async () => {
    const { types } = await toLast([only('there')], [], [...back('where'), ['steps.where.answer', 'elsewhere'], endIt]);
    expect(sinceThen(types).slice(2)).toEqual(['step.done last on-word', 'run.finished done']);
  });

  test('that would leave out what is done is told: a person says what becomes of it', async () => {
    const { types } = await toLast(
      [only('here')],
      [go('deed')],
      [...back('where'), ['steps.where.answer', 'there'], ['steps.deed.values', 'open'], endIt],
    );
    expect(sinceThen(types).slice(2)).toEqual([
      'step.reopened deed',
      'step.not-needed deed',
      'step.done last on-word',
      'run.finished done',
    ]);
  });
});

describe('an input', () => {
  const input = inputOf('domain');
  const steps: readonly StepData[] = [{ id: 'made', form: uses('test/make', { thing: '${{ inputs.domain }}' }) }, last];

  test('is given again from the list of steps, and what was made with it is opened', async () => {
    const stage = new Stage();
    const { types, state } = await stage.sit(runbookOf(steps, { inputs: [input] }), [
      ['inputs.domain', 'a.example'],
      go('made'),
      ...back('inputs.domain'),
      ['inputs.domain', 'b.example'],
      go('made'),
      endIt,
    ]);
    expect(state.inputs).toEqual({ domain: 'b.example' });
    expect(types.slice(types.lastIndexOf('input.given'))).toContain('step.reopened made');
    expect(stage.facts.acts).toEqual(['a.example', 'b.example']);
  });

  test('given again stands before the guard once more', async () => {
    const stage = new Stage();
    const { end } = await stage.sit(runbookOf(steps, { inputs: [input], forbid: ['staging'] }), [
      ['inputs.domain', 'a.example'],
      go('made'),
      ...back('inputs.domain'),
      ['inputs.domain', 'staging'],
    ]);
    expect(end).toMatchObject({ exit: 1, stopped: expect.stringContaining('"staging" is forbidden') });
  });
});

test('what an earlier step leaves otherwise when it is done again is passed on', async () => {
  const source: StepData = { id: 'source', form: run('x') };
  const user: StepData = { id: 'user', form: uses('test/make', { thing: '${{ steps.source.outputs.it }}' }) };
  const stage = new Stage();
  stage.endings.push({ written: 'it=one\n' }, { written: 'it=two\n' });
  const { types } = await stage.sit(runbookOf([source, user, last]), [
    go('source'),
    go('user'),
    ...back('source'),
    go('source'),
    go('user'),
    endIt,
  ]);
  expect(types).toContain('step.reopened user');
  expect(stage.facts.acts).toEqual(['one', 'two']);
});

test('looking again says of what no look tells that it was done with another value, and it is no longer all so', async () => {
  const { stage, runbook } = await toLast(
    [deed],
    [go('deed')],
    [...back('where'), ['steps.where.answer', 'there'], ['steps.deed.values', 'stop']],
  );
  const { end } = await stage.sit(runbook, [], { again: true });
  const standings = Array.isArray(end) ? end : [];
  expect(standings.map(({ step, now, changed }) => [step.id, now, changed])).toEqual([
    ['where', 'on-word', undefined],
    ['deed', 'not-looked', [{ name: 'steps.where.outputs.answer', was: 'here', now: 'there' }]],
  ]);
  expect(standingOf(standings)).toBe('unknown');
});

test('what was made with another value is not taken back by the new one', async () => {
  const { stage, runbook } = await toLast(
    [made],
    [go('made')],
    [...back('where'), ['steps.where.answer', 'there'], ['steps.made.act', { stop: true }]],
  );
  stage.facts.so.add('there');
  const { end } = await stage.sit(runbook, [['steps.last.work', 'stop']]);
  expect(end).toMatchObject({ exit: 4 });
  const undone = await stage.sit(runbook, [], { undo: ['made'] });
  expect(undone.end).toMatchObject({
    exit: 1,
    stopped: '"made" cannot be taken back: since it was done, answer of "where" changed from here to there',
  });
  expect(stage.facts.undone).toEqual([]);
});

test('killed after any event, a run that goes back ends the same, and nothing is done twice unasked', async () => {
  const runbook = runbookOf([where, made, deed, last]);
  const whole = await new Stage().sit(runbook, [], { face: person(() => []) });
  expect(whole.end).toEqual({ finished: 'done' });
  for (let at = 1; at < whole.events.length; at += 1) {
    const stage = new Stage();
    const face = person(() => (stage.run === undefined ? [] : stage.runs.read(stage.run)));
    await stage.sit(runbook, [], { face, crashAfter: at });
    const { end, state } = await stage.sit(runbook, [], { face });
    expect([at, end]).toEqual([at, { finished: 'done' }]);
    expect([at, [...state.steps.values()].map(({ id, status }) => `${id} ${status}`)]).toEqual([
      at,
      ['where done', 'made done', 'deed done', 'last done'],
    ]);
    expect([at, state.steps.get('made')?.outputs]).toEqual([at, { name: 'there' }]);
    // One that was killed between its start and its act is what the person said was done.
    expect(['here here there', 'here there']).toContain(stage.facts.acts.join(' '));
  }
});

/** Answers `here`, goes back from the last step once, answers `there`; knows what was done before the process was killed. */
function person(before: () => readonly LaunchEvent[]): Face {
  const heard: LaunchEvent[] = [];
  const wentBack = () =>
    [...before(), ...heard].some((event) => event.type === 'step.reopened' && event.step === 'where');
  const answers: Readonly<Record<string, () => string>> = {
    'steps.where.answer': () => (wentBack() ? 'there' : 'here'),
    'steps.last.work': () => (wentBack() ? 'done' : 'jump'),
    'steps.last.jump': () => 'where',
    'steps.made.act': () => 'go',
    'steps.deed.act': () => 'go',
    'steps.deed.way': () => 'was-done',
    'steps.deed.outputs.name': () => 'here',
    'steps.deed.values': () => 'leave',
  };
  return {
    ...createScriptedFace([]),
    happened: (event) => void heard.push(event),
    ask: async ({ id }) => {
      const answer = answers[id];
      if (!answer) throw new Error(`unexpected question ${id}`);
      return { value: answer() };
    },
  };
}

describe('a value that was pasted back', () => {
  const page: StepData = {
    id: 'page',
    form: { form: 'manual' },
    copy: { Where: answer },
    ask: [{ name: 'team', required: true }],
  };
  const team = '${{ steps.page.outputs.team }}';
  const sent: StepData = { id: 'sent', form: uses('test/deed', { thing: team }) };

  test('is given again from the list of steps: its step stays done, and what was done with it is asked about', async () => {
    const { stage, types, face, state } = await toLast(
      [page, sent],
      [['steps.page.work', 'done'], ['steps.page.ask.team', 'ABC'], go('sent')],
      [
        ...back('steps.page.ask.team'),
        ['steps.page.ask.team', 'DEF'],
        ['steps.sent.values', 'open'],
        go('sent'),
        endIt,
      ],
    );
    expect(types.slice(types.lastIndexOf('answer.given page'))).toEqual([
      'answer.given page',
      'step.reopened sent',
      'step.started sent',
      'step.ended sent ok',
      'step.done sent verified',
      'step.done last on-word',
      'run.finished done',
    ]);
    expect(stage.facts.acts).toEqual(['ABC', 'DEF']);
    expect(state.steps.get('page')).toMatchObject({ status: 'done', outputs: { team: 'DEF' } });
    const asked = face.questions.find(({ id }) => id === 'steps.last.jump');
    expect(asked?.type === 'choice' && asked.options.at(-1)).toEqual({
      value: 'steps.page.ask.team',
      label: 'team of "page" = ABC',
      hint: 'asked again',
    });
  });

  test('given again as it was changes nothing', async () => {
    const { types } = await toLast(
      [page, sent],
      [['steps.page.work', 'done'], ['steps.page.ask.team', 'ABC'], go('sent')],
      [...back('steps.page.ask.team'), ['steps.page.ask.team', 'ABC'], endIt],
    );
    expect(types.slice(-3)).toEqual(['step.done sent verified', 'step.done last on-word', 'run.finished done']);
  });

  test('is not asked about its own step, and does not hide that another value of that changed', async () => {
    const { end } = await toLast(
      [page],
      [
        ['steps.page.work', 'done'],
        ['steps.page.ask.team', 'ABC'],
      ],
      [
        ...back('where'),
        ['steps.where.answer', 'there'],
        ['steps.page.values', 'leave'],
        ...back('steps.page.ask.team'),
        ['steps.page.ask.team', 'DEF'],
        ...back('where'),
        ['steps.where.answer', 'elsewhere'],
        ['steps.page.values', 'stop'],
      ],
    );
    expect(end).toMatchObject({ exit: 4, step: 'page' });
  });

  test('counts before the one that was given in its place when the step was done by hand', async () => {
    const { stage, state } = await toLast(
      [page, sent],
      [
        ['steps.page.work', 'by-hand'],
        ['steps.page.by-hand', 'by telephone'],
        ['steps.page.outputs.team', 'ABC'],
        go('sent'),
      ],
      [['steps.last.work', { stop: true }]],
    );
    expect(state.steps.get('page')).toMatchObject({ status: 'done' });
    expect(stage.facts.acts).toEqual(['ABC']);
    const runbook = runbookOf([where, page, sent, last]);
    const { types } = await stage.sit(runbook, [
      ['steps.last.work', 'jump'],
      ['steps.last.jump', 'page'],
      ['steps.page.work', 'done'],
      ['steps.page.ask.team', 'DEF'],
      ['steps.sent.values', 'open'],
      go('sent'),
      endIt,
    ]);
    expect(types).toContain('step.reopened sent');
    expect(stage.facts.acts).toEqual(['ABC', 'DEF']);
  });
});
