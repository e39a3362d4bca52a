// A first runbook from what is in a project: what it holds is checked, created, set and shipped; what it does not hold is not made up.
import type { InventoryEntry } from '../secrets/inventory.ts';
import type { Json } from '../text/json.ts';
import { type Draft, type DraftStep, type Keys, type Part, step, writeDraft } from './draft.ts';
import { iosPart } from './first-ios.ts';
import type { IosApp } from './ios-app.ts';

/** What was found. */
export interface Project {
  readonly name: string;
  /** Under git. */
  readonly git: boolean;
  /** The command that runs the tests. */
  readonly tests?: string;
  readonly fly?: FlyApp;
  readonly ios?: IosApp;
  readonly names: readonly InventoryEntry[];
}

export interface FlyApp {
  /** The fly.toml, from the project folder. */
  readonly file: string;
  readonly app?: string;
  readonly region?: string;
  /** It answers on the web. */
  readonly web: boolean;
  /** Path of its health check. */
  readonly health?: string;
  /** Names of its volumes, with where they are mounted. */
  readonly mounts: Readonly<Record<string, string>>;
}

/** The runbook, whole. */
export function firstRunbook(project: Project): {
  readonly text: string;
  readonly steps: readonly DraftStep[];
  /** Names that it sets. */
  readonly names: readonly string[];
} {
  const { fly } = project;
  const ios = project.ios && iosPart(project.ios);
  const app = fly?.app ?? '${{ inputs.app }}';
  const secrets = fly ? namesOf(project.names) : {};
  const parts: readonly Part[] = [
    ...phase('Before the launch', before(project)),
    ...phase('Backend on Fly.io', fly ? backend(fly, app, secrets) : []),
    ...phase('Domain', fly?.web ? domain(fly, app) : []),
    ...phase('The app in App Store Connect', ios?.store ?? []),
    ...phase('The build', ios?.build ?? []),
    ...phase('TestFlight', ios?.testers ?? []),
    ...phase('Launch', fly || ios ? [] : byHand),
    ...phase('Proof', [ios ? smokeOnPhones : smoke]),
  ];
  const draft: Draft = {
    title: `Launch of ${project.name}`,
    inputs: { ...(fly && inputsOf(fly)), ...ios?.inputs, ...(!fly && !ios && address) },
    secrets: Object.keys(secrets).length > 0 ? { [app]: { names: secrets } } : {},
    parts,
  };
  return {
    text: writeDraft(draft),
    steps: parts.flatMap((part) => (part.is === 'step' ? [part.step] : [])),
    names: Object.keys(secrets),
  };
}

const phase = (title: string, steps: readonly DraftStep[]): readonly Part[] =>
  steps.length === 0 ? [] : [{ is: 'heading', title, depth: 2 }, ...steps.map((step): Part => ({ is: 'step', step }))];

function before({ git, tests }: Project): readonly DraftStep[] {
  return [
    ...(git
      ? [
          step(
            'committed',
            'Everything is committed',
            { uses: 'git/clean' },
            'What is launched is what the repository holds.',
          ),
          step(
            'no-secrets',
            'No secret is in the repository',
            { uses: 'git/no-secrets' },
            'Whoever has a clone has what is in it.',
          ),
        ]
      : []),
    ...(tests === undefined
      ? []
      : [step('tests', 'The tests pass', { run: tests, timeout: '30m' }, 'On this machine, as it is committed.')]),
  ];
}

function backend(fly: FlyApp, app: string, secrets: Keys): readonly DraftStep[] {
  const { file, region = '${{ inputs.region }}', web, mounts } = fly;
  const one = Object.keys(mounts).length > 0;
  const config = { file, app, ...(fly.region !== undefined && { region: fly.region }), ...(one && { mounts }) };
  return [
    // A file that names no app cannot be held against one.
    ...(fly.app === undefined
      ? []
      : [
          step(
            'config',
            'Check the configuration',
            { uses: 'fly/config', with: config },
            `\`${file}\` says what this launch relies on, and holds no known hazard.`,
          ),
        ]),
    step(
      'create-app',
      'Create the Fly app',
      { uses: 'fly/app', with: { name: app } },
      'The name is global and cannot be changed later.',
    ),
    ...Object.keys(mounts).map((name) =>
      step(
        `volume-${slug(name)}`,
        `Create the volume ${name}`,
        { uses: 'fly/volume', with: { app, name, region, size: 1 } },
        'A machine that mounts it holds its data: it is billed while it exists. The size is in GB.',
      ),
    ),
    ...(web
      ? [
          step(
            'addresses',
            'Allocate addresses',
            { uses: 'fly/ips', with: { app, v6: true, v4: 'shared' } },
            'A shared IPv4 address costs nothing.',
          ),
        ]
      : []),
    ...(Object.keys(secrets).length > 0
      ? [
          step(
            'secrets',
            'Fill the secrets',
            { uses: 'secrets/fill', with: { app } },
            'Names are what the code reads (`launch secrets scan`). Say there which are made (`generate`) or read (`from`).',
          ),
        ]
      : []),
    step(
      'deploy',
      'Deploy',
      {
        uses: 'fly/deploy',
        with: { app, config: file, ...(one && { ha: false }) },
        ...(web && { verify: [answers(fly, `https://${app}.fly.dev`)] }),
      },
      web ? 'It is done when the new release answers.' : 'It is done when the new release runs.',
    ),
  ];
}

