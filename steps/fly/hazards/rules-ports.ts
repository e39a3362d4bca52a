// The one port that the proxy, the image and the code must agree on, and where the code listens.
import type { Hazard, Trouble } from './hazard.ts';
import { startedBy } from './started.ts';
import type { View } from './view.ts';

const why =
  'the proxy finds nobody on internal_port: health checks fail, the deploy waits for its whole time-out and gives up';

/** PORT of [env] wins over that of the image. */
const portDiffers: Hazard = {
  code: 'port-differs',
  why,
  remedy: 'write the same port in both',
  stops: true,
  find: (view) => {
    const ports = internalPorts(view);
    const port = Number(view.config.env.PORT);
    if (ports.length === 0 || !Number.isInteger(port) || ports.includes(port)) return [];
    return [{ at: ['env', 'PORT'], says: `PORT is ${port} in [env], internal_port is ${ports.join(', ')}` }];
  },
};

const imagePortDiffers: Hazard = {
  code: 'image-port-differs',
  why,
  remedy: 'set internal_port to it, or PORT in [env] to internal_port',
  stops: true,
  find: (view) => {
    const ports = internalPorts(view);
    const set = view.project.dockerfile?.env.get('PORT');
    if (!set || ports.length === 0 || view.config.env.PORT !== undefined || ports.includes(Number(set.value)))
      return [];
    return [{ at: set.spot, says: `PORT is ${set.value} in the image, internal_port is ${ports.join(', ')}` }];
  },
};

const exposedDiffers: Hazard = {
  code: 'expose-differs',
  why: 'EXPOSE changes nothing on Fly, but one of the two numbers is wrong, and if it is internal_port nobody answers',
  remedy: 'write the port that the server listens on in both',
  stops: false,
  find: (view) => {
    const ports = internalPorts(view);
    const exposed = view.project.dockerfile?.exposed ?? [];
    const [first] = exposed;
    if (!first || ports.length === 0 || exposed.some(({ port }) => ports.includes(port))) return [];
    return [
      {
        at: first.spot,
        says: `EXPOSE ${exposed.map(({ port }) => port).join(' ')}, internal_port is ${ports.join(', ')}`,
      },
    ];
  },
};

const codePortDiffers: Hazard = {
  code: 'code-port-differs',
  why,
  remedy: 'set internal_port to the port of the code, or PORT in [env] where the code reads it',
  stops: true,
  find: (view) => {
    const { code, dockerfile } = view.project;
    const ports = internalPorts(view);
    const given = view.config.env.PORT ?? dockerfile?.env.get('PORT')?.value;
    const taken = given !== undefined && code.readsPort ? [] : [...code.fallbackPorts, ...code.fixedPorts];
    const started = view.config.groups.map((group) => startedBy(group, view)).join('\n');
    if (ports.length === 0 || taken.length === 0 || taken.some(({ port }) => ports.includes(port))) return [];
    // A port in the command that is started says more than a default in the code.
    if (ports.some((port) => new RegExp(`(?:^|\\D)${port}(?:\\D|$)`).test(started))) return [];
    return taken.slice(0, 1).map(
      ({ port, spot }): Trouble => ({
        at: spot,
        says: `the code listens on ${port}${given === undefined ? ' unless PORT is set, and it is not' : ''}; internal_port is ${ports.join(', ')}`,
      }),
    );
  },
};

const loopback: Hazard = {
  code: 'loopback',
  why: 'only programs in the same machine reach it; the proxy does not',
  remedy: 'listen on 0.0.0.0 (or `::`)',
  stops: true,
  find: (view) => {
    if (internalPorts(view).length === 0) return [];
    const { env } = view.config;
    const named = ['HOST', 'BIND', 'LISTEN_HOST', 'HOSTNAME'].filter((name) =>
      /^(127\.0\.0\.1|localhost|::1)$/.test(env[name] ?? ''),
    );
    const { listens } = view.project.code;
    const all = listens.length > 0 && listens.every((one) => one.loopback) ? listens.slice(0, 1) : [];
    return [
      ...named.map((name) => ({
        at: ['env', name],
        says: `${name} is ${env[name]}: the server listens for its own machine only`,
      })),
      ...all.map(({ spot }) => ({ at: spot, says: 'the server listens for its own machine only' })),
    ];
  },
};

/** Free addresses serve HTTP on 80 and 443 only (facts/flyctl.md §3.11.3). */
const dedicatedAddress: Hazard = {
  code: 'dedicated-address',
  why: 'it needs a dedicated address, which a first deploy without a terminal does not allocate, without an error: the port cannot be reached',
  remedy: 'allocate one before the deploy (fly/ips with `v4: dedicated`), or serve HTTP on 80 and 443',
  stops: false,
  find: ({ config: { services }, runbook }) => {
    const bought = runbook.steps.some(
      ({ kind, want }) =>
        kind === 'fly/ips' && (want.v4 === 'dedicated' || want.v4 === 'none' || want.private === true),
    );
    if (bought) return [];
    return services
      .flatMap(({ ports }) => ports)
      .filter(({ from, to, handlers }) => !isStandard(from, to, handlers))
      .map(({ at, from, to }) => ({
        at,
        says: `the service offers port ${from === to ? from : `${from} to ${to}`}, which a shared address does not serve`,
      }));
  },
};
const isStandard = (from: number, to: number, handlers: readonly string[]): boolean =>
  from === to && ((from === 80 && handlers.join() === 'http') || (from === 443 && handlers.includes('tls')));

const internalPorts = ({ config }: View): readonly number[] => [
  ...new Set(config.services.flatMap(({ port }) => port ?? [])),
];

export const portHazards: readonly Hazard[] = [
  portDiffers,
  imagePortDiffers,
  exposedDiffers,
  codePortDiffers,
  loopback,
  dedicatedAddress,
];
