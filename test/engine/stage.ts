// A small stage for sessions of the engine: steps as data, a world in memory, a script of answers, a journal on a disk in memory.
import { z } from 'zod';
import { lookAtAll, type Standing } from '../../src/engine/drift.ts';
import type { Fact } from '../../src/engine/events.ts';
import { evolve } from '../../src/engine/evolve.ts';
import type { Face } from '../../src/engine/face.ts';
import { carryOut, type SittingEnd } from '../../src/engine/loop.ts';
import { offerOf } from '../../src/engine/offer.ts';
import { Sitting } from '../../src/engine/sitting.ts';
import { type TakenBack, takeBack } from '../../src/engine/undo.ts';
import type { Input, Runbook, Step } from '../../src/runbook/model.ts';
import { type Acted, defineStep, type Json, type Look, type Outputs, type StepKind } from '../../src/step.ts';
import { openRuns } from '../../src/store/files.ts';
import { memoryDisk } from '../../src/store/memory.ts';
import type { Ended } from '../../src/system/ports.ts';
import type { HoldOptions, LookOptions, World } from '../../src/system/world.ts';
import { parseDuration } from '../../src/text/duration.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { createScriptedFace, type ScriptLine } from '../../src/ui/scripted.ts';
import { inOrder, place, runbookNamed } from '../samples.ts';

export type StepData = Partial<Step> & Pick<Step, 'id' | 'form'>;

/** Steps in order, each needing the one before, as the loader makes them. */
export const runbookOf = (steps: readonly StepData[], more: Partial<Runbook> = {}): Runbook =>
  runbookNamed('test', {
    title: 'A launch',
    steps: inOrder(steps),
    phases: [{ title: 'Phase', opening: '', prose: '' }],
    ...more,
  });

export const inputOf = (name: string, more: Partial<Input> = {}): Input => ({
  name,
  type: 'text',
  secret: false,
  required: true,
  place,
  ...more,
});
export const uses = (kind: string, given: Json = {}) => ({ form: 'uses' as const, kind, with: given });
export const run = (command: string) => ({ form: 'run' as const, command });
export const check = (kind: string, given: Json = {}) => ({ does: { uses: kind, with: given }, place });

/** Kinds over a set of facts: `make` makes its thing so, `seen` looks for one, `now` for one of the moment, `deed` acts and cannot be looked at. */
export class Facts {
  readonly so = new Set<string>();
  readonly acts: string[] = [];
  /** What the next acts answer instead of making it so. */
  readonly replies: (Acted & { readonly made?: boolean; readonly hides?: boolean })[] = [];
  readonly undone: string[] = [];
  readonly undoReplies: (Acted & { readonly made?: boolean })[] = [];
  /** Things that nobody can see now. */
  readonly hidden = new Set<string>();

  look(thing: string): Look {
    if (this.hidden.has(thing)) return { is: 'unknown', why: 'no right to look' };
    return this.so.has(thing)
      ? { is: 'so', seen: `${thing} is there`, outputs: { name: thing } }
      : { is: 'not-so', expected: thing, seen: 'nothing' };
  }

  async act(thing: string): Promise<Acted> {
    this.acts.push(thing);
    const reply = this.replies.shift();
    if (!reply || reply.made) this.so.add(thing);
    if (reply?.hides) this.hidden.add(thing);
    return reply ?? { ended: 'ok', outputs: { name: thing } };
  }

  async undo(thing: string, outputs: Outputs): Promise<Acted> {
    this.undone.push(`${thing} (${outputs.name})`);
    const reply = this.undoReplies.shift();
    if (!reply || reply.made) this.so.delete(thing);
    return reply ?? { ended: 'ok' };
  }

  gone(thing: string): Look {
    if (this.hidden.has(thing)) return { is: 'unknown', why: 'no right to look' };
    if (this.so.has(thing)) return { is: 'not-so', expected: `no ${thing}`, seen: `${thing} is there` };
    return { is: 'so', seen: `no ${thing}` };
  }

  kinds(): ReadonlyMap<string, StepKind> {
    const shape = {
      with: z.strictObject({ thing: z.string() }),
      outputs: z.object({ name: z.string() }),
      example: 'with: { thing: x }',
      checkedAgainst: 'stand-in' as const,
    };
    const describe = ({ thing }: { thing: string }) => `have ${thing}`;
    const make = defineStep({
      ...shape,
      name: 'test/make',
      summary: 'Makes a thing',
      describe,
      commands: ({ thing }) => [['make', thing]],
      verify: async ({ thing }) => this.look(thing),
      act: async ({ thing }) => this.act(thing),
      undo: {
        describe: ({ thing }) => `${thing} is taken away`,
        act: async ({ thing }, _ports, { outputs }) => this.undo(thing, outputs),
        verify: async ({ thing }) => this.gone(thing),
      },
    });
    const seen = defineStep({
      ...shape,
      name: 'test/seen',
      summary: 'Sees a thing',
      describe,
      verify: async ({ thing }) => this.look(thing),
    });
    const deed = defineStep({
      ...shape,
      name: 'test/deed',
      summary: 'Does a deed',
      describe,
      act: async ({ thing }) => this.act(thing),
    });
    // The map holds kinds of different `with`; each parses its own before it is used.
    const now = defineStep({ ...seen, name: 'test/now', summary: 'Sees a thing of the moment', lasts: false });
    return new Map<string, StepKind>([make, seen, deed, now].map((kind) => [kind.name, kind as unknown as StepKind]));
  }
}

