// Every choice that a person is given does what its label says: where it is offered, what is chosen, and what the journal says then.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Runbook } from '../../src/runbook/model.ts';
import { createScriptedFace, type ScriptLine } from '../../src/ui/scripted.ts';
import { choicesInCode } from '../choices.ts';
import { check, run, runbookOf, Stage, uses } from './stage.ts';

type Sat = Awaited<ReturnType<Stage['sit']>> & { readonly stage: Watched };

interface Chosen {
  /** What is answered after the choice, up to the end of the sitting. */
  readonly answers?: readonly ScriptLine[];
  /** What becomes so in the world before it is chosen. */
  readonly so?: string;
  /** The last events of the journal. */
  readonly events: readonly string[];
  readonly more?: (sat: Sat) => void;
}

interface Situation {
  readonly runbook: Runbook;
  /** Sittings and the world before. */
  readonly before?: (stage: Stage, runbook: Runbook) => unknown;
  /** Answers up to the question. */
  readonly script?: readonly ScriptLine[];
  readonly question: string;
  readonly sitting?: { readonly undo?: readonly string[]; readonly recheck?: true };
  /** The ways aside are offered too. */
  readonly aside?: true;
  readonly choices: Readonly<Record<string, Chosen>>;
}

const thing = (name: string) => uses('test/make', { thing: name });
const app = { id: 'app', form: thing('app') };
const mail = { id: 'mail', form: run('send'), needs: [] };
const page = {
  id: 'page',
  form: { form: 'manual' as const },
  open: 'https://example.com',
  copy: { Name: 'x', Target: 'y' },
  verify: [{ ...check('test/seen', { thing: 'page' }), every: 1_000_000, within: 10_000 }],
};
const list = (...items: readonly { text: string; for?: number }[]) => ({
  id: 'list',
  form: { form: 'checklist' as const, items, testers: [] },
});
const paused = (step: string) => ['run.paused', step].join(' ');

