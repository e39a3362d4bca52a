// The command that goes on with a run, as the person typed it: without the flags that begin another one.
import type { Io } from './io.ts';

const BEGINS_ALONE = new Set(['--new']);
const BEGINS_WITH_VALUE = new Set(['--fault']);

/** How this program is called here. In a folder where it is only a package of the project a shell finds no `launch`: npx has found it, and will again. */
export const calledAs = ({ env }: Pick<Io, 'env'>): string => (env.npm_command === 'exec' ? 'npx launch' : 'launch');

/** `launch rehearse prod --plain`. `name`: the runbook, where it was picked and not typed. */
export function againOf({ argv, env }: Pick<Io, 'argv' | 'env'>, name: string): string {
  const kept = argv.filter((word, index) => {
    const [flag = ''] = word.split('=');
    return !BEGINS_ALONE.has(word) && !BEGINS_WITH_VALUE.has(flag) && !BEGINS_WITH_VALUE.has(argv[index - 1] ?? '');
  });
  return [calledAs({ env }), ...[...kept, ...(argv.includes(name) ? [] : [name])].map(quoted)].join(' ');
}

/** As a word of a shell. */
export const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The same where a person answers: with these flags nobody is asked, terminal or not. */
export const inTerminal = (again: string): string => again.replace(/ --(?:json|non-interactive)(?= |$)/g, '');
