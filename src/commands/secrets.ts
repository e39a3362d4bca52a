// `launch secrets`: what the project needs, how production stands beside staging, and setting what is missing.
import { closest } from '../text/closest.ts';
import { UsageError } from './io.ts';
import type { Call, Command } from './main.ts';

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  scan: async () => (await import('./secrets-scan.ts')).scan,
  diff: async () => (await import('./secrets-diff.ts')).diff,
  fill: async () => (await import('./secrets-fill.ts')).fill,
};

export async function secrets({ io, names, flags }: Call): Promise<number> {
  const [word, ...rest] = names;
  const load = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (load) return (await load())({ io, names: rest, flags });
  const near = word === undefined ? undefined : closest(word, Object.keys(COMMANDS));
  throw new UsageError(
    word === undefined ? 'secrets: scan, diff or fill?' : `secrets: "${word}" is not scan, diff or fill`,
    near ? `did you mean \`launch secrets ${near}\`?` : '`launch secrets scan` lists what the project reads',
  );
}
