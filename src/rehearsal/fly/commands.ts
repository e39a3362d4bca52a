// Every command the stand-in plays, with exactly the flags of facts/flyctl.md §3.

import { listOrgs, listRegions, login, showVersion, whoami } from './account.ts';
import { allocateV4, allocateV6, listIps, releaseIps } from './addresses.ts';
import { createApp, destroyApps, listApps } from './apps.ts';
import type { Call } from './call.ts';
import { addCertificate, checkCertificate, listCertificates, removeCertificate, setUpCertificate } from './certs.ts';
import {
  app,
  appTokenFlags,
  bool,
  clusterFlags,
  consoleFlags,
  deployFlags,
  int,
  json,
  machineRunFlags,
  many,
  on,
  org,
  orgTokenFlags,
  postgresFlags,
  region,
  scaleFlags,
  secretFlags,
  value,
  volumeFlags,
  yes,
} from './command-flags.ts';
import { showConfig, validateConfig } from './config-commands.ts';
import { proxy, sshConsole } from './console.ts';
import { deploy } from './deploy.ts';
import type { FlagSpec } from './flags.ts';
import { doctor, listChecks, listMachines, listReleases, showLogs, showStatus } from './looks.ts';
import { destroyMachines, execInMachine, showMachine, startMachines, stopMachines } from './machine-commands.ts';
import { runMachine } from './machine-run.ts';
import { attachCluster, createCluster, destroyCluster, listClusters, showCluster } from './managed-postgres.ts';
import {
  importCertificate,
  listPrivateIps,
  listSecretKeys,
  listSizes,
  saveConfig,
  scaleMemory,
  scaleVm,
} from './more-commands.ts';
import { attachPostgres, createPostgres, listPostgres } from './postgres.ts';
import { scaleCount, showScale } from './scale.ts';
import { deploySecrets, importSecrets, listSecrets, setSecrets, syncSecrets, unsetSecrets } from './secrets.ts';
import { createSnapshot, extendVolume, listSnapshots, updateVolume } from './snapshots.ts';
import { authToken, createToken, listTokens, revokeTokens } from './tokens.ts';
import { createVolume, destroyVolumes, listVolumes, showVolume } from './volumes.ts';

export interface Command {
  /** Other last words for it. */
  readonly aliases?: readonly string[];
  readonly flags: readonly FlagSpec[];
  /** How many positionals, least and most. */
  readonly args: readonly [number, number];
  /** `app`: a session, a configuration file where there is one, and an app name. `app?`: without the name too. */
  readonly needs: 'nothing' | 'session' | 'app' | 'app?';
  /** It can change the world: counted in crash trials. */
  readonly changes?: true;
  run(call: Call): Promise<void>;
}

