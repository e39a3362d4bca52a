// Nothing that did not finish ends with 0: each command, stopped, refused or left in the middle.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandNames } from '../../src/commands/main.ts';
import { launch, projectOf, runbookOf, trusted } from './launching.ts';

const of = (steps: string) =>
  projectOf({ 'runbooks/small.md': runbookOf(steps.includes('steps:') ? steps : `steps: [${steps}]`, 'go') });
const RUNS = '{ id: go, run: "touch made", verify: [{ run: test -e made }], undo: { run: rm made } }';

/** A run that is finished. */
async function finished(): Promise<string> {
  const project = of(RUNS);
  expect((await launch(project, await trusted(project, 'small'))).exit).toBe(0);
  return project;
}

/** A run that waits for a person. */
async function waiting(): Promise<string> {
  const project = of('{ id: go, manual: true }');
  expect((await launch(project, await trusted(project, 'small'))).exit).toBe(4);
  return project;
}

/** A run that stops in this step. */
const stopped =
  (step: string, exit: number, ...flags: readonly string[]) =>
  async () => {
    const project = of(step);
    return { project, argv: [...(await trusted(project, 'small')), ...flags], exit };
  };

interface Case {
  readonly project: string;
  readonly argv: readonly string[];
  readonly exit: number;
}
const at = (project: string, exit: number, ...argv: readonly string[]): Case => ({ project, argv, exit });

const CASES: readonly (readonly [command: string, what: string, () => Promise<Case>])[] = [
  ['run', 'a step fails', stopped('{ id: go, run: exit 3 }', 1)],
  ['run', 'a step fails, told as JSON', stopped('{ id: go, run: exit 3 }', 1, '--json')],
  ['run', 'a step for a person', stopped('{ id: go, manual: true }', 4)],
  ['run', 'a step for a person, with --yes', stopped('{ id: go, manual: true }', 4, '--yes')],
  ['run', 'a checklist', stopped('{ id: go, checklist: [One] }', 4, '--yes')],
  ['run', 'a question', stopped('{ id: go, question: Where? }', 4, '--yes')],
  ['run', 'an input without a value', stopped('inputs: { app: {} }\nsteps: [{ id: go, run: "true" }]', 4)],
  [
    'run',
    'a secret to type',
    stopped('inputs: { key: { secret: true } }\nsteps: [{ id: go, run: "true" }]', 4, '--yes'),
  ],
  ['run', 'a confirmation', stopped('{ id: go, run: "true", confirm: Now? }', 4)],
  ['run', 'a point of no return, with --yes', stopped('{ id: go, run: "true", irreversible: v1 }', 4, '--yes')],
  ['run', 'a wait longer than an hour', stopped('{ id: go, wait: 2h }', 4)],
  [
    'run',
    'a gate that does not open',
    stopped('{ id: go, gate: true, verify: [{ run: exit 1, every: 1s, within: 1s }] }', 1),
  ],
  [
    'run',
    'a gate that cannot be seen',
    stopped('{ id: go, gate: true, verify: [{ run: exit 2, every: 1s, within: 1s }] }', 4),
  ],
  ['run', 'a time-out with nothing to look at', stopped('{ id: go, run: sleep 50, timeout: 1s }', 4)],
  ['run', 'a tool that is missing', stopped('{ id: go, run: "true", requires: [no-such-tool] }', 1)],
  ['run', 'a forbidden word', stopped('guard: { forbid: [staging] }\nsteps: [{ id: go, run: echo staging }]', 1)],
  ['plan', 'a runbook that is not valid', async () => at(of('{ id: go, rum: x }'), 3, 'plan', 'small')],
  ['plan', 'work is left, asked for', async () => at(of('{ id: go, run: "true" }'), 6, 'plan', 'small', '--exit-code')],
  ['rehearse', 'a step for a person', async () => at(of('{ id: go, manual: true }'), 4, 'rehearse', 'small')],
  [
    'rehearse',
    'a step that fails, by the actor',
    async () => at(of('{ id: go, run: x, rehearse: { exit: 1 } }'), 1, 'rehearse', 'small', '--auto'),
  ],
  ['status', 'there is no run', async () => at(of(RUNS), 2, 'status')],
  ['runs', 'a flag that is not there', async () => at(await finished(), 2, 'runs', '--open')],
  ['log', 'there is no such run', async () => at(await finished(), 2, 'log', '--run', 'other')],
  [
    'export',
    'a record that was changed by hand',
    async () => {
      const project = await finished();
      writeFileSync(join(project, 'mine.md'), `${(await launch(project, ['export'])).stdout}\nAll good.\n`);
      return at(project, 1, 'export', '--check', 'mine.md');
    },
  ],
  ['init', 'a runbook that is there', async () => at(of(RUNS), 2, 'init', '--out', 'runbooks/small.md')],
  ['import', 'a plan with nothing to do', async () => at(of(RUNS), 2, 'import', 'runbooks/none.md')],
  ['lint', 'an error', async () => at(of('{ id: go, rum: x }'), 3, 'lint')],
  ['trust', 'nobody agrees', async () => at(of(RUNS), 7, 'trust', 'small')],
  ['secrets', 'a runbook without that app', async () => at(of(RUNS), 2, 'secrets', 'fill', 'nowhere')],
  ['steps', 'a kind that is not there', async () => at(of(RUNS), 2, 'steps', 'fly/nothing')],
  [
    'verify',
    'no longer so',
    async () => {
      const project = await finished();
      rmSync(join(project, 'made'));
      const [, ...trust] = await trusted(project, 'small');
      return at(project, 1, 'verify', ...trust);
    },
  ],
  ['undo', 'nobody chooses', async () => at(await finished(), 4, 'undo')],
  ['mark', 'done, on nobody’s word', async () => at(await waiting(), 4, 'mark', 'go', 'done')],
  ['mark', 'again, what has not failed', async () => at(await waiting(), 2, 'mark', 'go', 'again')],
  ['answer', 'a question that is not asked', async () => at(await waiting(), 2, 'answer', 'where', 'here')],
  ['handover', 'a run that is finished', async () => at(await finished(), 2, 'handover')],
  ['unlock', 'nothing is locked', async () => at(await waiting(), 2, 'unlock', 'other')],
  [
    'doctor',
    'a tool that is missing',
    async () => at(of('{ id: go, run: "true", requires: [no-such-tool] }'), 1, 'doctor', 'small'),
  ],
  ['completion', 'a shell that is not known', async () => at(of(RUNS), 2, 'completion', 'tcsh')],
  ['schema', 'a flag that is not there', async () => at(of(RUNS), 2, 'schema', '--out')],
];

test.each(CASES)('launch %s: %s', async (_command, _what, prepare) => {
  const { project, argv, exit } = await prepare();
  const ran = await launch(project, argv);
  expect(ran.exit, ran.stdout + ran.stderr).toBe(exit);
  expect(exit).not.toBe(0);
});

test('no command is left out', () => {
  expect([...new Set(CASES.map(([command]) => command))].sort()).toEqual([...commandNames].sort());
});
