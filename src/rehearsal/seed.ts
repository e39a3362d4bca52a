// Fly as a rehearsal finds it: who is logged in, which organisation, and the apps that were there before (staging).
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FlyApp } from './fly/model.ts';
import { createFlyState, newFlyWorld } from './fly/state.ts';

export interface FlySeed {
  /** `accounts.fly` of the runbook. */
  readonly account: Readonly<Record<string, string>>;
  /** Apps that the runbook compares with, and the names of the secrets they have. */
  readonly apps: readonly { readonly name: string; readonly secrets: readonly string[] }[];
}

/** Leaves a world that is there already as it is. */
export function seedFly(folder: string, { account, apps }: FlySeed, now: Date): void {
  if (existsSync(join(folder, 'fly.json'))) return;
  const org = account.org ?? 'personal';
  const state = newFlyWorld({ now: now.getTime(), org, email: account.email ?? 'rehearsal@example.com' });
  state.apps.push(...apps.map((app) => oldApp(app, org, now.getTime() - 30 * 86_400_000)));
  createFlyState(folder, state);
}

function oldApp({ name, secrets }: FlySeed['apps'][number], org: string, at: number): FlyApp {
  return {
    name,
    org,
    token: digestOf(name).slice(0, 7),
    createdAt: at,
    status: 'deployed',
    deployed: true,
    network: 'default',
    ips: [],
    volumes: [],
    secrets: secrets.map((secret) => ({
      name: secret,
      digest: digestOf(`${name} ${secret}`).slice(0, 16),
      version: 1,
      createdAt: at,
      updatedAt: at,
    })),
    secretsVersion: 1,
    releases: [],
    machines: [],
    certificates: [],
    logs: [],
  };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
