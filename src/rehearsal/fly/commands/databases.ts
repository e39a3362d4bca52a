// Databases, unmanaged and managed (facts/flyctl.md §3.21–3.23).
import { app, bool, clusterFlags, json, on, org, postgresFlags, value, yes } from '../command-flags.ts';
import { attachCluster, createCluster, destroyCluster, listClusters, showCluster } from '../managed-postgres.ts';
import { attachPostgres, createPostgres, listPostgres } from '../postgres.ts';
import type { Commands } from './command.ts';

export const databaseCommands: Commands = {
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
};
