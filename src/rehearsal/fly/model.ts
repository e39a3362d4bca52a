// What the stand-in keeps of Fly's side of the world. What flyctl prints is kept in the shape it prints (facts/flyctl.md §3).
import type { Definition } from './definition.ts';

export interface FlyState {
  /** What `fly version` says. */
  version: string;
  /** Ids are made of it: each is used once. */
  counter: number;
  /** Milliseconds; every stamp is later than the one before, also while the virtual clock stands. */
  lastStamp: number;
  /** The login in the person's own configuration folder. */
  session?: Session;
  /** Tokens that the server accepts from the environment or `--access-token`. */
  tokens: Token[];
  orgs: Org[];
  /** App names that belong to somebody else: taken, and invisible. */
  taken: string[];
  apps: FlyApp[];
  /** Managed Postgres clusters; missing in older worlds. */
  clusters?: Cluster[];
  /** Databases of Upstash; missing where there are none. */
  redis?: Redis[];
  /** The login sees no app any more; apps that were destroyed elsewhere. Both by faults. */
  narrow?: true;
  vanished?: FlyApp[];
  /** What a server-side flag decides for `--deploy-retries auto` (§3.11.4): 0 is the classic engine. */
  deployRetries: number;
  /** `per-org`: equal values have other digests in another organisation (nobody knows, §3.10.2). */
  digests: 'same' | 'per-org';
  /** A warning of the internal logger on stdout before JSON (§2.8). */
  noise: boolean;
}

interface Session {
  email: string;
  lastLogin: number;
  /** The server refuses it, although the file looks right. */
  revoked?: boolean;
}

export interface Token {
  token: string;
  kind: 'user' | 'org' | 'deploy' | 'readonly' | 'ssh' | 'machine-exec';
  email: string;
  org?: string;
  app?: string;
  /** Those that `tokens create` made have these; `expiresAt` in milliseconds. */
  id?: string;
  name?: string;
  expiresAt?: number;
}

export interface Org {
  readonly id: string;
  slug: string;
  name: string;
  type: 'PERSONAL' | 'SHARED';
  paidPlan: boolean;
}

export interface FlyApp {
  readonly name: string;
  readonly org: string;
  /** Part of the per-app names that certificates use. */
  readonly token: string;
  readonly createdAt: number;
  status: 'pending' | 'deployed' | 'suspended';
  deployed: boolean;
  network: string;
  ips: IpAddress[];
  sharedV4?: string;
  volumes: Volume[];
  secrets: Secret[];
  secretsVersion: number;
  releases: Release[];
  machines: Machine[];
  certificates: Certificate[];
  logs: LogLine[];
  /** The app is an unmanaged Postgres cluster: its databases and users, and which apps are attached. */
  postgres?: { databases: string[]; users: string[]; attached: string[] };
  /** What commands in its machines answer (`ssh console`, `machine exec`); any other ends well and says nothing. */
  answers?: { command: string; stdout: string; stderr: string; exit: number }[];
}

/** A managed Postgres cluster (§3.22). It becomes ready by the clock, whether its maker lives or not. */
export interface Cluster {
  id: string;
  name: string;
  org: string;
  region: string;
  plan: string;
  disk: number;
  version: number;
  readyAt: number;
  attached: string[];
  destroyed?: boolean;
}

/** A database of Upstash (§3.23). */
export interface Redis {
  id: string;
  name: string;
  org: string;
  region: string;
  plan: string;
}

export interface Snapshot {
  /** '' while it is pending. */
  id: string;
  size: number;
  volume_size: number;
  digest: string;
  created_at: string;
  status: string;
  retention_days: number | null;
}

export interface IpAddress {
  ID: string;
  Address: string;
  Type: 'v4' | 'v6' | 'private_v6';
  Region: string;
  CreatedAt: string;
  ServiceName: string;
  Network: { Name: string; Organization: { Slug: string } } | null;
}

export interface Volume {
  id: string;
  name: string;
  state: string;
  size_gb: number;
  region: string;
  zone: string;
  encrypted: boolean;
  attached_machine_id: string | null;
  attached_alloc_id: null;
  created_at: string;
  host_dedication_id: string;
  snapshot_retention: number;
  auto_backup_enabled: boolean;
  host_status: string;
  /** Not printed with the volume. `readyAt`: milliseconds, when a pending one is done. */
  snapshots?: (Snapshot & { readyAt: number })[];
}

/** Never the value: its digest. */
export interface Secret {
  name: string;
  digest: string;
  version: number;
  createdAt: number;
  updatedAt: number;
}

export interface Release {
  id: string;
  version: number;
  status: 'pending' | 'running' | 'complete' | 'failed' | 'interrupted';
  imageRef: string;
  description: string;
  email: string;
  createdAt: number;
  config: Definition;
}

interface MachineCheck {
  name: string;
  status: 'passing' | 'warning' | 'critical';
  output: string;
  updated_at: string;
}

interface MachineMount {
  encrypted: boolean;
  path: string;
  size_gb: number;
  volume: string;
  name: string;
}

export interface MachineConfig {
  env?: Record<string, string>;
  init: { cmd?: string[]; entrypoint?: string[] };
  guest: { cpu_kind: string; cpus: number; memory_mb: number };
  metadata: Record<string, string>;
  mounts?: MachineMount[];
  services?: Definition[];
  checks?: Record<string, Definition>;
  image: string;
  restart: { policy: string; max_retries?: number };
  standbys?: string[];
  auto_destroy?: boolean;
  schedule?: string;
}

export interface Machine {
  id: string;
  name: string;
  state: 'created' | 'starting' | 'started' | 'stopped' | 'replacing' | 'destroyed';
  region: string;
  image_ref: { registry: string; repository: string; tag: string; digest: string; labels: null };
  instance_id: string;
  private_ip: string;
  created_at: string;
  updated_at: string;
  config: MachineConfig;
  events: { type: string; status: string; source: string; timestamp: number; request?: unknown }[];
  checks: MachineCheck[];
  host_status: 'ok';
  cordoned: boolean;
  /** Not printed: when it starts, or its checks pass, without anybody waiting for it. */
  settlesAt?: number;
  /** Not printed: which version of the secrets it carries. */
  secretsVersion?: number;
  /** Not printed: who may change it, and until when. */
  lease?: { nonce: string; until: number };
}

export interface Certificate {
  readonly hostname: string;
  readonly createdAt: number;
  updatedAt: number;
  /** When Fly saw DNS right, and when the authority gave the certificate. */
  validatedAt?: number;
  issuedAt?: number;
  /** Brought by the owner (`certs import`), not by Fly. */
  custom?: boolean;
  /** A fault keeps it pending until then. */
  heldUntil?: number;
  /** Why it is held, where that shows. */
  heldBy?: 'caa' | 'proxy';
  rateLimitedUntil?: number;
  /** When checks failed lately. */
  failedChecks: number[];
  /** What a resolver saw at the last check. */
  seen?: SeenDns;
}

export interface SeenDns {
  readonly a: readonly string[];
  readonly aaaa: readonly string[];
  readonly cname: readonly string[];
  readonly challenge?: string;
  readonly ownership?: string;
  readonly refusedByCaa: boolean;
}

export interface LogLine {
  level: string;
  instance: string;
  message: string;
  region: string;
  timestamp: string;
  provider: string;
}
