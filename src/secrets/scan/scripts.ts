// All scripts of a project together: helpers and schemas of one file, used in another.
import { type HelperCall, readScript, type ScriptFacts } from './javascript.ts';
import type { Helper } from './javascript-helpers.ts';
import { readByPattern } from './patterns.ts';
import type { Sighting } from './sighting.ts';

export interface ReadScripts {
  readonly sightings: ReadonlyMap<string, readonly Sighting[]>;
  /** Files that could only be read by pattern. */
  readonly unparsed: readonly string[];
}

/** Parses only what can matter: first what speaks of an environment, then what calls a helper that was found there. */
export function readScripts(texts: ReadonlyMap<string, string>): ReadScripts {
  const facts = new Map<string, ScriptFacts>();
  const found = new Map<string, readonly Sighting[]>();
  const unparsed: string[] = [];
  const read = (file: string, text: string) => {
    const script = readScript(text, file);
    if (script) facts.set(file, script);
    else {
      unparsed.push(file);
      found.set(file, readByPattern(text, 'script'));
    }
  };
  for (const [file, text] of texts) if (SPEAKS.test(text)) read(file, text);
  const helpers = helpersOf(facts);
  const calls = helpers.size > 0 ? new RegExp(`\\b(${[...helpers.keys()].map(escaped).join('|')})\\b`) : undefined;
  if (calls)
    for (const [file, text] of texts) if (!facts.has(file) && !found.has(file) && calls.test(text)) read(file, text);
  const parsed = new Set([...facts.values()].flatMap((one) => one.parsed));
  for (const [file, script] of facts) {
    const called = script.calls.flatMap((call) => throughHelper(call, helpers));
    const schemas = [...script.schemas].flatMap(([name, names]) => (parsed.has(name) ? names : []));
    found.set(file, [...script.sightings, ...called, ...schemas]);
  }
  return { sightings: found, unparsed };
}

const SPEAKS = /\benv\b|\bEnv|Env\b|ENV\b|getOrThrow|convict/;

function helpersOf(facts: ReadonlyMap<string, ScriptFacts>): ReadonlyMap<string, Helper> {
  return new Map([...facts.values()].flatMap((one) => one.helpers.map((helper) => [helper.name, helper] as const)));
}

function throughHelper(
  { helper: name, sighting, hasDefault }: HelperCall,
  helpers: ReadonlyMap<string, Helper>,
): readonly Sighting[] {
  const helper = helpers.get(name);
  if (!helper) return [];
  const { default: argument, ...rest } = sighting;
  if (hasDefault && helper.takesDefault)
    return [{ ...rest, need: 'default', ...(argument !== undefined && { default: argument }) }];
  if (sighting.need === 'default') return [sighting];
  const need = helper.takesDefault && helper.need === 'default' ? 'plain' : helper.need;
  return [
    {
      ...rest,
      need: need === 'plain' ? sighting.need : need,
      ...(helper.default !== undefined && need === 'default' && { default: helper.default }),
    },
  ];
}

const escaped = (text: string): string => text.replace(/[$]/g, '\\$&');
