// What the hazard rules see: one fly.toml, the project around it, and what runbooks rely on. Types only.

import type { Dockerfile } from '../../../src/text/dockerfile.ts';
import type { Spot } from '../../../src/text/place.ts';
import type { SettingsFile } from '../../../src/text/settings-file.ts';
import type { FlyToml } from '../fly-toml.ts';
import type { CodeFacts } from './code.ts';

export interface View {
  readonly file: SettingsFile;
  readonly config: FlyToml;
  readonly project: Surroundings;
  readonly runbook: Relied;
}

/** The folder that is built, read lightly. */
export interface Surroundings {
  /** [build] names a Dockerfile, and it is not there. */
  readonly missingDockerfile?: string;
  readonly dockerfile?: Dockerfile;
  readonly code: CodeFacts;
  /** package.json scripts and shell scripts by the words that start them. */
  readonly scripts: ReadonlyMap<string, string>;
  readonly dependencies: ReadonlySet<string>;
  readonly envFiles: readonly EnvFile[];
  /** The other fly.toml files of the project. */
  readonly others: readonly FlyToml[];
}

export interface EnvFile {
  readonly spot: Spot;
  /** The project is a repository, and no .gitignore leaves the file out. */
  readonly inGit: boolean;
  /** A COPY of the Dockerfile takes it along. */
  readonly inImage: boolean;
}

/** One fly step of a runbook, with its values as far as they are known before a run. */
export interface FlyStep {
  readonly runbook: string;
  readonly id: string;
  readonly kind: string;
  readonly want: Readonly<Record<string, unknown>>;
  readonly spot: Spot;
}

export interface Relied {
  /** Those about the app of this file, or that name this file. */
  readonly steps: readonly FlyStep[];
  /** What runbooks say the app's settings are. */
  readonly secrets: readonly {
    readonly name: string;
    readonly to: 'fly-secret' | 'fly-env';
    readonly absent: boolean;
    readonly required: boolean;
  }[];
  /** Words that runbooks forbid, and the app they compare with: staging. */
  readonly staging: readonly string[];
}
