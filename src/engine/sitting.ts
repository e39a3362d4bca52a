// One sitting of a run: from the start of the process to its end. Everything the parts of the loop share, and the one way to write events.
import type { Input, Runbook, Step } from '../runbook/model.ts';
import type { Json } from '../step.ts';
import type { NamedSecret, RunRecord, SecretSpec } from '../system/ports.ts';
import type { World } from '../system/world.ts';
import { type Contexts, truth } from '../text/expression.ts';
import type { Redactor } from '../text/redact.ts';
import type { Background } from './background.ts';
import { type Known, needs } from './decide.ts';
import { allDeclared } from './declared.ts';
import { isSynced } from './durable.ts';
import type { Fact, LaunchEvent } from './events.ts';
import { apply, stepOf } from './evolve.ts';
import type { Face, Underway, Working } from './face.ts';
import type { Kinds, Offer, Offers } from './offer.ts';
import type { NewItems } from './one-password.ts';
import { redactedFace } from './redacted-face.ts';
import { redactedFact, withoutSecrets } from './redacted-fact.ts';
import type { RunState, SentSecret } from './state.ts';
import { StepsNow } from './steps-now.ts';
import type { Journal } from './store.ts';
import { mayChangeValues, valuesMayChange } from './values-may-change.ts';
import { type Changed, type Stale, ValuesUsed } from './values-used.ts';

export interface SittingOptions {
  readonly runbook: Runbook;
  readonly kinds: Kinds;
  readonly offers: Offers;
  readonly journal: Journal;
  readonly world: World;
  readonly face: Face;
  readonly redactor: Redactor;
  readonly operator: string;
  readonly signal: AbortSignal;
  /** The person's environment, for `env` in expressions. */
  readonly environment: Readonly<Record<string, string>>;
  /** `--skip ID=REASON`. */
  readonly skip: Readonly<Record<string, string>>;
  /** The record of this run, for the step that writes it. */
  readonly record?: RunRecord;
  /** Inputs as they were given in the last run of this runbook: offered to a person again. */
  readonly lastInputs?: () => Readonly<Record<string, Json>>;
  /** Done steps are looked at again before anything else. */
  readonly recheck?: boolean;
  /** A rehearsal may run commands of the runbook that say so (`rehearse: run`): this version is trusted. */
  readonly trusted?: boolean;
  /** What earlier runs have last sent under this name. */
  readonly sentBefore?: (of: NamedSecret) => SentSecret | undefined;
  /** Called after each event is on disk and shown: the crash trials of a rehearsal end the process here. */
  readonly afterEvent?: (event: LaunchEvent) => void;
}

/** After these a person is no longer at the step. */
const LEAVES = new Set<Fact['type']>(['step.done', 'step.failed', 'step.skipped', 'step.not-needed', 'step.waiting']);

export class Sitting {
  readonly #options: SittingOptions;
  #state: RunState;
  #lastInputs: Readonly<Record<string, Json>> | undefined;
  /** The clock less the time that has passed. */
  #ahead: number;
  /** What was stored in 1Password: an item made here takes a second value. */
  readonly newItems: NewItems = new Map();
  readonly #steps: StepsNow;
  /** Kept from the first event on that can change a value. */
  #values: ValuesUsed | undefined;
  /** Values of secret inputs and of secrets, known to this sitting only. */
  readonly secretInputs = new Map<string, string>();
  readonly secretValues = new Map<string, string>();
  /** Steps whose act was agreed to in this sitting, with how often they had been reopened by then. */
  readonly #agreed = new Map<string, number>();
  /** When each waiting step was last looked at, in this sitting. */
  readonly lookedAt = new Map<string, number>();
  /** What goes on beside an open question until `signal` is aborted: set by the loop where a person thinks. */
  meanwhile: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Who we are in each account that was looked at, as it was told. */
  readonly accounts = new Map<string, string>();
  /** By phase, the step with which what it says was shown. */
  readonly opened = new Map<string, string>();
  /** What goes on behind the steps, by id. */
  readonly backgrounds = new Map<string, Background>();
  /** `a`: go on without Enter until the next step that needs a person. */
  alone = false;
  /** Where the person went: this step before the others, until it is over, fails or waits. */
  first: string | undefined;

