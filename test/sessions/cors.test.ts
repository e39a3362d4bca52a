// http/cors with an origin that only the input knows: taken where it is one, told at once where it is none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch, projectOf, rehearsalOf, runbookOf } from './launching.ts';

const folder = () =>
  projectOf({
    'runbooks/pages.md': runbookOf(
      `
inputs:
  origin: { description: Where the pages are, default: "https://www.example.com" }
steps:
  - { id: cors, uses: http/cors, with: { url: "https://api.example.com/v1", origin: "\${{ inputs.origin }}" } }`,
      'cors',
    ),
  });

test('lint takes it as it is written, and a rehearsal asks with what it became', async () => {
  expect(await launch(folder(), ['lint'])).toMatchObject({ exit: 0 });
  const project = folder();
  expect(await launch(project, ['rehearse', 'pages', '--auto', '--plain'])).toMatchObject({ exit: 0 });
  expect(readFileSync(join(rehearsalOf(project), 'journal.jsonl'), 'utf8')).toContain(
    'pages of https://www.example.com may POST https://api.example.com/v1 (CORS preflight)',
  );
});

test('what is no origin fails the step at once, in words', async () => {
  const { exit, stderr } = await launch(folder(), [
    ...['rehearse', 'pages', '--auto', '--plain'],
    ...['--input', 'origin=https://www.example.com/app'],
  ]);
  expect(exit).toBe(1);
  expect(stderr).toContain('origin: only scheme and host, such as https://www.example.com');
  expect(stderr).toContain('Mend the input or the runbook');
  expect(stderr).not.toContain('cannot be seen');
});
