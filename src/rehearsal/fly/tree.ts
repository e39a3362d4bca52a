// Which command an argv means, found as cobra finds it: words, skipping flags and the values it believes they have.
import { type Command, commands, groups } from './commands.ts';
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

export function findCommand(argv: readonly string[]): Found {
  const first = firstWord(argv);
  if (first === undefined) return { path: '', rest: argv };
  const rest = argv.filter((_, index) => index !== first);
  const word = argv[first] ?? '';
  const group = Object.keys(groups).find((name) => name === word || groups[name]?.includes(word));
  if (group !== undefined) return inGroup(group, rest);
  if (notPlayed.has(word)) return { path: word, rest: [], notPlayed: true };
  const command = commands[word];
  return command ? { path: word, command, rest } : { path: '', rest: argv };
}

function inGroup(group: string, argv: readonly string[]): Found {
  const second = firstWord(argv);
  if (second === undefined) return { path: group, rest: argv };
  const word = argv[second] ?? '';
  const path = Object.keys(commands).find(
    (one) => one === `${group} ${word}` || (one.startsWith(`${group} `) && commands[one]?.aliases?.includes(word)),
  );
  const rest = argv.filter((_, index) => index !== second);
  if (path !== undefined) return { path, command: commands[path], rest };
  return notPlayed.has(`${group} ${word}`)
    ? { path: `${group} ${word}`, rest: [], notPlayed: true }
    : { path: group, rest: argv };
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
  const below = Object.keys(commands).filter((path) => path.startsWith(`${group} `));
  return `Usage:\n  fly ${group} [command]\n\nAvailable Commands:\n${below.map((path) => `  ${path.slice(group.length + 1)}`).join('\n')}\n\nUse "fly ${group} [command] --help" for more information about a command.\n`;
}

export const intro = (): string =>
  "This is flyctl, the Fly.io command line interface.\n\nTo read more, use the docs command to view Fly's help on the web.\n";
