// The golden journal: for every prefix the next decision; and the invariants that make a run survive its process.
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/engine/decide.ts';
import type { LaunchEvent } from '../../src/engine/events.ts';
import { apply, evolve } from '../../src/engine/evolve.ts';
import { offerOf } from '../../src/engine/offer.ts';
import { StepsNow } from '../../src/engine/steps-now.ts';
import type { Step } from '../../src/runbook/model.ts';
import { parseDuration } from '../../src/text/duration.ts';
import { check, inputOf, run, runbookOf, Stage, told, uses } from './stage.ts';

const runbook = runbookOf(
  [
    { id: 'app', form: uses('test/make', { thing: 'app' }) },
    { id: 'build', form: run('make') },
    { id: 'dns', form: { form: 'manual' }, ask: [{ name: 'zone', required: true }] },
    { id: 'never', form: run('false'), notNeeded: 'there is no staging' },
    { id: 'gate', form: { form: 'gate' }, verify: [check('test/seen', { thing: 'app' })] },
    { id: 'ready', form: { form: 'question', question: 'Ready?', shape: 'text' } },
  ],
  { inputs: [inputOf('name')] },
);
const script = [
  ['inputs.name', 'solver'],
  ['steps.app.act', 'go'],
  ['steps.build.act', 'go'],
  ['steps.dns.work', 'done'],
  ['steps.dns.ask.zone', 'example.com'],
  ['steps.ready.answer', 'yes'],
] as const;

describe('the golden journal', () => {
  test('has for every prefix one next decision', async () => {
    const stage = new Stage();
    const { events } = await stage.sit(runbook, script);
    const kinds = stage.facts.kinds();
    const known = {
      runbook,
      offers: new Map(runbook.steps.map((step) => [step.id, offerOf(step, kinds, parseDuration)])),
      truth: () => ({ ok: true as const, value: true }),
      secretsAtHand: new Set<string>(),
      up: new Set<string>(),
    };
    const lines = told(events);
    const table = events.map((_, index) => {
      const next = decide(evolve(events.slice(0, index + 1)), known);
      return `${lines[index]} → ${next.do}${'step' in next ? ` ${next.step.id}` : 'input' in next ? ` ${next.input.name}` : ''}`;
    });
    expect(table).toEqual([
      'run.started → input name',
      'input.given → look app',
      'step.looked app act not-so → act app',
      // Inside a sitting the act follows; a new sitting sees the same line as a doubt (below).
      'step.started app → verify app',
      'step.ended app ok → verify app',
      'step.looked app done so → conclude app',
      'step.done app verified → act build',
      'step.started build → verify build',
      'step.spawned build → verify build',
      'step.ended build ok → conclude build',
      'step.done build verified → work dns',
      'answer.given dns → work dns',
      'step.done dns on-word → not-needed never',
      'step.not-needed never → verify gate',
      'step.looked gate done so → conclude gate',
      'step.done gate verified → question ready',
      'answer.given ready → question ready',
      'step.done ready on-word → finish',
      'run.finished done → finish',
    ]);
  });
});