export interface Child {
  readonly argv: readonly string[];
  readonly options: HoldOptions;
}

/** A stage that outlives sittings: the journal, the clock and the facts stay. */
export class Stage {
  readonly facts = new Facts();
  readonly disk = memoryDisk();
  readonly children: Child[] = [];
  readonly looks: { readonly argv: readonly string[]; readonly options?: LookOptions }[] = [];
  readonly allowed: string[] = [];
  readonly opened: string[] = [];
  readonly copied: string[] = [];
  /** How children end, in order; the default is exit 0. `crash` throws as a killed process would stop. */
  readonly endings: (Partial<Ended> & {
    readonly output?: string;
    readonly written?: string;
    readonly makes?: string;
    readonly takes?: number;
    /** It goes on until it is ended, or falls over by `stage.breaks()`. */
    readonly stays?: true;
  })[] = [];
  readonly living = new Set<number>();
  /** Children that go on, and how to end them. */
  readonly up = new Map<number, (how: Partial<Ended>) => void>();
  /** Done as soon as the next child has been let go. */
  onGo: (() => void) | undefined;
  now = Date.parse('2026-11-22T10:00:00Z');
  run: string | undefined;
  /** A rehearsal, in which something stands in for these kinds. */
  simulates: readonly string[] | undefined;
  #pid = 100;

  /** What the clock does besides, sleep after sleep: the machine slept, or the clock was set back. */
  readonly slips: number[] = [];
  /** What becomes so in the world, and after how much time from the beginning. */
  readonly later = new Map<string, number>();
  readonly #began = this.now;