/** The ways aside: each is chosen at an act, below. */
const ASIDE = ['by-hand', 'skip', 'note', 'jump', 'shell', 'stop'];
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'an act': {
    runbook: runbookOf([app, { id: 'last', form: run('last') }, mail]),
    question: 'steps.app.act',
    aside: true,
    choices: {
      go: {
        answers: [['steps.last.act', { stop: true }]],
        events: [
          'step.started app',
          'step.ended app ok',
          'step.looked app done so',
          'step.done app verified',
          paused('last'),
        ],
      },
      alone: {
        events: ['step.done mail verified', 'run.finished done'],
        more: ({ face }) => expect(face.questions).toHaveLength(1),
      },
      'by-hand': {
        answers: [
          ['steps.app.by-hand', 'on the phone'],
          ['steps.app.on-word', 'yes'],
          ['steps.last.act', { stop: true }],
        ],
        events: ['step.looked app done not-so', 'step.done app on-word', paused('last')],
        more: ({ stage, state }) => {
          expect(stage.facts.acts).toEqual([]);
          expect(state.steps.get('app')?.reason).toBe('on the phone');
        },
      },
      skip: {
        answers: [
          ['steps.app.skip', 'not today'],
          ['steps.last.act', { stop: true }],
        ],
        events: ['step.skipped app', paused('last')],
        more: ({ state }) => expect(state.steps.get('app')?.reason).toBe('not today'),
      },
      note: {
        answers: [
          ['steps.app.note', 'slow'],
          ['steps.app.act', { stop: true }],
        ],
        events: ['note.added app', paused('app')],
      },
      jump: {
        answers: [
          ['steps.app.jump', 'mail'],
          ['steps.mail.act', 'go'],
          ['steps.app.act', { stop: true }],
        ],
        events: [
          'step.started mail',
          'step.spawned mail',
          'step.ended mail ok',
          'step.done mail verified',
          paused('app'),
        ],
      },
      shell: {
        answers: [['steps.app.act', { stop: true }]],
        events: ['step.looked app act not-so', paused('app')],
        more: ({ face }) => expect(face.transcript).toContain('Back from the shell.'),
      },
      stop: { events: ['step.looked app act not-so', paused('app')] },
    },
  },
  'a failure': {
    runbook: runbookOf([app]),
    before: (stage) => stage.facts.replies.push({ ended: 'failed', why: 'no capacity' }),
    script: [['steps.app.act', 'go']],
    question: 'steps.app.way',
    aside: true,
    choices: {
      again: {
        answers: [['steps.app.act', 'go']],
        events: ['step.looked app done so', 'step.done app verified', 'run.finished done'],
        more: ({ stage }) => expect(stage.facts.acts).toEqual(['app', 'app']),
      },
      look: {
        so: 'app',
        events: ['step.failed app', 'step.looked app done so', 'step.done app verified', 'run.finished done'],
        more: ({ stage }) => expect(stage.facts.acts).toEqual(['app']),
      },
      'by-hand': {
        answers: [
          ['steps.app.by-hand', 'by ben'],
          ['steps.app.on-word', 'yes'],
        ],
        events: ['step.done app on-word', 'run.finished done'],
      },
      skip: { answers: [['steps.app.skip', 'not today']], events: ['step.skipped app', 'run.finished done'] },
      note: {
        answers: [
          ['steps.app.note', 'the port is taken'],
          ['steps.app.way', 'stop'],
        ],
        events: ['step.failed app', 'note.added app', paused('app')],
      },
      shell: { answers: [['steps.app.way', 'stop']], events: ['step.failed app', paused('app')] },
      stop: { events: ['step.failed app', paused('app')] },
    },
  },
  'what cannot be seen before its act': {
    runbook: runbookOf([app]),
    before: (stage) => stage.facts.hidden.add('app'),
    question: 'steps.app.way',
    aside: true,
    choices: {
      look: {
        answers: [['steps.app.way', 'stop']],
        events: ['step.reopened app', 'step.looked app act unknown', paused('app')],
      },
    },
  },
  'what cannot be seen at its deadline': {
    runbook: runbookOf([{ id: 'issued', form: uses('test/seen', { thing: 'it' }), within: 10_000, every: 5000 }]),
    before: (stage) => stage.facts.hidden.add('it'),
    question: 'steps.issued.way',
    aside: true,
    choices: {
      look: {
        answers: [['steps.issued.way', 'stop']],
        events: ['step.waiting issued', 'step.looked issued done unknown', paused('issued')],
      },
      wait: {
        answers: [['steps.issued.way', 'stop']],
        events: ['step.waiting issued', 'step.looked issued done unknown', paused('issued')],
        more: ({ events }) => {
          const last = events.findLast((event) => event.type === 'step.waiting');
          expect(Date.parse((last && 'until' in last && last.until) || '') - Date.parse(last?.at ?? '')).toBe(10_000);
        },
      },
    },
  },
  'what the plan says was done, and is not so': {
    runbook: runbookOf([{ ...app, already: 'in May' }]),
    question: 'steps.app.way',
    aside: true,
    choices: {
      look: {
        so: 'app',
        events: ['step.reopened app', 'step.looked app act so', 'step.done app verified', 'run.finished done'],
        more: ({ stage }) => expect(stage.facts.acts).toEqual([]),
      },
      act: {
        answers: [['steps.app.act', 'go']],
        events: ['step.looked app done so', 'step.done app verified', 'run.finished done'],
        more: ({ stage }) => expect(stage.facts.acts).toEqual(['app']),
      },
    },
  },
  'a doubt': {
    runbook: runbookOf([{ id: 'go', form: run('deed') }]),
    before: async (stage, runbook) => stage.sit(runbook, [['steps.go.act', 'go']], { crashAfter: 3 }),
    question: 'steps.go.way',
    aside: true,
    choices: {
      'was-done': {
        events: ['run.resumed', 'step.resolved go person done', 'step.done go on-word', 'run.finished done'],
        more: ({ stage }) => expect(stage.children).toHaveLength(1),
      },
      'was-not': {
        answers: [['steps.go.act', 'go']],
        events: ['step.ended go ok', 'step.done go verified', 'run.finished done'],
        more: ({ stage }) => expect(stage.children).toHaveLength(2),
      },
    },
  },
  'a doubt about taking back': {
    runbook: runbookOf([{ id: 'go', form: run('deed'), undo: { run: 'undo' } }]),
    before: async (stage, runbook) => {
      const { events } = await stage.sit(runbook, [['steps.go.act', 'go']]);
      await stage.sit(runbook, [['steps.go.undo', 'yes']], { undo: ['go'], crashAfter: events.length + 3 });
    },
    question: 'steps.go.way',
    sitting: { undo: ['go'] },
    aside: true,
    choices: {
      look: { answers: [['steps.go.way', 'stop']], events: ['run.resumed', paused('go')] },
      'was-done': { events: ['run.resumed', 'step.undone go'] },
      'was-not': {
        answers: [['steps.go.undo', 'yes']],
        events: ['step.started go', 'step.spawned go', 'step.ended go ok', 'step.undone go'],
      },
    },
  },
  'a command that outlived its launch': {
    runbook: runbookOf([{ id: 'go', form: run('deed') }]),
    before: async (stage, runbook) => {
      await stage.sit(runbook, [['steps.go.act', 'go']], { crashAfter: 3 });
      stage.living.add(101);
    },
    question: 'steps.go.orphan',
    choices: {
      wait: {
        answers: [['steps.go.way', 'stop']],
        events: ['run.resumed', paused('go')],
        more: ({ stage }) => expect(stage.paused).toBeGreaterThan(0),
      },
      end: {
        answers: [['steps.go.way', 'stop']],
        events: ['run.resumed', paused('go')],
        more: ({ stage }) => expect(stage.ended).toEqual([101]),
      },
      stop: { events: ['run.resumed', paused('go')], more: ({ stage }) => expect(stage.ended).toEqual([]) },
    },
  },
  'a step for a person': {
    runbook: runbookOf([page, mail]),
    question: 'steps.page.work',
    aside: true,
    choices: {
      done: {
        so: 'page',
        answers: [['steps.mail.act', { stop: true }]],
        events: ['step.looked page done so', 'step.done page verified', paused('mail')],
      },
      open: {
        answers: [['steps.page.work', 'stop']],
        events: ['step.looked page act not-so', paused('page')],
        more: ({ stage }) => expect(stage.opened).toEqual(['https://example.com']),
      },
      copy: {
        answers: [['steps.page.work', 'stop']],
        events: ['step.looked page act not-so', paused('page')],
        more: ({ stage }) => expect(stage.copied[0]).toBe('x'),
      },
      look: {
        answers: [['steps.page.work', 'stop']],
        events: ['step.looked page act not-so', 'step.looked page done not-so', paused('page')],
      },
      later: {
        answers: [['steps.mail.act', { stop: true }]],
        events: ['step.waiting page', paused('mail')],
      },
      'by-hand': {
        answers: [
          ['steps.page.by-hand', 'by ben'],
          ['steps.page.on-word', 'yes'],
          ['steps.mail.act', { stop: true }],
        ],
        events: ['step.looked page done not-so', 'step.done page on-word', paused('mail')],
      },
      skip: {
        answers: [
          ['steps.page.skip', 'not today'],
          ['steps.mail.act', { stop: true }],
        ],
        events: ['step.skipped page', paused('mail')],
      },
      note: {
        answers: [
          ['steps.page.note', 'slow'],
          ['steps.page.work', 'stop'],
        ],
        events: ['note.added page', paused('page')],
      },
      jump: {
        answers: [
          ['steps.page.jump', 'mail'],
          ['steps.mail.act', 'stop'],
        ],
        events: ['step.looked page act not-so', paused('mail')],
      },
      shell: { answers: [['steps.page.work', 'stop']], events: ['step.looked page act not-so', paused('page')] },
      stop: { events: ['step.looked page act not-so', paused('page')] },
    },
  },
  'a no': {
    runbook: runbookOf([page]),
    script: [['steps.page.work', 'done']],
    question: 'steps.page.no',
    choices: {
      look: {
        so: 'page',
        events: [
          'step.looked page done not-so',
          'step.looked page done so',
          'step.done page verified',
          'run.finished done',
        ],
      },
      'back-to-it': {
        answers: [['steps.page.work', 'stop']],
        events: ['step.looked page done not-so', paused('page')],
      },
      word: { events: ['step.looked page done not-so', 'step.done page on-word', 'run.finished done'] },
      stop: { events: ['step.looked page done not-so', paused('page')] },
    },
  },
  'an item of a checklist': {
    runbook: runbookOf([list({ text: 'one' }, { text: 'two' })]),
    script: [['steps.list.item.1', 'pass']],
    question: 'steps.list.item.2',
    aside: true,
    choices: {
      pass: { events: ['item.ticked list', 'item.ticked list', 'step.done list on-word', 'run.finished done'] },
      fail: {
        answers: [
          ['steps.list.item.note', 'no sound'],
          ['steps.list.way', 'stop'],
        ],
        events: ['item.ticked list', 'step.failed list', paused('list')],
      },
      later: {
        answers: [['steps.list.item.2', 'later']],
        events: ['item.ticked list', 'step.waiting list', paused('list')],
      },
      change: {
        answers: [
          ['steps.list.change', '0'],
          ['steps.list.item.note', 'no sound'],
          ['steps.list.item.2', 'stop'],
        ],
        events: ['item.ticked list', 'item.ticked list', paused('list')],
        more: ({ state }) => expect(state.steps.get('list')?.ticks.at(-1)).toMatchObject({ item: 0, result: 'fail' }),
      },
    },
  },
  'an item that is watched for a time': {
    runbook: runbookOf([list({ text: 'quiet', for: 60_000 })]),
    question: 'steps.list.item.1',
    aside: true,
    choices: {
      watching: {
        answers: [['steps.list.item.1', 'pass']],
        events: ['item.ticked list', 'item.ticked list', 'step.done list on-word', 'run.finished done'],
        more: ({ events, stage }) => {
          const [first, last] = events.filter(({ type }) => type === 'item.ticked');
          expect(Date.parse(last?.at ?? '') - Date.parse(first?.at ?? '')).toBe(60_000);
          expect(stage.facts.acts).toEqual([]);
        },
      },
      fail: {
        answers: [
          ['steps.list.item.note', 'loud'],
          ['steps.list.way', 'stop'],
        ],
        events: ['item.ticked list', 'step.failed list', paused('list')],
      },
      later: { answers: [['steps.list.item.1', 'later']], events: ['step.waiting list', paused('list')] },
    },
  },
  'an optional step': {
    runbook: runbookOf([{ ...mail, optional: true }]),
    question: 'steps.mail.optional',
    choices: {
      do: { answers: [['steps.mail.act', 'stop']], events: ['answer.given mail', paused('mail')] },
      leave: { events: ['step.skipped mail', 'run.finished done'] },
    },
  },
  'a done step that is no longer so': {
    runbook: runbookOf([app, { id: 'hand', form: { form: 'manual' } }]),
    before: async (stage, runbook) => {
      await stage.sit(runbook, [
        ['steps.app.act', 'go'],
        ['steps.hand.work', 'stop'],
      ]);
      stage.facts.so.delete('app');
    },
    question: 'steps.app.drift',
    sitting: { recheck: true },
    choices: {
      open: {
        answers: [['steps.app.act', 'stop']],
        events: ['step.looked app drift not-so', 'step.reopened app', 'step.looked app act not-so', paused('app')],
      },
      leave: { answers: [['steps.hand.work', 'stop']], events: ['step.looked app drift not-so', paused('hand')] },
    },
  },
  'a tool that is missing': {
    runbook: runbookOf([{ ...mail, requires: ['psql'] }]),
    before: (stage) => stage.endings.push({ exit: 127, missing: true }),
    question: 'tools.psql',
    choices: {
      look: { answers: [['steps.mail.act', 'stop']], events: ['run.started', paused('mail')] },
      stop: { events: ['run.started', 'run.paused'] },
    },
  },
  'a confirmation that is not given': {
    runbook: runbookOf([{ ...mail, confirm: 'Now?' }]),
    script: [['steps.mail.confirm', 'no']],
    question: 'steps.mail.aside',
    aside: true,
    choices: {
      'ask-again': {
        answers: [['steps.mail.confirm', 'yes']],
        events: ['step.ended mail ok', 'step.done mail verified', 'run.finished done'],
      },
      skip: { answers: [['steps.mail.skip', 'not today']], events: ['step.skipped mail', 'run.finished done'] },
    },
  },
  'something else than an answer': {
    runbook: runbookOf([{ id: 'users', form: { form: 'question', question: 'Where?', shape: 'text' } }, mail]),
    script: [['steps.users.answer', { aside: true }]],
    question: 'steps.users.aside',
    aside: true,
    choices: {
      'ask-again': {
        answers: [
          ['steps.users.answer', 'here'],
          ['steps.mail.act', 'stop'],
        ],
        events: ['answer.given users', 'step.done users on-word', paused('mail')],
      },
      skip: {
        answers: [
          ['steps.users.skip', 'unknown yet'],
          ['steps.mail.act', 'stop'],
        ],
        events: ['step.skipped users', paused('mail')],
      },
      jump: {
        answers: [
          ['steps.users.jump', 'mail'],
          ['steps.mail.act', 'stop'],
        ],
        events: ['run.started', paused('mail')],
      },
    },
  },
  'something that is not seen to be gone': {
    runbook: runbookOf([app]),
    before: async (stage, runbook) => {
      await stage.sit(runbook, [['steps.app.act', 'go']]);
      stage.facts.undoReplies.push({ ended: 'failed', why: 'in use' });
    },
    script: [['steps.app.undo', 'yes']],
    question: 'steps.app.undo-way',
    sitting: { undo: ['app'] },
    choices: {
      look: {
        answers: [['steps.app.undo-way', 'leave']],
        events: ['step.started app', 'step.ended app failed'],
        more: ({ stage }) => expect(stage.facts.undone).toHaveLength(1),
      },
      again: {
        events: ['step.ended app ok', 'step.undone app'],
        more: ({ stage }) => expect(stage.facts.undone).toHaveLength(2),
      },
      leave: {
        events: ['step.started app', 'step.ended app failed'],
        more: ({ state }) => expect(state.steps.get('app')?.status).toBe('done'),
      },
      stop: { events: ['step.ended app failed', paused('app')] },
    },
  },
  'something that a person takes back': {
    runbook: runbookOf([{ ...mail, undo: { manual: 'Write another.' } }]),
    before: async (stage, runbook) => stage.sit(runbook, [['steps.mail.act', 'go']]),
    script: [['steps.mail.undo', 'yes']],
    question: 'steps.mail.undo-work',
    sitting: { undo: ['mail'] },
    choices: {
      done: { events: ['answer.given mail', 'step.undone mail'] },
      stop: { events: ['answer.given mail', paused('mail')] },
    },
  },
};

