// A value that exists only once is in the person's hands before it is anywhere else: stopped or killed at any point, none is lost.
import { describe, expect, test } from 'vitest';
import type { Face } from '../../src/engine/face.ts';
import type { Answer, Question } from '../../src/question.ts';
import type { StepKind } from '../../src/step.ts';
import type { SecretSpec } from '../../src/system/ports.ts';
import type { World } from '../../src/system/world.ts';
import { createScriptedFace } from '../../src/ui/scripted.ts';
import { fill } from '../../steps/secrets/fill.ts';
import { runbookOf, Stage, uses } from '../engine/stage.ts';
import { fly } from '../steps/secrets/fly.ts';

const spec = (name: string, more: Partial<SecretSpec>): Omit<SecretSpec, 'app'> => ({
  name,
  secret: true,
  required: true,
  absent: false,
  to: 'fly-secret',
  sameAsStaging: 'warn',
  ...more,
});
const names = [
  spec('FIRST', { generate: 'hex32' }),
  spec('TYPED', {}),
  spec('SECOND', { generate: 'uuid', keep: 'op://sol/second' }),
];
const runbook = runbookOf([{ id: 'fill', form: uses('secrets/fill', { app: 'prod' }) }], {
  secrets: [{ app: 'prod', names }],
});

/** A stage with the real kind and a small fly; each random value is another. */
class Filling extends Stage {
  readonly fly = fly([{ name: 'prod', secrets: [] }]);
  #made = 0;

  override kinds(): ReadonlyMap<string, StepKind> {
    // Tools and logins have tests of their own. The map holds kinds of different `with`; each parses its own before it is used.
    const { requires, login, ...kind } = fill;
    return new Map([['secrets/fill', kind as unknown as StepKind]]);
  }

