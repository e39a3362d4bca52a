// A person's step in hand: the page to open, the values to copy, and the world asked in the background whether it is done.
import type { Answer, Option } from '../question.ts';
import type { Ask, Step } from '../runbook/model.ts';
import { agreeOnce } from './agree.ts';
import { askUntil, beside, stopFor } from './ask.ts';
import { cardOf } from './card.ts';
import { type Clipboard, clipboardOf } from './clipboard.ts';
import { isSatisfied } from './decide.ts';
import { stepOf } from './evolve.ts';
import type { Card } from './face.ts';
import { type Looked, lookAndKeep, lookAt, tellLook } from './look.ts';
import { keepPasted, pasteId, pasteQuestion } from './paste.ts';
import { askOrAside, chooseSideWay, sideWays } from './side.ts';
import type { Sitting } from './sitting.ts';
import { missingToTell, supply } from './supply.ts';
import { proofOf } from './verify.ts';

/** One turn of a manual step: ends when it is done, put aside, or settled another way. */
export async function work(sitting: Sitting, step: Step): Promise<void> {
  sitting.alone = false;
  const missing = sitting.face.present ? missingToTell(sitting, step) : [];
  if (missing.length > 0) return supply(sitting, step, missing);
  const card = await cardOf(sitting, step);
  sitting.face.card(card);
  if (!(await agreeOnce(sitting, step))) return;
  const clipboard = clipboardOf(sitting, step);
  try {
    await workWith(sitting, step, card, clipboard);
  } finally {
    await clipboard.clear();
  }
}

async function workWith(sitting: Sitting, step: Step, card: Card, clipboard: Clipboard): Promise<void> {
  for (;;) {
    const { answer, looked } = await askWatching(sitting, step, card);
    if (looked) return finish(sitting, step, looked);
    const choice = chosen(answer, step);
    if (choice === 'open') await open(sitting, card);
    else if (choice === 'copy') await clipboard.next();
    else if (choice === 'look') {
      const now = await lookAndKeep(sitting, step, 'done');
      if (now.is === 'so') return finish(sitting, step, now);
      sitting.face.tell(tellLook(now));
    } else if (choice === 'later') return putAside(sitting, step);
    else if (choice === 'done') {
      if (await said(sitting, step)) return;
    } else {
      await chooseSideWay(sitting, step, choice);
      if (choice !== 'note') return;
    }
  }
}

function chosen(answer: Answer, step: Step): string {
  if ('value' in answer) return answer.value;
  throw stopFor(answer, step);
}

function turn(sitting: Sitting, step: Step, card: Card) {
  const looks = sitting.offer(step).looks;
  const options: Option[] = [
    { value: 'done', label: 'I have done it' },
    ...(card.open ? [{ value: 'open', key: 'o', label: 'open the page' }] : []),
    ...(card.copy.length > 0 ? [{ value: 'copy', key: 'y', label: 'copy the next value' }] : []),
    ...(looks ? [{ value: 'look', key: 'c', label: 'look now' }] : []),
    ...(others(sitting, step)
      ? [{ value: 'later', key: 'w', label: 'go on with other steps meanwhile', short: 'do others meanwhile' }]
      : []),
    ...sideWays(sitting, step),
  ];
  return {
    id: `steps.${step.id}.work`,
    type: 'choice' as const,
    about: 'work' as const,
    message: looks
      ? `Do this; it is looked at meanwhile.${step.who ? ` (${card.who})` : ''}`
      : `Do this, then say so.${step.who ? ` (${card.who})` : ''}`,
    options,
    default: 'done',
  };
}

/** Is there a step that could go on without this one? */
function others(sitting: Sitting, step: Step): boolean {
  const { runbook, state } = sitting;
  return runbook.steps.some((one) => {
    const at = stepOf(state, one.id);
    return (
      one.id !== step.id &&
      at.status === 'pending' &&
      one.needs.every((id) => {
        const needed = runbook.steps.find((other) => other.id === id);
        return !needed || isSatisfied(needed, stepOf(state, id));
      })
    );
  });
}

/** The question, withdrawn as soon as the world shows that it is so. */
async function askWatching(
  sitting: Sitting,
  step: Step,
  card: Card,
): Promise<{ readonly answer: Answer; readonly looked?: Looked }> {
  const over = new AbortController();
  const signal = AbortSignal.any([sitting.signal, over.signal]);
  let looked: Looked | undefined;
  const watching = watchMeanwhile(sitting, step, signal).then((seen) => {
    looked = seen;
    over.abort();
  });
  const asking = askUntil(sitting, turn(sitting, step, card), signal, step);
  const answer = await beside(asking, watching);
  over.abort();
  return { answer, ...('withdrawn' in answer && looked && { looked }) };
}

