// Databases, unmanaged and managed (facts/flyctl.md §3.21–3.23).
import { app, bool, clusterFlags, json, on, org, postgresFlags, redisFlags, value, yes } from '../command-flags.ts';
import {
  attachCluster,
  createCluster,
  destroyCluster,
  detachCluster,
  listClusters,
  showCluster,
} from '../managed-postgres.ts';
import { attachPostgres, createPostgres, detachPostgres, listPostgres } from '../postgres.ts';
import { createRedis, listRedis } from '../redis.ts';
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
  'postgres detach': { flags: app, args: [1, 1], needs: 'app', run: detachPostgres },
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
  'mpg detach': { flags: app, args: [0, 1], needs: 'app', changes: true, run: detachCluster },
  'mpg destroy': { flags: [yes], args: [0, 1], needs: 'session', changes: true, run: destroyCluster },
  'redis create': { flags: redisFlags, args: [0, 0], needs: 'session', changes: true, run: createRedis },
  'redis list': { aliases: ['ls'], flags: [org], args: [0, 0], needs: 'session', run: listRedis },
};
