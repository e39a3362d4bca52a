// What the engine is given of the outside world; ports of a step are cut from it. Made by `real.ts`, and by the rehearsal.
import type {
  ActingFiles,
  Clock,
  Dns,
  Ended,
  Env,
  HttpAnswer,
  HttpRequest,
  LookPorts,
  Postgres,
  ProcessOptions,
  Tls,
} from './ports.ts';

export interface Spawned {
  readonly pid: number;
  readonly group: number;
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
}

export interface HoldOptions extends ProcessOptions {
  /** Raw bytes as they come, of either stream. */
  /** Whoever keeps the bytes copies them. */
  onOutput?(bytes: Uint8Array, stream: 'stdout' | 'stderr'): void;
  /** `kind`: the allow-listed environment; `person`: the person's own (steps written as run and script). */
  readonly environment: 'kind' | 'person';
  /** Names taken out of the person's environment: values known as secret that the step did not name. */
  readonly without?: readonly string[];
}

/** A look of the runbook itself (`run:`) gets the person's environment. `signal`: its group is ended when it is aborted. */
export type LookOptions = ProcessOptions &
  Partial<Pick<HoldOptions, 'environment' | 'without'>> & { readonly signal?: AbortSignal };

/** A child that exists but has done nothing: it waits for one byte, and ends having done nothing if we die. */
export interface HeldChild {
  /** undefined where there is no such executable: `ended` then says so. */
  readonly spawned?: Spawned;
  /** Let it become the command. */
  go(): void;
  readonly ended: Promise<Ended>;
  /** TERM to its group, KILL after a grace. Settles when no process of the group is left. */
  end(): Promise<void>;
}

export interface World {
  /** Absolute path of the project folder. */
  readonly project: string;
  readonly processes: {
    /** A short command that changes nothing; `environment` is `kind` where it is left out. Never rejects. */
    look(argv: readonly string[], options?: LookOptions): Promise<Ended>;
    hold(argv: readonly string[], options: HoldOptions): Promise<HeldChild>;
    /** Is a child of an earlier sitting still there? */
    lives(child: Spawned): 'alive' | 'gone' | 'elsewhere';
    /** TERM, then KILL, to the group of such a child. */
    endOrphan(child: Spawned): Promise<void>;
  };
  /** What carries out a script with zx's globals; the script comes by its input. */
  readonly zx: readonly string[];
  /** Real milliseconds, also in a rehearsal: for what lives outside the virtual clock (an orphan). */
  pause(ms: number): Promise<void>;
  readonly http: { exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> };
  readonly dns: Dns;
  readonly tls: Tls;
  readonly postgres: Postgres;
  /** `allow`: paths below this folder may be used too, an input of type directory. Rejects where it is no folder. */
  readonly files: ActingFiles & { allow(folder: string): Promise<void> };
  /**
   * `monotonic`: milliseconds of time itself, which stand still while the machine sleeps and are never set back.
   * `sleepUntil`: to a time of the clock, in milliseconds. A difference taken before it sleeps would be wrong where the machine sleeps in between.
   */
  readonly clock: Clock & { monotonic(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  readonly env: Env;
  readonly urls: LookPorts['urls'];
  /** A file for `$LAUNCH_OUTPUT`. */
  scratch(): Promise<{ readonly path: string; read(): Promise<string>; remove(): Promise<void> }>;
  /** Open a page. false where there is no way to: the address is shown. */
  open(url: string): Promise<boolean>;
  /** To the clipboard; false where there is no way to. */
  copy(text: string): Promise<boolean>;
  /** Keeps this machine awake until the returned function is called. Missing where nobody's machine is meant. */
  awake?(): () => void;
  /** The person's own shell, with the terminal, in a folder of the project; settles when it is left. Missing where there is none. */
  shell?(options: { readonly env: Readonly<Record<string, string>>; readonly cwd: string }): Promise<void>;
  /** Random bytes, as hex. */
  random(bytes: number): string;
  /** Rehearsal: makes a step's checks so in the stand-in world when they are due. Missing in the real world. */
  readonly pretend?: Pretend;
}

/** What a rehearsal does in place of the people and machines that are not there. */
export interface Pretend {
  /** A look is due that must come true by someone's doing: `kind` with `want`. false: nothing stands in for that kind. */
  makeSo(kind: string, want: unknown, step: string): Promise<boolean>;
}
