// What fly kinds make besides releases, held against the stand-in: each is made once, whatever comes between.
import { app } from '../../../steps/fly/app.ts';
import { certificate } from '../../../steps/fly/certificate.ts';
import { deploy } from '../../../steps/fly/deploy.ts';
import { ips } from '../../../steps/fly/ips.ts';
import { machines } from '../../../steps/fly/machines.ts';
import { scheduledMachine } from '../../../steps/fly/scheduled-machine.ts';
import { token } from '../../../steps/fly/token.ts';
import { volume } from '../../../steps/fly/volume.ts';
import { converges, made, row } from './converging.ts';
import { flyToml, relay } from './relay.ts';

const files = { 'fly.toml': flyToml() };
const anApp = made(app, { name: relay, org: 'sollabs' });
const aDeploy = made(deploy, { app: relay, config: 'fly.toml', ha: false });
const noMachineFails = {
  'machine-not-starting': { ended: 'unclear', words: /it is there all the same/, found: true },
} as const;

converges([
  row(
    'one',
    app,
    { name: relay, org: 'sollabs' },
    {
      before: [],
      makes: { 'app created': 1 },
      strikes: ['fly apps create'],
      without: {},
      other: {
        'token-narrow': { ended: 'ok', words: /^/ },
      },
    },
  ),
  row(
    'all sorts',
    ips,
    { app: relay, v4: 'dedicated', private: true },
    {
      before: [anApp],
      makes: { 'ip allocated v4': 1, 'ip allocated v6': 1, 'ip allocated private_v6': 1 },
      strikes: ['fly ips allocate-v4', 'fly ips allocate-v6'],
    },
  ),
  row(
    'two',
    volume,
    { app: relay, name: 'data', region: 'sjc', count: 2 },
    {
      before: [anApp],
      makes: { 'volume created': 2 },
      strikes: ['fly volumes create'],
    },
  ),
  row(
    'a snapshot',
    volume,
    { app: relay, name: 'data', region: 'sjc', snapshot: true },
    {
      before: [anApp, made(volume, { app: relay, name: 'data', region: 'sjc' })],
      anew: true,
      makes: { 'snapshot scheduled': 1, 'volume created': 1 },
      strikes: ['fly volumes snapshots create'],
    },
  ),
  row(
    'one',
    certificate,
    { app: relay, hostname: 'api.sollabs.com' },
    {
      before: [anApp],
      makes: { 'certificate added': 1 },
      strikes: ['fly certs add'],
    },
  ),
  row(
    'three and one',
    machines,
    { app: relay, groups: { web: 3, worker: 1 } },
    {
      files,
      before: [anApp, aDeploy],
      makes: { 'machine created': 4 },
      strikes: ['fly scale count'],
    },
  ),
  row(
    'hourly',
    scheduledMachine,
    { app: relay, name: 'hourly', image: 'curl:8', schedule: 'hourly', region: 'sjc', command: ['sh', '-c', 'true'] },
    {
      before: [anApp],
      makes: { 'machine created': 1 },
      strikes: ['fly machine run'],
      other: { ...noMachineFails, 'no-room': { words: /no host has room/ } },
    },
  ),
  row(
    'one',
    token,
    { app: relay, name: 'ci' },
    {
      before: [anApp],
      makes: { 'token created': 1 },
      strikes: ['fly tokens create'],
    },
  ),
]);
