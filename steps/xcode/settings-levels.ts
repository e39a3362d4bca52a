// Build settings of several levels: which one wins, and what `$(NAME)` in it stands for. Pure.

/** One level, as written: keys may carry conditions (`KEY[sdk=iphoneos*]`). */
export interface Level {
  readonly settings: Readonly<Record<string, string>>;
  /** A configuration file that is not there: what it would have said is not known. */
  readonly missing?: string;
}

export interface Setting {
  /** undefined: it is set nowhere. */
  readonly value: string | undefined;
  /** Why that may not be all: a file that is missing, or a variable that is set nowhere in the project. */
  readonly unsure?: string;
}

export interface Resolver {
  setting(name: string): Setting;
  /** Any text with `$(NAME)` in it. */
  expand(text: string): Setting;
}

/** `levels`: strongest first (facts/app-store-connect.md §15.2). `builtIn`: what Xcode itself sets. */
export function createResolver(
  levels: readonly Level[],
  configuration: string,
  builtIn: Readonly<Record<string, string>>,
): Resolver {
  const effective = levels.map(({ settings, missing }) => ({ settings: applying(settings, configuration), missing }));
  let budget = 0;
  /** `open`: what is being worked out already, so that settings that refer to each other come to an end. */
  const lookUp = (name: string, from: number, open: readonly string[]): Setting => {
    const self = `${name} ${from}`;
    budget -= 1;
    if (budget < 0) return { value: '', unsure: `${name} is made of too many other settings` };
    if (open.includes(self)) return { value: '', unsure: `${name} refers to itself` };
    let unsure: string | undefined;
    for (let index = from; index < effective.length; index += 1) {
      const level = effective[index];
      const value = level?.settings.get(name);
      if (value !== undefined) {
        const expanded = expand(value, { index: index + 1, name }, [...open, self]);
        return { value: expanded.value, ...pick(unsure ?? expanded.unsure) };
      }
      if (level?.missing !== undefined) unsure ??= `${level.missing} is missing`;
    }
    const own = builtIn[name];
    return own === undefined ? { value: undefined, ...pick(unsure) } : expand(own, undefined, [...open, self]);
  };
  const expand = (
    text: string,
    at: { readonly index: number; readonly name: string } | undefined,
    open: readonly string[],
  ): Setting => {
    let unsure: string | undefined;
    const fill = (reference: string): string => {
      const [name = '', ...operators] = reference.split(':');
      if (name === '') return '';
      const inherits = name === 'inherited' && at !== undefined;
      const found = inherits ? lookUp(at.name, at.index, open) : lookUp(name, 0, open);
      unsure ??=
        found.unsure ??
        (found.value === undefined && !inherits ? `$(${name}) is set nowhere in the project` : undefined);
      return operators.reduce(operate, found.value ?? '');
    };
    let value = text;
    // From the inside out: `$(KEY_$(CONFIGURATION))`. What is filled in holds no more references.
    for (let round = 0; round < DEEPEST && REFERENCE.test(value); round += 1) {
      value = value.replaceAll(
        new RegExp(REFERENCE, 'g'),
        (_match, inRound: string | undefined, inCurly: string | undefined) => fill(inRound ?? inCurly ?? ''),
      );
    }
    return { value, ...pick(unsure) };
  };
  return {
    setting: (name) => {
      budget = MOST_LOOK_UPS;
      return lookUp(name, 0, []);
    },
    expand: (text) => {
      budget = MOST_LOOK_UPS;
      return expand(text, undefined, []);
    },
  };
}

const pick = (unsure: string | undefined): { readonly unsure?: string } => (unsure === undefined ? {} : { unsure });

/** Settings whose conditions hold for an archive of an iOS app; a conditional one beats the plain one. */
function applying(settings: Readonly<Record<string, string>>, configuration: string): ReadonlyMap<string, string> {
  const facts: Readonly<Record<string, string>> = {
    sdk: 'iphoneos',
    arch: 'arm64',
    config: configuration,
    variant: 'normal',
  };
  const split = Object.entries(settings).flatMap(([key, value]) => {
    const [, name, conditions = ''] = /^([^[]+)((?:\[[^\]]*\])*)$/.exec(key) ?? [];
    return name === undefined ? [] : [{ name, conditions: [...conditions.matchAll(/([a-z]+)=([^,\]]*)/g)], value }];
  });
  const holds = ([, fact = '', pattern = '']: RegExpMatchArray) => globMatches(pattern, facts[fact] ?? '');
  const ordered = split
    .filter(({ conditions }) => conditions.every(holds))
    .sort((a, b) => a.conditions.length - b.conditions.length);
  return new Map(ordered.map(({ name, value }) => [name, value]));
}

/** `iphoneos*` and also `iphoneos17.0`, which names a version of it. */
function globMatches(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(/[.+?^${}()|\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(text) || (/^[a-z]+[\d.]+$/.test(pattern) && pattern.startsWith(text));
}

/** `$(NAME:rfc1034identifier)` and its like. */
function operate(value: string, operator: string): string {
  const [name = '', argument = ''] = operator.split('=');
  if (name === 'default') return value === '' ? argument : value;
  return OPERATORS[name]?.(value) ?? value;
}

const OPERATORS: Readonly<Record<string, (value: string) => string>> = {
  lower: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
  rfc1034identifier: (value) => value.replaceAll(/[^A-Za-z0-9.-]/g, '-'),
  c99extidentifier: (value) => value.replaceAll(/[^A-Za-z0-9_]/g, '_'),
  identifier: (value) => value.replaceAll(/[^A-Za-z0-9_]/g, '_'),
};

/** A reference without another one inside. */
const REFERENCE = /\$\(([^()$]*)\)|\$\{([^{}$]*)\}/;
const DEEPEST = 20;
/** Settings that double each other would grow without an end. */
const MOST_LOOK_UPS = 5_000;
