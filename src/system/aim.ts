// Where a run is aimed that is not the real world: for tests, by LAUNCH_FLY and its like. Shown, stored, and never silently changed.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import type { Environment } from './environment.ts';
import type { LookPorts } from './ports.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Aim {
  /** The variables that were set, as they were. */
  readonly set: Readonly<Record<string, string>>;
  /** Executable that stands in for fly. */
  readonly fly?: string;
  /** By server address, `recursive` for the resolver that is asked when none is named, `*` for any other. */
  readonly dns: Readonly<Record<string, Address>>;
  /** By host name or address; `*.x` for all below x, `*` for any other. */
  readonly hosts: Readonly<Record<string, Address>>;
  /** PEM of certificate authorities that are trusted besides the usual. */
  readonly ca?: string;
  readonly urls: LookPorts['urls'];
}

const REAL: LookPorts['urls'] = {
  appStoreConnect: 'https://api.appstoreconnect.apple.com',
  cloudflare: 'https://api.cloudflare.com/client/v4',
  twilio: 'https://api.twilio.com',
};

const NAMES = [
  'LAUNCH_FLY',
  'LAUNCH_DNS',
  'LAUNCH_HTTP_HOSTS',
  'LAUNCH_CA_FILE',
  'LAUNCH_ASC_URL',
  'LAUNCH_CLOUDFLARE_URL',
  'LAUNCH_TWILIO_URL',
] as const;

/** A variable that aims the run cannot be understood: a usage error (exit 2). */
export class AimError extends Error {
  override readonly name = 'AimError';
}

/** Throws AimError with a sentence that names the variable. */
export function readAim(env: Environment): Aim {
  const { LAUNCH_FLY: fly, LAUNCH_CA_FILE: caFile } = env;
  if (fly && !isAbsolute(fly)) throw new AimError(`LAUNCH_FLY must be an absolute path, not "${fly}"`);
  return {
    set: Object.fromEntries(NAMES.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []))),
    ...(fly && { fly }),
    dns: addresses('LAUNCH_DNS', env),
    hosts: addresses('LAUNCH_HTTP_HOSTS', env),
    ...(caFile && { ca: readCa(caFile) }),
    urls: {
      appStoreConnect: url('LAUNCH_ASC_URL', env) ?? REAL.appStoreConnect,
      cloudflare: url('LAUNCH_CLOUDFLARE_URL', env) ?? REAL.cloudflare,
      twilio: url('LAUNCH_TWILIO_URL', env) ?? REAL.twilio,
    },
  };
}

/** What aims the run elsewhere, as shown on the first screen and stored in `run.started`. undefined: the real world. */
export function aimed(aim: Aim): Readonly<Record<string, string>> | undefined {
  return Object.keys(aim.set).length > 0 ? aim.set : undefined;
}

/** Where to connect for a host, where the aim says so: by its name, else by the nearest `*.x` above it, else by `*`. */
export function addressFor(host: string, hosts: Aim['hosts']): Address | undefined {
  const labels = host.toLowerCase().split('.');
  const above = labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`);
  const key = [labels.join('.'), ...above, '*'].find((name) => Object.hasOwn(hosts, name));
  return key === undefined ? undefined : hosts[key];
}

function addresses(name: string, env: Environment): Record<string, Address> {
  const parts = (env[name] ?? '').split(',').map((part) => part.trim());
  return Object.fromEntries(parts.filter(Boolean).map((part) => addressEntry(name, part)));
}

function addressEntry(name: string, part: string): [string, Address] {
  const [, key, host, port] = /^([^=]+)=\[?([^=\]]+)\]?:(\d+)$/.exec(part) ?? [];
  if (key === undefined || host === undefined || !isIP(host) || Number(port) > 65535) {
    throw new AimError(`${name}: "${part}" is not of the form name=address:port, as in *=127.0.0.1:8443`);
  }
  return [key.trim().toLowerCase(), { host, port: Number(port) }];
}

function url(name: string, env: Environment): string | undefined {
  const value = env[name];
  if (!value) return undefined;
  if (!/^https?:\/\//.test(value) || !URL.canParse(value))
    throw new AimError(`${name} must be an http or https address, not "${value}"`);
  return value.replace(/\/+$/, '');
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AimError(`LAUNCH_CA_FILE: cannot read ${file}`, { cause: error });
  }
}
