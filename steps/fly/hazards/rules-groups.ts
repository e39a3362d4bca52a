// Process groups: names that are no group, and sections that do not say which group they mean.
import type { Hazard } from './hazard.ts';

const unknownGroup: Hazard = {
  code: 'unknown-group',
  why: 'fly refuses such a name in a service or [[restart]]; in a mount, check, vm or file it silently matches nothing',
  remedy: 'name a process group of [processes]; without that table the only one is "app"',
  stops: true,
  find: ({ config: { namedGroups, groups } }) =>
    namedGroups
      .filter(({ name }) => !groups.includes(name))
      .map(({ at, name }) => ({ at, says: `${table(at)} names a process group that is not there: ${name}` })),
};

const serviceWithoutGroup: Hazard = {
  code: 'service-without-group',
  why: 'with a [processes] in the file, fly refuses a service that names no process group',
  remedy: 'add `processes = ["…"]` to it',
  stops: true,
  find: ({ config: { services, grouped } }) =>
    services
      .filter(({ groups }) => grouped && groups.length === 0)
      .map(({ at }) => ({ at, says: `${table(at)} names no process group` })),
};

/** With one group there is nothing to mean; with several the default one is chosen by its name. */
const defaultGroup: Hazard = {
  code: 'default-group',
  why: 'it belongs to the default group only (`app`, else the first by alphabet); the others go without',
  remedy: 'say which group is meant: `processes = ["…"]`',
  stops: false,
  find: ({ config: { mounts, checks, groups } }) =>
    groups.length < 2
      ? []
      : [...mounts, ...checks]
          .filter(({ named }) => !named)
          .map(({ at, groups: [group] }) => ({
            at,
            says: `${table(at)} names no process group, so it belongs to ${group}`,
          })),
};

const table = (at: readonly (string | number)[]): string =>
  at[0] === 'checks' ? `[checks.${at[1]}]` : at[0] === 'http_service' ? '[http_service]' : `[[${at[0]}]]`;

export const groupHazards: readonly Hazard[] = [unknownGroup, serviceWithoutGroup, defaultGroup];
