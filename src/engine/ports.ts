// The ports of one step, cut from the world: a look gets what only reads, an act what is journaled, guarded and redacted.
import type { Step } from '../runbook/model.ts';
import type {
  ActPorts,
  DnsAnswer,
  Ended,
  Handshake,
  HttpAnswer,
  HttpRequest,
  LookPorts,
  ProcessOptions,
  SecretSpec,
} from '../system/ports.ts';
import type { HeldChild, HoldOptions } from '../system/world.ts';
import { createTail, readAs } from '../text/tail.ts';
import { declaredSecrets } from './declared.ts';
import type { Working } from './face.ts';
import { sinceSent } from './secret-sources.ts';
import { keepSecret, obtainSecret, receiveSecret, rememberSecret } from './secrets.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';
import type { Receipt } from './store.ts';

const TAIL_LINES = 20;
const TAIL_LINE = 4_000;

/** What the children of one attempt write into. */
export class Output {
  readonly receipt: Receipt;
  readonly #working: Working;
  readonly #sitting: Sitting;
  readonly #end = createTail(TAIL_LINES * TAIL_LINE);

  constructor(sitting: Sitting, receipt: Receipt, working: Working) {
    this.#sitting = sitting;
    this.receipt = receipt;
    this.#working = working;
  }

  /** A stream of one child: bytes in, redacted to the receipt, the screen and the tail. */
  stream(): { write(bytes: Uint8Array): void; end(): void } {
    return this.#sitting.redactor.stream((bytes) => {
      this.receipt.write(bytes);
      this.#working.output(bytes);
      this.#end.write(bytes);
    });
  }

  say(sentence: string): void {
    this.#working.say(sentence);
  }

  /** The last lines that hold something. */
  tail(): readonly string[] {
    return this.#end
      .read()
      .bytes.toString()
      .split('\n')
      .map((line) => readAs(line).slice(-TAIL_LINE))
      .filter((line) => line !== '')
      .slice(-TAIL_LINES);
  }
}

export function lookPorts(sitting: Sitting, signal: AbortSignal = sitting.signal): LookPorts {
  const { world } = sitting;
  return {
    processes: { look: (argv, options) => world.processes.look(argv, { ...options, environment: 'kind' }) },
    http: { look: (request) => world.http.exchange(request, signal) },
    dns: { ask: (question) => orStopped(world.dns.ask(question), signal, NO_ANSWER) },
    tls: { handshake: (to) => orStopped(world.tls.handshake(to), signal, NO_HANDSHAKE) },
    postgres: { ask: (question) => orStopped(world.postgres.ask(question), signal, { rows: [], failed: 'stopped' }) },
    files: world.files,
    clock: world.clock,
    env: world.env,
    ...(sitting.record && { record: sitting.record }),
    secrets: {
      declared: (app) => declaredSecrets(sitting.runbook.secrets, app, sitting.contexts()),
      sinceSent: (spec) => sinceSent(sitting, spec),
    },
    signal,
    accounts: sitting.runbook.accounts,
    urls: world.urls,
  };
}