/** What is taken back is known by its typed name or a yes, and secrets by tests of their own. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'commands/resuming changes': ['terminal/resume.test.ts', 'v: what has changed in the runbook is shown'],
  'commands/resuming again': ['terminal/resume.test.ts', 'r: done steps are looked at again'],
  'commands/resuming stop': ['terminal/resume.test.ts', 'q: not now leaves the journal as it was'],
  'commands/resuming go': ['terminal/session.test.ts', 'left with q, gone on with'],
  'commands/resuming frozen': ['terminal/resume.test.ts', 'f: the version that this run began with goes on'],
  'commands/resuming adopt': ['terminal/resume.test.ts', 'v: what has changed in the runbook is shown'],
  'engine/secrets new': ['secrets/handed-over.test.ts', 'stopped at any question or killed after any event'],
  'engine/secrets type': ['secrets/handed-over.test.ts', 'the kept one can be typed again'],
  'engine/secrets done': ['sessions/fly-launch.test.ts', 'no credential that fly printed stands in any file'],
  'engine/secret-handover store': ['secrets/handed-over.test.ts', 'is stored there as a new item, by standard input'],
  'engine/secret-handover copy': ['secrets/handed-over.test.ts', 'reach Fly as they were handed over'],
  'engine/secret-handover done': ['secrets/handed-over.test.ts', 'reach Fly as they were handed over'],
  'engine/secret-handover show': ['secrets/handed-over.test.ts', 'shown once where there is no clipboard'],
  'engine/secret-handover hide': ['secrets/handed-over.test.ts', 'shown once where there is no clipboard'],
};

/** A stage with a shell to lend, that knows what was waited for and ended. */
class Watched extends Stage {
  paused = 0;
  readonly ended: number[] = [];

