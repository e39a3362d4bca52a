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
