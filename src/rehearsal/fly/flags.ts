// The flag grammar of flyctl (cobra and pflag; facts/flyctl.md §2.1): what it refuses, we refuse, in its words.

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  /** `slice` splits on commas, `array` does not. */
  readonly type: 'bool' | 'text' | 'int' | 'float' | 'slice' | 'array';
  /** Booleans that are true unless switched off. */
  readonly on?: true;
  /** A hidden second name of this flag. */
  readonly alias?: string;
  /** Its value is not written to the list of calls. */
  readonly secret?: true;
}

/** A mistake in the command line: usage on stdout, `Error: …` on stderr, exit 1. */
export class UsageError extends Error {}

export interface Flags {
  is(name: string): boolean;
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  list(name: string): readonly string[];
  /** It stands on the command line, whatever its value. */
  given(name: string): boolean;
}

export const globalFlags: readonly FlagSpec[] = [
  { name: 'access-token', short: 't', type: 'text', secret: true },
  { name: 'verbose', type: 'bool' },
  { name: 'debug', type: 'bool' },
  { name: 'help', short: 'h', type: 'bool' },
];

/** Separates flags and positionals; flags may stand anywhere before `--`. */
export function parseFlags(
  argv: readonly string[],
  specs: readonly FlagSpec[],
): { flags: Flags; args: readonly string[] } {
  const given = new Map<string, string[]>();
  const args: string[] = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') args.push(...rest.splice(0));
    else if (word.startsWith('--')) long(word, rest, specs, given);
    else if (word.startsWith('-') && word.length > 1) short(word, rest, specs, given);
    else args.push(word);
  }
  return { flags: reader(given, specs), args };
}

function long(word: string, rest: string[], specs: readonly FlagSpec[], given: Map<string, string[]>): void {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  if (name === '' || name.startsWith('-')) throw new UsageError(`bad flag syntax: ${word}`);
  const spec = specs.find((one) => one.name === name || one.alias === name);
  if (!spec) throw new UsageError(`unknown flag: --${name}`);
  const value = equals >= 0 ? word.slice(equals + 1) : spec.type === 'bool' ? 'true' : rest.shift();
  if (value === undefined) throw new UsageError(`flag needs an argument: --${name}`);
  set(spec, value, given);
}

function short(word: string, rest: string[], specs: readonly FlagSpec[], given: Map<string, string[]>): void {
  let letters = word.slice(1);
  while (letters !== '') {
    const letter = letters.charAt(0);
    const spec = specs.find((one) => one.short === letter);
    if (!spec) throw new UsageError(`unknown shorthand flag: '${letter}' in -${letters}`);
    letters = letters.slice(1);
    if (spec.type === 'bool' && !letters.startsWith('=')) {
      set(spec, 'true', given);
      continue;
    }
    const value = letters !== '' ? letters.replace(/^=/, '') : rest.shift();
    if (value === undefined) throw new UsageError(`flag needs an argument: '${letter}' in -${letter}`);
    set(spec, value, given);
    letters = '';
  }
}

function set(spec: FlagSpec, value: string, given: Map<string, string[]>): void {
  const shown = spec.short ? `-${spec.short}, --${spec.name}` : `--${spec.name}`;
  const parse = { bool: 'ParseBool', int: 'ParseInt', float: 'ParseFloat', text: '', slice: '', array: '' }[spec.type];
  if (!wellFormed[spec.type].test(value))
    throw new UsageError(
      `invalid argument "${value}" for "${shown}" flag: strconv.${parse}: parsing "${value}": invalid syntax`,
    );
  const before = given.get(spec.name) ?? [];
  if (spec.type === 'slice') given.set(spec.name, [...before, ...value.split(',')]);
  else given.set(spec.name, spec.type === 'array' ? [...before, value] : [value]);
}

function reader(given: ReadonlyMap<string, readonly string[]>, specs: readonly FlagSpec[]): Flags {
  return {
    is: (name) => {
      const value = given.get(name)?.[0];
      return value === undefined ? specs.find((one) => one.name === name)?.on === true : /^(1|t|true)$/i.test(value);
    },
    text: (name) => given.get(name)?.[0],
    number: (name) => (given.has(name) ? Number(given.get(name)?.[0]) : undefined),
    list: (name) => given.get(name) ?? [],
    given: (name) => given.has(name),
  };
}

/** The command line as it may be written down: values of secret flags and of `NAME=VALUE` words are taken out. */
export function redactArgv(argv: readonly string[], specs: readonly FlagSpec[]): readonly string[] {
  const hidden = specs.filter(({ secret }) => secret);
  const names = new Set(hidden.flatMap(({ name, short }) => (short ? [`--${name}`, `-${short}`] : [`--${name}`])));
  return argv.map((word, index) => {
    if (names.has(argv[index - 1] ?? '')) return withoutValue(word);
    const flag = /^(--[^=]+)=/.exec(word)?.[1];
    if (flag !== undefined) return names.has(flag) ? `${flag}=[redacted]` : word;
    if (hidden.some(({ short }) => short !== undefined && word.startsWith(`-${short}`) && word.length > 2))
      return `${word.slice(0, 2)}[redacted]`;
    return word.startsWith('-') || !argv.includes('secrets') ? word : word.includes('=') ? withoutValue(word) : word;
  });
}

const withoutValue = (word: string): string =>
  word.includes('=') ? `${word.slice(0, word.indexOf('='))}=[redacted]` : '[redacted]';

const wellFormed: Record<FlagSpec['type'], RegExp> = {
  bool: /^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/,
  int: /^[+-]?\d+$/,
  float: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  text: /^/,
  slice: /^/,
  array: /^/,
};
