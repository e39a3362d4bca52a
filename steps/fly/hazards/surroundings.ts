// The project around one fly.toml, read into plain facts.

import { type Dockerfile, readDockerfile } from '../../../src/text/dockerfile.ts';
import { indexLines, spotAt } from '../../../src/text/place.ts';
import { type FlyToml, readFlyToml } from '../fly-toml.ts';
import { joinCode } from './code.ts';
import { leftOutOfGit, leftOutOfImage } from './left-out.ts';
import { isAside, isBelow, type ProjectFiles } from './project-files.ts';
import type { EnvFile, Surroundings } from './view.ts';

/** `file`: the fly.toml, from the project folder. */
export async function readSurroundings(file: string, config: FlyToml, project: ProjectFiles): Promise<Surroundings> {
  const folder = builtFolder(file, project);
  const others = flyFilesOf(project).filter((path) => path !== file);
  // A folder with a fly.toml of its own is another app.
  const apart = others.map(folderOf).filter((other) => other !== folder && isBelow(`${other}/`, folder));
  const [docker, { facts, complete }, scripts, configs] = await Promise.all([
    dockerfileOf(config, { folder, configFolder: folderOf(file) }, project),
    project.code(folder, apart),
    scriptsOf(folder, project),
    Promise.all(others.map((path) => readOther(path, project))),
  ]);
  return {
    ...docker,
    code: joinCode(facts, complete),
    ...scripts,
    envFiles: await envFilesOf(folder, docker.dockerfile, config, project),
    others: configs.filter((one) => one !== undefined),
  };
}

export const flyFilesOf = ({ paths }: ProjectFiles): readonly string[] =>
  paths.filter((path) => /(^|\/)fly([.-][\w.-]+)?\.toml$|(^|\/)fly\.(json|yaml)$/.test(path) && !isAside(path));

/** Where fly builds: the folder of the fly.toml, where something is to be built there; else the project folder. */
function builtFolder(file: string, { paths }: ProjectFiles): string {
  const folder = folderOf(file);
  const built = paths.some(
    (path) => isBelow(path, folder) && !path.slice(folder.length + 1).includes('/') && MADE_OF.test(path),
  );
  return built ? folder : '';
}
const MADE_OF =
  /(^|\/)(package\.json|go\.mod|Gemfile|requirements\.txt|pyproject\.toml|mix\.exs|Cargo\.toml|composer\.json)$/;

async function dockerfileOf(
  { dockerfile: named, image }: FlyToml,
  { folder, configFolder }: { readonly folder: string; readonly configFolder: string },
  project: ProjectFiles,
): Promise<{ dockerfile?: Dockerfile; missingDockerfile?: string }> {
  if (image !== undefined) return {};
  const candidates =
    named === undefined ? [join(folder, 'Dockerfile')] : [join(configFolder, named), join(folder, named)];
  for (const path of candidates) {
    const text = await project.read(path);
    if (text !== undefined) return { dockerfile: readDockerfile(path, text) };
  }
  return named === undefined ? {} : { missingDockerfile: named };
}

/** Scripts of package.json by name, shell scripts of the project by path. */
async function scriptsOf(
  folder: string,
  project: ProjectFiles,
): Promise<{ scripts: ReadonlyMap<string, string>; dependencies: ReadonlySet<string> }> {
  const manifests = project.paths
    .filter((path) => /(^|\/)package\.json$/.test(path) && isBelow(path, folder))
    .slice(0, 50);
  const shells = project.paths.filter((path) => path.endsWith('.sh') && isBelow(path, folder)).slice(0, 100);
  const scripts = new Map<string, string>();
  const dependencies = new Set<string>();
  // The one of the folder itself last: its scripts win.
  for (const path of manifests.toSorted((a, b) => b.length - a.length)) {
    const manifest = parseManifest(await project.read(path));
    for (const name of Object.keys({ ...manifest.dependencies })) dependencies.add(name);
    for (const [name, script] of Object.entries({ ...manifest.scripts })) scripts.set(name, String(script));
  }
  for (const path of shells)
    scripts.set(path.slice(folder === '' ? 0 : folder.length + 1), (await project.read(path)) ?? '');
  return { scripts, dependencies };
}

function parseManifest(text: string | undefined): { scripts?: object; dependencies?: object } {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {}; // npm says so itself, long before a launch.
  }
}

async function envFilesOf(
  folder: string,
  dockerfile: Dockerfile | undefined,
  { ignorefile }: FlyToml,
  project: ProjectFiles,
): Promise<readonly EnvFile[]> {
  const paths = project.paths.filter(
    (path) => /(^|\/)\.env(\.[\w.-]+)?$/.test(path) && !/\.(example|sample|template|dist|defaults)$/.test(path),
  );
  if (paths.length === 0) return [];
  const outOfGit = await leftOutOfGit(project);
  const outOfImage = leftOutOfImage((await project.read(join(folder, ignorefile ?? '.dockerignore'))) ?? '');
  const found = paths.map(async (path): Promise<EnvFile | undefined> => {
    const lines = indexLines(path, ((await project.read(path)) ?? '').replaceAll('\r\n', '\n'));
    const filled = /^\s*(?:export\s+)?\w+\s*=\s*[^\s#]/m.exec(lines.text);
    if (!filled) return undefined;
    const inFolder = isBelow(path, folder) ? path.slice(folder === '' ? 0 : folder.length + 1) : undefined;
    return {
      spot: spotAt(lines, filled.index + (/^\s*/.exec(filled[0])?.[0].length ?? 0), 1),
      inGit: project.isRepository && !outOfGit(path),
      inImage: inFolder !== undefined && !outOfImage(inFolder) && takes(dockerfile, inFolder),
    };
  });
  return (await Promise.all(found)).filter((one) => one !== undefined);
}

const takes = (dockerfile: Dockerfile | undefined, path: string): boolean =>
  dockerfile?.copies.some(
    ({ source }) =>
      source === '.' ||
      source === path ||
      path.startsWith(`${source}/`) ||
      (source.includes('*') && globFits(source, path)),
  ) ?? false;

const globFits = (glob: string, path: string): boolean =>
  new RegExp(`^${glob.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}(/|$)`).test(path);

async function readOther(path: string, project: ProjectFiles): Promise<FlyToml | undefined> {
  const config = readFlyToml((await project.read(path)) ?? '', path);
  return 'fault' in config ? undefined : config;
}

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');
const join = (folder: string, path: string): string => {
  const pieces: string[] = [];
  for (const piece of `${folder}/${path}`.split('/'))
    if (piece === '..') pieces.pop();
    else if (piece !== '' && piece !== '.') pieces.push(piece);
  return pieces.join('/');
};
