// How the record says where a step stands and what proves it.
import type { Seen } from '../engine/events.ts';
import { type Proof, proofBehind } from '../engine/proof.ts';
import type { Account, Row, RowStatus } from './account.ts';
import { code, plain } from './cells.ts';
import { asText } from './fill.ts';

export function statusOf(row: Row): string {
  if (row.status !== 'done') return statuses[row.status] + (row.changed ? ', **by other values than now**' : '');
  const how = row.how === undefined ? 'done' : hows[proofBehind(row.how, row.evidence)];
  const before = row.already ? `${how}, was so already` : how;
  const since = row.changed ? `${before}, **with other values than now**` : before;
  return row.evidence.notSimulated ? `${since}, not simulated` : since;
}

/** Everything that stands behind a row, line under line in one cell. */
export function evidenceOf(row: Row): string {
  const { evidence } = row;
  const lines = [
    ...(evidence.seen ?? []).map(seenLine),
    row.ticked === undefined ? '' : tickedWords(row.ticked),
    row.reason === undefined ? '' : plain(row.reason),
    row.hint === undefined ? '' : plain(row.hint),
    row.waitsFor === undefined ? '' : `waits for: ${plain(row.waitsFor)}`,
    evidence.proof === undefined ? '' : `proof: ${plain(evidence.proof)}`,
    evidence.note === undefined ? '' : plain(evidence.note),
    ...Object.entries(row.outputs).map(([name, value]) => code(`${name}=${value}`)),
    evidence.receipt === undefined ? '' : `output: ${code(evidence.receipt)}`,
    ...(row.changed ?? []).map(({ name, was, now }) => `${code(name)} was ${shown(was)}, and is ${shown(now)} now`),
    row.attempts > 1 ? `${row.attempts} attempts` : '',
  ];
  return lines.filter((line) => line !== '').join('<br>');
}

/** Before and now, in the words of a review: `NOT YET`, then `PASS`. */
export function reviewOf({ how, evidence, again }: Row): { readonly before: string; readonly now: string } {
  const missed = evidence.seen?.some(({ is }) => is === 'not-so');
  const before = how === 'verified' ? 'PASS' : missed ? '**NOT YET**' : how === 'on-word' ? 'on word' : 'by the plan';
  if (again?.is === 'so') return { before, now: 'PASS' };
  if (again?.is === 'unknown') return { before, now: '**not seen**' };
  return { before, now: before === 'PASS' ? '**NO LONGER SO**' : '**NOT YET**' };
}

/** What was seen when it was looked at again. */
export const againLines = ({ again }: Row): string => (again?.seen ?? []).map(seenLine).join('<br>');

const tickedWords = ({ pass, fail }: NonNullable<Row['ticked']>): string =>
  fail === 0 ? `${pass} pass, see the checklist` : `${pass} pass, **${fail} fail**, see the checklist`;

function seenLine(seen: Seen): string {
  const found = seen.seen ?? seen.why ?? '';
  const wanted = seen.is === 'not-so' && seen.expected !== undefined ? ` (expected ${plain(seen.expected)})` : '';
  const sign = seen.is === 'so' ? '' : seen.is === 'not-so' ? 'not so: ' : 'unknown: ';
  const warning = seen.warning === undefined ? '' : `<br>warning: ${plain(seen.warning)}`;
  return `${sign}${plain(seen.what)}${found === '' ? '' : `: ${plain(found)}`}${wanted}${warning}`;
}

/** `18 done, 1 skipped, 2 not reached`. */
export function countWords(counts: Account['counts']): string {
  const order = Object.keys(statuses) as RowStatus[]; // Its keys are exactly these, by its type.
  return order.flatMap((status) => (counts[status] ? [`${counts[status]} ${statuses[status]}`] : [])).join(', ');
}

export function shown(value: unknown): string {
  const text = asText(value);
  return text === undefined ? '' : code(text) || '(empty)';
}

/** `4 h 12 min`; under a minute in seconds. */
export function between(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
  ] as const;
  return units.flatMap(([n, unit]) => (n > 0 ? [`${n} ${unit}`] : [])).join(' ');
}

export const outcomes: Readonly<Record<Account['outcome'], string>> = {
  done: 'Done',
  failed: 'Failed',
  abandoned: 'Abandoned',
  'not-finished': 'Not finished',
};

const statuses: Readonly<Record<RowStatus, string>> = {
  done: 'done',
  skipped: 'skipped',
  'not-needed': 'not needed',
  failed: 'failed',
  undone: 'taken back',
  'in-doubt': 'in doubt: started, its end unknown',
  waiting: 'waiting',
  running: 'under way',
  pending: 'open again',
  'not-reached': 'not reached',
};

const hows: Readonly<Record<Proof, string>> = {
  look: 'done, verified',
  answer: 'done, by its own answer',
  exit: 'done, by its exit code',
  time: 'done, its time is over',
  start: 'done, it was started',
  word: 'done, on word',
  plan: 'done, by the plan',
};
