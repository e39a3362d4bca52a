// How flyctl writes: Go's JSON, Go's times, tables.
import type { Definition } from './definition.ts';

/** As Go's encoding/json writes it: HTML characters escaped, one newline at the end. */
export function goJson(value: unknown, indent = 4): string {
  const escaped: Record<string, string> = {
    '<': '\\u003c',
    '>': '\\u003e',
    '&': '\\u0026',
    '\u2028': '\\u2028',
    '\u2029': '\\u2029',
  };
  return JSON.stringify(value, undefined, indent).replace(/[<>&\u2028\u2029]/g, (one) => escaped[one] ?? one) + '\n';
}

/** RFC 3339 without trailing zeros. */
export const goTime = (ms: number): string => new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');

export const zeroTime = '0001-01-01T00:00:00Z';

export const bold = (text: string): string => `\u001b[1m${text}\u001b[0m`;

/** Columns with upper-case headers. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headers.map((header) => header.toUpperCase()), ...rows];
  const widths = headers.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' │ ')
      .trimEnd();
  return all.map(line).join('\n') + '\n\n';
}

/** The whole app as a Go struct: what a query did not ask for is there as zero. */
export function goApp(known: Definition): Definition {
  const none: Definition = { Nodes: null };
  const version: Definition = { Registry: '', Repository: '', Tag: '', Version: '', Digest: '' };
  return {
    ID: '',
    InternalNumericID: 0,
    Name: '',
    State: '',
    Status: '',
    Deployed: false,
    Hostname: '',
    AppURL: '',
    Version: 0,
    NetworkID: 0,
    Network: '',
    Release: null,
    Organization: goOrganization({}),
    Secrets: null,
    CurrentRelease: null,
    Releases: none,
    IPAddresses: none,
    EgressIpAddresses: none,
    SharedIPAddress: '',
    CNAMETarget: '',
    IPAddress: null,
    Certificates: none,
    Certificate: goCertificate,
    PostgresAppRole: null,
    Image: null,
    ImageUpgradeAvailable: false,
    ImageVersionTrackingEnabled: false,
    ImageDetails: version,
    LatestImageDetails: version,
    PlatformVersion: '',
    Machines: none,
    CurrentLock: null,
    ...known,
  };
}

export function goOrganization(known: Definition): Definition {
  const none: Definition = { Nodes: null, Edges: null };
  return {
    ID: '',
    InternalNumericID: '',
    Name: '',
    RemoteBuilderImage: '',
    RemoteBuilderApp: null,
    Slug: '',
    RawSlug: '',
    Type: '',
    PaidPlan: false,
    Billable: false,
    Settings: null,
    Domains: none,
    WireGuardPeer: null,
    WireGuardPeers: none,
    DelegatedWireGuardTokens: none,
    LoggedCertificates: null,
    LimitedAccessTokens: null,
    ...known,
  };
}

export function goRelease(known: Definition): Definition {
  return {
    ID: '',
    Version: 0,
    Stable: false,
    InProgress: false,
    Reason: '',
    Description: '',
    Status: '',
    DeploymentStrategy: '',
    Metadata: null,
    User: { ID: '', Name: '', Email: '', EnablePaidHobby: false },
    EvaluationID: '',
    CreatedAt: zeroTime,
    ImageRef: '',
    ...known,
  };
}

export const goCertificate: Definition = {
  ID: '',
  AcmeDNSConfigured: false,
  AcmeALPNConfigured: false,
  Configured: false,
  CertificateAuthority: '',
  CreatedAt: zeroTime,
  DNSProvider: '',
  DNSValidationInstructions: '',
  DNSValidationHostname: '',
  DNSValidationTarget: '',
  Hostname: '',
  Source: '',
  ClientStatus: '',
  IsApex: false,
  IsWildcard: false,
  Issued: { Nodes: null },
};

/** Is this version of flyctl before that one? Both are MAJOR.MINOR.PATCH. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((one) => one.split('.').map(Number));
  const at = [0, 1, 2].find((place) => a?.[place] !== b?.[place]);
  return at !== undefined && (a?.[at] ?? 0) < (b?.[at] ?? 0);
}
