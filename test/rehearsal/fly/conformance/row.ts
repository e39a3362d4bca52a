// A row of the conformance table: one call of fly, and all that is to be seen of it (facts/flyctl.md; the section stands in each row).
import type { FlyState } from '../../../../src/rehearsal/fly/state.ts';

/** What a call finds. Made by real calls, once, and copied for each row. */
export type Start = 'empty' | 'app' | 'deployed' | 'postgres' | 'managed';

export interface Row {
  /** Of facts/flyctl.md. */
  readonly section: string;
  readonly argv: readonly string[];
  readonly start?: Start;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Changes the world before the call, in ways that no call can. */
  readonly given?: (state: FlyState) => void;
  /** Name of a fault and the command it strikes. */
  readonly fault?: readonly [name: string, at: string];
  /** null: ended by a signal. */
  readonly exit: number | null;
  /** SIGTERM once it has begun, or stands still where it has written this: the call would not end by itself, or is stopped in the middle. */
  readonly cut?: 'begun' | { readonly after: string };
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  /** What stdout is as JSON (part of it), and the exact keys of it or of its first item. */
  readonly json?: unknown;
  readonly keys?: readonly string[];
  readonly after?: (state: FlyState) => unknown;
  readonly is?: unknown;
  /** Needs no account and no network: also run against a real fly on PATH when LAUNCH_REAL_FLY=1. */
  readonly offline?: true;
}

export const sol = (state: FlyState) => {
  const app = state.apps.find(({ name }) => name === 'sol');
  if (!app) throw new Error('no app sol');
  return app;
};

export const a = ['-a', 'sol'] as const;

export const toml = `app = "sol"
primary_region = "sjc"

[build]
  image = "registry.fly.io/sol:one"

[deploy]
  release_command = "bin/migrate"

[[mounts]]
  source = "data"
  destination = "/data"

[http_service]
  internal_port = 8080

  [[http_service.checks]]
    path = "/health"
`;
