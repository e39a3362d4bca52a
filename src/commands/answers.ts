// Answers given before anyone asks: the file of `--answers`, and `--input name=value`. Read, checked against the runbook, by question id.
import { readYamlFile } from '../document/yaml-map.ts';
import { textOf, typed } from '../engine/input.ts';
import type { RunState } from '../engine/state.ts';
import type { Runbook } from '../runbook/model.ts';
import type { Json } from '../step.ts';
import { didYouMean } from '../text/closest.ts';
import { isError } from '../text/finding.ts';
import { renderFinding } from '../text/render-finding.ts';
import { type Flags, pairs } from './flags.ts';
import { Exit, type Io, UsageError } from './io.ts';
import { readOwn } from './own-files.ts';

export type Answers = Readonly<Record<string, Json>>;

/** Throws UsageError where an id is no question of the runbook, or one that no file may answer. */
export function readAnswers(io: Io, flags: Flags, runbook: Runbook): Answers {
  const inputs = Object.fromEntries(
    Object.entries(pairs('input', flags.input)).map(([name, value]) => [`inputs.${name}`, value]),
  );
  const answers = { ...(flags.answers !== undefined && fromFile(io, flags.answers)), ...inputs };
  for (const id of Object.keys(answers))
    checkId(id, id in inputs ? `--input ${id.slice('inputs.'.length)}` : `--answers: ${id}`, runbook);
  return answers;
}

/** Answers given on this command line that the run has otherwise already: what was given stays. */
export function unheard(answers: Answers, runbook: Runbook, state: RunState): readonly string[] {
  return Object.entries(answers).flatMap(([id, value]) => {
    const [, name = '', step = '', output = 'answer'] =
      /^(?:inputs\.(.+)|steps\.([^.]+)\.(?:answer|ask\.(.+)))$/.exec(id) ?? [];
    const input = runbook.inputs.find((one) => one.name === name);
    const now = input ? state.inputs[name] : state.steps.get(step)?.outputs[output];
    const given = input && typeof value === 'string' ? typed(input, value) : value;
    if (now === undefined || JSON.stringify(now) === JSON.stringify(given)) return [];
    return [`${id} stays ${textOf(now)}, as this run has it. To change it: launch answer ${id} VALUE`];
  });
}

function fromFile(io: Io, file: string): Answers {
  const { map, findings } = readYamlFile(file, readOwn(io, '--answers', file), {
    what: 'file of answers',
    remedy: 'write one answer a line, like "inputs.app: solserver-prod"',
  });
  const errors = findings.filter(isError);
  if (map && errors.length === 0) return map.values;
  for (const finding of errors) io.stderr.write(`${renderFinding(finding)}\n`);
  throw new Exit(2);
}

/** Throws UsageError where nothing of the runbook is asked by this id, or no file and no command line may answer it. */
export function checkId(id: string, named: string, runbook: Runbook): void {
  const input = runbook.inputs.find(({ name }) => id === `inputs.${name}`);
  if (input?.secret)
    throw new UsageError(
      `${named} is a secret`,
      'a secret is typed when it is asked, never given on a command line or in a file of answers',
    );
  if (input) return;
  const known = questionsOf(runbook);
  // What a kind leaves is known only where it is loaded: any output of a step that is there may be given.
  if (known.has(id) || runbook.steps.some((step) => id.startsWith(`steps.${step.id}.outputs.`))) return;
  throw new UsageError(`${named}: ${runbook.name} asks nothing of that name`, didYouMean(id, known) ?? askable(known));
}

const questionsOf = ({ inputs, steps }: Runbook): ReadonlySet<string> =>
  new Set([
    ...inputs.map(({ name }) => `inputs.${name}`),
    ...steps.flatMap(({ id, form, ask }) => [
      ...(form.form === 'question' ? [`steps.${id}.answer`] : []),
      ...ask.map(({ name }) => `steps.${id}.ask.${name}`),
    ]),
  ]);

const askable = (known: ReadonlySet<string>): string =>
  known.size === 0
    ? 'it has no inputs and no questions'
    : `it asks ${[...known].slice(0, 8).join(', ')}${known.size > 8 ? ', …' : ''}`;