  /** Once something is so; a turn of the event loop at a time. */
  async until(so: () => boolean): Promise<void> {
    while (!so()) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Time goes on. */
  pass(ms: number): void {
    this.now += ms;
    for (const [thing, after] of this.later) if (this.now - this.#began >= after) this.facts.so.add(thing);
  }

  /** The clock goes on, or back, and no time passes. */
  slip(ms: number): void {
    this.#slipped += ms;
    this.pass(ms);
  }
  #slipped = 0;

  async #sleepUntil(at: number, signal?: AbortSignal): Promise<void> {
    // A turn of the event loop, so that whoever waits beside it gets on.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) return;
    this.pass(Math.max(0, at - this.now));
    this.slip(this.slips.shift() ?? 0);
  }

  readonly runs = openRuns('/project', 'runs', {
    disk: this.disk,
    me: { pid: 1, startTime: '1', bootId: 'boot', host: 'here', operator: 'jam' },
    now: () => new Date(this.now),
    lives: () => false,
  });

  kinds(): ReadonlyMap<string, StepKind> {
    return this.facts.kinds();
  }

  world(): World {
    let written = '';
    const child = (ended: Partial<Ended>): Ended => ({ exit: 0, stdout: '', stderr: '', ...ended });
    return {
      project: '/project',
      processes: {
        look: async (argv, options) => {
          this.looks.push({ argv, options });
          return child(this.endings.shift() ?? {});
        },
        hold: async (argv, options) => {
          this.children.push({ argv, options });
          const pid = ++this.#pid;
          const ending = this.endings.shift() ?? {};
          return {
            spawned: { pid, group: pid, startTime: '1', bootId: 'boot', host: 'here' },
            go: () => {
              options.onOutput?.(Buffer.from(ending.output ?? ''), 'stdout');
              written = ending.written ?? '';
              if (ending.makes !== undefined) this.facts.so.add(ending.makes);
              this.pass(ending.takes ?? 0);
              if (!ending.stays) this.onGo?.();
            },
            ended: ending.stays
              ? new Promise<Ended>((resolve) => {
                  this.up.set(pid, (how) => this.up.delete(pid) && resolve(child(how)));
                })
              : Promise.resolve(child(ending)),
            end: async () => this.up.get(pid)?.({ exit: null, signal: 'SIGTERM' }),
          };
        },
        lives: ({ pid }) => (this.living.has(pid) ? 'alive' : 'gone'),
        endOrphan: async ({ pid }) => void this.living.delete(pid),
      },
      zx: ['node', 'zx'],
      pause: async () => this.living.clear(),
      http: { exchange: async () => ({ status: 0, headers: {}, body: '', url: '', failed: 'no network in tests' }) },
      dns: {
        ask: async () => ({
          code: '',
          answers: [],
          authority: [],
          authoritative: false,
          failed: 'no network in tests',
        }),
      },
      tls: {
        handshake: async () => ({
          trusted: false,
          issuer: '',
          subject: '',
          names: [],
          from: '',
          to: '',
          failed: 'no network in tests',
        }),
      },
      postgres: { ask: async () => ({ rows: [], failed: 'no network in tests' }) },
      files: {
        read: async () => undefined,
        list: async () => [],
        resolve: async (path) => `/project/${path}`,
        write: async () => {},
        allow: async (folder) => void this.allowed.push(folder),
      },
      clock: {
        now: () => new Date(this.now),
        sleep: (ms, signal) => this.#sleepUntil(this.now + ms, signal),
        sleepUntil: (at, signal) => this.#sleepUntil(at, signal),
        monotonic: () => this.now - this.#slipped,
      },
      env: { get: () => undefined },
      urls: { appStoreConnect: '', cloudflare: '', twilio: '' },
      scratch: async () => ({ path: '/tmp/outputs', read: async () => written, remove: async () => {} }),
      open: async (url) => this.opened.push(url) > 0,
      copy: async (text) => {
        // Whoever has pasted the last value has done it.
        if (this.copied.push(text) === 2) this.facts.so.add('record');
        return true;
      },
      random: (bytes) => 'ab'.repeat(bytes),
      ...(this.simulates && { pretend: { makeSo: async (kind) => this.simulates?.includes(kind) === true } }),
    };
  }

  /** One sitting. `crashAfter`: the process dies right after that event is on disk. */
  async sit(
    runbook: Runbook,
    script: readonly ScriptLine[],
    more: {
      readonly crashAfter?: number;
      readonly present?: boolean;
      readonly skip?: Record<string, string>;
      readonly environment?: Record<string, string>;
      /** Takes these steps back instead of going on. */
      readonly undo?: readonly string[];
      /** Looks at what is done again instead of going on. */
      readonly again?: true;
      /** Looks at what is done again before it goes on. */
      readonly recheck?: true;
      /** Who answers instead of the script. */
      readonly face?: Face;
      /** Values that are secret from the beginning. */
      readonly secrets?: readonly string[];
    } = {},
  ) {
    const scripted = createScriptedFace(script, runbook);
    const face = more.face ?? (more.present === false ? { ...scripted, present: false } : scripted);
    const journal = this.run === undefined ? this.#begin(runbook) : this.runs.open(this.run);
    if (this.run !== undefined)
      journal.append({ type: 'run.resumed', operator: 'jam' }, { sync: false, at: new Date(this.now) });
    this.run = journal.run;
    const kinds = this.kinds();
    const redactor = createRedactor();
    for (const value of more.secrets ?? []) redactor.learn('KNOWN', value);
    const sitting = new Sitting(
      {
        runbook,
        kinds,
        offers: new Map(runbook.steps.map((step) => [step.id, offerOf(step, kinds, parseDuration)])),
        journal,
        world: this.world(),
        face,
        redactor,
        operator: 'jam',
        signal: new AbortController().signal,
        environment: more.environment ?? {},
        skip: more.skip ?? {},
        recheck: more.recheck ?? false,
        afterEvent: ({ n }) => {
          if (n === more.crashAfter) throw new Crash();
        },
      },
      evolve(journal.events),
    );
    let end: SittingEnd | TakenBack | 'crashed' | readonly Standing[];
    try {
      end = more.again
        ? await lookAtAll(sitting)
        : more.undo
          ? await takeBack(sitting, once(more.undo))
          : await carryOut(sitting);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      end = 'crashed';
    } finally {
      journal.close();
    }
    if (end !== 'crashed') scripted.finish();
    return { end, face: scripted, events: journal.events, state: evolve(journal.events), types: told(journal.events) };
  }

  #begin(runbook: Runbook) {
    const first = {
      type: 'run.started' as const,
      run: 'test-20261122-abc',
      runbook: {
        name: runbook.name,
        file: runbook.file,
        title: runbook.title,
        digest: runbook.digest,
        copy: `runbook-${runbook.digest.slice(0, 8)}.md`,
      },
      operator: 'jam',
      tool: '0.0.0',
      mode: 'real' as const,
    };
    return this.runs.create(first, { at: new Date(this.now), source: runbook.source });
  }
}

/** These, and then no more. */
const once = (ids: readonly string[]) => {
  const chosen = [ids];
  return async () => chosen.shift() ?? [];
};

export class Crash extends Error {}

/** Events in short: `step.done deploy verified`. */
export function told(events: readonly Fact[]): readonly string[] {
  return events.map((event) => {
    const words = [event.type as string];
    if ('step' in event && event.step !== undefined) words.push(event.step);
    if (event.type === 'step.looked') words.push(event.for, event.is);
    if (event.type === 'step.done') words.push(event.how);
    if (event.type === 'step.ended') words.push(event.result);
    if (event.type === 'step.resolved') words.push(event.by, event.as);
    if (event.type === 'run.finished') words.push(event.outcome);
    return words.join(' ');
  });
}
