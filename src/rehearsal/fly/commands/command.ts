// What a command of the stand-in is: its flags and arguments, what must hold before it, what it does.
import type { Call } from '../call.ts';
import type { FlagSpec } from '../flags.ts';

export interface Command {
  /** Other last words for it. */
  readonly aliases?: readonly string[];
  readonly flags: readonly FlagSpec[];
  /** How many positionals, least and most. */
  readonly args: readonly [number, number];
  /** `app`: a session, a configuration file where there is one, and an app name. `app?`: without the name too. */
  readonly needs: 'nothing' | 'session' | 'app' | 'app?';
  /** It can change the world: counted in crash trials. */
  readonly changes?: true;
  run(call: Call): Promise<void>;
}

/** By the words of the command: `volumes create`. */
export type Commands = Readonly<Record<string, Command>>;
