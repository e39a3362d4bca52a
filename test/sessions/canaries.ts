// Looks for what gives a secret away, by its own measure: any stretch of it, in any form it can have been printed in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const STRETCH = 14;

/** Where a stretch of a canary stands, as `canary in place`. */
export function traces(
  canaries: Readonly<Record<string, string>>,
  places: ReadonlyMap<string, string>,
): readonly string[] {
  const stretches = Object.entries(canaries).flatMap(([name, value]) =>
    formsOf(value).flatMap((form) => windows(form).map((stretch) => ({ name, stretch }))),
  );
  return [...places].flatMap(([place, text]) => {
    // Lines that a terminal broke are one again.
    const joined = text.replace(/\s+/g, '');
    const found = stretches.filter(
      ({ stretch }) => text.includes(stretch) || joined.includes(stretch.replace(/\s+/g, '')),
    );
    return [...new Set(found.map(({ name, stretch }) => `${name} in ${place}: ${stretch}`))].slice(0, 3);
  });
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [
    ...value.split('\n').filter((line) => !line.startsWith('-----')),
    encodeURIComponent(value),
    JSON.stringify(value),
    bytes.toString('hex'),
    // At each alignment, without the characters that a neighbour changes.
    ...[0, 1, 2].map((before) =>
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .slice(4, -4),
    ),
  ];
}

function windows(form: string): readonly string[] {
  if (form.length < STRETCH) return [];
  return Array.from({ length: form.length - STRETCH + 1 }, (_, at) => form.slice(at, at + STRETCH)).filter(
    (stretch) => new Set(stretch).size > 5 && !/-{4}|BEGIN|END/.test(stretch),
  );
}

/** Every file below the folders, by its path; folders and files named in `but` are left out. */
export function filesBelow(folders: readonly string[], but: readonly string[] = []): Map<string, string> {
  const found = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Map(
    found
      .filter((path) => !but.some((left) => path.startsWith(left)))
      .map((path) => [path, readFileSync(path, 'latin1')]),
  );
}

export const transcript = (raw: string): string => stripVTControlCharacters(raw);
