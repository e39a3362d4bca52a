// Files that name the environment without reading it: `.env.example`, `[env]` of fly.toml, workflows, Dockerfile.
import type { Dockerfile } from '../../text/dockerfile.ts';
import { lineOf } from '../../text/place.ts';
import { isTable, readSettings } from '../../text/settings-file.ts';
import { isEnvName, type Sighting } from './sighting.ts';

/** `.env.example` and its like: names, with the text that stands as an example. */
export function readEnvExample(source: string): readonly Sighting[] {
  return linesOf(source).flatMap((text, index) => {
    const [, off, name, raw = ''] = /^\s*(#\s*)?(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=(.*)$/.exec(text) ?? [];
    if (name === undefined || !isEnvName(name)) return [];
    const value =
      /^\s*(?:"([^"]*)"|'([^']*)')/
        .exec(raw)
        ?.slice(1)
        .find((one) => one !== undefined) ?? raw.replace(/\s+#.*$/, '').trim();
    // A line that is commented out is an optional name.
    return [
      { name, line: index + 1, need: off === undefined ? 'named' : 'flag', ...(value !== '' && { default: value }) },
    ];
  });
}

export interface FlyFile {
  readonly app?: string;
  readonly env: readonly Sighting[];
  /** Process groups with their commands; empty where fly.toml has none. */
  readonly processes: Readonly<Record<string, string>>;
}

/** undefined: it cannot be read. */
export function readFlyFile(file: string, source: string): FlyFile | undefined {
  const read = readSettings(file, source);
  if ('fault' in read) return undefined; // `fly config validate` and lint say what is wrong; here it is only named.
  const { app, env, processes } = read.root;
  const named = Object.entries(isTable(env) ? env : {}).map(
    ([name, value]): Sighting => ({
      name,
      line: lineOf(read.lines, read.span(['env', name]).offset),
      need: 'named',
      default: String(value),
    }),
  );
  const groups = Object.entries(isTable(processes) ? processes : {}).map(([group, command]) => [
    group,
    String(command),
  ]);
  return { ...(typeof app === 'string' && { app }), env: named, processes: Object.fromEntries(groups) };
}

/** Names in GitHub workflows: `${{ secrets.X }}`, `${{ vars.X }}`; what GitHub gives itself is left out. */
export function readWorkflow(source: string): readonly Sighting[] {
  return linesOf(source).flatMap((text, index) =>
    [...text.matchAll(/\$\{\{[^}]*?\b(secrets|vars)\.([A-Z][A-Z0-9_]*)/g)].flatMap(([, kind, name = '']) =>
      name === 'GITHUB_TOKEN'
        ? []
        : [
            {
              name,
              line: index + 1,
              need: 'named' as const,
              ...(kind === 'secrets' ? { sensitive: true } : { open: true }),
            },
          ],
    ),
  );
}

/** ENV and ARG of a Dockerfile, of every stage. */
export const namesOfDockerfile = ({ names }: Dockerfile): readonly Sighting[] =>
  names
    .filter(({ name }) => isEnvName(name))
    .map(({ name, value, line }) => ({ name, line, need: 'named', ...(value !== undefined && { default: value }) }));

const linesOf = (source: string): readonly string[] => source.split(/\r?\n/);
