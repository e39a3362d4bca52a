// The outside world, as parameters. Types only: who needs the world asks for exactly what it uses (`Use<'http' | 'clock'>`).

/** How a child process ended. Output is text, decoded as UTF-8, kept to its head and tail when it is very long. */
export interface Ended {
  /** Exit code; null when a signal ended it. 127 with `missing` when there is no such executable. */
  readonly exit: number | null;
  readonly signal?: string;
  readonly timedOut?: boolean;
  readonly missing?: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  /** Absolute, or from the project folder. Default: the project folder. */
  readonly cwd?: string;
  /** Set (or, with undefined, unset) on top of the environment that children of kinds get. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Milliseconds. The whole process group is ended by it. Looks default to 60 s, acts to none. */
  readonly timeout?: number;
  /**
   * For an act that prints credentials: nothing it writes is shown or kept before it has ended and these are known to the redactor.
   * Given all it wrote, they are named; undefined: there are some that cannot be told apart, and none of the output is ever shown.
   */
  readonly credentials?: (output: Pick<Ended, 'stdout' | 'stderr'>) => Readonly<Record<string, string>> | undefined;
}

export interface LookingProcesses {
  /** A short command that changes nothing. Never rejects: a missing executable is `missing`. */
  look(argv: readonly string[], options?: ProcessOptions): Promise<Ended>;
}

export interface ActingProcesses extends LookingProcesses {
  /** A command that changes the world: held until it stands in the journal, in its own process group, output kept. */
  act(argv: readonly string[], options?: ProcessOptions): Promise<Ended>;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default `manual`: a redirect is an answer. `follow` takes up to 5, without credentials to another host. */
  readonly redirect?: 'follow' | 'manual';
  /** Milliseconds for the whole exchange; default 10 s. */
  readonly timeout?: number;
  /** Connect to this address instead of the one DNS gives for the host. */
  readonly address?: string;
  /** For answers that stream: told each piece as it comes; true ends the reading. */
  readonly until?: (piece: string) => boolean;
}

/** `failed` is set (and status is 0) when no answer came: name, connection, TLS or time-out, in words. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly failed?: string;
  /** Only with `until`: the body broke off before that was true, in words. What had come is in `body`. */
  readonly cut?: string;
}

export interface LookingHttp {
  look(request: HttpRequest): Promise<HttpAnswer>;
}
export interface ActingHttp extends LookingHttp {
  /** A request that changes something. Guarded by `guard.forbid`. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export type DnsType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'CAA' | 'NS' | 'MX' | 'SOA';
export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** One text per record: address, host without trailing dot, joined TXT, `0 issue "letsencrypt.org"`, `10 mx.example.com`. SOA: `mname rname serial refresh retry expire minimum`. */
  readonly data: string;
}
export interface DnsAnswer {
  /** NOERROR, NXDOMAIN, SERVFAIL, REFUSED, … */
  readonly code: string;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly authoritative: boolean;
  /** No answer came, in words; code is then ''. */
  readonly failed?: string;
}
/** Public resolvers that everybody can ask; where a run is aimed elsewhere, its recursive one stands in for them. */
export type PublicResolver = 'Cloudflare' | 'Google';
export interface Dns {
  /** `server` is an IP address; with neither that nor `resolver`, the resolver of this machine is asked. Never rejects. */
  ask(question: {
    readonly name: string;
    readonly type: DnsType;
    readonly server?: string;
    readonly resolver?: PublicResolver;
  }): Promise<DnsAnswer>;
}

export interface Handshake {
  /** The chain is trusted and the name fits. */
  readonly trusted: boolean;
  /** Why not, in words. */
  readonly problem?: string;
  readonly issuer: string;
  readonly subject: string;
  readonly names: readonly string[];
  readonly from: string;
  readonly to: string;
  /** No handshake at all (connection, time-out), in words. */
  readonly failed?: string;
}
export interface Tls {
  handshake(to: { readonly host: string; readonly port?: number; readonly address?: string }): Promise<Handshake>;
}

export interface PostgresQuestion {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  /** Encrypted, and only to a server whose certificate is trusted. */
  readonly tls: boolean;
  /** One statement. It runs in a transaction that can only read. */
  readonly query: string;
}
export interface PostgresAnswer {
  /** Values as PostgreSQL writes them; null is a missing value. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** No rows came, in words; `code` is the SQLSTATE where the server gave one. */
  readonly failed?: string;
  readonly code?: string;
}
export interface Postgres {
  /** Never rejects. */
  ask(question: PostgresQuestion): Promise<PostgresAnswer>;
}

/** Files of the project. Paths are relative to the project folder, or absolute below an input of type directory. */
export interface LookingFiles {
  /** undefined when there is no such file. Rejects with a sentence when the path leaves the project. */
  read(path: string): Promise<string | undefined>;
  /** Names in a folder (files and folders; folders end with `/`); [] when there is none. */
  list(path: string): Promise<readonly string[]>;
  /** The absolute path, checked to lie inside. */
  resolve(path: string): Promise<string>;
}
export interface ActingFiles extends LookingFiles {
  write(path: string, text: string): Promise<void>;
}

