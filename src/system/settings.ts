// What the tool remembers of a person between runs: name, colours, trusted runbooks. Never the state of a run.
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

export interface Settings {
  /** Who the record names. */
  readonly name?: string;
  readonly colours: 'auto' | 'always' | 'never';
  /** Digests of runbooks, hex SHA-256. */
  readonly trusted: readonly string[];
}

const DEFAULTS: Settings = { colours: 'auto', trusted: [] };

/** The file of settings cannot be used. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly remedy: string;
  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** Defaults where there is no file yet. Throws SettingsError. Read here, since `conf` costs more than the rest of a start. */
export function readSettings(env: Environment = process.env): Settings {
  const file = join(folderFor(env), 'config.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return DEFAULTS;
    throw new SettingsError(`the settings in ${file} cannot be read`, `make the file readable for you, or delete it`, {
      cause: error,
    });
  }
  return checked(text, file);
}

/** Who runs this, as the record will say: the name in the settings, else the login name. */
export function operatorName(settings: Settings, env: Environment = process.env): string {
  return settings.name ?? env.USER ?? env.LOGNAME ?? loginName();
}

export function isTrusted(digest: string, env: Environment = process.env): boolean {
  return readSettings(env).trusted.includes(digest);
}

/** From now on the runbook with this digest may run what it names. Throws SettingsError. */
export async function trustDigest(digest: string, env: Environment = process.env): Promise<void> {
  const { trusted } = readSettings(env);
  if (!trusted.includes(digest)) await change({ trusted: [...trusted, digest] }, env);
}

/** Throws SettingsError. */
export async function rememberName(name: string, env: Environment = process.env): Promise<void> {
  readSettings(env); // A broken file is said, not written over.
  await change({ name }, env);
}

async function change(settings: Partial<Settings>, env: Environment): Promise<void> {
  const folder = folderFor(env);
  try {
    const { default: Conf } = await import('conf');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700); // conf makes it readable for all.
    new Conf({ cwd: folder, projectName: 'launchbook', configFileMode: 0o600, clearInvalidConfig: false }).set(
      settings,
    );
    chmodSync(join(folder, 'config.json'), 0o600);
  } catch (error) {
    throw new SettingsError(`the settings in ${folder} cannot be written`, 'make the folder writable for you', {
      cause: error,
    });
  }
}

function checked(text: string, file: string): Settings {
  const remedy = 'mend the file or delete it; trust and your name are then asked again';
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new SettingsError(`the settings in ${file} are not JSON`, remedy, { cause: error });
  }
  const problem = problemOf(found);
  if (problem !== undefined) throw new SettingsError(`the settings in ${file} are not right: ${problem}`, remedy);
  return { ...DEFAULTS, ...(found as Partial<Settings>) }; // Checked just above.
}

/** Checked by hand: every start reads settings, and the library that checks elsewhere costs more than all else of a list. */
function problemOf(found: unknown): string | undefined {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return 'they are no map of names and values';
  const { name, colours, trusted }: { name?: unknown; colours?: unknown; trusted?: unknown } = found;
  if (name !== undefined && (typeof name !== 'string' || name === '')) return 'name: expected a text';
  if (colours !== undefined && !['auto', 'always', 'never'].includes(String(colours)))
    return 'colours: expected auto, always or never';
  if (trusted !== undefined && !(Array.isArray(trusted) && trusted.every((digest) => typeof digest === 'string')))
    return 'trusted: expected a list of digests';
  return undefined;
}

/** Where the platform keeps settings; LAUNCHBOOK_CONFIG_DIR for tests. */
function folderFor(env: Environment): string {
  if (env.LAUNCHBOOK_CONFIG_DIR) return env.LAUNCHBOOK_CONFIG_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Preferences', 'launchbook');
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'launchbook');
}

/** In a container the user may have no name. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
