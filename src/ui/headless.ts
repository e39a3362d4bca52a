// Who answers where no person is: the file of answers, `--yes`, and nobody for what only a person may say (DESIGN §4, "Without a terminal").
import type { Face } from '../engine/face.ts';
import type { Answer, ChoiceQuestion, Question, TextQuestion } from '../question.ts';
import type { Json } from '../step.ts';
import { problemWith } from './valid.ts';

export type Answers = Readonly<Record<string, Json>>;

interface HeadlessOptions {
  readonly shown: Face;
  /** `--answers`, and `--input name=value` as `inputs.name`. */
  readonly answers: Answers;
  /** `--yes`: confirms. */
  readonly yes: boolean;
  /** What goes on in a terminal, as the person would type it: `launch prod`. */
  readonly again: string;
}

/** Shows what `shown` shows; acts run, answers come from the file, and everything a person must say or do is absent with the way on. */
export function createHeadlessFace({ shown, answers, yes, again }: HeadlessOptions): Face {
  return {
    ...delegated(shown),
    present: false,
    async ask(question, { signal }) {
      if (signal.aborted) return { withdrawn: true };
      const prepared = preparedAnswer(question, answers, yes);
      if (prepared && 'problem' in prepared)
        return { absent: `The answer given for ${question.id} ${prepared.problem}.` };
      return prepared ?? withoutPerson(question, again);
    },
  };
}

/** In a terminal: what `--answers` and `--yes` may answer is answered, a wrong answer is told, and the person is asked the rest. */
export function withAnswers(face: Face, answers: Answers, yes: boolean): Face {
  return {
    ...delegated(face),
    present: face.present,
    async ask(question, options) {
      if (options.signal.aborted) return { withdrawn: true };
      const prepared = question.anew ? undefined : preparedAnswer(question, answers, yes);
      if (prepared && 'value' in prepared) return prepared;
      if (prepared) face.tell([`The answer given for ${question.id} ${prepared.problem}.`]);
      if (yes && question.type === 'choice' && question.about === 'act') return { value: goOf(question) };
      return face.ask(question, options);
    },
  };
}

/** `--answers` may hold inputs, questions, values to paste back and outputs; never a secret, a tick, a "done", a reason or a typed name. */
function preparedAnswer(
  question: Question,
  answers: Answers,
  yes: boolean,
): { readonly value: string } | { readonly problem: string } | undefined {
  if (question.type === 'confirm') return yes ? { value: 'yes' } : undefined;
  const answerable = question.type === 'text' || (question.type === 'choice' && question.about === 'value');
  if (!answerable || !ANSWERABLE.test(question.id) || !Object.hasOwn(answers, question.id)) return undefined;
  const value = textOf(answers[question.id] ?? '');
  const problem = value === undefined ? 'is not a single value' : problemWith(question, value);
  return value === undefined || problem !== undefined ? { problem: problem ?? '' } : { value };
}

function withoutPerson(question: Question, again: string): Answer {
  const there = `run \`${again}\` in a terminal`;
  switch (question.type) {
    case 'choice':
      return withoutChoice(question, there);
    case 'text':
      return withoutText(question, there);
    case 'confirm':
      return { absent: `This needs a yes ("${question.message}"): give --yes, or ${there}.` };
    case 'secret':
      return {
        absent: `A secret is typed by a person ("${question.message}"): ${there}, or name where it is read from in the runbook.`,
      };
    case 'name':
      return { absent: `Only a person can type the name ${question.name}: ${there}.` };
    default:
      return question satisfies never;
  }
}

function withoutChoice(question: ChoiceQuestion, there: string): Answer {
  const { about, message } = question;
  if (about === 'act') return { value: goOf(question) };
  if (about === 'optional')
    return {
      value:
        question.options.find(({ value }) => value === 'leave')?.value ??
        question.default ??
        question.options.at(-1)?.value ??
        '',
    };
  if (about === 'resume') return { value: question.default ?? question.options[0]?.value ?? '' };
  if (about === 'value') return inputDefault(question) ?? { absent: noAnswer(question, there) };
  if (about === 'tick') return { absent: `Only a person can tick this ("${message}"): ${there}.` };
  if (about === 'work') return { absent: `A person must do this ("${message}"): ${there}.` };
  return { absent: `To choose how to go on, ${there}.` };
}

function withoutText(question: TextQuestion, there: string): Answer {
  if (question.optional && !ANSWERABLE.test(question.id)) return { value: '' };
  if (ANSWERABLE.test(question.id)) return inputDefault(question) ?? { absent: noAnswer(question, there) };
  return { absent: `A person must answer this ("${question.message}"): ${there}.` };
}

/** An input has its default as answer; a question of the runbook wants a word of someone. */
function inputDefault(question: TextQuestion | ChoiceQuestion): Answer | undefined {
  if (!question.id.startsWith('inputs.')) return undefined;
  if (question.default !== undefined) return { value: question.default };
  return question.type === 'text' && question.optional ? { value: '' } : undefined;
}

const noAnswer = ({ id, message }: Question, there: string): string =>
  `There is no answer to "${message}": put ${id} into the file of --answers, or ${there}.`;

const goOf = (question: ChoiceQuestion): string =>
  question.options.find(({ value }) => value === 'go')?.value ?? question.default ?? question.options[0]?.value ?? '';

/** A value of the file as the text a person would type; a list with commas. undefined for maps and nothing. */
function textOf(value: Json): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  const parts = value.map((part: Json) => textOf(part));
  return parts.includes(undefined) ? undefined : parts.join(', ');
}

const delegated = (face: Face): Omit<Face, 'ask' | 'present'> => ({
  happened: (event, state) => face.happened(event, state),
  card: (card) => face.card(card),
  working: (step, what, more) => face.working(step, what, more),
  tell: (lines) => face.tell(lines),
  ...(face.lend && { lend: face.lend }),
});

const ANSWERABLE = /^(?:inputs\.|steps\.[^.]+\.(?:answer$|ask\.|outputs\.))/;
