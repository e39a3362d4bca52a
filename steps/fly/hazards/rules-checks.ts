// Health checks: what a deploy waits for, and what the proxy goes by.

import { serves } from './code.ts';
import { parseGoDuration } from './go-duration.ts';
import type { Hazard } from './hazard.ts';

const pathNotServed: Hazard = {
  code: 'path-not-served',
  why: 'the check fails on anything but 200, so the deploy waits for its whole time-out and gives up',
  remedy: 'check a path that the code serves, or add it',
  stops: true,
  find: ({ config: { services, checks }, project: { code } }) =>
    !code.complete || !code.routed || code.opaque
      ? []
      : [...services.flatMap((service) => service.checks), ...checks]
          .filter(({ path }) => path !== undefined && path !== '/' && !serves(code, path))
          .map(({ at, path }) => ({ at: [...at, 'path'], says: `nothing in the code serves ${path}` })),
};

const noCheck: Hazard = {
  code: 'no-check',
  why: 'a deploy succeeds as soon as the process stays up, and the proxy sends requests to machines that cannot answer',
  remedy: 'add `[[http_service.checks]]` with a path that answers 200',
  stops: false,
  find: ({ config: { services, checks } }) =>
    services
      .filter(
        (service) =>
          service.checks.length === 0 &&
          !checks.some(
            ({ port, groups }) =>
              (port === undefined || port === service.port) && groups.some((group) => service.groups.includes(group)),
          ),
      )
      .map(({ at }) => ({ at, says: 'the service has no health check' })),
};

const checkLimits: Hazard = {
  code: 'check-limits',
  why: 'fly refuses the file',
  remedy: 'an interval is at least 2s there, a timeout at most 60s',
  stops: true,
  find: ({ config: { checks } }) =>
    checks.flatMap(({ at, interval, timeout }) => [
      ...((parseGoDuration(interval) ?? 2000) < 2000
        ? [{ at: [...at, 'interval'], says: `the interval ${interval} is too short` }]
        : []),
      ...((parseGoDuration(timeout) ?? 0) > 60_000
        ? [{ at: [...at, 'timeout'], says: `the timeout ${timeout} is too long` }]
        : []),
    ]),
};

const checkWithoutType: Hazard = {
  code: 'check-without-type',
  why: 'fly refuses the file',
  remedy: 'say `type = "http"` or `type = "tcp"`',
  stops: true,
  find: ({ config: { checks } }) =>
    checks.filter(({ type }) => type === undefined).map(({ at }) => ({ at, says: `[checks.${at[1]}] has no type` })),
};

const checkWithoutPort: Hazard = {
  code: 'check-without-port',
  why: 'without an [http_service] there is no port to take, and the deploy fails after the file was found valid',
  remedy: 'say `port`',
  stops: true,
  find: ({ config: { checks, services } }) =>
    services.some(({ isHttp }) => isHttp)
      ? []
      : checks
          .filter(({ port }) => port === undefined)
          .map(({ at }) => ({ at, says: `[checks.${at[1]}] has no port` })),
};

export const checkHazards: readonly Hazard[] = [
  pathNotServed,
  noCheck,
  checkLimits,
  checkWithoutType,
  checkWithoutPort,
];
