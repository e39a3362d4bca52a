// The hazards of every Xcode project below a folder, each with its line.
import type { Use } from '../../src/system/ports.ts';
import type { Finding } from '../../src/text/finding.ts';
import { findingAt, indexLines } from '../../src/text/place.ts';
import { type App, partsOf, xcodeHazards } from './hazards.ts';
import { type Build, readProject } from './project.ts';

/** `paths`: the files of the project. */
export async function findXcodeHazards(
  paths: readonly string[],
  { files }: Use<'files'>,
): Promise<{ readonly files: number; readonly findings: readonly Finding[] }> {
  const projects = paths.filter((path) => path.endsWith('.xcodeproj/project.pbxproj'));
  const texts = paths.filter((path) => /\.xcconfig$|(^|[/-])Info\.plist$/.test(path));
  const findings: Finding[] = [];
  for (const path of projects) findings.push(...(await hazardsIn(path, texts, { files })));
  return { files: projects.length, findings };
}

async function hazardsIn(path: string, texts: readonly string[], ports: Use<'files'>): Promise<readonly Finding[]> {
  const sources = await Promise.all(
    [path, ...texts].map(async (file) => ({ file, text: (await ports.files.read(file).catch(() => undefined)) ?? '' })), // Not to be read: nothing is found in it.
  );
  let apps: readonly App[];
  try {
    apps = await appsOf(path, ports);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      findingAt(
        indexLines(path, ''),
        { offset: 0 },
        { code: 'unreadable', message: `it cannot be read: ${why}`, remedy: 'open it in Xcode, and see what it says' },
      ),
    ];
  }
  return apps.flatMap((app) =>
    xcodeHazards.flatMap(({ code, why, remedy, stops, find }) =>
      find(app).map(({ says, at, value }) => {
        const { file, text, offset, length } = locate(at, value, sources);
        const severity = stops ? 'error' : 'warning';
        return findingAt(indexLines(file, text), { offset, length }, { severity, code, message: says, why, remedy });
      }),
    ),
  );
}

async function appsOf(path: string, ports: Use<'files'>): Promise<readonly App[]> {
  const project = await readProject(path, ports);
  const apps = (project?.targets ?? []).filter(({ isApp }) => isApp);
  return Promise.all(
    apps.map(async (target) => {
      const builds = new Map<string, Build>();
      for (const configuration of target.configurations) {
        const build = await project?.build(target, configuration);
        if (build) builds.set(configuration, build);
      }
      const archived =
        target.configurations.find((one) => one === 'Release') ??
        target.configurations.find((one) => /release|prod|store/i.test(one));
      return {
        name: target.name,
        builds,
        ...(archived !== undefined && {
          archived: builds.get(archived),
        }),
        parts: archived === undefined || project === undefined ? [] : await partsOf(project, target, archived),
      };
    }),
  );
}

/** The whole value, not the beginning of a longer one. */
function holds(line: string, value: string): boolean {
  const at = line.indexOf(value);
  return at !== -1 && !/^[\w.-]/.test(line.slice(at + value.length));
}

interface Source {
  readonly file: string;
  readonly text: string;
}

/** The line that sets it: the one with that value where there is one, else the first; else the top of the project. */
function locate(
  name: string,
  value: string | undefined,
  sources: readonly Source[],
): Source & { readonly offset: number; readonly length: number } {
  const key = name.split('.').at(-1) ?? name;
  const word = key.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(
    `^[ \\t]*"?(?:INFOPLIST_KEY_)?(${word})(?:\\[[^\\]\\n]*\\])?"?[ \\t]*=[^\\n]*|<key>(${word})</key>\\s*[^\\n]*`,
    'gm',
  );
  const hits = sources.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map((match) => ({
      file,
      text,
      line: match[0],
      offset: match.index + match[0].indexOf(key),
      length: key.length,
    })),
  );
  const [first = { file: sources[0]?.file ?? '', text: sources[0]?.text ?? '', offset: 0, length: 1 }] = [
    ...hits.filter(({ line }) => value !== undefined && holds(line, value)),
    ...hits,
  ];
  return first;
}
