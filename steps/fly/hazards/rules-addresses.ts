// Addresses inside Fly's private network, and apps that should have no other.
import type { FlyToml } from '../fly-toml.ts';
import { type Address, addressesIn } from './code.ts';
import type { Hazard, Trouble } from './hazard.ts';
import { sleepers } from './rules-sleep.ts';
import type { View } from './view.ts';

const internalOfSleeper: Hazard = {
  code: 'internal-of-sleeper',
  why: 'a .internal name leads straight to running machines: it wakes none, and while all of them are stopped it has no address',
  remedy: 'use the .flycast address of the app (a private IPv6), which starts a machine',
  stops: true,
  find: (view) =>
    addresses(view).flatMap(({ at, address }) => {
      const target = address.network === 'internal' ? appNamed(address.app, view) : undefined;
      return target && sleepers(target.services).length > 0
        ? [{ at, says: `${address.app}.internal is an address of an app that may be asleep` }]
        : [];
    }),
};

const flycastPort: Hazard = {
  code: 'flycast-port',
  why: 'Flycast goes through the proxy, which serves the ports of the services only: the connection is refused',
  remedy: 'use a port that a service of the app offers ([http_service] offers 80), not its internal_port',
  stops: true,
  find: (view) =>
    flycast(view).flatMap(({ at, address, target }) => {
      const port = address.port ?? (address.scheme === 'https' ? 443 : 80);
      const ports = target.services.flatMap((service) => service.ports);
      if (ports.some(({ from, to }) => from <= port && port <= to)) return [];
      const offered = ports.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)).join(', ') || 'none';
      return [{ at, says: `${address.app}.flycast is asked on port ${port}; the app offers ${offered}` }];
    }),
};

const flycastHttps: Hazard = {
  code: 'flycast-https',
  why: 'a .flycast name has no certificate: a request that is sent on to HTTPS, or begins there, fails',
  remedy: 'ask by http, and `force_https = false` in the app that is asked: the private network is encrypted anyway',
  stops: true,
  find: (view) =>
    flycast(view).flatMap(({ at, address, target }) => {
      if (address.scheme === 'https') return [{ at, says: `${address.app}.flycast is asked by https` }];
      const forced = target.services.some(({ ports }) =>
        ports.some(
          ({ from, to, forceHttps }) => forceHttps && from <= (address.port ?? 80) && (address.port ?? 80) <= to,
        ),
      );
      return forced ? [{ at, says: `${address.app}.flycast is asked by http, and the app forces HTTPS` }] : [];
    }),
};

/** The first deploy of an app with services allocates public addresses by itself, unless it has some (facts/flyctl.md §3.11.3). */
const publicPrivate: Hazard = {
  code: 'public-private',
  why: 'everyone can reach what should be private',
  remedy: 'in fly/ips: `private: true`, `v6: false`, `v4: none`, `release-public: true`',
  stops: true,
  find: ({ runbook: { steps } }) => {
    const ips = steps.filter(({ kind }) => kind === 'fly/ips');
    const meant = steps.findIndex(({ kind, want }) => kind === 'fly/ips' && want.private === true);
    if (meant === -1) return [];
    const allocating = ips
      .filter(({ want }) => want.v6 !== false || want.v4 !== 'none')
      .map(
        ({ spot, id }): Trouble => ({
          at: spot,
          says: `the step ${id} allocates public addresses for an app that is meant to be private`,
        }),
      );
    const deploy = steps.findIndex(({ kind }) => kind === 'fly/deploy');
    const released = ips.some(({ want }) => want['release-public'] === true);
    const spot = steps[deploy]?.spot;
    return spot && deploy < meant && !released
      ? [
          ...allocating,
          {
            at: spot,
            says: `the step ${steps[deploy]?.id} deploys before the app has its private address, which allocates public ones, and no step releases them`,
          },
        ]
      : allocating;
  },
};

interface Found {
  readonly at: Trouble['at'];
  readonly address: Address;
}

function addresses({ file, config, project }: View): readonly Found[] {
  const { env } = config;
  const inEnv = addressesIn({
    file: file.path,
    text: Object.values(env).join('\n'),
    starts: lineStarts(Object.values(env)),
  });
  const names = Object.keys(env);
  return [
    ...inEnv.map((address) => ({ at: ['env', names[address.spot.line - 1] ?? ''], address })),
    ...project.code.addresses.map((address) => ({ at: address.spot, address })),
  ];
}

function lineStarts(lines: readonly string[]): readonly number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}

const flycast = (view: View): readonly (Found & { readonly target: FlyToml })[] =>
  addresses(view).flatMap(({ at, address }) => {
    const target = address.network === 'flycast' ? appNamed(address.app, view) : undefined;
    return target ? [{ at, address, target }] : [];
  });

/** Of an app that is not in this project nothing is known. */
const appNamed = (app: string, { config, project }: View): FlyToml | undefined =>
  [config, ...project.others].find((one) => one.app === app);

export const addressHazards: readonly Hazard[] = [internalOfSleeper, flycastPort, flycastHttps, publicPrivate];
