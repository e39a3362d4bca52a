// The inventory: every name of the environment that a project reads or names, with what is known of it. Names and places, never a value of a secret.
import type { SecretSpec } from '../system/ports.ts';
import { looksLikeKey } from './key-shapes.ts';
import { readDocuments } from './scan/all-documents.ts';
import { type Group, groupsOf, reach } from './scan/groups.ts';
import { importsOf, namesOf, resolveImport } from './scan/imports.ts';
import { type Language, readLanguage } from './scan/patterns.ts';
import { readScripts } from './scan/scripts.ts';
import { isEnvName, type Sighting, strongest } from './scan/sighting.ts';
import { isGiven, isSecretName } from './scan/sort-of-name.ts';
import { findFiles, type Tree } from './scan/tree.ts';
import { isAside, isMinified, isWanted, languageOf } from './scan/which-files.ts';

export interface Place {
  readonly file: string;
  readonly line: number;
}

export type NamedBy = 'example' | 'fly.toml' | 'workflow' | 'dockerfile' | 'compose' | 'runbook';

export interface InventoryEntry {
  readonly name: string;
  /** Read with no default by what a process group reaches, or refused when missing. */
  readonly required: boolean;
  readonly secret: boolean;
  /** Given by the platform: nobody sets it. */
  readonly given: boolean;
  /** Told for configuration only. */
  readonly default?: string;
  /** A secret has a default in the code: what stands there is not repeated. */
  readonly hardCoded?: boolean;
  /** Process groups whose entry file reaches a read; empty where none does or it cannot be told. */
  readonly groups: readonly string[];
  readonly read: readonly Place[];
  readonly named: readonly (Place & { readonly by: NamedBy })[];
}

export interface Inventory {
  readonly entries: readonly InventoryEntry[];
  readonly groups: readonly Group[];
  readonly files: number;
  /** What was left out or could only be read by pattern, each a sentence. */
  readonly notes: readonly string[];
}

export interface InventoryOptions {
  /** The fly.toml of the app; else the first that there is. */
  readonly flyToml?: string;
  /** What runbooks declare, with the place of it. */
  readonly runbooks?: readonly {
    readonly file: string;
    readonly line: number;
    readonly spec: Omit<SecretSpec, 'app'>;
  }[];
}

/** Reads the project. `tree` is its files. */
export async function takeInventory(tree: Tree, options: InventoryOptions = {}): Promise<Inventory> {
  const found = await findFiles(tree, isWanted);
  const notes = [...found.unread];
  const texts = await readAll(tree, found.files, notes);
  const documents = readDocuments(texts, options.flyToml, notes);
  const sources = new Set([...texts].flatMap(([file, text]) => (languageOf(file, text) === undefined ? [] : [file])));
  const groups = groupsOf(documents.fly?.processes ?? {}, documents.dockerfile?.command?.text, {
    files: sources,
    texts,
  });
  const reads = readSources(texts, sources, notes);
  const reached = reachedBy(groups, texts, sources);
  const seen = new Gathering();
  for (const [file, sightings] of reads) for (const one of sightings) seen.read(file, one, reached(file));
  for (const { file, by, sightings } of documents.named) for (const one of sightings) seen.name(file, by, one);
  for (const { file, line, spec } of options.runbooks ?? []) seen.declare({ file, line, by: 'runbook' }, spec);
  const told = groups.some(({ entries }) => entries.length > 0);
  return { entries: seen.entries(told), groups, files: found.files.length, notes: notes.sort() };
}

/** Gathers what was seen by name. */
class Gathering {
  readonly #reads = new Map<string, { file: string; sighting: Sighting; groups: readonly string[] }[]>();
  readonly #named = new Map<string, { place: InventoryEntry['named'][number]; sighting: Sighting }[]>();
  readonly #declared = new Map<string, Omit<SecretSpec, 'app'>>();