test('what is kept of the steps event by event is what all events add up to', async () => {
  const { events } = await new Stage().sit(runbook, script);
  const at = '2026-11-22T10:00:00.000Z';
  const more = [
    { type: 'step.reopened', step: 'app', why: 'gone back to', by: 'ann', to: 'act' },
    { type: 'answer.given', question: 'steps.app.outputs.url', message: 'url?', value: 'https://x', by: 'ann' },
    { type: 'step.started', step: 'app', attempt: 2, does: 'act', commands: [] },
    { type: 'step.waiting', step: 'app', for: 'verify', what: 'x' },
    { type: 'run.resumed', operator: 'jam' },
    { type: 'step.started', step: 'app', attempt: 3, does: 'act', commands: [] },
    { type: 'run.resumed', operator: 'jam' },
    { type: 'step.skipped', step: 'app', reason: 'later', by: 'jam' },
  ].map((fact, index) => ({ v: 1, n: events.length + index + 1, at, prev: '', ...fact }) as LaunchEvent); // Facts as they stand in a journal.
  const all = [...events, ...more];
  const [first] = all;
  if (!first) throw new Error('no events');
  let state = apply(undefined, first);
  const now = new StepsNow(runbook, state);
  const kept = all.slice(1).map((event) => {
    state = apply(state, event);
    now.heard(event, state);
    return standing(now);
  });
  const anew = all.slice(1).map((_, index) => standing(new StepsNow(runbook, evolve(all.slice(0, index + 2)))));
  expect(kept).toEqual(anew);
  expect(kept.at(-4)).toContain('open: app waiting: app doubtful: ');
  expect(kept.at(-2)).toContain('open: app waiting:  doubtful: app');
  expect(kept.at(-1)).toContain('"app":{"outputs":{"url":"https://x"},"outcome":"skipped"}');
});

const standing = ({ named, open, waiting, doubtful }: StepsNow): string => {
  const ids = (some: readonly Step[]) => some.map(({ id }) => id).join(' ');
  return `${JSON.stringify(named)} open: ${ids(open)} waiting: ${ids(waiting)} doubtful: ${ids(doubtful)}`;
};

describe('the invariants', () => {
  test('journal before screen: what is shown as happened is in the journal already', async () => {
    const stage = new Stage();
    const { face, events } = await stage.sit(runbook, script);
    expect(face.events).toEqual(events.slice(1));
  });

  test('started before effect: each act has its start, and each child its line, before anything is done', async () => {
    const stage = new Stage();
    const { types } = await stage.sit(runbook, script);
    expect(types.indexOf('step.started build')).toBeLessThan(types.indexOf('step.spawned build'));
    expect(types.indexOf('step.spawned build')).toBeLessThan(types.indexOf('step.ended build ok'));
  });

  test('the journal is enough, and nothing is done twice unasked: killed after any event, the run ends the same', async () => {
    const whole = await new Stage().sit(runbook, script);
    for (let at = 2; at < whole.events.length; at += 1) {
      const stage = new Stage();
      await stage.sit(runbook, script, { crashAfter: at }).catch(() => undefined);
      const acts = stage.facts.acts.length;
      const asked = new Set(
        stage.runs
          .read(stage.run ?? '')
          .flatMap((event) =>
            event.type === 'input.given' || event.type === 'step.done'
              ? ['name' in event ? event.name : event.step]
              : [],
          ),
      );
      // A value that was pasted back is in the journal before its step is done.
      const pasted = stage.runs
        .read(stage.run ?? '')
        .flatMap((event) =>
          event.type === 'answer.given' && event.question.includes('.ask.') ? [event.question] : [],
        );
      const rest = script.filter(([id]) => !asked.has(id.split('.')[1] ?? '') && !pasted.includes(id));
      // A command that was cut off cannot be looked at: the person says that it was done.
      const doubt = evolve(stage.runs.read(stage.run ?? ''))
        .steps.get('build')
        ?.attempts.some((attempt) => !attempt.ended);
      const started = evolve(stage.runs.read(stage.run ?? '')).steps.get('build')?.attempts.length ?? 0;
      const answers = rest.flatMap((line): readonly (typeof line | readonly ['steps.build.way', 'was-done'])[] =>
        line[0] === 'steps.build.act' && started > 0
          ? doubt
            ? [['steps.build.way', 'was-done']]
            : []
          : line[0] === 'steps.app.act' && stage.facts.so.has('app')
            ? []
            : [line],
      );
      const { end } = await stage.sit(runbook, answers);
      expect(end, `killed after event ${at}`).toEqual({ finished: 'done' });
      expect(stage.facts.acts.length, `acts after a kill at ${at}`).toBe(Math.max(acts, 1));
      expect(stage.children.length, `children after a kill at ${at}`).toBeLessThanOrEqual(1);
    }
  });
});