/** These two ports know no signal: what they still hear after a stop is dropped. */
function orStopped<T>(asked: Promise<T>, signal: AbortSignal, stopped: T): Promise<T> {
  if (signal.aborted) return Promise.resolve(stopped);
  return new Promise((resolve, reject) => {
    const stop = () => resolve(stopped);
    signal.addEventListener('abort', stop, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const STOPPED = { failed: 'stopped' };
const NO_ANSWER: DnsAnswer = { code: '', answers: [], authority: [], authoritative: false, ...STOPPED };
const NO_HANDSHAKE: Handshake = { trusted: false, issuer: '', subject: '', names: [], from: '', to: '', ...STOPPED };

/** `attempt`: whose children these are. */
export function actPorts(sitting: Sitting, step: Step, attempt: number, output: Output): ActPorts {
  const looking = lookPorts(sitting);
  const guard = (texts: readonly string[]) => guarded(sitting, step, texts);
  return {
    ...looking,
    processes: {
      ...looking.processes,
      act: (argv, options = {}) => {
        guard(argv);
        return spawnAct(sitting, step, attempt, output, argv, { ...options, environment: 'kind' });
      },
    },
    http: {
      ...looking.http,
      send: async (request: HttpRequest): Promise<HttpAnswer> => {
        guard([request.url, request.body ?? '']);
        return sitting.world.http.exchange(request, sitting.signal);
      },
    },
    files: sitting.world.files,
    secrets: {
      ...looking.secrets,
      obtain: (spec: SecretSpec) => obtainSecret(sitting, step, spec),
      kept: (spec, value, where) => keepSecret(sitting, step, spec, value, where),
      learn: (name, value) => sitting.learn(name, value),
      remember: (of, value) => rememberSecret(sitting, of, value),
      receive: (of, make) => receiveSecret(sitting, step, of, make),
    },
    tell: (sentence) => output.say(sentence),
  };
}

/** Spawn, but held: it stands in the journal before it does anything. Ctrl-C ends its group. */
export async function spawnAct(
  sitting: Sitting,
  step: Step,
  attempt: number,
  output: Output,
  argv: readonly string[],
  options: ProcessOptions & { readonly environment: 'kind' | 'person'; readonly without?: readonly string[] },
): Promise<Ended> {
  const streams = { stdout: output.stream(), stderr: output.stream() };
  const { credentials, ...rest } = options;
  const withheld: { readonly bytes: Uint8Array; readonly stream: 'stdout' | 'stderr' }[] = [];
  const child = await held(sitting, step, attempt, argv, {
    ...rest,
    onOutput: (bytes, stream) =>
      credentials ? withheld.push({ bytes: Uint8Array.from(bytes), stream }) : streams[stream].write(bytes),
  });
  // Also ended when what it needs in the background is lost.
  const losses = sitting.lossesOf(step);
  const signal = losses.length > 0 ? AbortSignal.any([sitting.signal, ...losses]) : sitting.signal;
  const stop = () => void child.end();
  signal.addEventListener('abort', stop, { once: true });
  child.go();
  if (signal.aborted) stop();
  try {
    const ended = await child.ended;
    const found = credentials?.(ended);
    for (const [name, value] of Object.entries(found ?? {})) sitting.learn(name, value);
    if (found) for (const { bytes, stream } of withheld) streams[stream].write(bytes);
    else if (withheld.length > 0) output.say('what it printed is not shown: it may hold a credential');
    return ended;
  } finally {
    signal.removeEventListener('abort', stop);
    streams.stdout.end();
    streams.stderr.end();
  }
}

/** The same without its end: `settled` when it has come. The caller lets it go. */
export async function holdAct(
  sitting: Sitting,
  step: Step,
  attempt: number,
  output: Output,
  argv: readonly string[],
  options: HoldOptions,
): Promise<{ readonly child: HeldChild; readonly settled: Promise<Ended> }> {
  const streams = { stdout: output.stream(), stderr: output.stream() };
  const child = await held(sitting, step, attempt, argv, {
    ...options,
    onOutput: (bytes, stream) => streams[stream].write(bytes),
  });
  const settled = child.ended.finally(() => {
    streams.stdout.end();
    streams.stderr.end();
  });
  return { child, settled };
}

async function held(
  sitting: Sitting,
  step: Step,
  attempt: number,
  argv: readonly string[],
  options: HoldOptions,
): Promise<HeldChild> {
  const child = await sitting.world.processes.hold(argv, options);
  if (child.spawned) sitting.append({ type: 'step.spawned', step: step.id, attempt, ...child.spawned });
  return child;
}

/** `guard.forbid`: none of these words in what is executed or sent, unless the step is allowed it. */
export function guarded(sitting: Sitting, step: Step, texts: readonly string[]): void {
  const found = forbiddenWord(sitting.runbook.forbid, step.allow, texts);
  if (found === undefined) return;
  throw new Stop(`"${found}" is forbidden by the runbook (guard.forbid) and "${step.title}" would use it`, 1, step.id);
}

export function forbiddenWord(
  forbid: readonly string[],
  allow: readonly string[],
  texts: readonly string[],
): string | undefined {
  return forbid
    .filter((word) => !allow.includes(word))
    .find((word) => {
      const whole = new RegExp(`(?<![A-Za-z0-9_-])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![A-Za-z0-9_-])`);
      return texts.some((text) => whole.test(text));
    });
}
