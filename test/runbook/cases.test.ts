// Each file of test/cases that ends with .md is a runbook with mistakes; the .txt beside it is all that is said about it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadRunbook } from '../../src/runbook/load.ts';
import { isError } from '../../src/text/finding.ts';
import { renderFinding } from '../../src/text/render-finding.ts';
import { kindNames, loadKind } from './kinds.ts';

const folder = new URL('../cases/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.md'));

describe('a runbook with mistakes', () => {
  it.each(files)('is told all of them, with their places and remedies: %s', async (file) => {
    const source = readFileSync(new URL(file, folder), 'utf8');
    const { runbook, findings } = await loadRunbook({
      file,
      source,
      kindNames,
      loadKind,
      readFile: async () => undefined,
    });
    await expect(`${findings.map(renderFinding).join('\n')}\n`).toMatchFileSnapshot(
      new URL(file.replace(/md$/, 'txt'), folder).pathname,
    );
    expect(runbook === undefined).toBe(findings.some(isError));
  });

  it.each(files)('names places that are in the file: %s', async (file) => {
    const source = readFileSync(new URL(file, folder), 'utf8');
    const { findings } = await loadRunbook({ file, source, kindNames, loadKind, readFile: async () => undefined });
    const lines = source.split('\n');
    for (const { place, text } of findings) {
      expect(text).toBe(lines[place.line - 1]);
      expect(place.column - 1 + (place.length ?? 1)).toBeLessThanOrEqual(Math.max(text.length, place.column));
    }
  });
});