export interface Clock {
  now(): Date;
  /** Ends early, without an error, when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Env {
  get(name: string): string | undefined;
  /** The text of the file whose path this variable holds: a key file of the person, mostly outside the project. undefined: no such variable or file. */
  file?(name: string): Promise<string | undefined>;
}

/** A secret that the runbook declares for an app. */
export interface SecretSpec {
  readonly app: string;
  readonly name: string;
  readonly secret: boolean;
  readonly required: boolean;
  readonly absent: boolean;
  readonly default?: string;
  readonly generate?: 'hex32' | 'base64-32' | 'uuid';
  readonly from?: SecretSource;
  readonly keep?: string;
  readonly to: 'fly-secret' | 'fly-env';
  readonly setBy?: string;
  readonly pattern?: string;
  readonly sameAsStaging: 'allow' | 'warn';
  readonly description?: string;
  readonly example?: string;
}
export type SecretSource =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly op: string }
  | { readonly command: readonly string[] };

export interface DeclaredSecrets {
  readonly names: readonly SecretSpec[];
  readonly compareWith?: string;
  /** The app that is compared with this one. */
  readonly comparedBy?: string;
  /** Names whose `when` does not hold. */
  readonly notNow?: readonly string[];
  /** Names of other apps, but for those on the other side of a comparison with this one. */
  readonly ofOthers?: readonly string[];
}

export interface LookingSecrets {
  /** What the runbook declares for an app (those whose `when` does not hold are left out), and the app it is compared with. */
  declared(app: string): DeclaredSecrets;
  /** Is what stands at the source of a value what was last sent? */
  sinceSent(spec: SecretSpec): Promise<SinceSent>;
}

/** `other`: sent again it would be another value, or one that nobody saw arrive. `unknown` with a `why`: the source cannot be read now. */
export type SinceSent =
  | { readonly is: 'same' }
  | { readonly is: 'other'; readonly why: string }
  | { readonly is: 'unknown'; readonly why?: string };

/** A value, or in a sentence why there is none. */
export type Obtained = { readonly value: string } | { readonly why: string };
export interface ActingSecrets extends LookingSecrets {
  /** The value, obtained as the spec says (asked hidden, generated, read) and known to the redactor. */
  obtain(spec: SecretSpec): Promise<Obtained>;
  /** Write down where it went (salted hash, never the value), before it is sent. */
  kept(spec: SecretSpec, value: string, where: string): Promise<void>;
  /** Every text from now on that contains the value is redacted. */
  learn(name: string, value: string): void;
  /** A value that the world has set by itself: learned, and there for later steps of this sitting (`secrets.NAME`). */
  remember(of: NamedSecret, value: string): void;
  /**
   * A value that the world shows only once. Somebody must be there to keep it: that is asked before `make` is called (nobody: the run
   * stops with nothing made). What `make` gives is remembered, then put into the person's hands.
   */
  receive(of: NamedSecret, make: () => Promise<string | undefined>): Promise<void>;
}

/** Whose secret, and what it is called. */
export type NamedSecret = Pick<SecretSpec, 'app' | 'name'>;

/** The record of the run that asks. */
export interface RunRecord {
  /** Where the runbook wants it, from the project folder. */
  readonly path: string;
  /** As it stands now. */
  text(): string;
  /** The event that a text is the record as of; undefined: of another run, or changed. */
  of(text: string): number | undefined;
  /** Is it a record at all, of whichever run? */
  isOne(text: string): boolean;
}

/** The ports of a look: nothing here changes the world. */
export interface LookPorts {
  readonly processes: LookingProcesses;
  readonly http: LookingHttp;
  readonly dns: Dns;
  readonly tls: Tls;
  readonly postgres: Postgres;
  readonly files: LookingFiles;
  readonly clock: Clock;
  readonly env: Env;
  readonly secrets: LookingSecrets;
  /** Missing where there is no run (a plan). */
  readonly record?: RunRecord;
  readonly signal: AbortSignal;
  /** Who and where we must be, as `accounts:` of the runbook says; missing where nothing is said. */
  readonly accounts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where provider APIs live: `https://api.appstoreconnect.apple.com` and so on, unless aimed elsewhere. */
  readonly urls: { readonly appStoreConnect: string; readonly cloudflare: string; readonly twilio: string };
}

/** The ports of an act. */
export interface ActPorts extends LookPorts {
  readonly processes: ActingProcesses;
  readonly http: ActingHttp;
  readonly files: ActingFiles;
  readonly secrets: ActingSecrets;
  /** A sentence of progress for the person, e.g. "waiting for the builder". */
  tell(sentence: string): void;
}

export type Use<K extends keyof LookPorts> = Pick<LookPorts, K>;
export type UseToAct<K extends keyof ActPorts> = Pick<ActPorts, K>;
