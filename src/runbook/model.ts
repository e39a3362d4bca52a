// A runbook as code uses it: what `load.ts` makes of the Markdown file. Durations are milliseconds; texts may hold `${{ }}`.
import type { Json } from '../step.ts';
import type { SecretSpec } from '../system/ports.ts';
import type { Finding, Place } from '../text/finding.ts';

export interface Input {
  readonly name: string;
  readonly description?: string;
  readonly type: 'text' | 'boolean' | 'number' | 'choice' | 'list' | 'email' | 'directory';
  readonly options?: readonly string[];
  readonly default?: Json;
  readonly pattern?: string;
  readonly example?: string;
  readonly secret: boolean;
  readonly required: boolean;
  readonly place: Place;
}

/** A check: a kind that only looks, or a command (exit 0 so, 1 not so, anything else unknown). */
export interface Check {
  readonly does: { readonly uses: string; readonly with: Json } | { readonly run: string };
  readonly every?: number;
  readonly within?: number;
  readonly place: Place;
}

export interface ChecklistItem {
  readonly text: string;
  /** "10–15 minutes crash-free": how long it is watched. */
  readonly for?: number;
}

export interface Ask {
  readonly name: string;
  readonly message?: string;
  readonly pattern?: string;
  readonly example?: string;
  readonly options?: readonly string[];
  readonly required: boolean;
}

export type Form =
  | { readonly form: 'uses'; readonly kind: string; readonly with: Json }
  | { readonly form: 'run'; readonly command: string }
  | { readonly form: 'script'; readonly script: string }
  | { readonly form: 'manual' }
  | { readonly form: 'checklist'; readonly items: readonly ChecklistItem[]; readonly testers: readonly string[] }
  | {
      readonly form: 'question';
      readonly question: string;
      readonly shape: 'text' | 'number' | 'boolean' | 'email' | 'list' | 'choice';
      readonly options?: readonly string[];
      readonly default?: string;
      readonly example?: string;
      readonly pattern?: string;
    }
  | { readonly form: 'wait'; readonly ms: number }
  | { readonly form: 'wait'; readonly until: string }
  | { readonly form: 'gate' };

export type UndoSpec = { readonly run: string } | { readonly manual: string };

export interface Rehearse {
  readonly run?: true;
  readonly stdout?: string;
  readonly exit?: number;
  readonly outputs?: Readonly<Record<string, string>>;
  /** Commands that have a stand-in, carried out in place of the step's. */
  readonly instead?: readonly (readonly string[])[];
}

export interface Step {
  readonly id: string;
  readonly title: string;
  /** Heading of the phase, '' before the first. */
  readonly phase: string;
  /** Markdown under the step's heading, '' where it has no section. */
  readonly prose: string;
  readonly form: Form;
  /** Ids; where the author left it out: the step before it. */
  readonly needs: readonly string[];
  readonly verify: readonly Check[];
  /** For the kind's own verify. */
  readonly every?: number;
  readonly within?: number;
  readonly unless: readonly Check[];
  readonly already?: string;
  readonly notNeeded?: string;
  readonly optional: boolean;
  readonly who?: string;
  /** An expression (without `${{ }}`), or a text with some. */
  readonly if?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly continueOnError: boolean;
  readonly workingDirectory?: string;
  readonly requires: readonly string[];
  readonly retry?: { readonly attempts: number; readonly interval: number };
  readonly open?: string;
  readonly copy: Readonly<Record<string, string>>;
  readonly ask: readonly Ask[];
  readonly evidence: boolean;
  readonly confirm?: string;
  readonly irreversible?: string;
  readonly undo?: UndoSpec;
  readonly onError: readonly { readonly match: string; readonly hint: string }[];
  readonly background?: { readonly readyWhen: readonly Check[]; readonly stopAfter?: string };
  readonly allow: readonly string[];
  readonly costs?: string;
  readonly takes?: string;
  readonly rehearse?: Rehearse;
  readonly place: Place;
  /** SHA-256 of the step's definition as written (not its prose): what "edited" means. */
  readonly digest: string;
}

export interface SecretApp {
  /** May be an expression of inputs. */
  readonly app: string;
  readonly compareWith?: string;
  /** `app` left out; `when`: an expression of inputs. */
  readonly names: readonly (Omit<SecretSpec, 'app'> & { readonly when?: string })[];
}

export interface Runbook {
  /** The file name without `.md`: what is typed. */
  readonly name: string;
  /** As given to `load`, from the project folder. */
  readonly file: string;
  readonly title: string;
  /** Where the record goes, from the project folder. Default PRODUCTION_DEPLOYMENT.md. */
  readonly record: string;
  readonly accounts: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly forbid: readonly string[];
  readonly inputs: readonly Input[];
  readonly secrets: readonly SecretApp[];
  readonly steps: readonly Step[];
  /** Phases with a step, in order of their first step, each with its prose; `opening`: what of it stands before its first step. */
  readonly phases: readonly { readonly title: string; readonly opening: string; readonly prose: string }[];
  /** Prose before the first phase. */
  readonly intro: string;
  /** What trust is given to: front matter without `title`, and every file it names. Hex SHA-256. */
  readonly digest: string;
  /** The file as read. */
  readonly source: string;
  /** Project files the runbook names (scripts, documents, own kinds), with what they held. */
  readonly uses: readonly { readonly path: string; readonly text: string }[];
}

/** `runbook` is missing when a finding is an error. */
export interface Loaded {
  readonly runbook?: Runbook;
  readonly findings: readonly Finding[];
}
