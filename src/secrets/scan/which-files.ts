// Which files of a project are read for names of the environment, and as what each of them.
import type { NamedBy } from '../inventory.ts';
import type { Language } from './languages.ts';

/** What a build made has hardly any lines. */
export const isMinified = (file: string, text: string): boolean =>
  languageOf(file) !== undefined && text.length > 50_000 && text.length > 1000 * (text.match(/\n/g)?.length ?? 0);

export const isWanted = (path: string): boolean =>
  ((languageOf(path) !== undefined || isProgram(path)) && !TEST_FILE.test(path)) ||
  documentOf(path) !== undefined ||
  isEnvFile(path) ||
  HELPING.test(path);

/** `config/web.env`, which a compose file may lead to; never `.env` and what begins so: they hold the values. */
const isEnvFile = (path: string): boolean => /(^|\/)[\w-][\w.-]*\.env$/.test(path);

const LANGUAGES: Readonly<Record<string, Language>> = {
  ...Object.fromEntries(
    ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'vue', 'svelte', 'astro'].map((ending) => [
      ending,
      'script' as const,
    ]),
  ),
  py: 'python',
  rb: 'ruby',
  ru: 'ruby',
  rake: 'ruby',
  go: 'go',
  swift: 'swift',
  ex: 'elixir',
  exs: 'elixir',
  rs: 'rust',
  prisma: 'prisma',
  sh: 'shell',
  bash: 'shell',
};

/** `text` tells the language of a program without an ending. */
export function languageOf(path: string, text = ''): Language | undefined {
  // Rails reads ENV in them: `<%= ENV['DATABASE_URL'] %>`.
  if (/(^|\/)config\/[^/]+\.ya?ml(\.erb)?$/.test(path)) return 'ruby';
  if (isProgram(path)) return INTERPRETERS.find(({ line }) => line.test(text))?.language;
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return Object.hasOwn(LANGUAGES, ending) && !/\.(d\.[cm]?ts|min\.[cm]?js)$/.test(path) ? LANGUAGES[ending] : undefined;
}

/** `bin/start`, `docker-entrypoint`: what it is stands in its first line. */
const isProgram = (path: string): boolean =>
  /(^|\/)(bin|scripts?|docker|deploy|ops|ci)\/[\w-]+$|(^|\/)[\w-]*(entrypoint|start|release)$/.test(path);

const INTERPRETERS: readonly { readonly line: RegExp; readonly language: Language }[] = [
  { line: /^#!.*\b(ba|da|z|k)?sh\b/, language: 'shell' },
  { line: /^#!.*\bpython/, language: 'python' },
  { line: /^#!.*\bruby\b/, language: 'ruby' },
  { line: /^#!.*\b(node|bun|tsx|deno)\b/, language: 'script' },
];

export function documentOf(path: string): Exclude<NamedBy, 'runbook'> | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^\.?env(\.[\w-]+)*\.(example|sample|template|dist)$/.test(name)) return 'example';
  if (/^fly(\.[\w-]+)?\.toml$/.test(name)) return 'fly.toml';
  if (/(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return 'workflow';
  if (/^(Dockerfile|Containerfile)(\.[\w-]+)?$|\.dockerfile$/i.test(name)) return 'dockerfile';
  if (/^(docker-)?compose(\.[\w-]+)*\.ya?ml$/.test(name)) return 'compose';
  return undefined;
}

/** Run by people and builds rather than by the app: what counts where no process is known. */
export const isAside = (path: string): boolean =>
  /(^|\/)(scripts?|tools?|examples?|docs)\//.test(path) || /\.config\.[cm]?[jt]s$/.test(path);

const TEST_FILE =
  /(\.|_)(test|spec|stories|bench)\.[cm]?[jt]sx?$|_test\.(go|py)$|(^|\/)test_[^/]*\.py$|(^|\/)conftest\.py$|_spec\.rb$|Tests?\.swift$/;
const HELPING = /(^|\/)(package\.json|tsconfig[\w.-]*\.json|go\.mod)$/;