  readonly #face: Face;

  constructor(options: SittingOptions, state: RunState) {
    this.#options = options;
    this.#face = redactedFace(options.face, options.redactor);
    this.#state = state;
    this.#ahead = aheadOf(options.world);
    this.#steps = new StepsNow(options.runbook, state);
    const { events } = options.journal;
    if (valuesMayChange(events)) this.#values = new ValuesUsed(options.runbook, events);
  }

  get state(): RunState {
    return this.#state;
  }
  get runbook(): Runbook {
    return this.#options.runbook;
  }
  get kinds(): Kinds {
    return this.#options.kinds;
  }
  get journal(): Journal {
    return this.#options.journal;
  }
  get world(): World {
    return this.#options.world;
  }
  /** What goes to the person goes through the redactor. */
  get face(): Face {
    return this.#face;
  }
  /** Past the redactor: for a value that the person asks to see. */
  get openFace(): Face {
    return this.#options.face;
  }
  get redactor(): Redactor {
    return this.#options.redactor;
  }
  get operator(): string {
    return this.#options.operator;
  }
  get record(): RunRecord | undefined {
    return this.#options.record;
  }
  get signal(): AbortSignal {
    return this.#options.signal;
  }
  get environment(): Readonly<Record<string, string>> {
    return this.#options.environment;
  }
  get skip(): Readonly<Record<string, string>> {
    return this.#options.skip;
  }

