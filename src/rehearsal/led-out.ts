// The way out of a fault leads outside of the wizard: what a person does there counts as done in the stand-in world once they go on.
import type { Face } from '../engine/face.ts';
import type { Answer, Question } from '../question.ts';
import type { FaultPlayer, FaultSort } from './faults.ts';

interface Outside {
  readonly faults: FaultPlayer;
  mend(): void;
}

/** Does this question stand before what the fault has done, and is it mended outside? */
export function isToMend(sort: FaultSort | undefined, { message, detail = [] }: Question): boolean {
  if (sort?.mend) return true;
  return [message, ...detail].some((line) => sort?.mendAppStore?.when.test(line) ?? false);
}

/** A face that says so to the person, and does it when they look or try again. */
export function ledOut(face: Face, { faults, mend }: Outside): Face {
  const ask: Face['ask'] = async (question, options) => {
    const sort = faults.fired() ? faults.sort : undefined;
    const toMend = question.type === 'choice' && question.about === 'way' && isToMend(sort, question);
    if (!toMend || sort === undefined) return face.ask(question, options);
    const told = `In this rehearsal it counts as done outside once you look or try again: ${sort.wayOut}.`;
    const answer = await face.ask({ ...question, detail: [...(question.detail ?? []), told] }, options);
    if (goesOn(answer)) mend();
    return answer;
  };
  return { ...face, ask };
}

const goesOn = (answer: Answer): boolean => 'value' in answer && (answer.value === 'look' || answer.value === 'again');
