// Small words that people paste and mistype: `status --text`, and "did you mean".
import { describe, expect, test } from 'vitest';
import { inTheMorning, launch, projectOf, runbookOf, trusted } from './launching.ts';

const runbook = runbookOf(
  'steps: [{ id: make, run: "true" }, { id: point-dns, manual: true, who: ben }, { id: end, run: "true" }]',
  'make',
  'point-dns',
  'end',
);
const project = () => projectOf({ 'runbooks/prod.md': runbook });

describe('launch status --text', () => {
  test('is one paragraph: which run, how far, why it stopped, and who is next', async () => {
    const folder = project();
    await launch(folder, await trusted(folder, 'prod', '--who', 'ann'), inTheMorning());
    const { stdout, exit } = await launch(folder, ['status', '--text'], inTheMorning());
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toMatch(
      /^A small launch: prod-\d{8}-\w{3}, 1 of 3 steps done\. Stopped \d\d:\d\d by ann at "point-dns"\. Next: "point-dns" \(ben\)\.$/m,
    );
    expect(exit).toBe(0);
  });

  test('says that a run goes on elsewhere', async () => {
    const folder = project();
    await launch(folder, await trusted(folder, 'prod', '--who', 'ann'));
    await launch(folder, ['handover', '--out', 'over.json']);
    expect((await launch(folder, ['status', '--text'])).stdout).toContain('Handed over');
    expect((await launch(folder, ['runs'])).stdout).toContain('  handed over  ');
  });
});

describe('a word that was mistyped', () => {
  test.each<[readonly string[], string]>([
    [['stauts'], 'did you mean `launch status`?'],
    [['handvoer'], 'did you mean `launch handover`?'],
    [['prdo'], 'did you mean prod?'],
    [['plan', 'prdo'], 'did you mean prod?'],
    [['doctor', 'prdo'], 'did you mean prod?'],
    [['rehearse', 'prdo'], 'did you mean prod?'],
    [['plna', 'prod'], 'did you mean `launch plan`?'],
    [['status', 'prdo'], 'did you mean "prod"?'],
    [['plan', 'prod', '--jsno'], 'did you mean --json?'],
    [['secrets', 'fil'], 'did you mean `launch secrets fill`?'],
    [['completion', 'bsh'], 'did you mean `launch completion bash`?'],
  ])('launch %j: %s', async (argv, hint) => {
    const folder = project();
    if (argv[0] === 'status') await launch(folder, await trusted(folder, 'prod'));
    const ran = await launch(folder, argv);
    expect(ran.stderr).toContain(hint);
    expect(ran.exit).toBe(2);
  });

  test('with nothing near it, what there is is said', async () => {
    expect((await launch(project(), ['zzzzzz'])).stderr).toContain('runbooks here: prod');
  });
});