  override world(): World {
    const world = super.world();
    return {
      ...world,
      random: (bytes) => (++this.#made).toString(16).padStart(bytes * 2, 'c'),
      processes: {
        ...world.processes,
        look: async (argv, options) =>
          argv[0] === 'op' ? { exit: 1, stdout: '', stderr: '' } : this.fly.processes.look(argv, options),
        hold: async (argv, options) => {
          let end: (ended: Awaited<ReturnType<typeof this.fly.processes.act>>) => void = () => {};
          const ended = new Promise<Awaited<ReturnType<typeof this.fly.processes.act>>>((resolve) => (end = resolve));
          return {
            spawned: { pid: 7, group: 7, startTime: '1', bootId: 'boot', host: 'here' },
            go: () => void this.fly.processes.act(argv, { stdin: options.stdin ?? '' }).then(end),
            ended,
            end: async () => {},
          };
        },
      },
    };
  }
}

/** Answers as a willing person does, and stops at the n-th question. Remembers what was said to be kept. */
function person(stage: Filling, stopAt = Number.POSITIVE_INFINITY) {
  const scripted = createScriptedFace([], runbook);
  const kept = new Set<string>();
  const asked: string[] = [];
  const face: Face = {
    ...scripted,
    ask: async (question) => {
      asked.push(question.id);
      if (asked.length > 40) throw new Error(`asked without an end: ${asked.slice(-4).join(', ')}`);
      return asked.length > stopAt ? { stop: true } : answerTo(question);
    },
  };
  let copiedFor = '';
  function answerTo(question: Question): Answer {
    if (question.type === 'secret') return { value: 'typed-by-hand-123' };
    if (question.id.endsWith('.kept')) {
      if (copiedFor !== question.id) {
        copiedFor = question.id;
        return { value: 'copy' };
      }
      kept.add(stage.copied.at(-1) ?? '');
      return { value: 'done' };
    }
    if (question.id.endsWith('.again')) return { value: 'new' };
    return { value: question.type === 'choice' ? (question.options[0]?.value ?? '') : 'yes' };
  }
  return { face, kept, asked };
}

/** What Fly has of the values made here is what a person has said to hold. */
function expectNoneLost(stage: Filling, kept: ReadonlySet<string>): void {
  for (const name of ['FIRST', 'SECOND']) {
    const value = stage.fly.stored.get(name);
    if (value !== undefined) expect([...kept]).toContain(value);
  }
}

describe('generated values', () => {
  test('reach Fly as they were handed over, one after the other, before anything is sent', async () => {
    const stage = new Filling();
    const jam = person(stage);
    const { end, types } = await stage.sit(runbook, [], { face: jam.face });
    expect(end).toEqual({ finished: 'done' });
    expect([...stage.fly.stored.keys()].sort()).toEqual(['FIRST', 'SECOND', 'TYPED']);
    expectNoneLost(stage, jam.kept);
    expect(types.indexOf('secret.kept')).toBeLessThan(types.indexOf('step.spawned fill'));
  });

  test('stopped at any question or killed after any event, none on Fly is lost, and the next sitting ends it', async () => {
    const whole = new Filling();
    const watched = person(whole);
    const { events } = await whole.sit(runbook, [], { face: watched.face });
    const stops = [...watched.asked.map((_id, stopAt) => ({ stopAt })), ...events.map(({ n }) => ({ crashAfter: n }))];
    expect(stops.length).toBeGreaterThan(12);
    for (const stop of stops) {
      const stage = new Filling();
      const first = person(stage, 'stopAt' in stop ? stop.stopAt : undefined);
      await stage.sit(runbook, [], { face: first.face, ...('crashAfter' in stop && stop) });
      expectNoneLost(stage, first.kept);
      const second = person(stage);
      const { end } = await stage.sit(runbook, [], { face: second.face });
      expect({ stop, end }).toEqual({ stop, end: { finished: 'done' } });
      expectNoneLost(stage, new Set([...first.kept, ...second.kept]));
      expect(stage.fly.stored.size).toBe(3);
    }
  });

  test('handed over before and not arrived: the kept one can be typed again, and is recognised', async () => {
    const stage = new Filling();
    const { events } = await new Filling().sit(runbook, [], { face: person(new Filling()).face });
    const lastKept = events.filter(({ type }) => type === 'secret.kept').at(-1)?.n ?? 0;
    const first = person(stage);
    await stage.sit(runbook, [], { face: first.face, crashAfter: lastKept });
    expect(stage.fly.stored.size).toBe(0);
    const [firstValue = '', secondValue = ''] = [...first.kept];
    const answers: Record<string, string[]> = {
      'secrets.prod.FIRST.again': ['type'],
      'secrets.prod.FIRST': ['wrong', firstValue],
      'secrets.prod.TYPED': ['typed-by-hand-123'],
      'secrets.prod.SECOND.again': ['type'],
      'secrets.prod.SECOND': [secondValue],
    };
    const told: string[] = [];
    const scripted = createScriptedFace([], runbook);
    const face: Face = {
      ...scripted,
      tell: (lines) => told.push(...lines),
      ask: async (question) => ({
        value: answers[question.id]?.shift() ?? (question.type === 'choice' ? (question.options[0]?.value ?? '') : ''),
      }),
    };
    const { end } = await stage.sit(runbook, [], { face });
    expect(end).toEqual({ finished: 'done' });
    expect(stage.fly.stored.get('FIRST')).toBe(firstValue);
    expect(stage.fly.stored.get('SECOND')).toBe(secondValue);
    expect(told).toContain('That is not the value of FIRST that was handed over.');
  });

  test('are shown once where there is no clipboard, when the person asks for it, and never told otherwise', async () => {
    const stage = new Filling();
    const none = { ...stage.world(), copy: async () => false };
    stage.world = () => none;
    const ways = ['copy', 'show', 'done'];
    const scripted = createScriptedFace([], runbook);
    const shown: string[] = [];
    const face: Face = {
      ...scripted,
      ask: async (question) => {
        if (question.id === 'FIRST.shown') shown.push(question.message);
        if (question.id === 'secrets.prod.FIRST.kept') return { value: ways.shift() ?? 'done' };
        if (question.id.endsWith('.shown')) return { value: 'hide' };
        return { value: question.type !== 'choice' ? 'typed-by-hand-123' : question.about === 'act' ? 'go' : 'done' };
      },
    };
    const { end, events } = await stage.sit(runbook, [], { face });
    expect(end).toEqual({ finished: 'done' });
    const value = stage.fly.stored.get('FIRST') ?? '';
    expect(shown).toEqual([`FIRST\n${value}`]);
    expect(JSON.stringify(events)).not.toContain(value);
    expect(scripted.transcript.join()).not.toContain(value);
  });
});
