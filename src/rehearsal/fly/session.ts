// Who is asking, and may they: tokens from outside, the login in the configuration folder, its age (facts/flyctl.md §2.4, §2.6).
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { FlyError, Refused } from './errors.ts';
import type { FlyState, Token } from './model.ts';

const MONTH_MS = 30 * 86_400_000;

export interface Identity {
  readonly email: string;
  /** A token of one app or of one organisation sees only that. */
  readonly app?: string;
  readonly org?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws where flyctl would say that nobody is logged in, or the server that it does not know the token. */
export function identify(
  state: FlyState,
  env: Environment,
  world: string,
  flag: string | undefined,
  now: number,
): Identity {
  const external = flag || (env.FLY_ACCESS_TOKEN ?? env.FLY_API_TOKEN);
  if (external) return accepted(state, external);
  const folder = configFolder(env, world);
  if (folder === standInFolder(world)) {
    const { session } = state;
    if (!session || now - session.lastLogin >= MONTH_MS) throw notLoggedIn();
    if (session.revoked) throw refused();
    return { email: session.email, ...(state.narrow ? { app: '' } : {}) };
  }
  const file = readConfigFile(folder);
  const token = /^access_token: *["']?(.*?)["']?$/m.exec(file)?.[1];
  const login = Date.parse(/^last_login: *["']?(.*?)["']?$/m.exec(file)?.[1] ?? '');
  if (!token || Number.isNaN(login) || now - login >= MONTH_MS) throw notLoggedIn();
  return accepted(state, token);
}

/** What `tokens create` made is kept as a hash: a world keeps no credential. */
export const hashOf = (token: string): string =>
  createHash('sha256')
    .update(token.replace(/^(FlyV1|Bearer) /, ''))
    .digest('hex');

function accepted(state: FlyState, given: string): Identity {
  const words = given.replace(/^(FlyV1|Bearer) /, '').split(',');
  const known = [...words, ...words.map(hashOf)];
  const token = state.tokens.find((one) => known.includes(one.token.replace(/^(FlyV1|Bearer) /, '')));
  if (!token) throw refused();
  return identityOf(token);
}

function identityOf(token: Token): Identity {
  if (token.kind === 'user') return { email: token.email };
  return { email: token.email, app: token.app, org: token.org };
}

/** The folder must be writable: each command makes and removes something there. */
export function ensureConfigFolder(env: Environment, world: string): void {
  const folder = configFolder(env, world);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    rmdirSync(mkdtempSync(join(folder, 'perms.')));
  } catch (error) {
    throw new FlyError(`failed ensuring config directory perms: ${error instanceof Error ? error.message : error}`);
  }
}

/** Remembers the lowest secrets version this client insists on, as every writer of secrets does. undefined forgets it. */
export function rememberSecretsVersion(
  env: Environment,
  world: string,
  app: string,
  version: number | undefined,
): void {
  const folder = configFolder(env, world);
  const before = readConfigFile(folder);
  const block = /^app_secrets_minvers:\n((?: {4}.*\n)*)/m.exec(before);
  const kept = (block?.[1] ?? '').split('\n').filter((line) => line !== '' && !line.startsWith(`    ${app}:`));
  const lines = version === undefined ? kept : [...kept, `    ${app}: ${version}`];
  const others = block ? before.replace(block[0], '') : before;
  writeFileSync(
    join(folder, 'config.yml'),
    `${others}app_secrets_minvers:\n${lines.map((line) => line + '\n').join('')}`,
    { mode: 0o600 },
  );
}

/** The person's own folder is never touched: the world has its own in its place. */
function configFolder(env: Environment, world: string): string {
  const given = env.FLY_CONFIG_DIR;
  if (!given || resolve(given) === join(homedir(), '.fly') || resolve(given).startsWith(resolve(world) + sep))
    return standInFolder(world);
  return resolve(given);
}

const standInFolder = (world: string): string => join(world, 'fly-config');

function readConfigFile(folder: string): string {
  try {
    return readFileSync(join(folder, 'config.yml'), 'utf8');
  } catch {
    return ''; // a new folder has none
  }
}

const notLoggedIn = () => new FlyError("no access token available. Please login with 'flyctl auth login'");
const refused = () => new Refused('You must be authenticated to view this.');
