// What a fly.toml says, with the spellings that fly itself accepts brought to one.
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';

export interface Mount {
  readonly source: string;
  readonly destination: string;
  /** Process groups that mount it: each of their machines has a volume of its own. */
  readonly groups: readonly string[];
}

export interface FlyToml {
  readonly app?: string;
  readonly region?: string;
  readonly groups: readonly string[];
  readonly mounts: readonly Mount[];
  readonly ports: readonly number[];
  readonly healthPaths: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly strategy?: string;
  /** Services that name no process group: invalid as soon as there is a [processes]. */
  readonly servicesWithoutGroup: boolean;
  /** Durations written as bare numbers where fly reads nanoseconds. */
  readonly nanoseconds: readonly string[];
}

/** A table where fly expects an array is an array of one (facts/flyctl.md §4.1). */
const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), item.transform((one) => [one])]).default([]);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.bigint()]).transform(String);
const names = z.array(z.string()).optional();

const checkShape = z.looseObject({
  path: z.string().optional(),
  interval: z.unknown().optional(),
  timeout: z.unknown().optional(),
  grace_period: z.unknown().optional(),
});
const serviceShape = z.looseObject({
  internal_port: z.number().optional(),
  processes: names,
  checks: oneOrMore(checkShape),
  http_checks: oneOrMore(checkShape),
});
const mountShape = z.looseObject({
  source: z.string().default(''),
  destination: z.string().default(''),
  processes: names,
});
const fileShape = z.looseObject({
  app: z.string().optional(),
  primary_region: z.string().optional(),
  processes: z.record(z.string(), z.unknown()).optional(),
  mounts: oneOrMore(mountShape),
  mount: oneOrMore(mountShape),
  http_service: serviceShape.optional(),
  services: oneOrMore(serviceShape),
  checks: z.record(z.string(), checkShape).default({}),
  env: z.record(z.string(), scalar).default({}),
  deploy: z
    .looseObject({
      strategy: z.string().optional(),
      wait_timeout: z.unknown().optional(),
      release_command_timeout: z.unknown().optional(),
    })
    .default({}),
});

/** `file` decides the format as fly does: `.json` is JSON, all else TOML. */
export function readFlyToml(text: string, file: string): FlyToml | { readonly fault: string } {
  try {
    const parsed = fileShape.safeParse(file.endsWith('.json') ? JSON.parse(text) : parse(text));
    if (parsed.success) return simplify(parsed.data);
    const [issue] = parsed.error.issues;
    return { fault: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as fly expects'}` };
  } catch (error) {
    if (error instanceof TomlError) return { fault: `line ${error.line}: ${error.message.split('\n')[0]}` };
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function simplify(file: z.output<typeof fileShape>): FlyToml {
  const groups = Object.keys(file.processes ?? { app: '' });
  // Without `processes` a mount belongs to the default group: `app`, else the alphabetically first (§4.5).
  const byDefault = groups.includes('app') ? 'app' : (groups.toSorted()[0] ?? 'app');
  const services = [...(file.http_service ? [file.http_service] : []), ...file.services];
  const serviceChecks = services.flatMap(({ checks, http_checks }) => [...checks, ...http_checks]);
  return {
    app: file.app,
    region: file.primary_region,
    groups,
    mounts: [...file.mounts, ...file.mount].map(({ source, destination, processes }) => ({
      source,
      destination,
      groups: processes && processes.length > 0 ? processes : [byDefault],
    })),
    ports: services.flatMap(({ internal_port }) => internal_port ?? []),
    healthPaths: [...serviceChecks, ...Object.values(file.checks)].flatMap(({ path }) => path ?? []),
    env: file.env,
    strategy: file.deploy.strategy,
    servicesWithoutGroup:
      file.processes !== undefined && services.some(({ processes }) => (processes ?? []).length === 0),
    nanoseconds: nanosecondsIn(file),
  };
}

function nanosecondsIn({ http_service, deploy }: z.output<typeof fileShape>): string[] {
  const checks = (http_service?.checks ?? []).flatMap(({ interval, timeout, grace_period }) =>
    Object.entries({ interval, timeout, grace_period }),
  );
  const bare = ([, value]: [string, unknown]): boolean => typeof value === 'number' && value > 0;
  return [
    ...checks.filter(bare).map(([key, value]) => `http_service.checks ${key} = ${value}`),
    ...Object.entries({ wait_timeout: deploy.wait_timeout, release_command_timeout: deploy.release_command_timeout })
      .filter(bare)
      .map(([key, value]) => `deploy ${key} = ${value}`),
  ];
}
