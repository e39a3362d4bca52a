// `launch init`: a first runbook from what is in the project. Reads; writes one file.
import { basename, resolve } from 'node:path';
import { readFlyToml } from '../../steps/fly/fly-toml.ts';
import { type FlyApp, firstRunbook, type Project } from '../authoring/first.ts';
import type { IosApp } from '../authoring/ios-app.ts';
import { takeInventory } from '../secrets/inventory.ts';
import { diskFiles } from '../system/files.ts';
import { isThere } from '../system/own-files.ts';
import { findProject } from '../system/project.ts';
import { sourceTree } from '../system/source-tree.ts';
import { fewOf } from '../text/few.ts';
import { count } from '../ui/outline.ts';
import { UsageError } from './io.ts';
import { findIosApp } from './ios-found.ts';
import type { Call } from './main.ts';
import { newRunbook, whatNext } from './new-runbook.ts';
import { writeOwn } from './own-files.ts';

export async function init({ io, names, flags }: Call): Promise<number> {
  if (names.length > 0) throw new UsageError('init takes no name', 'the file is runbooks/prod.md; another: --out FILE');
  const from = resolve(io.cwd, flags.dir ?? '.');
  const project = findProject(from) ?? from;
  const { path, shown } = newRunbook(io, flags.out, resolve(project, 'runbooks/prod.md'));
  const { app: ios, several } = await findIosApp({ files: diskFiles(project) });
  const found = { ...(await look(project)), ...(ios && { ios }) };
  const { text, steps, names: set } = firstRunbook(found);
  await writeOwn(io, '--out', path, text);
  io.stdout.write(
    [
      `${shown}: ${count(steps.length, 'step')}`,
      ...[...seen(found, set), ...(ios ? seenOfIos(ios) : []), ...unclear(several)].map((line) => `  ${line}`),
      '',
      whatNext(io, flags, path, 'It is a beginning: read it, and say what only you know. Then:'),
      '',
    ].join('\n'),
  );
  return 0;
}

const unclear = (several: readonly string[]): readonly string[] =>
  several.length > 0 ? [`Xcode projects ${fewOf(several)}: which app is launched is yours to write`] : [];

function seenOfIos({ bundleId, version, xcode, ships }: IosApp): readonly string[] {
  const facts = [
    bundleId ?? 'its bundle id is asked',
    ...(version !== undefined ? [`version ${version}`] : ships.by === 'xcode' ? ['its version is asked'] : []),
    SHIPPED[ships.by],
  ];
  return [`an iOS app${xcode ? ` (${xcode.project})` : ''}: ${facts.join(', ')}`];
}

const SHIPPED: Readonly<Record<IosApp['ships']['by'], string>> = {
  xcode: 'archived and uploaded by Xcode',
  fastlane: 'built and uploaded by its lane of fastlane',
  eas: 'built by EAS',
  hand: 'how it is built is yours to write',
};

function seen({ git, tests, fly, ios }: Project, set: readonly string[]): readonly string[] {
  return [
    ...(git ? ['a git repository: everything committed, no secret in it'] : []),
    ...(tests === undefined ? [] : [`tests: ${tests}`]),
    ...(fly
      ? [`${fly.file}${fly.app === undefined ? '' : `: the app ${fly.app}`}`]
      : ios
        ? []
        : ['no fly.toml: how it goes up is yours to write']),
    ...(set.length > 0 ? [`secrets and configuration that the code reads: ${fewOf(set, { most: 8 })}`] : []),
  ];
}

async function look(folder: string): Promise<Project> {
  const files = diskFiles(folder);
  const fly = await flyApp(folder);
  const { entries } = await takeInventory(sourceTree(folder), fly ? { flyToml: fly.file } : {});
  const manifest = parsed(await files.read('package.json'));
  const { name, scripts } = manifest;
  return {
    name: typeof name === 'string' && name !== '' ? name : basename(folder),
    git: isThere(resolve(folder, '.git')),
    ...testsOf(folder, scripts),
    ...(fly && { fly }),
    names: entries,
  };
}

/** A file for production wins over the one that is there for all. */
async function flyApp(folder: string): Promise<FlyApp | undefined> {
  const files = diskFiles(folder);
  const all = (await files.list('.')).filter((file) => /^fly(\.[\w-]+)?\.toml$/.test(file));
  const file = all.find((one) => /prod/.test(one)) ?? all.find((one) => one === 'fly.toml') ?? all[0];
  const text = file === undefined ? undefined : await files.read(file);
  const toml = file === undefined || text === undefined ? undefined : readFlyToml(text, file);
  if (file === undefined || toml === undefined) return undefined;
  if ('fault' in toml)
    throw new UsageError(`${file} cannot be read: ${toml.fault}`, 'mend it first: the runbook is made from it');
  const web = toml.services.filter(
    ({ isHttp, ports }) => isHttp || ports.some(({ handlers }) => handlers.includes('http')),
  );
  const health = [...web.flatMap(({ checks }) => checks), ...toml.checks].find(({ path }) => path !== undefined)?.path;
  return {
    file,
    ...(toml.app !== undefined && { app: toml.app }),
    ...(toml.region !== undefined && { region: toml.region }),
    web: web.length > 0,
    ...(health !== undefined && { health }),
    mounts: Object.fromEntries(toml.mounts.map(({ source, destination }) => [source, destination])),
  };
}

function testsOf(folder: string, scripts: unknown): { readonly tests?: string } {
  const isMap = typeof scripts === 'object' && scripts !== null;
  const test: unknown = isMap && 'test' in scripts ? scripts.test : undefined;
  // What `npm init` writes is no test.
  if (typeof test === 'string' && !/no test specified/.test(test)) return { tests: `${managerOf(folder)} test` };
  if (isThere(resolve(folder, 'mix.exs'))) return { tests: 'mix test' };
  if (isThere(resolve(folder, 'go.mod'))) return { tests: 'go test ./...' };
  if (isThere(resolve(folder, 'Cargo.toml'))) return { tests: 'cargo test' };
  return {};
}

const LOCKS: readonly (readonly [lock: string, manager: string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun run'],
  ['bun.lockb', 'bun run'],
];

const managerOf = (folder: string): string => LOCKS.find(([lock]) => isThere(resolve(folder, lock)))?.[1] ?? 'npm';

function parsed(json: string | undefined): { readonly name?: unknown; readonly scripts?: unknown } {
  try {
    const value: unknown = JSON.parse(json ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {}; // npm will say what is wrong in it.
  }
}
