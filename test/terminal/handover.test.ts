// Taking a run back that was handed over: asked, with the risk named, and only here.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { launch, runOf, trusted } from '../sessions/launching.ts';
import { projectOf, sit } from './session.ts';

test('take-back names the risk; no leaves it away, yes has it here again and says so in the journal', async () => {
  const project = projectOf('pause');
  const argv = await trusted(project, 'pause');
  const first = sit({ project, argv });
  await first.until('left');
  await first.type('\x03');
  await first.ended();
  expect((await launch(project, ['handover', '--to', 'ben', '--out', 'over.json'])).exit).toBe(0);

  const refused = sit({ project, argv: ['handover', 'take-back', '--yes'] });
  await refused.until(/two who act\s+at once[\s\S]*Is it certain that ben does not work on/);
  await refused.type('\r');
  expect(await refused.ended()).toBe(4);
  expect((await launch(project, argv)).exit).toBe(5);

  const agreed = sit({ project, argv: ['handover', 'take-back'] });
  await agreed.until('Is it certain that ben');
  await agreed.type('y');
  expect(await agreed.ended()).toBe(0);
  expect(agreed.screen()).toContain(`${basename(runOf(project))} is here again`);
  expect(readFileSync(join(runOf(project), 'journal.jsonl'), 'utf8')).toContain(
    'Taken back; it had been handed over to ben',
  );
});
