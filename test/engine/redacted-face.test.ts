// Nothing reaches the person but through the redactor: every text of every call of the face; what an answer is made of stays.
import { expect, test } from 'vitest';
import type { Card, Face, Underway, Working } from '../../src/engine/face.ts';
import { redactedFace } from '../../src/engine/redacted-face.ts';
import type { Question } from '../../src/question.ts';
import { createRedactor } from '../../src/text/redact.ts';

const S = 'planted-4f9c2e71';
const redactor = createRedactor();
redactor.learn('S', S);

/** What got through. */
async function told(use: (face: Face) => unknown): Promise<readonly unknown[]> {
  const got: unknown[] = [];
  const working: Working = {
    output: (bytes) => got.push(bytes),
    say: (one) => got.push(one),
    stop: () => got.push('stopped'),
  };
  const face: Face = {
    present: true,
    happened: (event) => got.push(event),
    card: (card) => got.push(card),
    working: (step: string, what: string, more?: Underway) => {
      got.push([step, what, more]);
      return working;
    },
    ask: async (question, options) => {
      got.push(question, options);
      return { value: S };
    },
    tell: (lines) => got.push(lines),
  };
  await use(redactedFace(face, redactor));
  return got;
}

test('a card: all its texts, but for the id by which it is the step', async () => {
  const card: Card = {
    id: S,
    title: `t ${S}`,
    phase: `ph ${S}`,
    position: 1,
    total: 2,
    prose: `p ${S}`,
    who: `w ${S}`,
    describes: `d ${S}`,
    commands: ['a', `c ${S}`],
    account: `a ${S}`,
    costs: `co ${S}`,
    takes: `ta ${S}`,
    open: `https://x.test/${S}`,
    opening: `o ${S}`,
    copy: [{ label: `l ${S}`, value: `v ${S}`, secret: true }],
    waiting: [`w ${S}`],
  };
  expect(await told((face) => face.card(card))).toEqual([
    JSON.parse(JSON.stringify(card).replaceAll(S, '«S»').replace('"id":"«S»"', `"id":"${S}"`)),
  ]);
  const bare: Card = {
    id: 'a',
    title: 't',
    phase: '',
    position: 1,
    total: 1,
    prose: '',
    commands: [],
    copy: [],
    waiting: [],
  };
  expect(await told((face) => face.card(bare))).toStrictEqual([bare]);
});

test('what goes on: the sentence, and each that is told in its place; the output comes redacted already', async () => {
  const bytes = Buffer.from(S);
  const more = { already: 5 };
  const got = await told((face) => {
    const working = face.working('step', `doing ${S}`, more);
    working.say(`seen ${S}`);
    working.output(bytes);
    working.stop();
  });
  expect(got).toEqual([['step', 'doing «S»', more], 'seen «S»', bytes, 'stopped']);
});

test('lines that are told', async () => {
  expect(await told((face) => face.tell(['a', `b ${S}`]))).toEqual([['a', 'b «S»']]);
});

const asked = { id: `q.${S}`, message: `m ${S}`, detail: ['x', `d ${S}`] };
const shown = { id: `q.${S}`, message: 'm «S»', detail: ['x', 'd «S»'] };
const QUESTIONS: readonly (readonly [Question, object])[] = [
  [
    { ...asked, type: 'text', default: S, example: `e ${S}`, pattern: S },
    { ...shown, type: 'text', default: S, example: 'e «S»', pattern: S },
  ],
  [
    { id: 'a', message: 'b', type: 'text' },
    { id: 'a', message: 'b', type: 'text' },
  ],
  [
    { ...asked, type: 'secret' },
    { ...shown, type: 'secret' },
  ],
  [
    { ...asked, type: 'confirm' },
    { ...shown, type: 'confirm' },
  ],
  [
    { ...asked, type: 'name', name: S },
    { ...shown, type: 'name', name: S },
  ],
  [
    {
      ...asked,
      type: 'choice',
      about: 'way',
      default: S,
      options: [
        { value: S, label: `l ${S}`, short: `s ${S}`, hint: `h ${S}`, key: 'a' },
        { value: 'b', label: 'b' },
      ],
    },
    {
      ...shown,
      type: 'choice',
      about: 'way',
      default: S,
      options: [
        { value: S, label: 'l «S»', short: 's «S»', hint: 'h «S»', key: 'a' },
        { value: 'b', label: 'b' },
      ],
    },
  ],
];

test.each(QUESTIONS)('a question: what is read, not what is answered (%j)', async (question, expected) => {
  const options = { signal: new AbortController().signal, step: S };
  let answer: unknown;
  const got = await told(async (face) => {
    answer = await face.ask(question, options);
  });
  expect(got).toStrictEqual([expected, options]);
  expect(answer).toEqual({ value: S });
});

test('what is on disk is shown as it stands there', async () => {
  const event = { v: 1, n: 1, at: '', prev: '', type: 'note.added', text: S, by: 'jam' } as const;
  // The state is handed on, and nothing of it is looked at here.
  const state = {} as Parameters<Face['happened']>[1];
  expect(await told((face) => face.happened(event, state))).toEqual([event]);
});
