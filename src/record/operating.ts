// What the next person needs: how to look again, what was executed, what can be taken back.
import type { Account } from './account.ts';
import { code, plain, table } from './cells.ts';

export function operating(account: Account): readonly string[] {
  const { run, runbook, mode, undo } = account;
  const steps = account.phases.flatMap((phase) => phase.steps);
  const executed = steps.flatMap(({ title, commands }) => commands.map((command) => [plain(title), code(command)]));
  const back = undo.map(({ title, run: command, manual }) => [
    plain(title),
    command === undefined ? plain(manual ?? '') : code(command),
  ]);
  const look = [
    `- ${code(`launch verify --run ${run}`)} looks again at every done step that can be looked at and says what is no longer so; it changes nothing.`,
    `- ${code(`launch plan ${runbook.name}`)} says what a run would do now; it changes nothing.`,
    `- ${code(`launch undo --run ${run}`)} shows what can be taken back and takes back what you choose, the last done first.`,
    `- ${code(`launch log --run ${run}`)} shows every event of this run.`,
    `- ${code(`launch export --run ${run} --check FILE`)} compares a record with its journal.`,
  ];
  return [
    mode === 'rehearsal' ? '' : look.join('\n'),
    heading('What was executed', table(['Step', 'Command'], executed)),
    heading('Taking back, in the words of the runbook', table(['Step', 'To take it back'], back)),
  ];
}

const heading = (title: string, body: string): string => (body === '' ? '' : `### ${title}\n\n${body}`);