  override world() {
    const world = super.world();
    return {
      ...world,
      shell: async () => {},
      pause: async (ms: number) => {
        this.paused += 1;
        await world.pause(ms);
      },
      processes: {
        ...world.processes,
        endOrphan: async (child: Parameters<typeof world.processes.endOrphan>[0]) => {
          this.ended.push(child.pid);
          await world.processes.endOrphan(child);
        },
      },
    };
  }
}

async function choose(situation: Situation, choice: string): Promise<Sat & { readonly offered: readonly string[] }> {
  const { runbook, before, script = [], question, sitting, choices } = situation;
  const { answers = [], so } = choices[choice] ?? {};
  const stage = new Watched();
  await before?.(stage, runbook);
  const scripted = createScriptedFace([...script, [question, choice], ...answers], runbook);
  let offered: readonly string[] | undefined;
  const face = {
    ...scripted,
    lend: (use: () => Promise<void>) => use(),
    ask: (asked: Parameters<typeof scripted.ask>[0], options: Parameters<typeof scripted.ask>[1]) => {
      // The last answer before it has been given: this is the one.
      if (offered === undefined && asked.id === question && asked.type === 'choice') {
        offered = asked.options.map(({ value }) => value);
        if (so !== undefined) stage.facts.so.add(so);
      }
      return scripted.ask(asked, options);
    },
  };
  const sat = await stage.sit(runbook, [], { face, ...sitting });
  scripted.finish();
  return { ...sat, face: scripted, stage, offered: offered ?? [] };
}

