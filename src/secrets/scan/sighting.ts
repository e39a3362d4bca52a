// What one place in a file says about a name of the environment. Everything the scan learns is a list of these.

/**
 * `refused`: the program ends without it. `plain`: read with no default. `default`: read with one. `flag`: only tested or compared.
 * `named`: a file names it and reads nothing (`.env.example`, a workflow, `[env]`).
 */
export type Need = 'refused' | 'plain' | 'default' | 'flag' | 'named';

export interface Sighting {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly need: Need;
  readonly default?: string;
  /** Used as a key, a token, a password: the use says so, whatever the name says. */
  readonly sensitive?: boolean;
  /** A public value by its declaration (`VITE_`, `NEXT_PUBLIC_`, `client` of a schema). */
  readonly open?: boolean;
}

/** Names as programs write them. Lower-case ones are too often something else where only the shape tells. */
export const isEnvName = (text: string): boolean => /^[A-Z][A-Z0-9_]*$/.test(text) && text.length > 1;

/** One need out of several of the same file: a refusal counts most, a test says that it may be missing. */
export function strongest(needs: readonly Need[]): Need {
  return ORDER.find((need) => needs.includes(need)) ?? 'named';
}

const ORDER: readonly Need[] = ['refused', 'default', 'flag', 'plain', 'named'];
