// The contract of a step kind. A kind is one object in one file under steps/; shared code asks what it offers, never which it is.
import type { z } from 'zod';
import type { ActPorts, LookPorts } from './system/ports.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Outputs = Readonly<Record<string, string>>;

/** The answer to "is it so, in the world?". Unknown (no answer, no right to look) is never taken for not-so. */
export type Look =
  | { readonly is: 'so'; readonly seen: string; readonly outputs?: Outputs; readonly warning?: string }
  | {
      readonly is: 'not-so';
      readonly expected: string;
      readonly seen: string;
      readonly hint?: string;
      /** What an act is measured against afterwards (release, ids): stored in `step.started`. */
      readonly since?: Json;
      /** It will not become so by waiting (build INVALID, release failed): no point in asking until the deadline. */
      readonly final?: boolean;
    }
  | { readonly is: 'unknown'; readonly why: string; readonly hint?: string };

/** How an act ended. `unclear`: it may or may not have happened (time-out, lost reply): only a look decides. */
export type Acted =
  | { readonly ended: 'ok'; readonly outputs?: Outputs; readonly seen?: string }
  | { readonly ended: 'failed'; readonly why: string; readonly hint?: string }
  | { readonly ended: 'unclear'; readonly why: string };

export interface Requirement {
  /** An executable, as looked up on PATH: `fly`, `git`, `xcodebuild`. */
  readonly tool: string;
  /** Lowest version that will do, and why. */
  readonly atLeast?: { readonly version: string; readonly why: string };
  /** How to get it. */
  readonly get: string;
}

/** An account that must be there before the first act. `check` looks only. */
export interface Login {
  /** `fly`, `appstore`, … as in `accounts:` of the runbook. */
  readonly account: string;
  check(expected: Readonly<Record<string, string>>, ports: LookPorts): Promise<Look>;
}

export interface Guide {
  /** Markdown: where to click, what to type, what success looks like. */
  readonly text: string;
  readonly open?: string;
  readonly copy?: Readonly<Record<string, string>>;
}

export interface Undo<W> {
  /** One sentence: what is taken back, what is lost. */
  describe(want: W): string;
  /** The name of what nothing brings back (an app, data): it is typed before. Missing: what is taken back can be made again. */
  loses?(want: W): string | undefined;
  act(want: W, ports: ActPorts, context: { readonly outputs: Outputs }): Promise<Acted>;
  /** Is it gone? */
  verify(want: W, ports: LookPorts, context: { readonly outputs: Outputs }): Promise<Look>;
}

/** `W`: what `with` parses to. */
export interface StepKind<W = unknown> {
  /** `provider/noun`. */
  readonly name: string;
  /** What it makes so, in a few words, for `launch steps`. */
  readonly summary: string;
  /** YAML of a step's `with:` line (or lines) that must parse. */
  readonly example: string;
  readonly with: z.ZodType<W>;
  /** Names and shapes of what it leaves; every name it may leave is here. */
  readonly outputs?: z.ZodObject;
  /** The plan's line: `GET https://…, expecting 200`. */
  describe(want: W): string;
  /** What an act will execute, with values filled in and secrets by name. */
  commands?(want: W): readonly (readonly string[])[];
  readonly requires?: readonly Requirement[];
  /** Files of the project that it reads and that nothing makes during the run: `launch doctor` looks for them. */
  reads?(want: W): readonly string[];
  readonly login?: Login;
  /** Is it so, in the world? Only looks. `since` is what the look before the act saw; absent before the first act. */
  verify?(want: W, ports: LookPorts, context: { readonly since?: Json }): Promise<Look>;
  /** Makes it so. */
  act?(want: W, ports: ActPorts, context: { readonly since?: Json }): Promise<Acted>;
  /** A person makes it so, with these instructions. With `act` too: automatic where `canAct` says so, else by hand. */
  guide?(want: W): Guide;
  /** For kinds with `guide` and `act`: is the credential there? Looks only. */
  canAct?(want: W, ports: LookPorts): Promise<boolean>;
  readonly undo?: Undo<W>;
  /** false: the answer is of the moment (git/clean, logs): not asked again on resume or by `launch verify`. Default true. */
  readonly lasts?: boolean;
  /** The look disturbs (starts a validation, wakes a machine): left out of `plan` unless asked, and never asked more often than `every`. */
  readonly disturbs?: { readonly why: string; readonly every: string };
  /** Names of `with` fields whose value may use the `secrets` context. */
  readonly secretFields?: readonly string[];
  /** How long this kind's own verify may take to come true, when the step does not say. Default 5m, asked every 5s. */
  readonly within?: string;
  readonly every?: string;
  /** What it costs and how long it takes, for the forecast. */
  costs?(want: W): string | undefined;
  readonly takes?: string;
  /** How long after its process has gone the world may still change (fly: its lease of 15 s). A doubt is looked at only then. */
  readonly settles?: string;
  /** Checked against the stand-in, the tool's source, or the real thing. */
  readonly checkedAgainst: 'stand-in' | 'source' | 'real';
}

/** Declares a kind; the type of `with` is inferred. */
export function defineStep<S extends z.ZodType>(
  kind: Omit<StepKind<z.output<S>>, 'with'> & { readonly with: S },
): StepKind<z.output<S>> {
  return kind as StepKind<z.output<S>>;
}
