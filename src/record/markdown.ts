// The record of a run as GitHub-flavoured Markdown. Pure: the same journal gives the same bytes.
import type { LaunchEvent } from '../engine/events.ts';
import type { RunState } from '../engine/state.ts';
import type { Runbook } from '../runbook/model.ts';
import { type Account, accountFor, type Row } from './account.ts';
import { block, code, plain, table, when } from './cells.ts';
import { checklists } from './checklists.ts';
import { frontMatter } from './front-matter.ts';
import { operating } from './operating.ts';
import { againLines, between, countWords, evidenceOf, outcomes, reviewOf, shown, statusOf } from './words.ts';

/** `runbook`: the version that ran last. `state`: what the events add up to. */
export function renderRecord(runbook: Runbook, events: readonly LaunchEvent[], state: RunState): string {
  const account = accountFor(runbook, events, state);
  const titles = new Map(
    [...account.phases.flatMap((one) => one.steps), ...account.gone].map((row) => [row.id, row.title]),
  );
  const parts = [
    frontMatter(account),
    `# ${plain(account.runbook.title)}: launch record`,
    ...notices(account),
    summary(account),
    section('Open questions', questions(account)),
    section('Decisions and answers', decisions(account)),
    section('Steps', ...account.phases.flatMap(phase), ...gone(account)),
    section('Looked at again', lookedAgain(account)),
    section('Smoke tests and checklists', ...checklists(account)),
    section('Skipped, not needed and done by hand', notAsWritten(account)),
    section('What failed, was in doubt or was tried again', ...history(account, titles)),
    section('Secrets', secrets(account)),
    section('Notes', notes(account, titles)),
    section('How to operate and take back', ...operating(account)),
    madeFrom(account),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(title: string, ...parts: readonly string[]): string {
  const body = parts.filter((part) => part !== '');
  return body.length === 0 ? '' : [`## ${title}`, ...body].join('\n\n');
}

/** Who reads only the first lines must not take a rehearsal for a launch. */
function notices({ mode, rehearsal, aim, outcome, why, stale }: Account): readonly string[] {
  const fault = rehearsal?.fault === undefined ? '' : ` It played the fault ${code(rehearsal.fault)}.`;
  const answered = rehearsal?.auto ? ' An actor gave all answers.' : '';
  const aimed = Object.entries(aim ?? {}).map(([name, value]) => code(`${name}=${value}`));
  return [
    mode === 'rehearsal'
      ? `> **This is a rehearsal.** Nothing in it happened in the real world.${answered}${fault}`
      : '',
    aimed.length > 0 ? `> **This run was aimed elsewhere than at the real world:** ${aimed.join(', ')}` : '',
    outcome === 'not-finished'
      ? `> **This run is not finished.**${why === undefined ? '' : ` It stopped: ${plain(why)}`}`
      : '',
    stale.length > 0
      ? `> **Some steps were done with other values than there are now.** ${stale.map(plain).join('. ')}.`
      : '',
  ];
}

function summary(account: Account): string {
  const { runbook, ended, started, why, outcome } = account;
  const rows: readonly (readonly [string, string])[] = [
    ['Outcome', outcomes[outcome] + (why === undefined || outcome === 'not-finished' ? '' : `: ${plain(why)}`)],
    ['Steps', countWords(account.counts)],
    ['Started (UTC)', when(started)],
    ['Ended (UTC)', ended === undefined ? '' : `${when(ended)}, after ${between(started, ended)}`],
    [
      'Operators',
      account.operators.map(plain).join(', ') + (account.sittings > 1 ? `, in ${account.sittings} sittings` : ''),
    ],
    ['Run', code(account.run)],
    ['Runbook', `${code(runbook.file)}, digest ${code(runbook.digest.slice(0, 12))}`],
    ['Commit', account.commit === undefined ? '' : code(account.commit)],
  ];
  return section('Summary', table(['', ''], rows));
}

function questions({ questions: asked }: Account): string {
  const rows = asked.map(({ question, answer, by, at, status }) => [
    plain(question),
    answer === undefined ? `**open** (${status.replace('-', ' ')})` : plain(answer),
    plain(by ?? ''),
    when(at),
  ]);
  return table(['Question', 'Answer', 'Who', 'When (UTC)'], rows);
}

function decisions({ inputs, decisions: answers }: Account): string {
  const given = inputs.map(({ name, description, secret, value, from }) => [
    code(name) + (description === undefined ? '' : ` ${plain(description)}`),
    secret ? '(secret: not recorded)' : from === undefined ? '' : shown(value),
    plain(from ?? 'not given'),
  ]);
  const said = answers.map(({ message, value, by, at, step }) => [
    plain(message),
    plain(value) || '(empty)',
    step === undefined ? '' : code(step),
    plain(by),
    when(at),
  ]);
  const tables = [
    table(['Input', 'Value', 'From'], given),
    table(['Asked', 'Answer', 'Step', 'Who', 'When (UTC)'], said),
  ];
  return tables.filter((one) => one !== '').join('\n\n');
}

function phase({ title, steps }: Account['phases'][number]): readonly string[] {
  return [`### ${title === '' ? 'Before the first phase' : plain(title)}`, rows(steps)];
}

function gone({ gone: steps }: Account): readonly string[] {
  return steps.length === 0 ? [] : ['### No longer in the runbook', rows(steps)];
}

function rows(steps: readonly Row[]): string {
  const cells = steps.map((row) => [
    `${plain(row.title)} ${code(row.id)}`,
    statusOf(row),
    plain(row.who ?? ''),
    when(row.at),
    evidenceOf(row),
  ]);
  return table(['Criterion', 'Status', 'Who', 'When (UTC)', 'Evidence'], cells);
}

/** As a review that is run again: what has become of each criterion. */
function lookedAgain({ phases }: Account): string {
  const told = phases.flatMap(({ steps }) => steps).filter(({ again }) => again !== undefined);
  const cells = told.map((row) => {
    const { before, now } = reviewOf(row);
    return [`${plain(row.title)} ${code(row.id)}`, before, now, againLines(row), when(row.again?.at)];
  });
  return table(['Criterion', 'At the launch', 'Now', 'Evidence', 'Looked at (UTC)'], cells);
}

function notAsWritten({ phases, gone: old }: Account): string {
  const told = [...phases.flatMap(({ steps }) => steps), ...old].filter(
    ({ status, how, reason, evidence }) =>
      status === 'skipped' ||
      status === 'not-needed' ||
      (status === 'done' && (how === 'on-plan' || reason !== undefined || evidence.notSimulated)),
  );
  const cells = told.map((row) => [
    plain(row.title),
    statusOf(row),
    plain(row.reason ?? ''),
    plain(row.who ?? ''),
    when(row.at),
  ]);
  return table(['Step', 'How it ended', 'Why', 'Who', 'When (UTC)'], cells);
}

function history({ history: told }: Account, titles: ReadonlyMap<string, string>): readonly string[] {
  const cells = told.map(({ at, step, what }) => [when(at), nameOf(step, titles), plain(what)]);
  const tails = told.flatMap(({ step, at, tail }) =>
    tail && tail.length > 0 ? [`Last lines of ${nameOf(step, titles)} at ${when(at)}:`, block(tail)] : [],
  );
  return [table(['When (UTC)', 'Step', 'What'], cells), ...tails];
}

function secrets({ secrets: kept }: Account): string {
  if (kept.length === 0) return '';
  const cells = kept.map(({ app, name, where, at }) => [code(app), code(name), plain(where), when(at)]);
  return `Names only; no value is kept anywhere.\n\n${table(['App', 'Name', 'Where', 'When (UTC)'], cells)}`;
}

function notes({ notes: told }: Account, titles: ReadonlyMap<string, string>): string {
  const cells = told.map(({ at, by, step, text }) => [when(at), plain(by), nameOf(step, titles), plain(text)]);
  return table(['When (UTC)', 'Who', 'Step', 'Note'], cells);
}

function madeFrom({ tool, event, run }: Account): string {
  return `---\n\nMade by launchbook ${plain(tool)} from event ${event.n} of ${code(run)}, SHA-256 ${code(event.hash)}.`;
}

const nameOf = (step: string | undefined, titles: ReadonlyMap<string, string>): string =>
  step === undefined ? '' : plain(titles.get(step) ?? step);
