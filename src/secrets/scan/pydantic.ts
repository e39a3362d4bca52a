// Settings of Python that are named by fields and keywords: classes of pydantic, the scheme and the prefixes of django-environ and environs.
import { argumentsIn, insideCall, type Masked } from './masked.ts';
import { byDefault, type Said } from './reading.ts';
import type { Sighting } from './sighting.ts';

interface SettingsClass {
  readonly file: string;
  readonly name: string;
  readonly bases: readonly string[];
  readonly lines: readonly string[];
  /** From 0. */
  readonly from: number;
}

/** Every class that is `BaseSettings`, also by a class of another file. */
export function settingsOf(
  texts: ReadonlyMap<string, string>,
  maskOf: (file: string, text: string) => Masked,
): ReadonlyMap<string, readonly Sighting[]> {
  const found = new Map<string, Sighting[]>();
  const add = (file: string, sightings: readonly Sighting[]) =>
    found.set(file, [...(found.get(file) ?? []), ...sightings]);
  const bases = new Map<string, readonly string[]>();
  for (const [file, text] of texts) {
    if (/\bEnv\(/.test(text)) add(file, schemeOf(maskOf(file, text).text));
    for (const [, , name = '', all = ''] of text.matchAll(CLASS)) bases.set(name, basesIn(all));
  }
  const known = new Set(['BaseSettings']);
  for (let size = 0; size < known.size; ) {
    size = known.size;
    for (const [name, all] of bases) if (all.some((base) => known.has(base))) known.add(name);
  }
  const files = [...texts].filter(([, text]) =>
    [...text.matchAll(CLASS)].some(([, , name = '']) => name !== 'BaseSettings' && known.has(name)),
  );
  const classes = new Map(
    files
      .flatMap(([file, text]) => classesOf(file, maskOf(file, text).text))
      .flatMap((one) => (known.has(one.name) ? [[one.name, one] as const] : [])),
  );
  for (const one of classes.values()) add(one.file, fieldsOf(one, prefixOf(one, classes)));
  return found;
}

const CLASS = /^([ \t]*)class\s+(\w+)\(([^)\n]*)\)/gm;

const basesIn = (written: string): readonly string[] =>
  written.split(',').map((one) => one.trim().split('.').at(-1) ?? '');

function classesOf(file: string, text: string): readonly SettingsClass[] {
  const lines = text.split('\n');
  return lines.flatMap((line, from) => {
    const [, indent = '', name = '', bases = ''] = new RegExp(CLASS.source).exec(line) ?? [];
    if (name === '') return [];
    const rest = lines.slice(from + 1);
    const end = rest.findIndex((one) => one.trim() !== '' && one.search(/\S/) <= indent.length);
    const own = end < 0 ? rest : rest.slice(0, end);
    return [
      {
        file,
        name,
        bases: basesIn(bases),
        lines: own,
        from: from + 1,
      },
    ];
  });
}

