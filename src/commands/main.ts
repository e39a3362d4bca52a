// argv → one command → exit code. Commands load late: each is a chunk of its own.
import { closest } from '../text/closest.ts';
import { createRedactor } from '../text/redact.ts';
import { createOutput, guardStream, type OutStream } from '../ui/terminal.ts';
import { checkFlags, type Flags, readFlags, usageOf } from './flags.ts';
import { Exit, type Io, UsageError } from './io.ts';

export interface Call {
  readonly io: Io;
  readonly names: readonly string[];
  readonly flags: Flags;
}

/** A command gives its exit code (DESIGN §6). */
export type Command = (call: Call) => Promise<number>;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).run,
  plan: async () => (await import('./plan.ts')).plan,
  rehearse: async () => (await import('./rehearse.ts')).rehearse,
  status: async () => (await import('./status.ts')).status,
  runs: async () => (await import('./runs.ts')).runs,
  log: async () => (await import('./log.ts')).log,
  export: async () => (await import('./export.ts')).exportRecord,
  lint: async () => (await import('./lint.ts')).lint,
  trust: async () => (await import('./trust.ts')).trust,
  init: async () => (await import('./init.ts')).init,
  import: async () => (await import('./import.ts')).importFile,
  secrets: async () => (await import('./secrets.ts')).secrets,
  steps: async () => (await import('./steps.ts')).steps,
  verify: async () => (await import('./verify.ts')).verify,
  undo: async () => (await import('./undo.ts')).undo,
  mark: async () => (await import('./mark.ts')).mark,
  answer: async () => (await import('./answer.ts')).answer,
  handover: async () => (await import('./handover.ts')).handover,
  unlock: async () => (await import('./unlock.ts')).unlock,
  doctor: async () => (await import('./doctor.ts')).doctor,
  completion: async () => (await import('./completion.ts')).completion,
  schema: async () => (await import('./schema.ts')).schema,
};

export const commandNames: readonly string[] = Object.keys(COMMANDS);

/** One for the whole process: an error that nobody caught must not tell a secret either. */
const redactor = createRedactor();

/** As the process edge has it: the bare streams. */
interface Edge extends Omit<Io, 'stdin' | 'stdout' | 'stderr' | 'redactor'> {
  /** Opened when it is first asked for: most commands read nothing. */
  stdin(): Io['stdin'];
  readonly stdout: OutStream;
  readonly stderr: OutStream;
}

export async function main(edge: Edge): Promise<number> {
  const io: Io = {
    ...edge,
    redactor,
    get stdin() {
      return edge.stdin();
    },
    stdout: createOutput(edge.stdout),
    stderr: createOutput(edge.stderr),
  };
  for (const stream of [edge.stdout, edge.stderr]) guardStream(stream, redactor);
  try {
    const { names, flags } = readFlags(io.argv);
    if (flags.version) return print(io, `${LAUNCHBOOK_VERSION}\n`);
    const [first, ...rest] = names;
    if (flags.help || first === 'help')
      return print(io, (await import('./usage.ts')).helpFor(first === 'help' ? rest : names));
    checkFlags(usageOf(names), flags);
    if (first === undefined) return await (await import('./pick.ts')).pick({ io, names, flags });
    if (Object.hasOwn(COMMANDS, first)) {
      const load = COMMANDS[first];
      if (load) return await (await load())({ io, names: rest, flags });
    }
    if (rest.length > 0) throw unknownCommand(first);
    const { run } = await import('./run.ts');
    return await run({ io, names, flags });
  } catch (error) {
    return (await import('./trouble.ts')).tellTrouble(io, error);
  }
}

/** What nobody caught is told as any other bug, and not by Node, which would write its text as it is. */
export async function tellUncaught(stderr: OutStream, error: unknown): Promise<number> {
  return (await import('./trouble.ts')).tellTrouble({ redactor, stderr: createOutput(stderr) }, error);
}

function print(io: Io, text: string): number {
  io.stdout.write(text);
  return 0;
}

function unknownCommand(word: string): UsageError {
  const near = closest(word, commandNames);
  return new UsageError(
    `"${word}" is no command`,
    near ? `did you mean \`launch ${near}\`?` : '`launch --help` lists the commands',
  );
}

export { Exit };
