// What a person can choose, as the code says it: every option that is written down in it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Choice {
  /** `engine/ways`. */
  readonly file: string;
  readonly value: string;
  readonly key?: string;
}

const src = join(import.meta.dirname, '../src');

/** All options with a fixed value. */
export function choicesInCode(): readonly Choice[] {
  return ['engine', 'commands'].flatMap((room) =>
    readdirSync(join(src, room))
      .sort()
      .flatMap((name) =>
        optionsIn(`${room}/${name.replace(/\.ts$/, '')}`, readFileSync(join(src, room, name), 'utf8')),
      ),
  );
}

const optionsIn = (file: string, source: string): readonly Choice[] =>
  [...source.matchAll(/\bvalue: '([\w-]+)',(?: key: '(.)',)?\s+label:/g)].map(([, value = '', key]) => ({
    file,
    value,
    ...(key !== undefined && { key }),
  }));