describe.each(Object.entries(SITUATIONS))('%s', (_name, situation) => {
  test.each(Object.entries(situation.choices))('%s', async (choice, { events, more }) => {
    const sat = await choose(situation, choice);
    expect(sat.types.slice(-events.length)).toEqual(events);
    more?.(sat as unknown as Sat);
  });

  test('nothing else is offered', async () => {
    const { offered } = await choose(situation, Object.keys(situation.choices)[0] ?? '');
    const own = Object.keys(situation.choices).filter((choice) => !(situation.aside && ASIDE.includes(choice)));
    // A way aside that cannot be here (the only step has no other to go to) is missing.
    expect(offered.filter((value) => !(situation.aside && ASIDE.includes(value)))).toEqual(own);
    if (situation.aside) expect(ASIDE).toEqual(expect.arrayContaining(offered.filter((value) => !own.includes(value))));
  });
});

test.each([
  ['one step', [{ ...mail, needs: ['app'] }], '"mail" then goes on without it'],
  [
    'several',
    [
      { ...mail, needs: ['app'] },
      { ...page, needs: ['app'] },
    ],
    '"mail", "page" then go on without it',
  ],
  ['none', [mail], undefined],
])('what goes on without a skipped step is said: %s', async (_name, after, hint) => {
  const { face } = await new Watched().sit(runbookOf([app, ...after]), [['steps.app.act', 'stop']]);
  const [asked] = face.questions;
  const offered = asked?.type === 'choice' ? asked.options : [];
  expect(offered.find(({ value }) => value === 'skip')?.hint).toBe(hint);
});

describe('no choice of the code', () => {
  const covered = new Set(Object.values(SITUATIONS).flatMap(({ choices }) => Object.keys(choices)));

  test('is without a test here, or one that is named here', () => {
    const missing = choicesInCode()
      .map(({ file, value }) => ({ value, name: `${file} ${value}` }))
      .filter(({ value, name }) => !(isOfLoop(name) && covered.has(value)) && ELSEWHERE[name] === undefined);
    expect(missing.map(({ name }) => name)).toEqual([]);
    expect(choicesInCode().length).toBeGreaterThan(50);
  });

  test.each(Object.entries(ELSEWHERE))('%s: its test is there', (_name, [file, title]) => {
    expect(readFileSync(join(import.meta.dirname, '..', file), 'utf8').includes(title), title).toBe(true);
  });

  test.each(ASIDE)('leaves out the way aside "%s"', (value) => {
    expect(Object.keys(SITUATIONS['an act']?.choices ?? {})).toContain(value);
  });
});

/** Asked within the loop, where the situations above are. */
const isOfLoop = (name: string): boolean => name.startsWith('engine/') && !name.startsWith('engine/secret');
