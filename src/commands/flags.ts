// argv → command, names and flags. An unknown flag is wrong usage, with the nearest one that exists.
import { parseArgs } from 'node:util';
import { closest } from '../text/closest.ts';
import { UsageError } from './io.ts';

const FLAGS = {
  yes: { type: 'boolean', short: 'y' },
  'non-interactive': { type: 'boolean' },
  answers: { type: 'string' },
  input: { type: 'string', multiple: true },
  skip: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  plain: { type: 'boolean' },
  new: { type: 'boolean' },
  reason: { type: 'string' },
  run: { type: 'string' },
  who: { type: 'string' },
  trust: { type: 'string' },
  dir: { type: 'string' },
  'no-color': { type: 'boolean' },
  auto: { type: 'boolean' },
  fault: { type: 'string' },
  crash: { type: 'string' },
  'exit-code': { type: 'boolean' },
  format: { type: 'string' },
  out: { type: 'string', short: 'o' },
  to: { type: 'string' },
  check: { type: 'string' },
  strict: { type: 'boolean' },
  project: { type: 'boolean' },
  text: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

export type FlagName = keyof typeof FLAGS;

/** What every command takes: where it works, how it shows, who is there. */
const EVERYWHERE = ['dir', 'plain', 'no-color', 'yes', 'non-interactive', 'who', 'help', 'version'] as const;
const CARRYING_OUT = ['answers', 'input', 'skip', 'new', 'run', 'trust', 'strict', 'json'] as const;

/** What a command takes besides; of two words where the second decides. */
const TAKES: Readonly<Record<string, readonly FlagName[]>> = {
  run: CARRYING_OUT,
  rehearse: ['auto', 'fault', 'crash', ...CARRYING_OUT],
  plan: ['exit-code', 'answers', 'input', 'trust', 'strict', 'json'],
  status: ['run', 'text', 'json'],
  runs: ['json'],
  log: ['run', 'json'],
  export: ['run', 'format', 'out', 'check', 'json'],
  verify: ['run', 'trust', 'json'],
  undo: ['run', 'trust', 'json'],
  mark: ['reason', 'run', 'trust', 'answers', 'input', 'json'],
  answer: ['run', 'trust', 'json'],
  lint: ['project', 'format', 'strict', 'json'],
  import: ['out'],
  init: ['out'],
  trust: ['trust', 'strict'],
  'secrets scan': ['format', 'json'],
  'secrets diff': ['answers', 'input', 'strict', 'json'],
  'secrets fill': CARRYING_OUT,
  secrets: [],
  steps: [],
  schema: [],
  doctor: ['answers', 'input', 'strict', 'json'],
  completion: [],
  'handover open': CARRYING_OUT,
  'handover take-back': ['run'],
  handover: ['out', 'to', 'run'],
  unlock: ['run'],
};

export const usages: readonly string[] = Object.keys(TAKES);

/** The command that these words begin, as far as its flags go; `run` where the first is a runbook. */
export function usageOf([first = 'run', second]: readonly string[]): string {
  const both = `${first} ${second}`;
  return Object.hasOwn(TAKES, both) ? both : Object.hasOwn(TAKES, first) ? first : 'run';
}

export const flagsOf = (usage: string): readonly FlagName[] => [...(TAKES[usage] ?? []), ...EVERYWHERE];

/** Throws UsageError at a flag that the command would pass over: it was given for a reason. */
export function checkFlags(usage: string, flags: Flags): void {
  const takes = flagsOf(usage);
  const other = (Object.keys(flags) as FlagName[]).find((flag) => !takes.includes(flag)); // keys of Flags are flags
  if (other === undefined) return;
  const at = usages
    .filter((one) => TAKES[one]?.includes(other))
    .map((one) => (one === 'run' ? 'launch NAME' : `launch ${one}`));
  throw new UsageError(
    `--${other} is no flag of ${usage === 'run' ? 'launch NAME' : `launch ${usage}`}`,
    `it goes with ${at.join(', ')}`,
  );
}

/** Is the word after this one its value? */
export function takesValue(word: string): boolean {
  const flag = Object.entries(FLAGS).find(([name]) => `--${name}` === word);
  return flag?.[1].type === 'string';
}

/** `-o` for `out`; nothing where it has no short form. */
export function shortOf(name: FlagName): readonly string[] {
  const flag = FLAGS[name];
  return 'short' in flag ? [`-${flag.short}`] : [];
}

export type Flags = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true, strict: true });
}

export function readFlags(argv: readonly string[]): { readonly names: readonly string[]; readonly flags: Flags } {
  for (const arg of argv) {
    if (arg === '--') break;
    const [, name] = /^--([^=]+)/.exec(arg) ?? [];
    if (name === undefined || Object.hasOwn(FLAGS, name)) continue;
    const near = closest(name, Object.keys(FLAGS));
    throw new UsageError(
      `unknown flag --${name}`,
      near ? `did you mean --${near}?` : '`launch --help` lists the flags',
    );
  }
  try {
    const { values, positionals } = parse(argv);
    return { names: positionals, flags: values };
  } catch (error) {
    // parseArgs speaks of "argument"; its first sentence is right, the advice after it is about `--` and is not.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(message, '`launch --help` shows how flags are written');
  }
}

/** `name=value` flags as a map. */
export function pairs(flag: string, values: readonly string[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (values ?? []).map((text) => {
      const at = text.indexOf('=');
      if (at < 1)
        throw new UsageError(
          `--${flag} ${text} has no "="`,
          `write it as --${flag} NAME=${flag === 'skip' ? 'REASON' : 'VALUE'}`,
        );
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
