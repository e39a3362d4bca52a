// The face as the engine uses it: whatever is told, asked or laid before the person goes through the redactor first. What is on an event
// was redacted before it was written; what a child prints, as it came.
import type { Option, Question } from '../question.ts';
import type { Redactor } from '../text/redact.ts';
import type { Card, Face } from './face.ts';

export function redactedFace(face: Face, redactor: Redactor): Face {
  const text = (one: string): string => redactor.text(one);
  return {
    ...face,
    card: (card) => face.card(redactedCard(card, text)),
    working: (step, what, more) => {
      const working = face.working(step, text(what), more);
      return { ...working, say: (sentence) => working.say(text(sentence)) };
    },
    ask: (question, options) => face.ask(redactedQuestion(question, text), options),
    tell: (lines) => face.tell(lines.map(text)),
  };
}

type Text = (one: string) => string;

/** Ids, values, the name to type and what Enter takes stay: they are what the answer is made of. */
function redactedQuestion(question: Question, text: Text): Question {
  const shown = {
    message: text(question.message),
    ...(question.detail && { detail: question.detail.map(text) }),
  };
  if (question.type === 'text')
    return { ...question, ...shown, ...(question.example !== undefined && { example: text(question.example) }) };
  if (question.type !== 'choice') return { ...question, ...shown };
  const option = (one: Option): Option => ({
    ...one,
    label: text(one.label),
    ...(one.short !== undefined && { short: text(one.short) }),
    ...(one.hint !== undefined && { hint: text(one.hint) }),
  });
  return { ...question, ...shown, options: question.options.map(option) };
}

function redactedCard(card: Card, text: Text): Card {
  return {
    ...card,
    title: text(card.title),
    phase: text(card.phase),
    prose: text(card.prose),
    ...(card.opening !== undefined && { opening: text(card.opening) }),
    commands: card.commands.map(text),
    copy: card.copy.map((one) => ({ ...one, label: text(one.label), value: text(one.value) })),
    waiting: card.waiting.map(text),
    ...Object.fromEntries(
      FACTS.flatMap((fact) => {
        const value = card[fact];
        return value === undefined ? [] : [[fact, text(value)]];
      }),
    ),
  };
}

const FACTS = ['who', 'describes', 'account', 'costs', 'takes', 'open'] as const;
