// Which command an argv means, found as cobra finds it: words, skipping flags and the values it believes they have.
import type { Command } from './commands/command.ts';
import { commands, groups } from './commands/index.ts';
import { notPlayed } from './not-played.ts';

export interface Found {
  /** `volumes create`, `volumes` for a group alone, empty for `fly` alone or an unknown word. */
  readonly path: string;
  readonly command?: Command;
  /** What is left for the flags of the command: argv without the words of the path. */
  readonly rest: readonly string[];
  /** The real fly has it; we do not play it. */
  readonly notPlayed?: boolean;
}

/** Groups may stand in groups: `volumes snapshots list`. */
export function findCommand(argv: readonly string[], group = ''): Found {
  const at = firstWord(argv);
  if (at === undefined) return { path: group, rest: argv };
  const word = argv[at] ?? '';
  const rest = argv.filter((_, index) => index !== at);
  const inner = Object.keys(groups).find((path) => isCalled(path, group, word, groups[path]));
  if (inner !== undefined) return findCommand(rest, inner);
  const path = Object.keys(commands).find((one) => isCalled(one, group, word, commands[one]?.aliases));
  // `fly version upgrade` is a command below a command.
  const below = path === undefined ? undefined : `${path} ${rest[firstWord(rest) ?? rest.length]}`;
  const missing = [below, group === '' ? word : `${group} ${word}`].find((one) => notPlayed.has(one ?? ''));
  if (missing !== undefined) return { path: missing, rest: [], notPlayed: true };
  return path === undefined ? { path: group, rest: argv } : { path, command: commands[path], rest };
}

/** Is this the thing of that name directly in that group? Aliases stand for its last word. */
function isCalled(path: string, group: string, word: string, aliases: readonly string[] = []): boolean {
  const words = path.split(' ');
  const last = words.at(-1) ?? '';
  return words.slice(0, -1).join(' ') === group && (last === word || aliases.includes(word));
}

/** The position of the first word that is no flag; a flag unknown at this level is taken to have a value in the next word. */
function firstWord(argv: readonly string[]): number | undefined {
  const plain = ['--verbose', '--debug', '--help', '-h', '--version'];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--') return undefined;
    if (!word.startsWith('-')) return word === '' ? undefined : index;
    const takesNext = !word.includes('=') && !plain.includes(word) && (word.startsWith('--') || word.length === 2);
    if (takesNext) index++;
  }
  return undefined;
}

export function usage(path: string, command: Command): string {
  const flags = command.flags.map(
    ({ name, short, type }) =>
      `  ${short ? `-${short}, ` : '    '}--${name}${type === 'bool' ? '' : ` ${type === 'text' ? 'string' : type}`}`,
  );
  return `Usage:\n  fly ${path} [flags]\n\nFlags:\n${flags.join('\n')}\n\nGlobal Flags:\n  -t, --access-token string\n      --debug\n      --verbose\n\n`;
}

export function groupHelp(group: string): string {
  const inside = [...Object.keys(groups), ...Object.keys(commands)].filter((path) => path.startsWith(`${group} `));
  const below = inside.filter((path) => !path.slice(group.length + 1).includes(' '));
  return `Usage:\n  fly ${group} [command]\n\nAvailable Commands:\n${below.map((path) => `  ${path.slice(group.length + 1)}`).join('\n')}\n\nUse "fly ${group} [command] --help" for more information about a command.\n`;
}

export const intro = (): string =>
  "This is flyctl, the Fly.io command line interface.\n\nTo read more, use the docs command to view Fly's help on the web.\n";
