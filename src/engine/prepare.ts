// Making an act ready: everything it needs filled in, asked for where it is not known, and what it will execute in plain sight.
import type { Step } from '../runbook/model.ts';
import type { Acted, Json, Outputs } from '../step.ts';
import type { Ended } from '../system/ports.ts';
import type { HoldOptions } from '../system/world.ts';
import { fill } from '../text/expression.ts';
import { stepOf } from './evolve.ts';
import { wantOf } from './look.ts';
import { actPorts, lookPorts, type Output, spawnAct } from './ports.ts';
import { type Shell, shellOf } from './shell.ts';
import type { Sitting } from './sitting.ts';
import { supply } from './supply.ts';
import { tell } from './tell.ts';

/** How an act ended, with the process that did it where there was one. */
export type Performed = Acted & { readonly process?: Ended };

/** What will be done, once everything it needs is known. */
export interface Prepared {
  readonly commands: readonly (readonly string[])[];
  /** The guard reads these before anything starts. */
  readonly texts: readonly string[];
  /** The one process it is, where it can go on in the background. */
  readonly child?: { readonly argv: readonly string[]; readonly options: HoldOptions };
  run(output: Output, attempt: number, since: { readonly since?: Json }): Promise<Performed>;
}

/** Everything an act needs, filled in; asked for where it is not known. undefined: it was settled another way. */
export async function prepare(sitting: Sitting, step: Step): Promise<Prepared | 'by-hand' | undefined> {
  if (step.form.form === 'uses') return prepareKind(sitting, step, step.form.with);
  if (step.form.form === 'run') return prepareCommand(sitting, step, step.form.command);
  if (step.form.form === 'script') return prepareScript(sitting, step, step.form.script);
  throw new Error(`step ${step.id} has nothing to act with`);
}

async function prepareKind(sitting: Sitting, step: Step, raw: Json): Promise<Prepared | 'by-hand' | undefined> {
  const kind = sitting.offer(step).kind;
  const doAct = kind?.act;
  if (!kind || !doAct) throw new Error(`step ${step.id} has no kind that acts`);
  const want = wantOf(kind, fill(raw, sitting.contexts()));
  if ('problem' in want) {
    if (want.missing.length === 0) sitting.append({ type: 'step.failed', step: step.id, why: want.problem });
    else await supply(sitting, step, want.missing);
    return undefined;
  }
  if (kind.guide && kind.canAct && !(await kind.canAct(want.value, lookPorts(sitting)))) return 'by-hand';
  const commands = kind.commands?.(want.value) ?? [];
  return {
    commands,
    texts: [...commands.flat(), JSON.stringify(want.value)],
    run: async (output, attempt, since) => {
      // An act that cannot be looked at has nothing that makes its world ready later: a rehearsal does it now.
      if (!kind.verify) await sitting.world.pretend?.makeSo(kind.name, want.value, step.id);
      return doAct(want.value, actPorts(sitting, step, attempt, output), since);
    },
  };
}

export async function prepareCommand(sitting: Sitting, step: Step, command: string): Promise<Prepared | undefined> {
  const shell = await shellOf(sitting, step, command);
  if ('missing' in shell) {
    await supply(sitting, step, shell.missing);
    return undefined;
  }
  if ('problem' in shell) {
    sitting.append({ type: 'step.failed', step: step.id, why: shell.problem });
    return undefined;
  }
  const argv = ['bash', '-euo', 'pipefail', '-c', shell.command];
  return prepareChild(sitting, step, argv, shell, tell(sitting, command));
}

/** JavaScript with zx's globals, in a process of its own. It holds no expressions: its values come by `env`. */
async function prepareScript(sitting: Sitting, step: Step, script: string): Promise<Prepared | undefined> {
  const shell = await shellOf(sitting, step, '');
  if ('missing' in shell) {
    await supply(sitting, step, shell.missing);
    return undefined;
  }
  if ('problem' in shell) {
    sitting.append({ type: 'step.failed', step: step.id, why: shell.problem });
    return undefined;
  }
  return prepareChild(sitting, step, sitting.world.zx, shell, script, script);
}

