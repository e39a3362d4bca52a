// A value that exists only once is in the person's hands before it is anywhere else: stopped or killed at any point, none is lost.
import { describe, expect, test } from 'vitest';
import type { Face } from '../../src/engine/face.ts';
import type { Answer, Question } from '../../src/question.ts';
import type { StepKind } from '../../src/step.ts';
import type { SecretSpec } from '../../src/system/ports.ts';
import type { World } from '../../src/system/world.ts';
import { createScriptedFace } from '../../src/ui/scripted.ts';
import { fill } from '../../steps/secrets/fill.ts';
import { run, runbookOf, Stage, uses } from '../engine/stage.ts';
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

  test('are asked for again where a later step needs one, by its name, until it is the one that was sent', async () => {
    const stage = new Filling();
    const later = runbookOf(
      [
        { id: 'fill', form: uses('secrets/fill', { app: 'prod' }) },
        { id: 'send', title: 'Send a message', form: run('send'), env: { KEY: '${{ secrets.FIRST }}' } },
      ],
      { secrets: [{ app: 'prod', names }] },
    );
    const first = person(stage);
    const untilSent: Face = {
      ...first.face,
      ask: async (question, options) =>
        question.id === 'steps.send.act' ? { stop: true } : first.face.ask(question, options),
    };
    await stage.sit(later, [], { face: untilSent });
    const typed = ['a slip of the hand', stage.fly.stored.get('FIRST') ?? ''];
    const told: string[] = [];
    const asked: string[] = [];
    const face: Face = {
      ...createScriptedFace([], later),
      tell: (lines) => told.push(...lines),
      ask: async (question) => {
        asked.push(question.message);
        return question.id === 'secrets.prod.FIRST' ? { value: typed.shift() ?? '' } : { stop: true };
      },
    };
    await stage.sit(later, [], { face });
    const needs = '"Send a message" needs FIRST of prod: type it as it was kept';
    expect(asked).toEqual([needs, needs, 'Run this?']);
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

interface Op {
  items: readonly string[];
  exit: number;
  forgets?: boolean;
  /** It fails, and says the value with it. */
  repeats?: boolean;
  missing?: boolean;
  /** What a read gives. */
  holds?: string;
  holdsIt?: boolean;
}

/** Fills one made value that is to be kept in 1Password, with an op that does as told. */
class Storing extends Filling {
  readonly stored = new Map<string, string>();
  readonly opCalls: { readonly argv: readonly string[]; readonly stdin?: string }[] = [];
  op: Op = { items: [], exit: 0 };

  override world(): World {
    const world = super.world();
    const { look } = world.processes;
    return {
      ...world,
      processes: {
        ...world.processes,
        look: (argv, options) => (argv[0] === 'op' ? this.#op(argv, options?.stdin) : look(argv, options)),
      },
    };
  }

  async #op(argv: readonly string[], stdin?: string) {
    this.opCalls.push({ argv, ...(stdin !== undefined && { stdin }) });
    const ended = (exit: number, stdout = '') => ({
      exit,
      stdout,
      stderr: exit === 0 ? '' : '[ERROR] you are not signed in\n',
    });
    const [, what, verb] = argv;
    if (this.op.missing) return { ...ended(127), missing: true as const };
    if (what === 'read' && this.op.holdsIt) return ended(0, this.copied.at(-1));
    if (what === 'read' && this.op.holds !== undefined) return ended(0, this.op.holds);
    if (verb === 'create' && this.op.repeats && stdin !== undefined)
      return { ...ended(1), stderr: `[ERROR] cannot store ${JSON.parse(stdin).fields[0].value}\n` };
    if (this.op.exit !== 0) return ended(this.op.exit);
    if (what === 'item' && verb === 'list')
      return ended(0, JSON.stringify(this.op.items.map((title) => ({ id: 'x', title }))));
    if (what === 'item' && (verb === 'create' || verb === 'edit') && stdin !== undefined) {
      const { title, fields } = JSON.parse(stdin);
      const vault = argv[argv.indexOf('--vault') + 1];
      // An item is written anew as a whole.
      for (const place of this.stored.keys())
        if (place.startsWith(`op://${vault}/${title}/`)) this.stored.delete(place);
      for (const { label, value, section } of this.op.forgets ? [] : fields)
        this.stored.set(['op:/', vault, title, ...(section ? [section.id] : []), label].join('/'), value);
      return ended(0);
    }
    const found = this.stored.get(argv[3] ?? '');
    return found === undefined ? ended(1) : ended(0, found);
  }
}

describe('a value that is to be kept in 1Password', () => {
  const KEEP = 'op://sol/solserver/api-key';
  const kept = runbookOf([{ id: 'fill', form: uses('secrets/fill', { app: 'prod' }) }], {
    secrets: [{ app: 'prod', names: [spec('MADE', { generate: 'hex32', keep: KEEP })] }],
  });

  async function sitWith(stage: Storing, choices: readonly string[], runbook = kept) {
    const told: string[] = [];
    const asked: string[] = [];
    const questions: Question[] = [];
    const left = [...choices];
    const face: Face = {
      ...createScriptedFace([], runbook),
      tell: (lines) => told.push(...lines),
      ask: async (question) => {
        if (question.id.endsWith('.kept') || question.id.endsWith('.shown')) questions.push(question);
        if (question.type !== 'choice') return { stop: true };
        if (!question.id.endsWith('.kept')) return { value: question.default ?? question.options[0]?.value ?? '' };
        asked.push(question.options.map(({ value }) => value).join(' '));
        const value = left.shift();
        return value === undefined ? { stop: true } : { value };
      },
    };
    const { end } = await stage.sit(runbook, [], { face });
    return { end, told, asked, questions };
  }

  test('is stored there as a new item, by standard input, and read back; nothing more is asked', async () => {
    const stage = new Storing();
    const { end, told, asked } = await sitWith(stage, ['store']);
    const value = stage.fly.stored.get('MADE') ?? '';
    expect(value).toMatch(/^[0-9a-f]{64}$/);
    expect([end, told, asked]).toEqual([
      { finished: 'done' },
      expect.arrayContaining([`MADE is stored at ${KEEP}, and was read back.`]),
      ['store copy done'],
    ]);
    expect(stage.stored.get(KEEP)).toBe(value);
    expect(stage.copied).toEqual([]);
    expect(JSON.stringify(stage.opCalls.map(({ argv }) => argv))).not.toContain(value);
    expect(stage.opCalls[1]?.argv).toEqual(['op', 'item', 'create', '--vault', 'sol', '-']);
  });

  test.each([
    [{ items: ['solserver'] }, 'It was not stored: solserver is in sol already, and what it holds is not touched.'],
    [{ exit: 1 }, 'It was not stored: op cannot list the vault sol: [ERROR] you are not signed in.'],
    [{ forgets: true }, `It was not stored: op does not read back what it stored at ${KEEP}.`],
  ])('where op has %j it is told, nothing of it is changed, and the person keeps it by hand', async (op, says) => {
    const stage = new Storing();
    Object.assign(stage.op, op);
    const { end, told, asked } = await sitWith(stage, ['store', 'copy', 'done', 'done']);
    expect(told).toContain(says);
    expect(asked.slice(0, 2)).toEqual(['store copy done', 'copy done']);
    expect(end).toEqual({ finished: 'done' });
    expect(stage.copied[0]).toBe(stage.fly.stored.get('MADE'));
    expect(stage.opCalls.filter(({ argv }) => argv.includes('create')).length).toBe('forgets' in op ? 1 : 0);
  });

  test('asks with the place it is kept at, and Enter takes the first way: to store it there, else to copy it', async () => {
    const { questions } = await sitWith(new Storing(), ['store']);
    expect(questions).toMatchObject([
      {
        message: `A new value for MADE was made. It exists only here, and is sent to prod next. Keep it at ${KEEP}.`,
        default: 'store',
      },
    ]);
    const by = (keep?: string) =>
      runbookOf([{ id: 'fill', form: uses('secrets/fill', { app: 'prod' }) }], {
        secrets: [{ app: 'prod', names: [spec('MADE', { generate: 'hex32', ...(keep && { keep }) })] }],
      });
    const bare = await sitWith(new Storing(), ['done'], by());
    expect(bare.questions[0]?.message).toBe(
      'A new value for MADE was made. It exists only here, and is sent to prod next.',
    );
    expect(bare.questions[0]).toMatchObject({ default: 'copy' });
    expect([bare.asked, bare.end]).toEqual([['copy done'], { finished: 'done' }]);
    // A place that is not of 1Password is only said, and nothing is looked for there.
    const safe = new Storing();
    const elsewhere = await sitWith(safe, ['done'], by('the red safe'));
    expect(elsewhere.questions[0]?.message).toContain(' Keep it at the red safe.');
    expect([elsewhere.asked, elsewhere.end, safe.opCalls]).toEqual([['copy done'], { finished: 'done' }, []]);
  });

  test('is known to the redactor before anybody hears of it: what op says of it is told by its name', async () => {
    const stage = new Storing();
    stage.op.repeats = true;
    const { told } = await sitWith(stage, ['store', 'copy', 'done', 'done']);
    const value = stage.copied[0] ?? '';
    expect(value).toMatch(/^[0-9a-f]{64}$/);
    expect(told.join('\n')).not.toContain(value);
    expect(told.join('\n')).toContain('«MADE»');
  });

  test.each([
    ['is not there', {}, `${KEEP} could not be read by op. See that it is there, then say once more that it is kept.`],
    [
      'holds another',
      { holds: 'something else' },
      `${KEEP} holds another value. Copy this one there, or say once more that it is kept.`,
    ],
  ])('said to be kept, and what is read there %s: told once, then the word counts', async (_what, op, says) => {
    const stage = new Storing();
    Object.assign(stage.op, op);
    const { end, told, asked } = await sitWith(stage, ['copy', 'done', 'done']);
    expect(told).toEqual(expect.arrayContaining(['MADE is on the clipboard.', says]));
    expect(told.filter((line) => line === says)).toHaveLength(1);
    expect([asked.length, end]).toEqual([3, { finished: 'done' }]);
    expect(stage.opCalls.map(({ argv }) => argv)).toEqual([['op', 'read', '--no-newline', KEEP]]);
  });

  test.each([
    ['holds it', { holdsIt: true }],
    ['cannot be read, since there is no op', { missing: true }],
  ])('said to be kept, and the place %s: that is enough', async (_what, op) => {
    const stage = new Storing();
    Object.assign(stage.op, op);
    const { end, asked } = await sitWith(stage, ['copy', 'done']);
    expect([asked.length, end]).toEqual([2, { finished: 'done' }]);
  });

  test('where there is no clipboard it is said, and it can be shown and hidden', async () => {
    const stage = new Storing();
    const none = { ...stage.world(), copy: async () => false };
    stage.world = () => none;
    const { told, asked, questions } = await sitWith(stage, ['copy', 'show', 'done', 'done']);
    expect(told).toContain('There is no clipboard here.');
    expect(asked.slice(0, 2)).toEqual(['store copy done', 'store show done']);
    expect(questions[2]).toMatchObject({
      id: 'MADE.shown',
      options: [{ value: 'hide', label: 'hide it' }],
      default: 'hide',
    });
  });

  test('several in one item: the first makes it, the next stand beside the first', async () => {
    const both = runbookOf([{ id: 'fill', form: uses('secrets/fill', { app: 'prod' }) }], {
      secrets: [
        {
          app: 'prod',
          names: [
            spec('MADE', { generate: 'hex32', keep: KEEP }),
            spec('MORE', { generate: 'uuid', keep: 'op://sol/solserver/tokens/internal' }),
          ],
        },
      ],
    });
    const stage = new Storing();
    const { end } = await sitWith(stage, ['store', 'store'], both);
    expect(end).toEqual({ finished: 'done' });
    expect(Object.fromEntries(stage.stored)).toEqual({
      [KEEP]: stage.fly.stored.get('MADE'),
      'op://sol/solserver/tokens/internal': stage.fly.stored.get('MORE'),
    });
    for (const value of stage.fly.stored.values())
      expect(JSON.stringify(stage.opCalls.map(({ argv }) => argv))).not.toContain(value);
  });

  test('and was copied is off the clipboard again, also when the person stops', async () => {
    const stage = new Storing();
    const { end } = await sitWith(stage, ['copy']);
    expect(end).toMatchObject({ exit: 4 });
    expect(stage.copied.at(-1)).toBe('');
    expect(stage.fly.stored.size).toBe(0);
  });
});
