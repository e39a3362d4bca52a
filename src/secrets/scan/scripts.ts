// All scripts of a project together: helpers and schemas of one file, used in another.

import { isComponent, partsOf } from './components.ts';
import { readScript, type ScriptFacts } from './javascript.ts';
import type { Called, Wrapper } from './javascript-calls.ts';
import { isCallOf } from './javascript-helpers.ts';
import { readByPattern } from './patterns.ts';
import type { Sighting } from './sighting.ts';
import { type Helper, throughHelper } from './through-helper.ts';

export interface ReadScripts {
  readonly sightings: ReadonlyMap<string, readonly Sighting[]>;
  /** What could only be read by pattern, and names put together at run time: a sentence each. */
  readonly notes: readonly string[];
}

/** Parses only what can matter: first what speaks of an environment, then what calls a helper that was found there. */
export function readScripts(texts: ReadonlyMap<string, string>): ReadScripts {
  const facts = new Map<string, ScriptFacts>();
  const found = new Map<string, readonly Sighting[]>();
  const notes: string[] = [];
  const read = (file: string, text: string) => {
    const { script: source, markup } = isComponent(file) ? partsOf(text, file) : { script: text, markup: '' };
    const script = readScript(source, isComponent(file) ? `${file}.ts` : file);
    if (script) facts.set(file, { ...script, sightings: [...script.sightings, ...readByPattern(markup, 'script')] });
    else {
      notes.push(`${file} could not be parsed: it was read by pattern`);
      found.set(file, readByPattern(text, 'script'));
    }
  };
  for (const [file, text] of texts) if (SPEAKS.test(text)) read(file, text);
  const helpers = new Helpers();
  for (let known = -1; known < facts.size; ) {
    known = facts.size;
    helpers.learn(facts);
    const wanted = anyOf([...helpers.mentioned(), ...schemasElsewhere(facts)]);
    if (wanted)
      for (const [file, text] of texts) if (!facts.has(file) && !found.has(file) && wanted.test(text)) read(file, text);
  }
  const schemas = parsedNames(facts);
  for (const [file, script] of facts) {
    const called = script.calls.flatMap((call) => {
      const helper = helpers.of(call, file);
      return helper ? throughHelper(call, helper) : [];
    });
    found.set(file, [...script.sightings, ...called, ...(schemas.get(file) ?? [])]);
    for (const { line, name } of script.unknown)
      notes.push(`${file}:${line} reads a name that is put together at run time (${name}): it is not in the table`);
  }
  return { sightings: found, notes };
}

const SPEAKS =
  /\benv(?![a-z])|\barkenv\b|["']effect(?:\/Config)?["']|\bEnv|Env\b|ENV\b|getOrThrow|convict|onfigService\b|validationSchema/;

/** The project's own functions that take a name, and those that hand theirs on to one of them. */
class Helpers {
  readonly #helpers = new Map<string, { readonly file: string; readonly helper: Helper }[]>();
  readonly #known = new Set<Helper | Wrapper>();

  learn(facts: ReadonlyMap<string, ScriptFacts>): void {
    for (const [file, { helpers }] of facts) for (const helper of helpers) this.#add(helper, file, helper);
    for (let known = -1; known < this.#known.size; ) {
      known = this.#known.size;
      for (const [file, { wrappers }] of facts)
        for (const wrapper of wrappers) {
          const inner = this.#known.has(wrapper) ? undefined : this.of(wrapper.called, file);
          if (inner) this.#add(wrapper, file, outerOf(wrapper.helper, inner));
        }
    }
  }

  #add(what: Helper | Wrapper, file: string, helper: Helper): void {
    if (this.#known.has(what)) return;
    this.#known.add(what);
    this.#helpers.set(helper.name, [...(this.#helpers.get(helper.name) ?? []), { file, helper }]);
  }

  /** The helper that is called: one of the same file before one of another. */
  of(called: Called, file: string): Helper | undefined {
    const all = (this.#helpers.get(called.helper) ?? []).filter(({ helper }) =>
      isCallOf(helper, called.object, called),
    );
    return (all.find((one) => one.file === file) ?? all.at(-1))?.helper;
  }

  mentioned(): readonly string[] {
    return [...this.#helpers.keys()].map(escaped);
  }
}

const escaped = (name: string): string => name.replaceAll('$', '\\$');

const anyOf = (patterns: readonly string[]): RegExp | undefined =>
  patterns.length === 0 ? undefined : new RegExp(`(?<![\\w$])(?:${patterns.join('|')})(?![\\w$])`);

/** Where schemas may be declared that the environment is put through and that no file read so far has. */
function schemasElsewhere(facts: ReadonlyMap<string, ScriptFacts>): readonly string[] {
  const known = new Set([...facts.values()].flatMap(({ schemas }) => [...schemas.keys()]));
  const wanted = [...facts.values()].flatMap(({ parsed, schemas }) => [
    ...parsed,
    ...[...schemas.values()].flatMap(({ parts }) => parts),
  ]);
  return [...new Set(wanted)].filter((name) => !known.has(name)).map((name) => `export\\s+const\\s+${escaped(name)}`);
}

function outerOf(outer: Helper, inner: Helper): Helper {
  const need = outer.need === 'plain' || inner.need === 'refused' ? inner.need : outer.need;
  return {
    ...outer,
    need,
    ...(outer.default === undefined && inner.default !== undefined && { default: inner.default }),
  };
}

/** The names of every schema that the environment is put through, with those it is made of, by the file they stand in. */
function parsedNames(facts: ReadonlyMap<string, ScriptFacts>): ReadonlyMap<string, readonly Sighting[]> {
  const schemas = new Map(
    [...facts].flatMap(([file, one]) => [...one.schemas].map(([name, schema]) => [name, { file, schema }])),
  );
  const namesOf = (
    name: string,
    seen: ReadonlySet<string>,
  ): ReadonlyMap<string, { file: string; sighting: Sighting }> => {
    const found = seen.has(name) ? undefined : schemas.get(name);
    if (!found) return new Map();
    const below = found.schema.parts.flatMap((part) => [...namesOf(part, new Set([...seen, name]))]);
    const own = found.schema.names.map((sighting) => [sighting.name, { file: found.file, sighting }] as const);
    return new Map([...below, ...own]);
  };
  const parsed = new Set([...facts.values()].flatMap((one) => one.parsed));
  // A part of another one is told with it.
  const all = [...parsed].flatMap((name) => [...namesOf(name, new Set()).values()]);
  const byFile = new Map<string, Set<Sighting>>();
  for (const { file, sighting } of all) byFile.set(file, (byFile.get(file) ?? new Set()).add(sighting));
  return new Map([...byFile].map(([file, set]) => [file, [...set]]));
}