/** Looks every so often while the question is open. Settles only with what it sees to be so, or when `signal` is aborted. */
async function watchMeanwhile(sitting: Sitting, step: Step, signal: AbortSignal): Promise<Looked | undefined> {
  const offer = sitting.offer(step);
  if (!offer.looks || sitting.world.pretend) return aborted(signal);
  while (!signal.aborted) {
    await sitting.world.clock.sleep(offer.every, signal);
    if (signal.aborted) return undefined;
    const looked = await lookAt(sitting, step, 'done', signal);
    if (!signal.aborted && looked.is === 'so') return looked;
  }
  return undefined;
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));

async function open(sitting: Sitting, card: Card): Promise<void> {
  if (!card.open) return;
  const opened = await sitting.world.open(card.open);
  sitting.face.tell([opened ? `Opened ${card.open}` : `Open this page: ${card.open}`]);
}

function putAside(sitting: Sitting, step: Step): void {
  sitting.append({
    type: 'step.waiting',
    step: step.id,
    for: 'person',
    what: step.who ?? 'a person',
    by: sitting.operator,
  });
}

/** "I have done it": one last look. True when the step is over. */
async function said(sitting: Sitting, step: Step): Promise<boolean> {
  if (!sitting.offer(step).looks) {
    await finish(sitting, step, undefined);
    return true;
  }
  const looked = await lookAndKeep(sitting, step, 'done');
  if (looked.is === 'so') {
    await finish(sitting, step, looked);
    return true;
  }
  const answer = await askUntil(
    sitting,
    {
      id: `steps.${step.id}.no`,
      type: 'choice',
      about: 'way',
      message: looked.is === 'not-so' ? 'It is not so yet.' : 'It cannot be seen.',
      detail: tellLook(looked),
      options: [
        { value: 'look', key: 'c', label: 'look again' },
        { value: 'back-to-it', key: 'b', label: 'go back to it' },
        { value: 'word', key: 'd', label: 'it is done: take my word', hint: 'the record says so' },
        { value: 'stop', key: 'q', label: 'stop and keep' },
      ],
      default: 'look',
    },
    sitting.signal,
    step,
  );
  const choice = chosen(answer, step);
  if (choice === 'look') return said(sitting, step);
  if (choice === 'stop') throw stopFor({ stop: true }, step);
  if (choice !== 'word') return false;
  await finish(sitting, step, looked);
  return true;
}

/** Values to paste back, the evidence asked for, and then it is done (seen, or on the person's word), unless they chose another way. */
async function finish(sitting: Sitting, step: Step, looked: Looked | undefined): Promise<void> {
  const outputs: Record<string, string> = { ...looked?.outputs };
  for (const one of step.ask) {
    // Given before (`launch answer`, or a sitting that ended here): not asked for twice.
    const known = stepOf(sitting.state, step.id).answers[pasteId(step, one)];
    const value = known ?? (await askToPaste(sitting, step, one));
    if (value === undefined) return;
    // Left empty it is not there: an output is never an empty text.
    if (value !== '') outputs[one.name] = value;
  }
  const proof = step.evidence ? await askForProof(sitting, step) : '';
  if (proof === undefined) return;
  const { how, evidence } = proofOf(looked);
  sitting.append({
    type: 'step.done',
    step: step.id,
    how,
    by: sitting.operator,
    outputs,
    evidence: { ...evidence, ...(proof !== '' && { proof }) },
  });
}

const askForProof = (sitting: Sitting, step: Step): Promise<string | undefined> =>
  askOrAside(
    sitting,
    { id: `steps.${step.id}.evidence`, type: 'text', message: 'The proof: a page, a sentence, the path of a picture' },
    step,
  );

/** A value that a person brings from the page where they worked; undefined where they wanted something else. */
export async function askToPaste(sitting: Sitting, step: Step, one: Ask): Promise<string | undefined> {
  const asked = pasteQuestion(sitting, step, one);
  const value = await askOrAside(sitting, asked, step);
  if (value !== undefined) keepPasted(sitting, step, one, { message: asked.message, value });
  return value;
}
