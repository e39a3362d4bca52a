// Does a text answer a question? The same rule for a person, a file of answers and a test.
import type { Question, TextQuestion } from '../question.ts';

/** What is wrong with it, in one sentence; undefined where it will do. */
export function problemWith(question: Question, value: string): string | undefined {
  switch (question.type) {
    case 'text':
      return value === '' && (question.optional || question.default === '') ? undefined : textProblem(question, value);
    case 'secret':
      if (value === '') return 'a value is needed';
      return matches(question.pattern, value) ? undefined : `does not match ${question.pattern}`;
    case 'choice':
      return question.options.some((option) => option.value === value)
        ? undefined
        : `must be one of ${question.options.map((option) => option.value).join(', ')}`;
    case 'confirm':
      return value === 'yes' || value === 'no' ? undefined : 'must be yes or no';
    case 'name':
      return value === question.name ? undefined : `must be exactly ${question.name}`;
    default:
      return question satisfies never;
  }
}

function textProblem({ shape = 'text', pattern, example }: TextQuestion, value: string): string | undefined {
  const like = example === undefined ? '' : `, for example ${example}`;
  if (value === '') return `a value is needed${like}`;
  if (!SHAPES[shape].holds(value)) return `must be ${SHAPES[shape].words}${like}`;
  return matches(pattern, value) ? undefined : `must match ${pattern}${like}`;
}

/** The whole value must match. A pattern that is none was a finding of the runbook; here it holds nothing up. */
function matches(pattern: string | undefined, value: string): boolean {
  if (pattern === undefined) return true;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    // Not a pattern with the `u` flag: lint has said so, and the author's text is taken as it was meant.
    return looselyMatches(pattern, value);
  }
}

function looselyMatches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    // No pattern at all: an error of lint, never a reason to refuse every answer.
    return true;
  }
}

const SHAPES: Readonly<
  Record<NonNullable<TextQuestion['shape']>, { readonly words: string; holds(value: string): boolean }>
> = {
  text: { words: 'a text', holds: () => true },
  number: { words: 'a number', holds: (value) => value.trim() !== '' && Number.isFinite(Number(value)) },
  boolean: { words: 'true or false', holds: (value) => /^(true|false)$/.test(value) },
  email: { words: 'an e-mail address', holds: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) },
  list: {
    words: 'one or more values, separated by commas',
    holds: (value) => value.split(',').some((part) => part.trim() !== ''),
  },
  directory: { words: 'the path of a folder', holds: (value) => value.trim() !== '' },
};