/** `env_prefix`, wherever the class or the one before it says it. */
function prefixOf(one: SettingsClass, known: ReadonlyMap<string, SettingsClass>, depth = 0): string {
  const own = /\benv_prefix\s*=\s*["'](\w*)["']/.exec(one.lines.join('\n'))?.[1];
  const base = one.bases.map((name) => known.get(name)).find((found) => found !== undefined && found !== one);
  return own ?? (base && depth < 5 ? prefixOf(base, known, depth + 1) : '');
}

/** The fields stand as far in as the first line of the class; what is further in belongs to a method. */
function fieldsOf({ lines, from }: SettingsClass, prefix: string): readonly Sighting[] {
  const indent = lines.find((line) => line.trim() !== '')?.search(/\S/) ?? 0;
  let inText = false;
  return lines.flatMap((line, index): readonly Sighting[] => {
    const wasInText = inText;
    if ((line.match(/"""|'''/g)?.length ?? 0) % 2 === 1) inText = !inText;
    const field = wasInText || line.search(/\S/) !== indent ? undefined : FIELD.exec(line)?.groups;
    if (!field || field.name === 'model_config' || field.type?.includes('ClassVar')) return [];
    const whole = wholeField(lines, index);
    const said = needOfField(whole);
    const aliases = aliasesOf(whole);
    const names = aliases.length > 0 ? aliases : [prefix + field.name];
    // One of several is enough.
    const need = names.length > 1 && said.need === 'refused' ? { need: 'flag' as const } : said;
    return names.map((name) => ({ name: name.toUpperCase(), line: from + index + 1, ...need }));
  });
}

const FIELD = /^\s+(?<name>[A-Za-z]\w*)\s*:\s*(?<type>[^=#]+)/;

/** A field with what stands in its brackets on the lines below. */
function wholeField(lines: readonly string[], index: number): string {
  const text = lines.slice(index, index + 20).join('\n');
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if ('([{'.includes(text[at] ?? '')) depth++;
    if (')]}'.includes(text[at] ?? '')) depth--;
    if (text[at] === '\n' && depth === 0) return text.slice(0, at);
  }
  return text;
}

function aliasesOf(field: string): readonly string[] {
  const choices = /\bAliasChoices\(([^)]*)\)/.exec(field)?.[1];
  const text = choices ?? /\b(?:validation_alias|alias|env)\s*=\s*(["']\w+["'])/.exec(field)?.[1] ?? '';
  return [...text.matchAll(/["'](\w+)["']/g)].map(([, name = '']) => name);
}

function needOfField(field: string): Said {
  const standard = assigned(field);
  const call = /\bField\(/.exec(standard ?? field);
  if (!call || (standard !== undefined && !/^Field\(/.test(standard)))
    return standard === undefined ? { need: 'refused' } : byDefault(standard);
  const text = standard ?? field;
  const args = argumentsIn(insideCall(text, call.index + call[0].length));
  const named = args.find((one) => /^default(_factory)?\s*=/.test(one))?.replace(/^\w+\s*=\s*/, '');
  const given = named ?? (standard === undefined ? undefined : args.find((one) => !/^\w+\s*=/.test(one)));
  return given === undefined || given === '...' ? { need: 'refused' } : byDefault(given);
}

/** What stands behind the `=` of a field, and not inside its type. */
function assigned(field: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < field.length; at++) {
    if ('([{'.includes(field[at] ?? '')) depth++;
    if (')]}'.includes(field[at] ?? '')) depth--;
    if (field[at] === '=' && depth === 0) return field.slice(at + 1).trim();
  }
  return undefined;
}

/** django-environ: `environ.Env(DEBUG=(bool, False))`. */
function schemeOf(text: string): readonly Sighting[] {
  return [...text.matchAll(/\bEnv\((?=\s*[A-Z])/g)].flatMap((call) => {
    const start = call.index + call[0].length;
    const inside = insideCall(text, start);
    return [...inside.matchAll(/\b([A-Z][A-Z0-9_]*)\s*=\s*\(\s*\w+\s*,\s*([^)]*)\)/g)].map(
      ([, name = '', standard], at, all) => ({
        name,
        line: text.slice(0, start + (all[at] ? inside.indexOf(`${name}`) : 0)).split('\n').length,
        ...byDefault(standard),
      }),
    );
  });
}

/** `env`, and what was made by `Env()`. */
export const isEnvObject = (text: string, name: string): boolean =>
  name === 'env' || new RegExp(String.raw`^[ \t]*${name}\s*(?::[^=\n]+)?=\s*(?:\w+\.)?\w*Env\(`, 'm').test(text);

/** environs: `with env.prefixed("APP_"):` around. */
export function djangoNames(text: string, index: number): string {
  const before = text.slice(0, index);
  const indent = before.slice(before.lastIndexOf('\n') + 1).search(/\S|$/);
  const around = [...before.matchAll(/^([ \t]*)with\s+\w+\.prefixed\(\s*["'](\w+)["']\s*\)/gm)].at(-1);
  if (!around || (around[1] ?? '').length >= indent) return '';
  const between = before
    .slice(around.index + around[0].length)
    .split('\n')
    .slice(1, -1);
  const left = between.some((line) => line.trim() !== '' && line.search(/\S/) <= (around[1] ?? '').length);
  return left ? '' : (around[2] ?? '');
}
