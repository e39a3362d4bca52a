// Releases, held against the stand-in: each fault that can hit a deploy, each kill, and no machine, volume or address is made twice.
import { app } from '../../../steps/fly/app.ts';
import { deploy } from '../../../steps/fly/deploy.ts';
import { release } from '../../../steps/fly/release.ts';
import { converges, made, row } from './converging.ts';
import { flyToml, relay } from './relay.ts';

const image = (tag: string) => `registry.fly.io/${relay}:${tag}`;
const want = { app: relay, config: 'fly.toml', ha: false };
const files = { 'fly.toml': flyToml() };
const anApp = made(app, { name: relay, org: 'sollabs' });
const first = made(deploy, want);
const built = { 'build-failing': 'it deploys an image that is there' } as const;
const onlyFirst = 'only a first deploy does that';
const onlyLater = 'there is no machine yet that it could hit';
const undone = {
  words: /did not come up \(bluegreen\); Fly took it away again/,
  makes: { 'machine created': 3, 'machine destroyed': 2 },
};
const stateless = flyToml()
  .replace(/\[processes\]\n.*\n.*\n\[\[mounts\]\]\n.*\n.*\n.*\n/, '')
  .replace('  processes = ["web"]\n', '');
const once = { 'machine created': 2, 'volume created': 1, 'ip allocated v6': 1 };

converges([
  row('a first one', deploy, want, {
    files,
    before: [anApp],
    anew: true,
    makes: once,
    strikes: ['fly deploy'],
    without: { ...built, 'lease-held': onlyLater },
    other: {
      'addresses-failing': { makes: { 'ip allocated v6': 0 } },
    },
  }),
  row(
    'group by group',
    deploy,
    { ...want, groups: ['worker', 'web'] },
    {
      files,
      before: [anApp],
      anew: true,
      makes: once,
      strikes: [],
    },
  ),
  row(
    'a second one',
    deploy,
    { ...want, image: image('v2') },
    {
      files,
      before: [anApp, first],
      anew: true,
      makes: once,
      strikes: ['fly deploy'],
      without: {
        ...built,
        'machine-refused': onlyFirst,
        'addresses-failing': onlyFirst,
        'wrong-region': onlyFirst,
        'no-room': onlyFirst,
        'payment-missing': onlyFirst,
      },
    },
  ),
  row(
    'a bluegreen one',
    deploy,
    { ...want, app: 'green', image: image('v2'), strategy: 'bluegreen' },
    {
      files: { 'fly.toml': stateless },
      before: [made(app, { name: 'green', org: 'sollabs' }), made(deploy, { ...want, app: 'green' })],
      anew: true,
      makes: { 'machine created': 2, 'machine destroyed': 1 },
      // From the first new machine on both sets are there, until the last old one is gone; after that a second deploy is made.
      stuck: Object.fromEntries([5, 6, 7, 8].map((point) => [point, /machines with another image are there/])),
      after: { 9: [{ 'machine created': 3, 'machine destroyed': 2 }] },
      byHand: async (world) => {
        const broken = world.state().apps[0]?.machines.filter(({ config }) => config.image === image('v2')) ?? [];
        for (const { id } of broken) await world.byHand('machine', 'destroy', id, '--force', '-a', 'green');
      },
      strikes: ['fly deploy'],
      without: {
        ...built,
        'machine-refused': onlyFirst,
        'addresses-failing': onlyFirst,
        'wrong-region': onlyFirst,
        'lease-held': 'it makes machines of its own',
        'crash-loop': 'no smoke check is made',
        'mount-removed': 'it has none',
      },
      other: {
        'health-failing': undone,
        'one-machine-failing': undone,
        'machine-not-starting': undone,
        'no-room': { words: /could not be made \(bluegreen\)/ },
        'payment-missing': { words: /payment method|could not be made/ },
        'network-lost-midway': { stuck: /machines with another image are there/ },
      },
    },
  ),
  row(
    'the one before',
    release,
    { app: relay, config: 'fly.toml', to: 1, 'release-command': 'run' },
    {
      files,
      before: [anApp, first, made(deploy, { ...want, image: image('v2') })],
      anew: true,
      makes: { 'machine created': 2, 'volume created': 1 },
      strikes: ['fly deploy'],
      without: {
        ...built,
        'machine-refused': onlyFirst,
        'addresses-failing': onlyFirst,
        'wrong-region': onlyFirst,
        'no-room': onlyFirst,
        'payment-missing': onlyFirst,
      },
    },
  ),
]);
