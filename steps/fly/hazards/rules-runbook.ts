// What the runbook's own fly steps rely on, against what the file says.
import { differencesOf } from '../config-wants.ts';
import type { Hazard, Trouble } from './hazard.ts';
import { countsOf } from './rules-volumes.ts';
import type { FlyStep } from './view.ts';

const why = 'a step of the launch works with it, and fails or works on something else when it is reached';

const appDiffers: Hazard = {
  code: 'app-differs',
  why: '`-a` wins over the file without a word where it is given; where it is not, the other app is changed',
  remedy: 'write the same app in both, or name the right file',
  stops: true,
  find: ({ config: { app }, file, runbook }) =>
    naming(file.path, runbook.steps)
      .filter(({ want }) => typeof want.app === 'string' && want.app !== app)
      .map(({ want, id, runbook: name }) => ({
        at: ['app'],
        says: `the file is of ${app ?? 'no app'}, the step ${id} of ${name} uses it for ${want.app}`,
      })),
};

const stagingFile: Hazard = {
  code: 'staging-file',
  why: 'production would run with what is meant for staging, or staging would be changed',
  remedy: 'name the file of production in the runbook, or correct the values',
  stops: true,
  find: ({ config: { app, env }, file, runbook }) => {
    const users = naming(file.path, runbook.steps);
    const [first] = users;
    if (!first) return [];
    const isStaging = (text: string): string | undefined =>
      runbook.staging.find((word) =>
        new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`).test(text),
      );
    const byName =
      /(?:^|[./_-])(?:staging|stage)(?=[./_-]|$)/.test(file.path) &&
      !/staging|stage/.test(String(first.want.app ?? ''));
    const found: Trouble[] = byName
      ? [{ at: first.spot, says: `the step ${first.id} uses ${file.path}, by its name the file of staging` }]
      : [];
    const word = isStaging(app ?? '');
    if (word) found.push({ at: ['app'], says: `the app is ${app}, which the runbook keeps its hands off` });
    for (const [name, value] of Object.entries(env))
      if (isStaging(value)) found.push({ at: ['env', name], says: `${name} in [env] speaks of ${isStaging(value)}` });
    return found;
  },
};

const regionDiffers: Hazard = {
  code: 'region-differs',
  why: 'a volume can only be used in its own region: the first deploy finds no volume where it makes the machine',
  remedy: 'write the same region in the file and in the runbook',
  stops: true,
  find: ({ config: { region }, runbook }) =>
    runbook.steps
      .filter(({ kind, want }) => REGIONAL.has(kind) && typeof want.region === 'string' && want.region !== region)
      .map(({ want, id, spot, runbook: name }) => ({
        at: region === undefined ? spot : ['primary_region'],
        says: `primary_region is ${region ?? 'not set'}, the step ${id} of ${name} says ${want.region}`,
      })),
};
const REGIONAL: ReadonlySet<string> = new Set(['fly/volume', 'fly/config', 'fly/machines', 'fly/scheduled-machine']);

const noMount: Hazard = {
  code: 'no-mount',
  why: 'the volume is made and billed, and nothing uses it: what the app writes is lost at its next restart',
  remedy: 'add a [[mounts]] with this source, or correct the name',
  stops: true,
  find: ({ config: { mounts }, runbook }) =>
    runbook.steps
      .filter(
        ({ kind, want }) =>
          kind === 'fly/volume' && typeof want.name === 'string' && !mounts.some(({ source }) => source === want.name),
      )
      .map(({ want, id, spot }) => ({
        at: mounts[0]?.at ? [...mounts[0].at, 'source'] : spot,
        says: `the step ${id} makes the volume ${want.name}; the file mounts ${mounts.map(({ source }) => source).join(', ') || 'none'}`,
      })),
};

const noGroup: Hazard = {
  code: 'no-group',
  why,
  remedy: 'correct the name, or add the group to [processes]',
  stops: true,
  find: (view) =>
    view.runbook.steps.flatMap(({ kind, want, id, spot }) =>
      groupsIn(kind, want)
        .filter((group) => !view.config.groups.includes(group))
        .map((group) => ({
          at: spot,
          says: `the step ${id} speaks of the process group ${group}; the file has ${view.config.groups.join(', ')}`,
        })),
    ),
};

const noService: Hazard = {
  code: 'no-service',
  why: 'without a service on 443 the proxy has nothing to send a request to: the name leads to nobody',
  remedy: 'add [http_service], or a service with the ports 80 and 443',
  stops: true,
  find: ({ config: { services }, runbook }) =>
    services.some(({ ports }) => ports.some(({ from, to }) => from <= 443 && 443 <= to))
      ? []
      : runbook.steps
          .filter(({ kind }) => kind === 'fly/certificate')
          .map(({ want, id, spot }) => ({
            at: spot,
            says: `the step ${id} makes a certificate for ${want.hostname ?? 'a name'}, and the file has no service on 443`,
          })),
};

/** A group with a service and no mount gets two machines at its first deploy (facts/flyctl.md §3.11.3). */
const secondMachine: Hazard = {
  code: 'second-machine',
  why: 'a first deploy makes a spare machine unless it is told not to: there are two, until the count is put right',
  remedy: 'say `ha: false` in the fly/deploy step',
  stops: false,
  find: (view) => {
    const { config, runbook } = view;
    const single = runbook.steps
      .filter(({ kind }) => kind === 'fly/machines')
      .flatMap(({ want }) =>
        Object.entries(countsOf(want, view)).flatMap(([group, count]) => (count === 1 ? [group] : [])),
      );
    const doubled = single.filter((group) => !config.mounts.some(({ groups }) => groups.includes(group)));
    if (doubled.length === 0) return [];
    return runbook.steps
      .filter(({ kind, want }) => kind === 'fly/deploy' && want.ha !== false)
      .map(({ id, spot }) => ({
        at: spot,
        says: `the step ${id} deploys with a spare machine, and exactly one of ${doubled.join(', ')} is wanted`,
      }));
  },
};

const missingEnv: Hazard = {
  code: 'missing-env',
  why: 'the runbook counts on the file for it, so nothing sets it',
  remedy: 'add it to [env]',
  stops: true,
  find: ({ config: { env }, runbook }) =>
    runbook.secrets
      .filter(({ name, to, absent, required }) => to === 'fly-env' && required && !absent && env[name] === undefined)
      .map(({ name }) => ({ at: ['env'], says: `${name} is not in [env], where the runbook says it stands` })),
};

const configDiffers: Hazard = {
  code: 'config-differs',
  why: 'the step fly/config stops the launch there',
  remedy: 'correct the file, or the step',
  stops: true,
  find: ({ config, runbook }) =>
    runbook.steps
      .filter(({ kind }) => kind === 'fly/config')
      .flatMap(({ want, id }) =>
        // Told by app-differs and region-differs.
        differencesOf({ ...want, app: undefined, region: undefined }, config).map(({ at, expected, seen }) => ({
          at,
          says: `the step ${id} expects ${expected}; the file says: ${seen}`,
        })),
      ),
};

const missingDockerfile: Hazard = {
  code: 'missing-dockerfile',
  why: 'the deploy has nothing to build from',
  remedy: 'correct the path; it counts from the folder of the file',
  stops: true,
  find: ({ project: { missingDockerfile: path } }) =>
    path === undefined ? [] : [{ at: ['build', 'dockerfile'], says: `there is no ${path}` }],
};

/** Steps that name this file. */
const naming = (file: string, steps: readonly FlyStep[]): readonly FlyStep[] =>
  steps.filter(({ want }) => want.file === file || want.config === file);

/** Groups that a step of that kind speaks of. */
function groupsIn(kind: string, want: FlyStep['want']): readonly string[] {
  // Told as a whole by config-differs.
  if (kind === 'fly/config') return [];
  const { group, groups } = want;
  const listed = Array.isArray(groups)
    ? groups
    : Object.keys(typeof groups === 'object' && groups !== null ? groups : {});
  return [...(typeof group === 'string' ? [group] : []), ...listed].filter((one) => typeof one === 'string');
}

export const runbookHazards: readonly Hazard[] = [
  appDiffers,
  stagingFile,
  regionDiffers,
  noMount,
  noGroup,
  noService,
  secondMachine,
  missingEnv,
  configDiffers,
  missingDockerfile,
];
