// One step of a kind in the engine's own loop, against real servers on loopback: what it waits for, for how long, and what is said meanwhile.
import { onTestFinished } from 'vitest';
import { evolve, stepOf } from '../../src/engine/evolve.ts';
import { carryOut, type SittingEnd } from '../../src/engine/loop.ts';
import { offerOf } from '../../src/engine/offer.ts';
import { Sitting } from '../../src/engine/sitting.ts';
import type { StepState } from '../../src/engine/state.ts';
import type { Json } from '../../src/step.ts';
import { createDns } from '../../src/system/dns.ts';
import { createHttp } from '../../src/system/http.ts';
import { createTls } from '../../src/system/tls.ts';
import type { World } from '../../src/system/world.ts';
import { parseDuration } from '../../src/text/duration.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { createScriptedFace, type ScriptLine } from '../../src/ui/scripted.ts';
import { loadKind } from '../../steps/index.ts';
import { runbookOf, Stage } from '../engine/stage.ts';

export interface Waiting {
  /** Where the real ports of http, dns and tls are aimed. */
  readonly hosts?: Parameters<typeof createHttp>[0]['hosts'];
  readonly ca?: string | undefined;
  readonly dns?: Parameters<typeof createDns>[0]['dns'];
  /** Milliseconds of real time that one exchange may take: for servers that never answer. */
  readonly limit?: number;
  /** Each time that a name server is asked again, the same. */
  readonly tries?: readonly number[];
  readonly world?: Partial<World>;
  /** How long it is waited for, in virtual time. Default: as the kind says. */
  readonly within?: string;
  /** Ctrl-C after so many virtual milliseconds, or when a server says so. */
  readonly stop?: AbortSignal;
  readonly stopAfter?: number;
  /** A person who answers; left out: nobody is there. */
  readonly script?: readonly ScriptLine[];
}

export interface Waited {
  readonly end: SittingEnd;
  readonly step: StepState;
  /** What stood on the screen, line by line. */
  readonly screen: readonly string[];
  /** Virtual milliseconds from begin to end. */
  readonly took: number;
}

/** `with` as an author writes it. */
export async function waitFor(kindName: string, given: Json, options: Waiting = {}): Promise<Waited> {
  const kind = await loadKind(kindName);
  if (!kind) throw new Error(`no kind ${kindName}`);
  const within = options.within === undefined ? undefined : parseDuration(options.within);
  const form = { form: 'uses' as const, kind: kindName, with: given };
  const runbook = runbookOf([{ id: 'it', title: 'It', form, ...(within !== undefined && { within }) }]);
  const kinds = new Map([[kindName, kind]]);
  const stage = new Stage();
  const began = stage.now;
  const stop = new AbortController();
  options.stop?.addEventListener('abort', () => stop.abort(), { once: true });
  const journal = stage.runs.create(
    {
      type: 'run.started',
      run: 'test-20261122-abc',
      runbook: { name: 'test', file: runbook.file, title: 'Test', digest: runbook.digest, copy: 'runbook.md' },
      operator: 'jam',
      tool: '0.0.0',
      mode: 'real',
    },
    { at: new Date(began), source: '' },
  );
  onTestFinished(() => journal.close());
  const scripted = createScriptedFace(options.script ?? [], runbook);
  const absent = { ...scripted, present: false, ask: async () => ({ absent: 'nobody is there' }) };
  const sitting = new Sitting(
    {
      runbook,
      kinds,
      offers: new Map(runbook.steps.map((step) => [step.id, offerOf(step, kinds, parseDuration)])),
      journal,
      world: aimed(stage, options, () => {
        if (options.stopAfter !== undefined && stage.now - began >= options.stopAfter) stop.abort();
      }),
      face: options.script === undefined ? absent : scripted,
      redactor: createRedactor(),
      operator: 'jam',
      signal: stop.signal,
      environment: {},
      skip: {},
    },
    evolve(journal.events),
  );
  const end = await carryOut(sitting);
  if (options.script !== undefined) scripted.finish();
  return { end, step: stepOf(sitting.state, 'it'), screen: scripted.transcript, took: stage.now - began };
}

function aimed(stage: Stage, options: Waiting, slept: () => void): World {
  const { hosts = {}, ca, dns = {}, limit, tries = limit === undefined ? undefined : [limit], world } = options;
  const memory = stage.world();
  const http = createHttp({ hosts, ...(ca !== undefined && { ca }) });
  const short = limit === undefined ? {} : { timeout: limit };
  return {
    ...memory,
    http: { exchange: (request, signal) => http.exchange({ ...request, ...short }, signal) },
    dns: createDns({ dns, ...(tries && { tries }) }),
    tls: createTls({ hosts, ...(ca !== undefined && { ca }), ...(limit !== undefined && { timeout: limit }) }),
    clock: {
      ...memory.clock,
      sleep: (ms, signal) => memory.clock.sleep(ms, signal).then(slept),
      sleepUntil: (at, signal) => memory.clock.sleepUntil(at, signal).then(slept),
    },
    ...world,
  };
}

/** The sentence that a step failed or stopped with, and what its last look could not see. */
export function whyOf(waited: Waited): string {
  const { end, step } = waited;
  return step.reason ?? ('stopped' in end ? [end.stopped, ...seenBy(waited)].join(' ') : '');
}

/** What was seen by the last look, as the record tells it. */
export const seenBy = ({ step }: Waited): readonly (string | undefined)[] =>
  (step.looks.done?.checks ?? []).map((check) => check.seen ?? check.why);
