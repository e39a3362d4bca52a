// Reads .xcconfig files with what they include. Two slashes begin a comment even within an address.
import type { Use } from '../../src/system/ports.ts';
import type { Level } from './settings-levels.ts';

/** The settings of a configuration file, by its path from the project folder. A file that is missing is named, not passed over. */
export async function readXcconfig(
  path: string,
  { files }: Use<'files'>,
  seen: readonly string[] = [],
): Promise<Level> {
  const text = seen.includes(path) ? '' : await files.read(path);
  if (text === undefined) return { settings: {}, missing: path };
  let settings: Readonly<Record<string, string>> = {};
  let missing: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, optional, included] = /^\s*#include(\?)?\s*"([^"]+)"/.exec(line) ?? [];
    if (included !== undefined) {
      const level = await readXcconfig(beside(path, included), { files }, [...seen, path]);
      settings = { ...settings, ...level.settings };
      if (optional === undefined) missing ??= level.missing;
      continue;
    }
    const [, key, value = ''] = /^\s*([A-Za-z_]\w*(?:\[[^\]]*\])*)\s*=\s*(.*)$/.exec(withoutComment(line)) ?? [];
    if (key !== undefined) settings = { ...settings, [key]: value.trim() };
  }
  return { settings, ...(missing !== undefined && { missing }) };
}

const withoutComment = (line: string): string => line.split('//')[0] ?? '';

/** The path of a file that is named from another one. */
function beside(path: string, name: string): string {
  return name.startsWith('/') ? name : joinPath(path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '', name);
}

/** Joins and tidies: `a/../b` is `b`. */
export function joinPath(...pieces: readonly string[]): string {
  const absolute = pieces.find((piece) => piece !== '')?.startsWith('/') ?? false;
  const parts: string[] = [];
  for (const part of pieces.flatMap((piece) => piece.split('/'))) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return (absolute ? '/' : '') + parts.join('/');
}
