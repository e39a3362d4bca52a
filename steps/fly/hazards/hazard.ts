// What a hazard is: a small rule that looks at one project, read once, and says where it will hurt.

import type { Spot } from '../../../src/text/place.ts';
import type { TomlPath } from '../../../src/text/toml-places.ts';
import type { View } from './view.ts';

export interface Trouble {
  /** In the fly.toml, or elsewhere. */
  readonly at: TomlPath | Spot;
  readonly says: string;
  /** Where the rule's own remedy is too general. */
  readonly remedy?: string;
}

export interface Hazard {
  /** Stable: for `--format json`, and for `accept` of fly/config. */
  readonly code: string;
  /** What will happen at launch. */
  readonly why: string;
  readonly remedy: string;
  /** Fly refuses it, it cannot work, or data is lost: not to be launched with. The others are told. */
  readonly stops: boolean;
  readonly find: (view: View) => readonly Trouble[];
}
