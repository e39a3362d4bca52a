// A face whose rehearsal knows which step is at work, and that a person who thinks takes real time.
import type { Face } from '../engine/face.ts';
import type { VirtualClock } from './clock.ts';

/** `clock`: left out for the actor, who answers at once and may sleep in virtual time. */
export function watched(face: Face, { clock, at }: { readonly clock?: VirtualClock; at(step: string): void }): Face {
  return {
    present: face.present,
    happened: (event, state) => {
      if ('step' in event && event.step !== undefined) at(event.step);
      face.happened(event, state);
    },
    card: (card) => {
      at(card.id);
      face.card(card);
    },
    working: (step, what, more) => face.working(step, what, more),
    ask: (question, options) => {
      if (options.step !== undefined) at(options.step);
      const asking = () => face.ask(question, options);
      return clock ? clock.during(asking) : asking();
    },
    tell: (lines) => face.tell(lines),
    ...(face.lend && {
      lend: (use) => (clock ? clock.during(async () => face.lend?.(use)) : Promise.resolve(face.lend?.(use))),
    }),
  };
}
