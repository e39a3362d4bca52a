// Questions without redrawing: the message and the ways to answer as lines, then one line read. For `--plain` and screen readers.
import type { Face } from '../engine/face.ts';
import type { Answer, ChoiceQuestion, Question } from '../question.ts';
import { safe, safeLine } from '../text/escape.ts';
import { withKeys } from './choose.ts';
import { createField, createSorter, type Key } from './keys.ts';
import type { Keyboard, Sink } from './terminal.ts';
import { problemWith } from './valid.ts';
import { messageOf } from './words.ts';

interface LineAskerOptions {
  readonly out: Sink;
  readonly keyboard: Keyboard;
}

type Read = { readonly line: string } | { readonly stop: true } | { readonly withdrawn: true };

/** Asks until the answer will do. Ctrl-C and the end of input stop; while a line is typed in the open, Ctrl-C is a signal to the process. */
export function createLineAsker({ out, keyboard }: LineAskerOptions): Face['ask'] {
  const ask: Face['ask'] = async (question, { signal }) => {
    // Unseen from before the question can be read, so that nothing typed early is echoed.
    if (question.type === 'secret') keyboard.raw(true);
    const say = (text: string) => out.write(safe(text).replaceAll('\n', '\n  ') + '\n');
    say(['', ...(question.detail ?? [])].join('\n'));
    say(`? ${messageOf(question)}`);
    for (const line of waysToAnswer(question)) say(`  ${line}`);
    if (question.aside) say('  ?: other ways');
    for (;;) {
      if (signal.aborted) return { withdrawn: true };
      out.write('> ');
      const read = question.type === 'secret' ? await readHidden(keyboard, signal) : await readLine(keyboard, signal);
      if (question.type === 'secret' || !('line' in read)) out.write('\n');
      if (!('line' in read)) return read;
      if (question.aside && read.line.trim() === '?') return { aside: true };
      const answer = answerOf(question, read.line);
      if (!('problem' in answer)) return answer;
      say(`  ${answer.problem}`);
    }
  };
  return async (question, options) => {
    try {
      return await ask(question, options);
    } finally {
      keyboard.raw(false);
    }
  };
}

function waysToAnswer(question: Question): readonly string[] {
  switch (question.type) {
    case 'choice':
      return [
        ...keyedOptions(question).map(
          ({ key, label, hint }) => `${key}: ${safeLine(label)}${hint ? ` (${safeLine(hint)})` : ''}`,
        ),
        ...stopLine(question),
      ];
    case 'text':
      return [
        ...(question.default === undefined ? [] : [`Enter alone: ${safeLine(question.default)}`]),
        ...(question.example === undefined ? [] : [`for example ${safeLine(question.example)}`]),
        ...(question.optional ? ['may be left empty'] : []),
      ];
    case 'secret':
      return ['typed unseen'];
    case 'confirm':
      return ['y: yes', 'Enter or n: no'];
    case 'name':
      return [`type ${safeLine(question.name)}`];
    default:
      return question satisfies never;
  }
}

function answerOf(question: Question, line: string): Answer | { readonly problem: string } {
  const typed = line.trim();
  if (question.type === 'choice') return choiceOf(question, typed);
  if (question.type === 'confirm') return { value: /^y(es)?$/i.test(typed) ? 'yes' : 'no' };
  const value =
    question.type === 'text' && typed === '' && question.default !== undefined
      ? question.default
      : question.type === 'secret'
        ? line
        : typed;
  const problem = problemWith(question, value);
  return problem === undefined ? { value } : { problem };
}

function choiceOf(question: ChoiceQuestion, typed: string): Answer | { readonly problem: string } {
  const options = keyedOptions(question);
  const option =
    options.find(({ key }) => key === (typed === '' ? 'Enter' : typed)) ??
    options.find(({ own, value, label }) => typed !== '' && [own, value, label].includes(typed));
  if (option) return { value: option.value };
  if (typed === 'q') return { stop: true };
  return { problem: typed === '' ? 'choose one' : `there is no choice "${typed}"` };
}

/** The default is what Enter takes; it keeps its own key too. */
function keyedOptions(question: ChoiceQuestion) {
  return withKeys(question.options).map((option) => ({
    ...option,
    own: option.key,
    key: option.value === question.default ? 'Enter' : option.key,
  }));
}

const stopLine = (question: ChoiceQuestion): readonly string[] =>
  question.options.some(({ key }) => key === 'q') ? [] : ['q: stop and keep'];

/** A line as the terminal gives it, echoed by the terminal. */
function readLine(keyboard: Keyboard, signal: AbortSignal): Promise<Read> {
  let gathered = '';
  return reading(keyboard, signal, (data, settle) => {
    gathered += data;
    const end = gathered.search(/[\r\n]/);
    if (end >= 0) settle({ line: gathered.slice(0, end) });
  });
}

/** A line nobody sees: a paste may hold line ends. */
function readHidden(keyboard: Keyboard, signal: AbortSignal): Promise<Read> {
  let gathered = '';
  const sort = createSorter(() => 0);
  return reading(keyboard, signal, (data, settle) => {
    for (const key of sort(data)) {
      if (key.type === 'interrupt') keyboard.interrupt?.();
      gathered = hiddenKey(key, gathered, settle);
    }
  });
}

function hiddenKey(key: Key, gathered: string, settle: (read: Read) => void): string {
  if (key.type === 'interrupt' || key.type === 'end') settle({ stop: true });
  if (key.type !== 'typed') return gathered + key.text;
  if (key.text.startsWith('\x1b')) return gathered;
  let line = gathered;
  for (const char of key.text) {
    if (char === '\r' || char === '\n') settle({ line: createField('\t').read(line) });
    else if (char === '\x7f' || char === '\b') line = line.slice(0, -1);
    else if (char === '\x15') line = '';
    else if (char >= ' ') line += char;
  }
  return line;
}

function reading(
  keyboard: Keyboard,
  signal: AbortSignal,
  take: (data: string, settle: (read: Read) => void) => void,
): Promise<Read> {
  return new Promise((resolve) => {
    const settle = (read: Read) => {
      signal.removeEventListener('abort', withdraw);
      silence();
      resolve(read);
    };
    const withdraw = () => settle({ withdrawn: true });
    signal.addEventListener('abort', withdraw, { once: true });
    const silence = keyboard.listen(
      (data) => take(data, settle),
      () => settle({ stop: true }),
    );
  });
}