  /** undefined where no person is there: without one a run goes by its runbook and by what it is told, not by what once was. */
  lastInput(name: string): Json | undefined {
    if (!this.face.present) return undefined;
    this.#lastInputs ??= this.#options.lastInputs?.() ?? {};
    return Object.hasOwn(this.#lastInputs, name) ? this.#lastInputs[name] : undefined;
  }

  get recheck(): boolean {
    return this.#options.recheck ?? false;
  }

  /** May what is the runbook's own be run? */
  get trusted(): boolean {
    return this.#options.trusted === true;
  }

  /** In a rehearsal: are the commands of a step played instead of run? */
  plays(step: Step): boolean {
    return this.world.pretend !== undefined && !(step.rehearse?.run === true && this.trusted);
  }

  /** What takes time, shown; a note that the person leaves meanwhile stands in the record. */
  working(step: Step, what: string, more: Omit<Underway, 'note'> = {}): Working {
    const note = (text: string): void => {
      if (!this.#state.finished) this.append({ type: 'note.added', text, by: this.operator, step: step.id });
    };
    return this.face.working(step.id, what, { ...more, note });
  }

  offer(step: Step): Offer {
    const offer = this.#options.offers.get(step.id);
    if (!offer) throw new Error(`no offer for step ${step.id}`);
    return offer;
  }

  /** By how much the clock has gone further than time since this was last asked. */
  slip(): number {
    const before = this.#ahead;
    this.#ahead = aheadOf(this.world);
    return this.#ahead - before;
  }

  /** Append, then show: journal before screen. Texts are redacted before they reach the disk. */
  append(fact: Fact): LaunchEvent {
    const written = redactedFact(fact, (text) => this.redactor.text(text));
    const event = this.journal.append(written, { sync: isSynced(fact), at: this.world.clock.now() });
    // The map of steps goes on in the next state; what changes a value here changes no status.
    const { inputs, steps } = this.#state;
    const wasGiven = (input: string) => Object.hasOwn(inputs, input);
    const wasDone = (step: string) => steps.get(step)?.status === 'done';
    this.#state = apply(this.#state, event);
    if (LEAVES.has(fact.type) && 'step' in fact && fact.step === this.first) this.first = undefined;
    this.#steps.heard(event, this.#state);
    if (this.#values) this.#values.heard(event);
    else if (mayChangeValues(event, { wasGiven, wasDone }))
      this.#values = new ValuesUsed(this.runbook, this.journal.events);
    this.face.happened(event, this.#state);
    this.#options.afterEvent?.(event);
    return event;
  }

  /** Every text inside a value, without the secrets of this sitting. */
  redacted<T>(value: T): T {
    return withoutSecrets(value, (text) => this.redactor.text(text));
  }

  contexts(): Contexts {
    const inputs: Record<string, Json> = { ...this.#state.inputs };
    for (const [name, value] of this.secretInputs) inputs[name] = value;
    const secrets: Record<string, string | Record<string, string>> = {};
    for (const [key, value] of this.secretValues) {
      const [app = '', name = ''] = key.split('\u0000');
      const ofApp = secrets[app];
      if (typeof ofApp === 'object') ofApp[name] = value;
      else secrets[app] = { [name]: value };
      secrets[name] = value;
    }
    return {
      inputs,
      steps: this.#steps.named,
      run: { id: this.#state.run, date: this.#state.startedAt.slice(0, 10), operator: this.operator },
      env: this.#options.environment,
      secrets,
    };
  }

  /** Steps that are over and were done with values that are others now, in order. */
  get stale(): readonly Stale[] {
    return this.#values?.stale((source) => truth(source, this.contexts())) ?? [];
  }

  /** What has changed of the values that a step's act was begun with. */
  changedSinceMade(step: Step): readonly Changed[] {
    return this.#values?.changedSinceMade(step) ?? [];
  }

  /** Steps that are not over, in order. */
  get open(): readonly Step[] {
    return this.#steps.open;
  }

  /** Those that wait, for whatever it be. */
  get waiting(): readonly Step[] {
    return this.#steps.waiting;
  }

  known(): Known {
    const [stale] = this.stale;
    return {
      runbook: this.runbook,
      open: this.open,
      doubtful: this.#steps.doubtful,
      offers: this.#options.offers,
      truth: (source) => truth(source, this.contexts()),
      secretsAtHand: new Set(this.secretInputs.keys()),
      up: new Set(this.backgrounds.keys()),
      ...(this.first !== undefined && { first: this.first }),
      ...(stale && { stale: stale.step }),
    };
  }

  /** Aborted, with the reason, when something that goes on and that this step needs is lost. */
  lossesOf(step: Step): readonly AbortSignal[] {
    return [...this.backgrounds.values()]
      .filter((one) => needs(this.runbook, step, one.step.id))
      .map(({ lost }) => lost.signal);
  }

  agreedTo(step: Step): void {
    this.#agreed.set(step.id, stepOf(this.#state, step.id).reopened);
  }

  /** Is the next attempt one that `retry` makes, of an act agreed to in this sitting? */
  repeats(step: Step): boolean {
    const at = stepOf(this.#state, step.id);
    return step.retry !== undefined && at.attempts.length > 0 && this.#agreed.get(step.id) === at.reopened;
  }

  input(name: string): Input | undefined {
    return this.runbook.inputs.find((input) => input.name === name);
  }

  /** Every secret the runbook declares, as things stand. */
  declared(): readonly SecretSpec[] {
    return allDeclared(this.runbook.secrets, this.contexts());
  }

  /** What was last sent under this name, by this run or an earlier one. */
  lastSent({ app, name }: NamedSecret): SentSecret | undefined {
    const here = this.#state.secrets.find((sent) => sent.app === app && sent.name === name);
    return here ?? this.#options.sentBefore?.({ app, name });
  }

  /** Remember a secret for this sitting, and keep it out of everything written. */
  learn(name: string, value: string): void {
    this.redactor.learn(name, value);
  }
}

const aheadOf = ({ clock }: World): number => clock.now().getTime() - clock.monotonic();
