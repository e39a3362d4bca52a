// The environment variables that a plan lists: which are secrets, which are made, which have a value that stands in the plan.
import type { Block, Item } from '../document/outline.ts';
import { isSecretName } from '../secrets/scan/sort-of-name.ts';
import { codeSpans, placeholdersIn } from './command.ts';
import type { Keys } from './draft.ts';

/** What a plan says of each name, in the order of the plan. */
export function namesIn(blocks: readonly Block[]): Readonly<Record<string, Keys>> {
  const found = new Map<string, Keys>();
  const note = (name: string, keys: Keys) => {
    if (!name.startsWith('FLY_')) found.set(name, { ...keys, ...found.get(name) });
  };
  const path: { readonly depth: number; readonly text: string }[] = [];
  let label = '';
  for (const block of blocks) {
    if (block.kind === 'heading') {
      while ((path.at(-1)?.depth ?? 0) >= block.depth) path.pop();
      path.push(block);
      label = '';
    }
    const about = [...path.map(({ text }) => text), label].join('\n');
    if (block.kind === 'list')
      for (const item of block.items)
        fromItem(item, { about, config: isConfig(path.at(-1)?.text ?? ''), optional: false }, note);
    if (block.kind === 'code') for (const [name, keys] of assignments(block.text)) note(name, keys);
    label = block.kind === 'text' ? block.raw : '';
  }
  return Object.fromEntries(found);
}

interface Around {
  readonly about: string;
  readonly config: boolean;
  readonly optional: boolean;
}

const ABOUT = /\bsecrets?\b|\benv(ironment)?\b|\bvariables?\b|\bconfig|\.env\b/i;
const NAME = /^([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])(?:=(.*))?$/s;
const isConfig = (text: string): boolean =>
  /\bconfig\b|\btoggles?\b|\bflags?\b/i.test(text) && !/\bsecrets?\b/i.test(text.replace(/not secrets?/gi, ''));

function fromItem(item: Item, { about, config, optional }: Around, note: (name: string, keys: Keys) => void): void {
  const maybe = optional || /\boptional\b/i.test(item.text);
  if (ABOUT.test(about) || ABOUT.test(item.text)) {
    for (const span of codeSpans(item.text)) {
      const [, name, value] = NAME.exec(span) ?? [];
      if (name !== undefined)
        note(name, {
          ...(value !== undefined
            ? given(name, value)
            : config && !isSecretName(name, { sensitive: false, open: false })
              ? { secret: false }
              : {}),
          ...(maybe && { required: false }),
        });
    }
  }
  for (const block of item.below) {
    if (block.kind === 'list')
      for (const one of block.items) fromItem(one, { about: `${about}\n${item.text}`, config, optional: maybe }, note);
    if (block.kind === 'code') for (const [name, keys] of assignments(block.text)) note(name, keys);
  }
}

/** Of a command that sets secrets. */
function assignments(text: string): readonly (readonly [string, Keys])[] {
  const at = /\bsecrets set\b/.exec(text)?.index;
  if (at === undefined) return [];
  return [...text.slice(at).matchAll(/(?:^|\s)([A-Z][A-Z0-9_]+)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s\\]*)/g)].map(
    ([, name = '', value = '']) => [name, given(name, value.replace(/^(["'])(.*)\1$/s, '$2'))],
  );
}

/** A value that is a secret is never taken over; nor one that is only hinted at. */
function given(name: string, value: string): Keys {
  if (/^\$\(openssl rand -hex 32\)$/.test(value)) return { generate: 'hex32' };
  if (/^\$\(openssl rand -base64 32\)$/.test(value)) return { generate: 'base64-32' };
  if (/^\$\(uuidgen\)$/.test(value)) return { generate: 'uuid' };
  const asked = placeholdersIn(value);
  if (isSecretName(name, { sensitive: false, open: false }) || asked.some(({ secret }) => secret)) return {};
  const whole = value !== '' && !/[$…]|\.\.\./.test(value) && asked.length === 0;
  return whole ? { secret: false, default: value } : { secret: false };
}
