// The command that goes on with a run, as the person typed it: without the flags that begin another one.

const BEGINS_ALONE = new Set(['--new']);
const BEGINS_WITH_VALUE = new Set(['--fault']);

/** `launch rehearse prod --plain`. `name`: the runbook, where it was picked and not typed. */
export function againOf(argv: readonly string[], name: string): string {
  const kept = argv.filter((word, index) => {
    const [flag = ''] = word.split('=');
    return !BEGINS_ALONE.has(word) && !BEGINS_WITH_VALUE.has(flag) && !BEGINS_WITH_VALUE.has(argv[index - 1] ?? '');
  });
  return ['launch', ...kept, ...(argv.includes(name) ? [] : [name])].map(quoted).join(' ');
}

/** As a word of a shell. */
export const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The same where a person answers: with these flags nobody is asked, terminal or not. */
export const inTerminal = (again: string): string => again.replace(/ --(?:json|non-interactive)(?= |$)/g, '');