  read(file: string, sighting: Sighting, groups: readonly string[]): void {
    if (isEnvName(sighting.name)) append(this.#reads, sighting.name, { file, sighting, groups });
  }
  name(file: string, by: NamedBy, sighting: Sighting): void {
    append(this.#named, sighting.name, { place: { file, line: sighting.line, by }, sighting });
  }
  declare(place: InventoryEntry['named'][number], spec: Omit<SecretSpec, 'app'>): void {
    append(this.#named, spec.name, { place, sighting: { name: spec.name, line: place.line, need: 'named' } });
    this.#declared.set(spec.name, spec);
  }

  /** `told`: at least one group says which file it starts. */
  entries(told: boolean): readonly InventoryEntry[] {
    const names = new Set([...this.#reads.keys(), ...this.#named.keys()]);
    return [...names].sort().map((name) => this.#entry(name, told));
  }

  #entry(name: string, told: boolean): InventoryEntry {
    const reads = this.#reads.get(name) ?? [];
    const named = this.#named.get(name) ?? [];
    const spec = this.#declared.get(name);
    const all = [...reads, ...named].map(({ sighting }) => sighting);
    const groups = [...new Set(reads.flatMap((one) => one.groups))].sort();
    const nearer = reads.filter((one) => (told ? one.groups.length > 0 : !isAside(one.file)));
    // Where only scripts read it, they count.
    const counted = nearer.length > 0 ? nearer : reads;
    const secret =
      spec?.secret ??
      isSecretName(name, { sensitive: all.some((one) => one.sensitive), open: all.some((one) => one.open) });
    const insisted = named.some(({ sighting }) => sighting.need === 'refused');
    const given = isGiven(name) && spec === undefined;
    const standard = reads.find(({ sighting }) => sighting.default !== undefined)?.sighting.default;
    const hides = (text: string) => KEY.test(text) || looksLikeKey(text) || (secret && !LOCAL.test(text));
    const shown = standard ?? (spec === undefined ? undefined : spec.default);
    return {
      name,
      // Where the code does not say, the runbook does; else a compose file that refuses to start without it.
      required: !given && (reads.length > 0 ? isRequired(counted) : (spec?.required ?? insisted)),
      secret,
      given,
      ...(shown !== undefined && !hides(shown) && { default: shown }),
      ...(standard !== undefined && standard !== '' && hides(standard) && { hardCoded: true }),
      groups,
      read: places(reads.map(({ file, sighting }) => ({ file, line: sighting.line }))),
      named: named.map(({ place }) => place),
    };
  }
}

/** Each file decides for itself (a test beside a read says that it may be missing); one that needs it is enough. */
function isRequired(reads: readonly { readonly file: string; readonly sighting: Sighting }[]): boolean {
  const byFile = new Map<string, Sighting['need'][]>();
  for (const { file, sighting } of reads) append(byFile, file, sighting.need);
  return [...byFile.values()].some((needs) => {
    const need = strongest(needs);
    return need === 'refused' || need === 'plain';
  });
}

function places(all: readonly Place[]): readonly Place[] {
  return [...new Map(all.map((place) => [`${place.file}:${place.line}`, place])).values()].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line,
  );
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** What each source file reads: scripts by their tree, the rest by pattern. */
function readSources(
  texts: ReadonlyMap<string, string>,
  sources: ReadonlySet<string>,
  notes: string[],
): ReadonlyMap<string, readonly Sighting[]> {
  const byLanguage = new Map<Language, Map<string, string>>();
  for (const file of sources) {
    const text = texts.get(file) ?? '';
    const language = languageOf(file, text);
    if (language) byLanguage.set(language, (byLanguage.get(language) ?? new Map<string, string>()).set(file, text));
  }
  const found = new Map<string, readonly Sighting[]>();
  for (const [language, files] of byLanguage) {
    const scripts = language === 'script' ? readScripts(files) : undefined;
    notes.push(...(scripts?.notes ?? []));
    for (const [file, sightings] of scripts?.sightings ?? readLanguage(files, language)) found.set(file, sightings);
  }
  return found;
}

/** The groups that reach a file. Where imports do not tell (Ruby, Swift, shell), a file counts for the group that names it. */
function reachedBy(groups: readonly Group[], texts: ReadonlyMap<string, string>, sources: ReadonlySet<string>) {
  const names = namesOf(texts);
  const known = new Map<string, readonly string[]>();
  const next = (file: string) => {
    const before = known.get(file);
    if (before) return before;
    const found = importsOf(texts.get(file) ?? '', file).flatMap((name) =>
      resolveImport(name, file, { files: sources, names }),
    );
    // A package of Go is all its files.
    known.set(file, found);
    return found;
  };
  const reached = groups.map(({ name, entries }) => ({ name, files: reach(entries, next) }));
  return (file: string) => reached.filter(({ files }) => files.has(file)).map(({ name }) => name);
}

async function readAll(tree: Tree, files: readonly string[], notes: string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const queue = [...files];
  const work = async () => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      try {
        const text = await tree.read(file);
        if (text === undefined) continue;
        if (text.includes('\0')) {
          notes.push(`${file} is no text: left out`);
          continue;
        }
        if (isMinified(file, text)) {
          notes.push(`${file} is minified: left out`);
          continue;
        }
        if (text.length > LARGEST) notes.push(`${file} is larger than ${LARGEST / 1_000_000} MB: left out`);
        else texts.set(file, text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
      } catch (error) {
        notes.push(error instanceof Error ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What keys of well-known services begin with, a password in an address, a key on its own: not repeated, whatever the name is. */
const KEY =
  /^(sk|rk|whsec)_(live|test)_|^(sk-|gh[pousr]_|github_pat_|xox[abprs]-|AKIA|ASIA|AIza|SG\.|glpat-|npm_|FlyV1 |fm[12][ar]?_|eyJ[\w-]+\.)|:\/\/[^/@\s]*:[^/@\s]+@|-----BEGIN|^[0-9a-f]{32,}$|^(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[\w+/=-]{32,}$/;

/** An address of a service beside the app, without a password: as a default it gives nothing away. */
const LOCAL = /^[a-z][a-z0-9+.-]*:\/\/([a-z0-9-]+|127\.0\.0\.1|\[::1\])(:\d+)?(\/[\w-]*)?$/i;

/** Larger ones are bundles and data. */
const LARGEST = 2_000_000;