/** The runbook's own words (`run`, `script`) as one process in the person's environment. */
function prepareChild(
  sitting: Sitting,
  step: Step,
  argv: readonly string[],
  { env, cwd, without }: Shell,
  written: string,
  stdin?: string,
): Prepared {
  const options: HoldOptions = {
    environment: 'person',
    env,
    without,
    ...(cwd !== undefined && { cwd }),
    ...(stdin !== undefined && { stdin }),
  };
  return {
    commands: [[written.trimEnd()]],
    texts: [written, ...argv, ...Object.values(env)],
    child: { argv, options },
    run: (output, attempt) => runCommand(sitting, step, attempt, output, argv, options),
  };
}

async function runCommand(
  sitting: Sitting,
  step: Step,
  attempt: number,
  output: Output,
  argv: readonly string[],
  options: HoldOptions,
): Promise<Performed> {
  if (sitting.plays(step)) {
    // What `rehearse` plays is the act, not what takes it back.
    const undoes = stepOf(sitting.state, step.id).attempts.at(-1)?.does === 'undo';
    return undoes ? { ended: 'ok', seen: 'not simulated' } : rehearsed(sitting, step, attempt, output);
  }
  const scratch = await sitting.world.scratch();
  try {
    const ended = await spawnAct(sitting, step, attempt, output, argv, {
      ...options,
      env: { ...options.env, LAUNCH_OUTPUT: scratch.path },
      ...(step.timeout !== undefined && { timeout: step.timeout }),
    });
    const outputs = readOutputs(await scratch.read());
    if (ended.timedOut) return { ended: 'unclear', why: 'it was ended by its time-out', process: ended };
    if (sitting.signal.aborted) return { ended: 'unclear', why: 'it was interrupted', process: ended };
    if (ended.exit === 0) return { ended: 'ok', outputs, process: ended };
    return {
      ended: 'failed',
      why: ended.signal ? `it was ended by ${ended.signal}` : `it ended with exit code ${ended.exit}`,
      process: ended,
    };
  } finally {
    await scratch.remove();
  }
}

/** `name=value` lines of `$LAUNCH_OUTPUT`; the last of a name counts. */
function readOutputs(text: string): Outputs {
  const outputs: [string, string][] = [];
  for (const line of text.split('\n')) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_-]*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) outputs.push([name, value]);
  }
  return Object.fromEntries(outputs);
}

/** In a rehearsal a command of the runbook is not executed unless it says so: what it would do comes from `rehearse`. */
async function rehearsed(sitting: Sitting, step: Step, attempt: number, output: Output): Promise<Performed> {
  const played = step.rehearse;
  const exit = played?.exit ?? 0;
  if (exit !== 0) return { ended: 'failed', why: `it ended with exit code ${exit} (rehearsed)` };
  for (const words of played?.instead ?? []) {
    const argv = await forStandIn(sitting, words);
    if ('missing' in argv) return { ended: 'failed', why: `\`rehearse\` needs ${argv.missing.join(', ')}` };
    const ended = await spawnAct(sitting, step, attempt, output, argv, { environment: 'kind' });
    if (ended.exit !== 0)
      return {
        ended: 'failed',
        why: `${argv.slice(0, 2).join(' ')} ended with exit code ${ended.exit}`,
        process: ended,
      };
  }
  const seen = played?.stdout ?? (played?.instead ? 'carried out by stand-ins' : 'not simulated');
  return { ended: 'ok', outputs: played?.outputs ?? {}, seen };
}

/** Filled in. A word that names a file of the project is handed over by its place: it may lie among the fixtures. */
async function forStandIn(
  sitting: Sitting,
  words: readonly string[],
): Promise<readonly string[] | { readonly missing: readonly string[] }> {
  const { files } = sitting.world;
  const argv: string[] = [];
  for (const word of words) {
    const filled = fill(word, sitting.contexts());
    if (!filled.ok) return { missing: filled.missing };
    const text = typeof filled.value === 'string' ? filled.value : JSON.stringify(filled.value);
    const isFile = /\.\w+$/.test(text) && (await files.read(text)) !== undefined;
    argv.push(isFile ? await files.resolve(text) : text);
  }
  return argv;
}
