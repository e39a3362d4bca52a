// The matrix of each checklist: what was tested, by whom, with which result.
import type { Tick } from '../engine/state.ts';
import type { Account, Checklist } from './account.ts';
import { plain, table, when } from './cells.ts';

export function checklists({ checklists: all }: Account): readonly string[] {
  return all.flatMap((list) => [`### ${plain(list.title)}`, matrix(list)]);
}

function matrix({ items, testers }: Checklist): string {
  const columns = testers.length === 0 ? [undefined] : testers;
  const head = ['Item', ...columns.map((tester) => (tester === undefined ? 'Result' : plain(tester)))];
  const rows = items.map(({ text, ticks }) => [
    plain(text),
    ...columns.map((tester) => cell(ticks.findLast((tick) => tick.tester === tester))),
  ]);
  return table(head, rows);
}

function cell(tick: Tick | undefined): string {
  if (!tick) return 'open';
  const told = tick.tester === undefined || tick.tester === tick.by ? plain(tick.by) : `ticked by ${plain(tick.by)}`;
  const before = (tick.failedBefore ?? []).map((fail) => `<br>failed before${noteOf(fail)} (${when(fail.at)})`);
  return `${results[tick.result]}${noteOf(tick)}<br>${told}, ${when(tick.at)}${before.join('')}`;
}

const noteOf = ({ note }: Pick<Tick, 'note'>): string => (note ? `: ${plain(note)}` : '');

const results = { pass: 'pass', fail: '**fail**', watching: 'being watched' } as const;
