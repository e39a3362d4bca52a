// Answers given before anyone asks, by a file or a flag: taken where they fit, refused with the place where they do not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, projectOf, runbookOf } from './launching.ts';

const small = runbookOf(
  `
inputs:
  app: { description: The app }
  key: { description: A key, secret: true }
steps:
  - { id: where, question: Which region?, options: [sjc, lax] }
  - { id: team, manual: true, ask: { team_id: { pattern: "[A-Z]{3}", example: ABC } } }`,
  'where',
  'team',
);

function projectAnswering(file: string, text: string): string {
  const project = projectOf({ 'runbooks/small.md': small });
  writeFileSync(join(project, file), text);
  return project;
}

describe('launch rehearse --auto --answers', () => {
  test.each([
    [
      'answers.yaml',
      'inputs.app: from-yaml # why\nsteps.where.answer: lax\nsteps.team.ask.team_id: XYZ\n',
      'from-yaml',
    ],
    ['answers.json', '{\n\t"inputs.app": "from-json",\n\t"steps.where.answer": "lax"\n}\n', 'from-json'],
  ])('takes them from %s, of which the flag --input is stronger', async (file, text, app) => {
    const project = projectAnswering(file, text);
    const ran = await launch(project, ['rehearse', 'small', '--auto', '--answers', file]);
    expect(ran.stderr).toContain(app);
    expect(ran.stderr).toContain('lax');
    expect(ran.exit).toBe(0);
    const again = await launch(project, ['rehearse', 'small', '--auto', '--answers', file, '--input', 'app=from-flag']);
    expect(again.stderr).toContain('from-flag');
    expect(again.stderr).not.toContain(app);
    expect(again.exit).toBe(0);
  });

  test.each([
    ['inputs.ap: x', '--answers: inputs.ap: small asks nothing of that name', 'did you mean "inputs.app"?'],
    ['steps.where.ask.x: x', 'small asks nothing of that name', 'steps.where.answer'],
    ['inputs.key: x', 'inputs.key is a secret', 'typed when it is asked'],
    ['- inputs.app', 'answers.yaml:1:1', 'is not a map of keys and values'],
    ['inputs.app: [x', 'answers.yaml:1:', 'close every'],
    ['inputs.app: x\ninputs.app: y', 'answers.yaml:2:1', 'it is also on line 1'],
  ])('refuses %j with exit 2, its place and what to do', async (text, says, remedy) => {
    const project = projectAnswering('answers.yaml', text);
    const ran = await launch(project, ['rehearse', 'small', '--auto', '--answers', 'answers.yaml']);
    expect(ran.stderr).toContain(says);
    expect(ran.stderr).toContain(remedy);
    expect(ran.exit).toBe(2);
  });

  test('says which file is not there', async () => {
    const ran = await launch(projectOf({ 'runbooks/small.md': small }), [
      'rehearse',
      'small',
      '--auto',
      '--answers',
      'no.yaml',
    ]);
    expect(ran.stderr).toContain('no.yaml');
    expect(ran.exit).toBe(2);
  });
});
