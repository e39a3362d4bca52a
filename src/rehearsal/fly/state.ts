// The state of Fly's side of a rehearsal: one JSON file in the world folder, changed step by step under a lock.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settleCertificates } from './certificates.ts';
import { withLock } from './lock.ts';
import { settleMachines } from './machines.ts';
import type { FlyApp, FlyState } from './model.ts';
import { dnsRecords, virtualNow } from './world.ts';

export type { FlyState } from './model.ts';

export interface FlyStore {
  /** The state as it is at this moment of the virtual clock (certificates are issued by time). */
  read(): FlyState;
  /** Changes the state under the lock. What `fn` throws leaves it as it was. Do not nest. */
  change<T>(fn: (state: FlyState) => T): T;
}

/** Opens `fly.json` of a world folder; it must have been made by `createFlyState`. */
export function openFlyState(folder: string): FlyStore {
  const path = join(folder, 'fly.json');
  const load = (): FlyState => {
    const state = JSON.parse(readFileSync(path, 'utf8')) as FlyState; // only this room writes the file
    settleCertificates(state, virtualNow(folder), dnsRecords(folder));
    settleMachines(state, virtualNow(folder));
    return state;
  };
  return {
    read: load,
    change: (fn) =>
      withLock(join(folder, 'fly.lock'), (stillOurs) => {
        const state = load();
        const result = fn(state);
        save(path, state, stillOurs);
        return result;
      }),
  };
}

/** Puts a new state into a world folder that has none yet (or replaces it). */
export function createFlyState(folder: string, state: FlyState): void {
  withLock(join(folder, 'fly.lock'), (stillOurs) => save(join(folder, 'fly.json'), state, stillOurs));
}

/**
 * A world in which one person is logged in and has made nothing yet.
 * `now` in milliseconds, `org` a slug besides the personal one, `taken` app names of other people.
 */
export function newFlyWorld(start: { now: number; org: string; email: string; taken?: readonly string[] }): FlyState {
  const personal = {
    id: 'org-personal',
    slug: 'personal',
    name: start.email.split('@')[0] ?? 'me',
    type: 'PERSONAL' as const,
    paidPlan: false,
  };
  const shared = {
    id: `org-${start.org}`,
    slug: start.org,
    name: titled(start.org),
    type: 'SHARED' as const,
    paidPlan: true,
  };
  return {
    version: '0.4.87',
    counter: 0,
    lastStamp: start.now,
    session: { email: start.email, lastLogin: start.now - 86_400_000 },
    tokens: [],
    orgs: start.org === 'personal' ? [personal] : [personal, shared],
    taken: [...(start.taken ?? [])],
    apps: [],
    deployRetries: 0,
    digests: 'same',
    noise: false,
  };
}

export interface Served {
  readonly app: string;
  /** A machine that takes requests is started. */
  readonly started: boolean;
  /** TLS for this very host works. Always so for `NAME.fly.dev`. */
  readonly certificate: boolean;
  /** The app has a public address; without one its names lead nowhere. */
  readonly reachable: boolean;
}

/** Which app answers for a host: `NAME.fly.dev`, or a host with a certificate (also one that is still pending). */
export function appOf(state: FlyState, host: string): Served | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  for (const app of state.apps) {
    const certificate = app.certificates.find(({ hostname }) => covers(hostname, name));
    if (name === `${app.name}.fly.dev`) return served(app, true);
    if (certificate) return served(app, certificate.issuedAt !== undefined);
  }
  return undefined;
}

/** What the person does when a login has run out: `fly auth login`. */
export function logIn(state: FlyState, now: number): void {
  if (state.session) state.session = { email: state.session.email, lastLogin: now };
}

function served(app: FlyApp, certificate: boolean): Served {
  const serving = app.machines.filter(({ config }) => config.services?.length);
  const able = serving.length > 0 ? serving : app.machines;
  return {
    app: app.name,
    started: able.some(({ state }) => state === 'started'),
    certificate,
    reachable: app.sharedV4 !== undefined || app.ips.some(({ Type }) => Type !== 'private_v6'),
  };
}

function covers(hostname: string, name: string): boolean {
  if (!hostname.startsWith('*.')) return hostname === name;
  return name.endsWith(hostname.slice(1)) && !name.slice(0, -hostname.length + 1).includes('.');
}

function save(path: string, state: FlyState, stillOurs: () => void): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(state), { mode: 0o600 });
  stillOurs();
  renameSync(temporary, path);
}

const titled = (slug: string): string =>
  slug.replace(/(^|-)([a-z])/g, (_, dash: string, first: string) => (dash ? ' ' : '') + first.toUpperCase());
