// Every command the stand-in plays, with exactly the flags of facts/flyctl.md §3.
import { accountCommands } from './account.ts';
import { appCommands } from './apps.ts';
import type { Commands } from './command.ts';
import { databaseCommands } from './databases.ts';
import { machineCommands } from './machines.ts';
import { resourceCommands } from './resources.ts';

export const commands: Commands = {
  ...accountCommands,
  ...appCommands,
  ...resourceCommands,
  ...machineCommands,
  ...databaseCommands,
};

/** Groups with their other names. An unknown word below one prints its help and exits 0 (§2.1). */
export const groups: Readonly<Record<string, readonly string[]>> = {
  apps: ['app'],
  auth: [],
  certs: [],
  checks: [],
  config: [],
  ips: ['ip'],
  machine: ['machines', 'm'],
  mpg: [],
  orgs: [],
  platform: [],
  postgres: ['pg'],
  redis: [],
  scale: [],
  secrets: [],
  'secrets keys': [],
  ssh: [],
  tokens: [],
  'tokens create': [],
  volumes: ['volume', 'vol', 'v'],
  'volumes snapshots': ['snapshot', 'snaps'],
};
