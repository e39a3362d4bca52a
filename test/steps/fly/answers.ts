// What the real fly prints, in its shapes: Go-case from the web API with zero values, snake_case from the Machines API (facts/flyctl.md §3).

/** One app of `apps list --json` (§3.5, §3.6). */
export function anApp(name: string, { org = 'sollabs', status = 'deployed' } = {}) {
  return {
    ID: name,
    InternalNumericID: 0,
    Name: name,
    State: '',
    Status: status,
    Deployed: true,
    Hostname: `${name}.fly.dev`,
    AppURL: '',
    Version: 0,
    Network: '',
    Organization: {
      ID: '',
      InternalNumericID: '',
      Name: 'Sol Labs',
      RemoteBuilderImage: '',
      Slug: org,
      RawSlug: org,
      Type: '',
      PaidPlan: false,
      Settings: null,
    },
    Secrets: null,
    CurrentRelease: null,
    Releases: { Nodes: null },
    IPAddresses: { Nodes: null },
    SharedIPAddress: '',
    Machines: { Nodes: null },
  };
}

/** One address of `ips list --json` (§3.8). */
export function anIp(Type: string, Address: string) {
  return {
    ID: Type === 'shared_v4' ? '' : 'ip_1',
    Address,
    Type,
    Region: Type === 'shared_v4' ? '' : 'global',
    CreatedAt: '0001-01-01T00:00:00Z',
    ServiceName: '',
    Network: null,
  };
}

/** One volume (§3.9). */
export function aVolume(
  id: string,
  change: { name?: string; region?: string; size_gb?: number; created_at?: string; host_status?: string } = {},
) {
  return {
    id,
    name: 'solserver_data',
    state: 'created',
    size_gb: 3,
    region: 'sjc',
    zone: '1a2b',
    encrypted: true,
    attached_machine_id: null,
    attached_alloc_id: null,
    created_at: '2026-11-22T20:00:00Z',
    host_dedication_id: '',
    snapshot_retention: 5,
    auto_backup_enabled: true,
    host_status: 'ok',
    ...change,
  };
}

/** One release of `releases --json` (§3.18). */
export function aRelease(
  Version: number,
  Status = 'complete',
  image = `registry.fly.io/solserver-prod:deployment-${Version}`,
) {
  return {
    ID: `rel_${Version}`,
    Version,
    Status,
    ImageRef: image,
    Description: 'Release',
    Reason: '',
    Stable: true,
    InProgress: false,
    DeploymentStrategy: '',
    Metadata: null,
    EvaluationID: '',
    User: { ID: '', Name: '', Email: 'jam@sollabs.com', EnablePaidHobby: false },
    CreatedAt: '2026-11-22T20:00:00Z',
  };
}

interface MachineChange {
  readonly id?: string;
  readonly state?: string;
  readonly group?: string;
  readonly region?: string;
  readonly release?: number;
  readonly autostop?: boolean | string;
  readonly checks?: readonly { name: string; status: string; output?: string }[] | null;
  readonly checked?: boolean;
  readonly standbys?: readonly string[];
}

/** One managed machine of `status --json` (§3.7). */
export function aMachine({
  id = '148e000000000a',
  state = 'started',
  group = 'app',
  region = 'sjc',
  release = 12,
  autostop = false,
  checks,
  checked = true,
  standbys,
}: MachineChange = {}) {
  return {
    id,
    name: 'wandering-sun-1',
    region,
    state,
    instance_id: '01J',
    image_ref: {
      registry: 'registry.fly.io',
      repository: 'solserver-prod',
      tag: `deployment-${release}`,
      digest: 'sha256:00',
      labels: null,
    },
    config: {
      env: { CONTROL_PLANE_DB_PATH: '/data/control_plane.db' },
      metadata: {
        fly_platform_version: 'v2',
        fly_process_group: group,
        fly_release_id: 'rel',
        fly_release_version: String(release),
      },
      mounts: [{ encrypted: true, path: '/data', size_gb: 3, volume: 'vol_1', name: 'solserver_data' }],
      services: [
        {
          protocol: 'tcp',
          internal_port: 8080,
          autostop,
          autostart: true,
          force_instance_key: null,
          ...(checked && { checks: [{ type: 'http', path: '/health' }] }),
        },
      ],
      ...(standbys && { standbys, services: [] }),
    },
    events: [{ type: 'start', status: 'started', timestamp: 1795388400000 }],
    ...(checks !== null &&
      checked && {
        checks: checks ?? [
          { name: 'servicecheck-00-http-8080', status: 'passing', output: 'ok', updated_at: '2026-11-22T23:00:00Z' },
        ],
      }),
    cordoned: false,
  };
}

