// A value that exists only once is put into the person's hands before it is sent anywhere: copied, shown, or stored in 1Password.
import type { ChoiceQuestion, Option } from '../question.ts';
import type { Step } from '../runbook/model.ts';
import type { NamedSecret, SecretSpec } from '../system/ports.ts';
import { ask } from './ask.ts';
import { itemKey, placeOf, store } from './one-password.ts';
import type { Sitting } from './sitting.ts';

type Kept = NamedSecret & Pick<SecretSpec, 'keep'>;

/** Returns once it is kept. Stopped before: nobody needs it any more, and the clipboard does not have it either. */
export async function handOver(
  sitting: Sitting,
  step: Step,
  spec: Kept,
  value: string,
  what = `A new value for ${spec.name} was made. It exists only here, and is sent to ${spec.app} next.`,
): Promise<void> {
  sitting.learn(spec.name, value);
  const ways = createWays(sitting, spec, value);
  try {
    for (;;) {
      const choice = await ask(sitting, ways.question(what), step);
      if (await ways.taken(choice)) return;
    }
  } finally {
    await ways.forget();
  }
}

interface Ways {
  question(what: string): ChoiceQuestion;
  /** true: it is kept. */
  taken(choice: string): Promise<boolean>;
  /** What was copied is taken off the clipboard. */
  forget(): Promise<void>;
}

function createWays(sitting: Sitting, spec: Kept, value: string): Ways {
  const { world, face } = sitting;
  let place = placeOf(spec.keep);
  let copied: boolean | undefined;
  let doubted = false;
  const where = spec.keep ? ` Keep it at ${spec.keep}.` : '';
  // A second value for one item follows the first, into what was made for it.
  const made = place !== undefined && sitting.newItems.has(itemKey(place));
  const into = `${made ? 'beside what was stored in' : 'in a new item'} ${place?.item}`;
  return {
    question(what) {
      const first: readonly Option[] = [
        ...(place ? [{ value: 'store', key: 't', label: `store it there, ${into}` }] : []),
        copied === false
          ? { value: 'show', key: 'v', label: 'show it here until a key is pressed' }
          : { value: 'copy', key: 'y', label: 'copy it to the clipboard' },
      ];
      return {
        id: `secrets.${spec.app}.${spec.name}.kept`,
        type: 'choice',
        about: 'work',
        message: `${what}${where}`,
        options: [...first, { value: 'done', key: 'd', label: 'it is kept: go on' }],
        ...(first[0] && { default: first[0].value }),
      };
    },
    async taken(choice) {
      if (choice === 'show') await show(sitting, spec.name, value);
      else if (choice === 'store' && place && spec.keep !== undefined) {
        const trouble = await store(world, { reference: spec.keep, place, value }, sitting.newItems);
        face.tell([
          trouble ? `It was not stored: ${trouble.why}.` : `${spec.name} is stored at ${spec.keep}, and was read back.`,
        ]);
        place = undefined;
        return trouble === undefined;
      } else if (choice === 'done') {
        // Said once: where it cannot be seen, the word of the person counts.
        const doubt = doubted || world.pretend ? undefined : await notKept(sitting, spec.keep, value);
        doubted = true;
        if (doubt !== undefined) face.tell([doubt]);
        return doubt === undefined;
      } else {
        copied = await world.copy(value);
        face.tell([copied ? `${spec.name} is on the clipboard.` : 'There is no clipboard here.']);
      }
      return false;
    },
    async forget() {
      if (copied) await world.copy('');
    },
  };
}

/** The one time a value is on the screen, because the person asked for it: past the redactor, and gone with the next key. */
async function show(sitting: Sitting, name: string, value: string): Promise<void> {
  const options = [{ value: 'hide', label: 'hide it' }];
  await sitting.openFace.ask(
    { id: `${name}.shown`, type: 'choice', about: 'work', message: `${name}\n${value}`, options, default: 'hide' },
    { signal: sitting.signal },
  );
}

/** "It is kept" is looked at where 1Password can tell: why it does not seem so. */
async function notKept({ world }: Sitting, keep: string | undefined, value: string): Promise<string | undefined> {
  if (!keep?.startsWith('op://')) return undefined;
  const ended = await world.processes.look(['op', 'read', '--no-newline', keep]);
  if (ended.missing || (ended.exit === 0 && ended.stdout === value)) return undefined;
  return ended.exit === 0
    ? `${keep} holds another value. Copy this one there, or say once more that it is kept.`
    : `${keep} could not be read by op. See that it is there, then say once more that it is kept.`;
}
