// What a docker-compose file gives to the services that are built here: names, whether one is insisted on, and the files that name more.

import { lineOf } from '../../text/place.ts';
import { isTable, readSettings, type SettingsFile } from '../../text/settings-file.ts';
import { folderOf, join } from './imports.ts';
import { isEnvName, type Sighting } from './sighting.ts';

export interface Compose {
  readonly sightings: readonly Sighting[];
  /** From the project folder. */
  readonly envFiles: readonly { readonly file: string; readonly line: number }[];
}

/** undefined: it cannot be read. */
export function readCompose(file: string, source: string): Compose | undefined {
  const read = readSettings(file, source);
  if ('fault' in read) return undefined;
  const services = Object.entries(isTable(read.root.services) ? read.root.services : {});
  const all = services.flatMap(([name, service]) => (isTable(service) ? [{ name, service }] : []));
  // Those with an image of others (a database) have names that the app never sees.
  const built = all.filter(({ service }) => service.build !== undefined);
  const own = built.length > 0 ? built : all;
  return {
    sightings: [
      ...own.flatMap(({ name, service }) => [
        ...pairsAt(read, ['services', name, 'environment'], service.environment),
        ...(isTable(service.build) ? pairsAt(read, ['services', name, 'build', 'args'], service.build.args) : []),
        ...['command', 'entrypoint'].flatMap((key) =>
          texts(service[key]).flatMap((text) => variables(text, lineAt(read, ['services', name, key]))),
        ),
      ]),
      ...secretsOf(read),
    ],
    envFiles: own.flatMap(({ name, service }) =>
      envFilesOf(read, file, ['services', name, 'env_file'], service.env_file),
    ),
  };
}

type Path = readonly (string | number)[];

/** A map of names, or a list of `NAME=value` and of names that are handed through. */
function pairsAt(read: SettingsFile, at: Path, given: unknown): readonly Sighting[] {
  const pairs: (readonly [at: Path, name: string, value: unknown])[] = isTable(given)
    ? Object.entries(given).map(([name, value]) => [[...at, name], name, value])
    : Array.isArray(given)
      ? given.map((one: unknown, index) => {
          const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(String(one)) ?? [];
          return [[...at, index], name.trim(), value];
        })
      : [];
  return pairs.flatMap(([path, name, value]) => {
    const line = lineAt(read, path);
    const inner = typeof value === 'string' ? variables(value, line) : [];
    if (!isEnvName(name)) return inner;
    // `NAME: ${OTHER:?…}` is insisted on under both names.
    const whole = typeof value === 'string' && /^\$\{[^}]*\}$/.test(value) ? inner[0]?.need : undefined;
    return [{ name, line, need: whole ?? 'named' }, ...inner.filter((one) => one.name !== name)];
  });
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?why}`, one inside another; `$$` is a dollar. */
function variables(text: string, line: number): readonly Sighting[] {
  return [...text.replaceAll('$$', '  ').matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-?+])?)/g)].flatMap(
    ([, plain, braced = '', how]): readonly Sighting[] => {
      const name = plain ?? braced;
      if (!isEnvName(name)) return [];
      return [{ name, line, need: how?.endsWith('?') ? 'refused' : how === undefined ? 'named' : 'flag' }];
    },
  );
}

/** `secrets:` of the file: those that come from the environment. */
function secretsOf(read: SettingsFile): readonly Sighting[] {
  const all = Object.entries(isTable(read.root.secrets) ? read.root.secrets : {});
  return all.flatMap(([key, secret]): readonly Sighting[] => {
    const name = isTable(secret) ? secret.environment : undefined;
    if (typeof name !== 'string' || !isEnvName(name)) return [];
    return [{ name, line: lineAt(read, ['secrets', key, 'environment']), need: 'named', sensitive: true }];
  });
}

/** A path, or several, or maps with `path`. */
function envFilesOf(read: SettingsFile, file: string, at: Path, given: unknown): Compose['envFiles'] {
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  return all.flatMap((one, index) => {
    const path = isTable(one) ? one.path : one;
    if (typeof path !== 'string' || path.includes('$')) return [];
    return [{ file: join(folderOf(file), path), line: lineAt(read, Array.isArray(given) ? [...at, index] : at) }];
  });
}

const texts = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

const lineAt = (read: SettingsFile, path: Path): number => lineOf(read.lines, read.span(path).offset);
