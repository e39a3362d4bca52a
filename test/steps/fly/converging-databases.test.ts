// Postgres clusters and their attachments, held against the stand-in: each is made once, and what broke off has a way out.
import { app } from '../../../steps/fly/app.ts';
import { postgres } from '../../../steps/fly/postgres.ts';
import { converges, made, row } from './converging.ts';
import { relay } from './relay.ts';

const anApp = made(app, { name: relay, org: 'sollabs' });
const cluster = { name: 'relay-db', org: 'sollabs', create: { region: 'yyz' } };
const managed = { name: 'relay-mpg', org: 'sollabs', managed: true, create: { region: 'yyz' } };
const attached = { name: 'relay-db', attach: { app: relay } };
const userIsThere = /the database user is there already/;

converges([
  row('a cluster', postgres, cluster, {
    before: [],
    makes: { 'app created relay-db': 1, 'machine created': 1 },
    // 1: the app is there, with no machine; 2: and its secrets.
    stuck: { 1: /not made to its end/, 2: /not made to its end/ },
    byHand: (world) => world.byHand('apps', 'destroy', 'relay-db', '--yes'),
    strikes: ['fly postgres create'],
  }),
  row('an attachment', postgres, attached, {
    before: [anApp, made(postgres, cluster)],
    makes: { 'database created': 1, 'database user created': 1, 'secrets stored': 1 },
    stuck: { 3: userIsThere },
    byHand: async () => ({ ...attached, attach: { app: relay, user: 'relay_two' } }),
    strikes: ['fly postgres attach'],
    other: { 'attach-interrupted': { stuck: userIsThere } },
  }),
  row('a managed cluster', postgres, managed, {
    before: [],
    makes: { 'cluster created': 1 },
    strikes: ['fly mpg create'],
  }),
  row(
    'a managed attachment',
    postgres,
    { ...managed, create: undefined, attach: { app: relay } },
    {
      before: [anApp, made(postgres, managed)],
      makes: { 'cluster attached': 1 },
      strikes: ['fly mpg attach'],
    },
  ),
]);
