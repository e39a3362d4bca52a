// The JSON that fly prints, as far as we rely on it: unknown keys are let through, missing and null ones are accepted (facts/flyctl.md §2.15).
import { z } from 'zod';

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

export const whoAmIShape = z.object({ email: z.string() });
export const orgsShape = z.record(z.string(), z.string());

/** `apps list`: Go-case keys (§3.6). */
const appShape = z.object({
  Name: z.string(),
  Hostname: text,
  Status: text,
  Organization: z.object({ Slug: text }).nullish(),
});
export const appsShape = z.array(appShape);
export type App = z.output<typeof appShape>;

/** `releases` (§3.18): newest first, at most 25; failed ones are numbered too. */
export const releasesShape = z.array(
  z.object({ Version: z.number(), Status: z.string(), ImageRef: text, CreatedAt: text }),
);
export type Release = z.output<typeof releasesShape>[number];

const checked = z.object({ checks: z.unknown().optional() });
const configShape = z.object({
  metadata: z.record(z.string(), z.string()).nullish(),
  /** `autostop` is `true`, `false` or `"suspend"`. */
  services: list(checked.extend({ autostop: z.union([z.boolean(), z.string()]).nullish() })),
  checks: z.unknown().optional(),
  mounts: list(z.object({ volume: text, path: text })),
  standbys: list(z.string()),
  schedule: z.string().nullish(),
  image: text,
});

/** A machine in `status` (§3.7). `config` may be missing while its host does not answer. */
const machineShape = z.object({
  id: z.string(),
  name: text,
  region: text,
  state: text,
  host_status: z.string().nullish(),
  config: configShape.nullish(),
  checks: list(z.object({ name: text, status: text, output: text })),
  /** Newest first; an `exit` carries how the program ended. */
  events: list(
    z.object({
      type: text,
      timestamp: z.number().nullish(),
      request: z
        .object({ exit_event: z.object({ exit_code: z.number().nullish() }).nullish() })
        .nullish()
        .catch(null),
    }),
  ),
});
export type Machine = z.output<typeof machineShape>;
export const statusShape = z.object({
  Name: z.string(),
  Organization: z.object({ Slug: text }).nullish(),
  Machines: list(machineShape),
});

/** `machine list` (§3.15): every machine, also those that deploys do not manage. */
export const machinesShape = z.array(machineShape);

/** `ips list` (§3.8): Go-case keys. */
export const ipsShape = z.array(z.object({ Address: z.string(), Type: z.string() }));
export type Ip = z.output<typeof ipsShape>[number];

/** `volumes list`, `volumes create` (§3.9). */
export const volumeShape = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  size_gb: z.number(),
  state: text,
  created_at: text,
  host_status: z.string().nullish(),
});
export const volumesShape = z.array(volumeShape);
export type Volume = z.output<typeof volumeShape>;

/** `secrets list`: name in lower case since v0.3.178, `status` since v0.4.6 and only up to 100 machines (§3.10.2, §8). */
export const secretsShape = z.array(
  z
    .object({
      name: z.string().optional(),
      Name: z.string().optional(),
      digest: z.string().optional(),
      Digest: z.string().optional(),
      status: z.string().optional(),
    })
    .refine((secret) => (secret.name ?? secret.Name) !== undefined)
    .transform((secret) => ({
      name: secret.name ?? secret.Name ?? '',
      digest: secret.digest ?? secret.Digest ?? '',
      status: secret.status,
    })),
);

/** `certs list` (§3.14), the shape since v0.4.11. */
export const certificatesShape = z.array(
  z.object({
    hostname: z.string(),
    configured: z.boolean(),
    has_fly_certificate: z.boolean().default(false),
    has_custom_certificate: z.boolean().default(false),
    updated_at: text,
  }),
);

/** `certs add` and `certs check` (§3.14). */
export const certificateShape = z.object({
  hostname: z.string(),
  configured: z.boolean(),
  status: text,
  rate_limited_until: z.string().nullish(),
  certificates: list(
    z.object({
      status: text,
      expires_at: z.string().nullish(),
      issued: list(z.object({ type: text, expires_at: z.string().nullish() })),
    }),
  ),
  dns_requirements: z
    .object({
      a: list(z.string()),
      aaaa: list(z.string()),
      cname: text,
      acme_challenge: z.object({ name: text, target: text }).nullish(),
      ownership: z.object({ name: text, app_value: text }).nullish(),
    })
    .nullish(),
  validation_errors: list(z.object({ message: text, remediation: z.string().nullish() })),
});
export type Certificate = z.output<typeof certificateShape>;

/** One entry of `logs --json` (§3.17). */
export const logLineShape = z.object({
  message: z.string(),
  timestamp: text,
  instance: text,
  meta: z.object({ Event: z.object({ Provider: text }).nullish() }).nullish(),
});

/** `volumes snapshots list` (§3.9), oldest first; `id` is empty while one is pending. */
export const snapshotsShape = z.array(z.object({ id: text, created_at: text, status: text }));

/** `mpg list` (§3.22). */
export const clustersShape = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    region: text,
    status: text,
    plan: text,
    attached_apps: list(z.object({ name: text })),
  }),
);
export type Cluster = z.output<typeof clustersShape>[number];

/** `tokens create` (§3.24). */
export const tokenShape = z.object({ token: z.string() });