/** One machine of `machine list --json` that `machine run` made (§3.15). */
export function aManualMachine({
  id = '9185000000000b',
  name = 'nightly',
  state = 'stopped',
  schedule,
  image = 'docker-hub-mirror.fly.io/curlimages/curl:8.10.1',
  region = 'sjc',
  exit,
}: {
  id?: string;
  name?: string;
  state?: string;
  schedule?: string;
  image?: string;
  region?: string;
  exit?: number;
} = {}) {
  return {
    id,
    name,
    region,
    state,
    image_ref: { registry: '', repository: '', tag: '', digest: '', labels: null },
    config: { init: {}, image, metadata: null, restart: { policy: 'on-failure' }, ...(schedule && { schedule }) },
    events:
      exit === undefined
        ? null
        : [
            {
              type: 'exit',
              status: 'stopped',
              source: 'flyd',
              timestamp: 1795388400000,
              request: { exit_event: { exit_code: exit, oom_killed: false } },
            },
          ],
    cordoned: false,
  };
}

/** A machine whose host does not answer: no config at all (§3.7). */
export function aLostMachine(id: string) {
  return {
    id,
    name: 'lost',
    region: 'sjc',
    state: 'started',
    host_status: 'unreachable',
    image_ref: {},
    cordoned: false,
  };
}

/** `status --json` (§3.7). */
export function aStatus(machines: readonly unknown[]) {
  return {
    AppURL: '',
    Deployed: true,
    Hostname: 'solserver-prod.fly.dev',
    ID: 'solserver-prod',
    Machines: machines,
    Name: 'solserver-prod',
    Organization: { ID: '', InternalNumericID: '', Name: '', PaidPlan: false, RawSlug: 'sollabs', Slug: 'sollabs' },
    PlatformVersion: 'machines',
    Status: 'deployed',
    Version: 12,
  };
}

/** One line of `certs list --json` (§3.14). */
export function aListedCertificate(hostname: string, issued = false) {
  return {
    hostname,
    status: issued ? 'active' : 'pending_validation',
    acme_dns_configured: issued,
    acme_alpn_configured: issued,
    acme_http_configured: issued,
    ownership_txt_configured: false,
    configured: issued,
    acme_requested: true,
    has_custom_certificate: false,
    has_fly_certificate: issued,
    created_at: '2026-11-22T20:00:00Z',
    updated_at: '2026-11-22T20:00:00Z',
  };
}

/** `certs add` and `certs check` (§3.14). */
export function aCertificate(hostname: string, change: Record<string, unknown> = {}) {
  return {
    hostname,
    configured: false,
    acme_requested: true,
    status: 'pending_validation',
    certificates: [],
    validation: {
      dns_configured: false,
      alpn_configured: false,
      http_configured: false,
      ownership_txt_configured: false,
    },
    dns_requirements: {
      a: ['203.0.113.10'],
      aaaa: ['2001:db8::10'],
      cname: 'abcd123.solserver-prod.fly.dev',
      acme_challenge: { name: `_acme-challenge.${hostname}`, target: `${hostname}.abcd123.flydns.net` },
      ownership: { name: `_fly-ownership.${hostname}`, app_value: 'app-abcd123', org_value: 'org-efgh456' },
    },
    ...change,
  };
}

/** What is in `certificates` once one is issued. */
export function anIssued(expires_at: string) {
  return [
    {
      source: 'fly',
      status: 'active',
      created_at: '2026-11-22T20:00:00Z',
      expires_at,
      issuer: "Let's Encrypt",
      issued: [{ type: 'ecdsa', expires_at, certificate_authority: 'lets_encrypt' }],
    },
  ];
}
