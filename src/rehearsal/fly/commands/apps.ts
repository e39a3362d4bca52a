// Apps, their releases, configuration, sizes and what they say (facts/flyctl.md §3.5–3.7, §3.11–3.13, §3.16–3.18).
import { createApp, destroyApps, listApps } from '../apps.ts';
import { app, bool, deployFlags, int, json, many, org, region, scaleFlags, value, yes } from '../command-flags.ts';
import { showConfig, validateConfig } from '../config-commands.ts';
import { deploy } from '../deploy.ts';
import { listChecks, listReleases, showLogs, showStatus } from '../looks.ts';
import { saveConfig, scaleMemory, scaleVm } from '../more-commands.ts';
import { scaleCount, showScale } from '../scale.ts';
import type { Commands } from './command.ts';

export const appCommands: Commands = {
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
  deploy: { flags: deployFlags, args: [0, 1], needs: 'app', changes: true, run: deploy },
  'scale count': { flags: scaleFlags, args: [1, many], needs: 'app', changes: true, run: scaleCount },
  'scale show': { flags: [...app, json], args: [0, 0], needs: 'app', run: showScale },
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
};
