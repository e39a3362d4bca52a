// Values for the person's clipboard, one after the other; a secret is taken off it again.
import type { Step } from '../runbook/model.ts';
import { fill } from '../text/expression.ts';
import { copiesOf } from './card.ts';
import type { Sitting } from './sitting.ts';
import { supply } from './supply.ts';

export interface Clipboard {
  /** The next value in order; after the last comes the first again. */
  next(): Promise<void>;
  /** Nothing secret is left behind. */
  clear(): Promise<void>;
}

export function clipboardOf(sitting: Sitting, step: Step): Clipboard {
  let copied = 0;
  let holdsSecret = false;
  const put = async (label: string, value: string, secret: boolean): Promise<void> => {
    const done = await sitting.world.copy(value);
    holdsSecret = done ? secret : holdsSecret;
    sitting.face.tell([told({ label, value, secret, done })]);
  };
  return {
    next: async () => {
      const copies = copiesOf(sitting, step);
      const one = copies[copied % copies.length];
      if (!one) return;
      const value = await filledIn(sitting, step, one.text);
      if (value === undefined) sitting.face.tell([`${one.label} is not known yet.`]);
      else await put(one.label, value, one.secret);
      copied += 1;
    },
    clear: async () => {
      if (!holdsSecret) return;
      holdsSecret = false;
      if (await sitting.world.copy('')) sitting.face.tell(['The secret was taken off the clipboard.']);
    },
  };
}

/** Filled in, asked for where it is a value that a person can know. */
async function filledIn(sitting: Sitting, step: Step, text: string): Promise<string | undefined> {
  const first = fill(text, sitting.contexts());
  if (!first.ok) await supply(sitting, step, first.missing);
  const filled = first.ok ? first : fill(text, sitting.contexts());
  if (!filled.ok) return undefined;
  return typeof filled.value === 'string' ? filled.value : JSON.stringify(filled.value);
}

interface Put {
  readonly label: string;
  readonly value: string;
  readonly secret: boolean;
  readonly done: boolean;
}

/** A secret is never shown, also where there is no clipboard. */
function told({ label, value, secret, done }: Put): string {
  if (!secret) return done ? `Copied ${label}: ${value}` : `${label}: ${value}`;
  if (done) return `Copied ${label}. It is taken off the clipboard when this step ends.`;
  return `${label} is a secret, and there is no clipboard here: take it from where it is kept.`;
}
