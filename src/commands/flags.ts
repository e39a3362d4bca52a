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
  out: { type: 'string' },
  to: { type: 'string' },
  check: { type: 'string' },
  strict: { type: 'boolean' },
  project: { type: 'boolean' },
  text: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

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
