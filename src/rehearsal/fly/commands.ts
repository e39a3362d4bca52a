// Every command the stand-in plays, with exactly the flags of facts/flyctl.md §3.

import { listOrgs, listRegions, login, showVersion, whoami } from './account.ts';
import { allocateV4, allocateV6, listIps, releaseIps } from './addresses.ts';
import { createApp, destroyApps, listApps } from './apps.ts';
import type { Call } from './call.ts';
import { addCertificate, checkCertificate, listCertificates, removeCertificate } from './certs.ts';
import {
  app,
  bool,
  deployFlags,
  int,
  json,
  many,
  on,
  org,
  region,
  scaleFlags,
  secretFlags,
  value,
  volumeFlags,
  yes,
} from './command-flags.ts';
import { showConfig, validateConfig } from './config-commands.ts';
import { deploy } from './deploy.ts';
import type { FlagSpec } from './flags.ts';
import { doctor, listChecks, listMachines, listReleases, showLogs, showStatus } from './looks.ts';
import { scaleCount, showScale } from './scale.ts';
import { deploySecrets, importSecrets, listSecrets, setSecrets, syncSecrets, unsetSecrets } from './secrets.ts';
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
  'config validate': { flags: [...app, bool('strict', 's')], args: [0, 0], needs: 'app', run: validateConfig },
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
  orgs: [],
  platform: [],
  scale: [],
  secrets: [],
  volumes: ['volume', 'vol', 'v'],
};
