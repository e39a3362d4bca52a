// A person played from a list, for tests: fails on the question that was not expected and on the answer that was not used.

import type { LaunchEvent } from '../engine/events.ts';
import type { Card, Face } from '../engine/face.ts';
import type { Answer, Question } from '../question.ts';
import type { Outline } from './outline.ts';
import { problemWith } from './valid.ts';
import { describeEvent } from './words.ts';

/** A question's id, and what is said: a value, or another way to answer. `withdrawn` waits until the question is. */
export type ScriptLine = readonly [question: string, answer: string | Answer];

export interface ScriptedFace extends Face {
  /** Everything told and asked, in order, as lines. */
  readonly transcript: readonly string[];
  readonly events: readonly LaunchEvent[];
  readonly cards: readonly Card[];
  readonly questions: readonly Question[];
  /** Throws where answers are left. */
  finish(): void;
}

export function createScriptedFace(
  script: readonly ScriptLine[],
  outline: Outline = { title: '', steps: [] },
): ScriptedFace {
  const transcript: string[] = [];
  const events: LaunchEvent[] = [];
  const cards: Card[] = [];
  const questions: Question[] = [];
  const left = [...script];

  const answerTo = (question: Question): string | Answer => {
    const [id, answer] = left.shift() ?? [];
    if (id === question.id && answer !== undefined) return answer;
    throw new Error(
      `unexpected question ${question.id} ("${question.message}"); the script has ${id === undefined ? 'no answer left' : `${id} next`}`,
    );
  };

  return {
    transcript,
    events,
    cards,
    questions,
    present: true,
    happened(event) {
      events.push(event);
      transcript.push(...(describeEvent(event, outline)?.lines ?? []));
    },
    card(card) {
      cards.push(card);
      transcript.push(
        `${card.position}/${card.total} ${card.title}`,
        ...card.commands.map((command) => `$ ${command}`),
      );
    },
    working: (_step, what) => ({
      output: (bytes) =>
        void transcript.push(
          ...Buffer.from(bytes)
            .toString()
            .split('\n')
            .filter((line) => line !== ''),
        ),
      say: (sentence) => void transcript.push(`${what}: ${sentence}`),
      stop() {},
    }),
    async ask(question, { signal }) {
      if (signal.aborted) return { withdrawn: true };
      questions.push(question);
      transcript.push(...(question.detail ?? []), `? ${question.message}`);
      const answer = answerTo(question);
      const given = typeof answer === 'string' ? { value: answer } : answer;
      if ('withdrawn' in given) return withdrawn(signal);
      const problem = 'value' in given ? problemWith(question, given.value) : undefined;
      if (problem !== undefined && 'value' in given)
        throw new Error(`the script answers ${question.id} with "${given.value}", which ${problem}`);
      if ('value' in given) transcript.push(`> ${question.type === 'secret' ? '(secret)' : given.value}`);
      return given;
    },
    tell: (lines) => void transcript.push(...lines),
    finish() {
      if (left.length) throw new Error(`answers not used: ${left.map(([id]) => id).join(', ')}`);
    },
  };
}

const withdrawn = (signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve({ withdrawn: true });
    else signal.addEventListener('abort', () => resolve({ withdrawn: true }), { once: true });
  });