export const commands: Readonly<Record<string, Command>> = {
  version: { flags: [json], args: [0, 0], needs: 'nothing', run: showVersion },
  'auth whoami': { flags: [json], args: [0, 0], needs: 'session', run: whoami },
  'auth login': {
    flags: [bool('interactive', 'i'), value('email'), { name: 'password', type: 'text', secret: true }, value('otp')],
    args: [0, 0],
    needs: 'nothing',
    run: login,
  },
  'orgs list': { aliases: ['ls'], flags: [json], args: [0, 0], needs: 'session', run: listOrgs },
  'platform regions': { flags: [json], args: [0, 0], needs: 'session', run: listRegions },
  'apps list': {
    aliases: ['ls'],
    flags: [json, org, bool('quiet', 'q')],
    args: [0, 0],
    needs: 'session',
    run: listApps,
  },
  'apps create': {
    flags: [value('name'), bool('generate-name'), org, value('network'), bool('save'), yes, json],
    args: [0, 1],
    needs: 'session',
    changes: true,
    run: createApp,
  },
  'apps destroy': {
    aliases: ['delete', 'remove', 'rm'],
    flags: [yes],
    args: [0, many],
    needs: 'session',
    changes: true,
    run: destroyApps,
  },
  'apps releases': { flags: [...app, json, bool('image')], args: [0, 0], needs: 'app', run: listReleases },
  releases: { flags: [...app, json, bool('image')], args: [0, 0], needs: 'app', run: listReleases },
  status: {
    flags: [...app, json, bool('all'), bool('deployment'), bool('watch'), int('rate')],
    args: [0, 0],
    needs: 'app',
    run: showStatus,
  },
  'ips list': { aliases: ['ls'], flags: [...app, json], args: [0, 0], needs: 'app', run: listIps },
  'ips allocate-v4': {
    flags: [...app, bool('shared'), yes, region],
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: allocateV4,
  },
  'ips allocate-v6': {
    flags: [...app, bool('private'), org, value('network'), region],
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: allocateV6,
  },
  'ips release': { flags: app, args: [1, many], needs: 'app', changes: true, run: releaseIps },
  'volumes create': { flags: volumeFlags, args: [1, 1], needs: 'app', changes: true, run: createVolume },
  'volumes list': { aliases: ['ls'], flags: [...app, json, bool('all')], args: [0, 0], needs: 'app', run: listVolumes },
  'volumes show': { flags: [...app, json], args: [0, 1], needs: 'app?', run: showVolume },
  'volumes destroy': {
    aliases: ['delete', 'rm'],
    flags: [...app, yes],
    args: [0, many],
    needs: 'app?',
    changes: true,
    run: destroyVolumes,
  },
  'secrets list': { aliases: ['ls'], flags: [...app, json], args: [0, 0], needs: 'app', run: listSecrets },
  'secrets set': { flags: secretFlags, args: [1, many], needs: 'app', changes: true, run: setSecrets },
  'secrets import': { flags: secretFlags, args: [0, 0], needs: 'app', changes: true, run: importSecrets },
  'secrets unset': { flags: secretFlags, args: [1, many], needs: 'app', changes: true, run: unsetSecrets },
  'secrets deploy': {
    flags: [...app, bool('detach'), on('dns-checks')],
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: deploySecrets,
  },
  'secrets sync': { flags: secretFlags, args: [0, 0], needs: 'app', run: syncSecrets },
  deploy: { flags: deployFlags, args: [0, 1], needs: 'app', changes: true, run: deploy },
  'certs add': {
    aliases: ['create'],
    flags: [...app, json],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: addCertificate,
  },
  'certs list': { flags: [...app, json], args: [0, 0], needs: 'app', run: listCertificates },
  'certs check': { aliases: ['show'], flags: [...app, json], args: [1, 1], needs: 'app', run: checkCertificate },
  'certs remove': {
    aliases: ['delete'],
    flags: [...app, yes, bool('custom'), bool('acme')],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: removeCertificate,
  },
  'scale count': { flags: scaleFlags, args: [1, many], needs: 'app', changes: true, run: scaleCount },
  'scale show': { flags: [...app, json], args: [0, 0], needs: 'app', run: showScale },
  'machine list': {
    aliases: ['ls'],
    flags: [...app, json, bool('quiet', 'q')],
    args: [0, 0],
    needs: 'app',
    run: listMachines,
  },
  'checks list': {
    aliases: ['ls'],
    flags: [...app, json, value('check-name')],
    args: [0, 0],
    needs: 'app',
    run: listChecks,
  },
  logs: {
    flags: [
      ...app,
      json,
      bool('no-tail', 'n'),
      { name: 'machine', short: 'm', type: 'text', alias: 'instance' },
      region,
      bool('select', 's'),
    ],
    args: [0, 0],
    needs: 'app',
    run: showLogs,
  },
  'config show': {
    aliases: ['display'],
    flags: [...app, bool('local'), bool('toml'), bool('yaml')],
    args: [0, 0],
    needs: 'app',
    run: showConfig,
  },
  'config save': {
    flags: [...app, yes, bool('json'), bool('yaml')],
    args: [0, 0],
    needs: 'app',
    run: saveConfig,
  },
  'config validate': { flags: [...app, bool('strict', 's')], args: [0, 0], needs: 'app', run: validateConfig },
  'auth token': { flags: [json, bool('quiet', 'q')], args: [0, 0], needs: 'session', run: authToken },
  'platform vm-sizes': { flags: [json], args: [0, 0], needs: 'session', run: listSizes },
  'ips private': { flags: [...app, json], args: [0, 0], needs: 'app', run: listPrivateIps },
  'volumes extend': {
    flags: [...app, value('size', 's'), yes, json],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: extendVolume,
  },
  'volumes update': {
    flags: [...app, int('snapshot-retention'), on('scheduled-snapshots'), json],
    args: [1, 1],
    needs: 'app?',
    changes: true,
    run: updateVolume,
  },
  'volumes snapshots list': {
    aliases: ['ls'],
    flags: [...app, json, bool('all')],
    args: [1, 1],
    needs: 'app?',
    run: listSnapshots,
  },
  'volumes snapshots create': {
    flags: [...app, json],
    args: [1, 1],
    needs: 'app?',
    changes: true,
    run: createSnapshot,
  },
  'secrets keys list': { aliases: ['ls'], flags: [...app, json], args: [0, 0], needs: 'app', run: listSecretKeys },
  'certs setup': { flags: [...app, json], args: [1, 1], needs: 'app', run: setUpCertificate },
  'certs import': {
    flags: [...app, value('fullchain'), value('private-key'), json],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: importCertificate,
  },
  'scale vm': {
    flags: [...app, value('process-group', 'g'), { name: 'vm-memory', type: 'int', alias: 'memory' }],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: scaleVm,
  },
  'scale memory': {
    flags: [...app, value('process-group', 'g')],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: scaleMemory,
  },
  'machine run': { flags: machineRunFlags, args: [1, many], needs: 'app?', changes: true, run: runMachine },
  'machine exec': {
    flags: [...app, bool('select', 's'), int('timeout'), value('container')],
    args: [1, 2],
    needs: 'app?',
    changes: true,
    run: execInMachine,
  },
  'machine status': { flags: [...app, bool('display-config', 'd')], args: [0, 1], needs: 'app?', run: showMachine },
  'machine start': { flags: app, args: [0, many], needs: 'app?', changes: true, run: startMachines },
  'machine stop': {
    flags: [...app, value('signal', 's'), int('timeout'), value('wait-timeout', 'w')],
    args: [0, many],
    needs: 'app?',
    changes: true,
    run: stopMachines,
  },
  'machine destroy': {
    aliases: ['remove', 'rm'],
    flags: [...app, bool('force', 'f'), value('image')],
    args: [0, many],
    needs: 'app?',
    changes: true,
    run: destroyMachines,
  },
  'ssh console': { flags: consoleFlags, args: [0, 0], needs: 'app', changes: true, run: sshConsole },
  proxy: {
    flags: [...app, org, value('bind-addr', 'b'), bool('quiet', 'q'), bool('watch-stdin'), bool('select', 's')],
    args: [1, 2],
    needs: 'app?',
    run: proxy,
  },
  'postgres create': { flags: postgresFlags, args: [0, 0], needs: 'session', changes: true, run: createPostgres },
  'postgres attach': {
    flags: [...app, value('variable-name'), value('database-name'), value('database-user'), on('superuser'), yes],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: attachPostgres,
  },
  'postgres list': { aliases: ['ls'], flags: [json], args: [0, 0], needs: 'session', run: listPostgres },
  'mpg create': { flags: clusterFlags, args: [0, 0], needs: 'app?', changes: true, run: createCluster },
  'mpg list': {
    aliases: ['ls'],
    flags: [json, org, bool('deleted')],
    args: [0, 0],
    needs: 'session',
    run: listClusters,
  },
  'mpg status': { flags: [json], args: [0, 1], needs: 'session', run: showCluster },
  'mpg attach': {
    flags: [...app, value('variable-name'), value('database', 'd'), value('username', 'u')],
    args: [0, 1],
    needs: 'app',
    changes: true,
    run: attachCluster,
  },
  'mpg destroy': { flags: [yes], args: [0, 1], needs: 'session', changes: true, run: destroyCluster },
  'tokens create deploy': {
    flags: appTokenFlags,
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: createToken('deploy'),
  },
  'tokens create ssh': { flags: appTokenFlags, args: [0, 0], needs: 'app', changes: true, run: createToken('ssh') },
  'tokens create machine-exec': {
    flags: appTokenFlags,
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: createToken('machine-exec'),
  },
  'tokens create org': { flags: orgTokenFlags, args: [0, 0], needs: 'session', changes: true, run: createToken('org') },
  'tokens create readonly': {
    flags: orgTokenFlags,
    args: [0, 0],
    needs: 'session',
    changes: true,
    run: createToken('readonly'),
  },
  'tokens deploy': { flags: appTokenFlags, args: [0, 0], needs: 'app', changes: true, run: createToken('deploy') },
  'tokens list': {
    aliases: ['ls'],
    flags: [...app, org, value('scope', 's')],
    args: [0, 0],
    needs: 'app?',
    run: listTokens,
  },
  'tokens revoke': { flags: [], args: [0, many], needs: 'session', changes: true, run: revokeTokens },
  doctor: { flags: [...app, json, org, bool('verbose', 'v')], args: [0, 0], needs: 'app?', run: doctor },
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
  scale: [],
  secrets: [],
  'secrets keys': [],
  ssh: [],
  tokens: [],
  'tokens create': [],
  volumes: ['volume', 'vol', 'v'],
  'volumes snapshots': ['snapshot', 'snaps'],
};
