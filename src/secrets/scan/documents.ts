// Files that name the environment without reading it: `.env.example`, `[env]` of fly.toml, workflows, Dockerfile.
import { parse } from 'smol-toml';
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

/** undefined: it is no TOML. */
export function readFlyFile(source: string): FlyFile | undefined {
  let parsed: unknown;
  try {
    parsed = parse(source);
  } catch {
    return undefined; // `fly config validate` and lint say what is wrong; here it is only named.
  }
  const table = tableOf(parsed);
  const lines = linesOf(source);
  const lineOf = (name: string) =>
    Math.max(1, lines.findIndex((text) => new RegExp(`^\\s*["']?${name}["']?\\s*=`).test(text)) + 1);
  const env = Object.entries(tableOf(table.env)).map(
    ([name, value]): Sighting => ({
      name,
      line: lineOf(name),
      need: 'named',
      default: String(value),
    }),
  );
  const processes = Object.entries(tableOf(table.processes)).map(([group, command]) => [group, String(command)]);
  return { ...(typeof table.app === 'string' && { app: table.app }), env, processes: Object.fromEntries(processes) };
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

export interface Dockerfile {
  readonly names: readonly Sighting[];
  /** CMD or ENTRYPOINT of the last stage. */
  readonly command?: string;
}

/** ENV and ARG, and what the image starts. */
export function readDockerfile(source: string): Dockerfile {
  const names: Sighting[] = [];
  let command: string | undefined;
  let entry = '';
  linesOf(source).forEach((text, index) => {
    const [, word = '', rest = ''] = /^\s*(ENV|ARG|CMD|ENTRYPOINT|FROM)\s+(.*?)\\?$/i.exec(text) ?? [];
    const what = word.toUpperCase();
    if (what === 'FROM') [command, entry] = [undefined, ''];
    if (what === 'CMD') command = words(rest);
    if (what === 'ENTRYPOINT') entry = words(rest);
    if (what !== 'ENV' && what !== 'ARG') return;
    for (const [, name = '', double, single, plain] of rest.matchAll(
      /\b([A-Z][A-Z0-9_]*)(?:=(?:"([^"]*)"|'([^']*)'|(\S*)))?/g,
    )) {
      const value = double ?? single ?? plain;
      if (isEnvName(name) && (value !== undefined || what === 'ARG'))
        names.push({ name, line: index + 1, need: 'named', ...(value !== undefined && { default: value }) });
      // `ENV NAME value`, the old form, and `ARG NAME` name one only.
      if (value === undefined) break;
    }
  });
  const started = [entry, command].filter(Boolean).join(' ');
  return { names, ...(started !== '' && { command: started }) };
}

/** The exec form `["node", "x.js"]` as words. */
function words(rest: string): string {
  const exec = /^\s*\[(.*)\]\s*$/.exec(rest);
  return exec ? [...(exec[1] ?? '').matchAll(/"([^"]*)"/g)].map(([, word]) => word).join(' ') : rest;
}

const linesOf = (source: string): readonly string[] => source.split(/\r?\n/);

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  // A TOML table is a plain object.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