const answers = ({ health = '/' }: FlyApp, origin: string): Json => ({
  uses: 'http/response',
  with: { url: `${origin}${health}` },
  every: '5s',
  within: '3m',
});

function domain(fly: FlyApp, app: string): readonly DraftStep[] {
  const hostname = '${{ inputs.domain }}';
  const target = '${{ steps.certificate.outputs.target }}';
  const wanted = { if: "inputs.domain != ''" };
  return [
    step(
      'certificate',
      'Ask for a certificate',
      { uses: 'fly/certificate', with: { app, hostname }, ...wanted },
      'Fly answers with the record that DNS needs.',
    ),
    step(
      'point-dns',
      'Point DNS to the app',
      {
        manual: true,
        ...wanted,
        copy: { Type: 'CNAME', Name: hostname, Target: target },
        verify: [{ uses: 'dns/record', with: { name: hostname, type: 'CNAME', value: target }, within: '1h' }],
      },
      'Where the name servers of the domain are. It is seen by itself once they answer with the new record. At Cloudflare: **DNS only** (grey cloud).',
    ),
    step(
      'issued',
      'Wait for the certificate',
      { uses: 'fly/certificate-issued', with: { app, hostname }, within: '1h', ...wanted },
      'Usually a minute after DNS is right.',
    ),
    step(
      'reachable',
      'The domain answers',
      { gate: true, verify: [answers(fly, `https://${hostname}`)], ...wanted },
      'From the public internet, by its own name.',
    ),
  ];
}

/** Where nothing of ours says how it goes up. */
const byHand: readonly DraftStep[] = [
  step(
    'ship',
    'Bring it up',
    { manual: true, evidence: 'required' },
    'How it is done belongs here: the page to open (`open`), the values to copy (`copy`), or the command (`run` in place of `manual`).',
  ),
  step(
    'answers',
    'It answers',
    {
      gate: true,
      verify: [{ uses: 'http/response', with: { url: '${{ inputs.address }}' }, every: '5s', within: '5m' }],
    },
    'From the public internet.',
  ),
];

const address: Keys = { address: { description: 'Its public address', example: 'https://example.com/' } };

const smoke: DraftStep = step(
  'smoke-test',
  'Smoke test',
  { checklist: ['It does what it is for, once, from the outside'] },
  'Say here what a first user does, an item each.',
);

const smokeOnPhones: DraftStep = step(
  'smoke-test',
  'Smoke test',
  { checklist: ['The app starts', 'It does what it is for, once'], testers: ['${{ inputs.testers }}'] },
  'On the phone of each tester. Say here what a first user does, an item each.',
);

function inputsOf({ app, region, web, mounts }: FlyApp): Keys {
  return {
    ...(app === undefined && { app: { description: 'The name of the Fly app', pattern: '[a-z0-9-]+' } }),
    ...(region === undefined &&
      Object.keys(mounts).length > 0 && {
        region: { description: 'The region, as in `fly platform regions`', example: 'sjc' },
      }),
    ...(web && {
      domain: {
        description: 'Your own domain for it, without https://; empty: none',
        required: false,
        example: 'api.example.com',
      },
    }),
  };
}

/** What somebody must set: neither given by the platform nor in `[env]` of the fly.toml. */
function namesOf(entries: readonly InventoryEntry[]): Keys {
  const wanted = entries.filter(
    ({ given, named, read }) =>
      !given &&
      !named.some(({ by }) => by === 'fly.toml') &&
      // What only a compose file names may be for a machine at home.
      (read.length > 0 || named.some(({ by }) => by !== 'compose')),
  );
  return Object.fromEntries(
    wanted.map(({ name, required, secret, default: value }) => [
      name,
      {
        ...(!secret && { secret: false, ...(value !== undefined && { default: value }) }),
        ...(!required && { required: false }),
      },
    ]),
  );
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'data';
