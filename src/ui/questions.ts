// A question as data becomes a prompt on the terminal: text, secret and long lists by clack, what has keys by our own.
import { autocomplete, isCancel, password, select, text } from '@clack/prompts';
import type { Answer, ChoiceQuestion, NameQuestion, Question, TextQuestion } from '../question.ts';
import { safe, safeLine } from '../text/escape.ts';
import { choose } from './choose.ts';
import type { Performance, Stage, Streams } from './stage.ts';
import type { Theme } from './theme.ts';
import { problemWith } from './valid.ts';
import { clip } from './width.ts';

/** Asks one question; settles also when `signal` is aborted, the keyboard ends, or the person presses Ctrl-C. */
export async function askOnStage(
  question: Question,
  stage: Stage,
  theme: Theme,
  rows: number,
  signal: AbortSignal,
): Promise<Answer> {
  const start = (streams: Streams) => begin(question, theme, rows, streams);
  const after = (value: string) => answered(question, value, theme);
  const performance: Performance = {
    start,
    signal,
    after,
    ...hintFor(question),
    ...(question.aside && { aside: true }),
    tabs: question.type === 'secret',
    // Where letters are searched for, many at once are typed fast on a slow machine.
    pastes: question.type === 'choice' ? question.find === true : question.type !== 'confirm',
  };
  return stage.perform(performance);
}

/** How to go on and how to stop, where no key is shown that does. */
function hintFor(question: Question): { readonly hint?: string } {
  if (question.type === 'confirm' || (question.type === 'choice' && !question.find && !isList(question))) return {};
  const enter =
    question.type === 'text' && question.default
      ? 'Enter takes it · '
      : question.type === 'text' && question.optional
        ? 'Enter alone leaves it empty · '
        : '';
  return { hint: `${enter}${question.aside ? 'Tab other ways · ' : ''}Ctrl-C stops and keeps` };
}

function begin(question: Question, theme: Theme, rows: number, streams: Streams): Promise<unknown> {
  switch (question.type) {
    case 'text':
      return askText(question, theme, streams);
    case 'secret':
      return password({
        ...streams,
        message: safe(question.message),
        validate: (value) => problemWith(question, streams.read(value ?? '')),
      });
    case 'choice':
      if (question.find) return find(question, rows, streams);
      return isList(question)
        ? askFromList(question, rows, streams)
        : choose({ ...question, brief: BRIEF.has(question.about) }, theme, streams);
    case 'confirm':
      return choose({ message: question.message, options: YES_OR_NO, default: 'no' }, theme, streams);
    case 'name':
      return askName(question, theme, streams);
    default:
      return question satisfies never;
  }
}

async function askText(question: TextQuestion, theme: Theme, streams: Streams): Promise<unknown> {
  const standing = question.default;
  const placeholder = standing ?? (question.example === undefined ? undefined : `for example ${question.example}`);
  const answer = await text({
    ...streams,
    message: behindBar(question.message, theme),
    ...(placeholder !== undefined && { placeholder: safeLine(placeholder) }),
    // clack draws the default as it is once it is taken: it gets what can be shown, and what is meant is given back below.
    ...(standing !== undefined && { defaultValue: safeLine(standing) }),
    validate: (value) => problemWith(question, streams.read(value || standing || '')),
  });
  if (isCancel(answer)) return undefined;
  return standing !== undefined && answer === safeLine(standing) ? standing : (answer ?? '');
}

function askName(question: NameQuestion, theme: Theme, streams: Streams): Promise<unknown> {
  return text({
    ...streams,
    message: behindBar(
      question.message.includes(question.name)
        ? question.message
        : `${question.message}\nType ${question.name} to go on.`,
      theme,
    ),
    validate: (value) => problemWith(question, streams.read(value ?? '')),
  });
}

function askFromList(question: ChoiceQuestion, rows: number, streams: Streams): Promise<unknown> {
  return select({
    ...streams,
    message: safe(question.message),
    options: question.options.map(({ value, label, hint }) => ({
      value,
      label: safeLine(label),
      ...(hint !== undefined && { hint: safeLine(hint) }),
    })),
    ...(question.default !== undefined && { initialValue: question.default }),
    maxItems: Math.max(5, rows - 8),
  });
}

/** Typing leaves what has it in its label; arrows and Enter choose. */
function find(question: ChoiceQuestion, rows: number, streams: Streams): Promise<unknown> {
  return autocomplete({
    ...streams,
    message: safe(question.message),
    options: question.options.map(({ value, label, hint }) => ({
      value,
      label: safeLine(label),
      ...(hint !== undefined && { hint: safeLine(hint) }),
    })),
    filter: (search, option) => option.label?.toLowerCase().includes(search.toLowerCase()) ?? false,
    ...(question.default !== undefined && { initialValue: question.default }),
    maxItems: Math.max(5, rows - 10),
  });
}

/** A message of more than one line goes on behind the bar. */
const behindBar = (message: string, theme: Theme): string =>
  safe(message).replaceAll('\n', `\n${theme.paint('note', theme.bar)}  `);

/** A list of values without keys, too long for a key each. */
const isList = ({ options }: ChoiceQuestion): boolean =>
  options.length > MOST_KEYED && options.every((option) => option.key === undefined);

/** What stays of a question. Of a key that is pressed nothing: its effect is told. */
function answered(question: Question, value: string, theme: Theme): readonly string[] {
  if (question.type === 'choice' && (SILENT.has(question.about) || value === 'stop')) return [];
  const mark = `${theme.paint('good', theme.answered)}  `;
  if (question.type === 'choice' && question.about === 'way') return [mark + theme.dim(shown(question, value))];
  const [first = ''] = safe(question.message).split('\n');
  return [`${mark}${first} ${theme.dim(theme.dot)} ${theme.dim(shown(question, value))}`];
}

function shown(question: Question, value: string): string {
  switch (question.type) {
    case 'secret':
      return '(not shown)';
    case 'choice':
      return safeLine(question.options.find((option) => option.value === value)?.label ?? value);
    case 'text':
    case 'name':
    case 'confirm':
      return value === '' ? '(left empty)' : clip(safeLine(value), LONGEST_SHOWN);
    default:
      return question satisfies never;
  }
}

const YES_OR_NO = [
  { value: 'no', label: 'No', key: 'n' },
  { value: 'yes', label: 'Yes', key: 'y' },
] as const;
const BRIEF: ReadonlySet<ChoiceQuestion['about']> = new Set(['act', 'work', 'tick', 'resume']);
const SILENT: ReadonlySet<ChoiceQuestion['about']> = new Set(['act', 'work', 'resume']);
const MOST_KEYED = 9;
const LONGEST_SHOWN = 200;
