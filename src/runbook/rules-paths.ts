// Rules about files the runbook names: inside the project, and there. Whether a link leads out is for who opens the file.
import type { Path } from '../document/document.ts';
import { didYouMean } from '../text/closest.ts';
import { holdsExpression } from '../text/expression-scan.ts';
import { say } from './draft.ts';
import { isPath, type Rule } from './rule.ts';

export const pathsStayInside: Rule = function* ({ document, head, inputs, steps }) {
  const record = head?.record;
  const [folder, input = ''] = FOLDER.exec(record ?? '') ?? [''];
  const rest = record?.slice(folder.length);
  const isFolder = folder === '' || inputs.get(input)?.type === 'directory';
  if (rest !== undefined && (!isFolder || holdsExpression(rest) || !isInside(rest)))
    yield say(document, ['record'], {
      code: 'path-outside',
      message:
        holdsExpression(rest) || !isFolder ? `"${record}" is no place for a record` : `"${record}" leaves the project`,
      remedy: 'write a path from the project folder, or let it begin with an input of type directory and a slash',
    });
  const paths: (readonly [Path, string | undefined])[] = [];
  for (const { raw, index } of steps) {
    if (typeof raw['working-directory'] === 'string')
      paths.push([['steps', index, 'working-directory'], raw['working-directory']]);
    if (typeof raw.script === 'string') paths.push([['steps', index, 'script'], scriptPath(raw.script)]);
    if (typeof raw.uses === 'string' && isPath(raw.uses)) paths.push([['steps', index, 'uses'], raw.uses]);
  }
  for (const [path, text] of paths) {
    if (text === undefined || holdsExpression(text) || isInside(text)) continue;
    yield say(document, path, {
      code: 'path-outside',
      message: `"${text}" leaves the project`,
      remedy: 'write a path from the project folder, with / and without ..',
    });
  }
};

/** `${{ inputs.docs }}/`, at the beginning of where the record goes. */
const FOLDER = /^\$\{\{\s*inputs\.([\w-]+)\s*\}\}\//;

export const namedFilesExist: Rule = function* ({ document, steps, files }) {
  for (const { raw, index } of steps) {
    for (const [key, text] of [
      ['script', typeof raw.script === 'string' ? scriptPath(raw.script) : undefined] as const,
      ['uses', typeof raw.uses === 'string' && isPath(raw.uses) ? raw.uses : undefined] as const,
    ]) {
      if (text === undefined || !isInside(text)) continue;
      const path = ['steps', index, key];
      if (key === 'uses' && !/\.(?:mjs|ts|md)$/.test(text))
        yield say(document, path, {
          code: 'unknown-kind',
          message: 'a step of the project is a .mjs, .ts or .md file',
          remedy: './steps/x.mjs or ./steps/x.md',
        });
      else if (files.get(cleanPath(text)) === undefined) {
        const known = [...files].flatMap(([name, held]) => (held === undefined ? [] : [name]));
        yield say(document, path, {
          code: 'no-file',
          message: `there is no ${cleanPath(text)} in the project`,
          remedy: didYouMean(cleanPath(text), known) ?? 'paths count from the project folder',
        });
      }
    }
  }
};

/** A script that is a path and not JavaScript: one line that ends like a file. */
export function scriptPath(script: string): string | undefined {
  const text = script.trim();
  return /^[^\s'"`();={}]+\.(?:mjs|js|cjs|ts|mts)$/.test(text) ? text : undefined;
}

export const cleanPath = (path: string): string => path.trim().replace(/^(?:\.\/)+/, '');

/** By its letters only: relative, no way up past the start, no backslash, no drive. */
export function isInside(path: string): boolean {
  if (path === '' || /^[/~\\]|^[A-Za-z]:|\\|\0/.test(path)) return false;
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return false;
  }
  return true;
}
