// The files that name the environment without reading it, all of a project.
import { type Dockerfile, readDockerfile } from '../../text/dockerfile.ts';
import type { NamedBy } from '../inventory.ts';
import { readCompose } from './compose.ts';
import { type FlyFile, namesOfDockerfile, readEnvExample, readFlyFile, readWorkflow } from './documents.ts';
import { folderOf } from './imports.ts';
import type { Sighting } from './sighting.ts';
import { documentOf } from './which-files.ts';

interface Named {
  readonly file: string;
  readonly by: NamedBy;
  readonly sightings: readonly Sighting[];
}

export interface Documents {
  readonly fly: FlyFile | undefined;
  readonly dockerfile: Dockerfile | undefined;
  readonly named: readonly Named[];
}

/** `flyToml`: the one that counts, where it is said which. */
export function readDocuments(
  texts: ReadonlyMap<string, string>,
  flyToml: string | undefined,
  notes: string[],
): Documents {
  const named: Named[] = [];
  let fly: FlyFile | undefined;
  let dockerfile: Dockerfile | undefined;
  for (const [file, text] of texts) {
    const what = documentOf(file);
    if (what === 'example' || what === 'workflow')
      named.push({ file, by: what, sightings: what === 'example' ? readEnvExample(text) : readWorkflow(text) });
    if (what === 'compose') named.push(...composed(file, text, texts, notes));
    if (what === 'dockerfile') {
      const read = readDockerfile(file, text);
      named.push({ file, by: what, sightings: namesOfDockerfile(read) });
      if (dockerfile === undefined || file === 'Dockerfile') dockerfile = read;
    }
    if (what === 'fly.toml') {
      const read = readFlyFile(file, text);
      if (!read) notes.push(`${file} is not TOML that can be read: left out`);
      if (read) named.push({ file, by: what, sightings: read.env });
      if (
        read &&
        (file === flyToml ||
          (fly === undefined && flyToml === undefined) ||
          (file === 'fly.toml' && flyToml === undefined))
      )
        fly = read;
    }
  }
  return { fly, dockerfile, named };
}

/** What a compose file names, and the files that it leads to. Of those only names are taken; `.env` itself is never read. */
function composed(file: string, text: string, texts: ReadonlyMap<string, string>, notes: string[]): readonly Named[] {
  const read = readCompose(file, text);
  if (!read) {
    notes.push(`${file} is not YAML that can be read: left out`);
    return [];
  }
  const files = new Map(read.envFiles.map((one) => [one.file, one]));
  const more = [...files.values()].flatMap((one): readonly Named[] => {
    const inside = texts.get(one.file);
    if (inside !== undefined)
      return [
        {
          file: one.file,
          by: 'compose',
          sightings: readEnvExample(inside).map(({ name, line, need }) => ({ name, line, need })),
        },
      ];
    const folder = folderOf(one.file);
    const example = [...texts.keys()].find((path) => folderOf(path) === folder && documentOf(path) === 'example');
    if (example === undefined)
      notes.push(
        `${file}:${one.line} takes names from ${one.file}, which is not read, and no .env.example stands beside it`,
      );
    return [];
  });
  return [{ file, by: 'compose', sightings: read.sightings }, ...more];
}
