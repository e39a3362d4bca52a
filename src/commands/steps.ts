// `launch steps`: the kinds of steps there are, or one of them with its example, its values and its outputs.
import { kindNames, loadKind } from '../../steps/index.ts';
import { type Field, fieldsOf, outputsOf } from '../runbook/kind-fields.ts';
import { closest } from '../text/closest.ts';
import { UsageError } from './io.ts';
import type { Call } from './main.ts';

export async function steps({ io, names }: Call): Promise<number> {
  const [name] = names;
  if (name === undefined) {
    for (const one of kindNames) io.stdout.write(`${one.padEnd(26)} ${(await loadKind(one))?.summary ?? ''}\n`);
    return 0;
  }
  const kind = await loadKind(name);
  if (!kind) {
    const near = closest(name, kindNames);
    throw new UsageError(`no kind is called "${name}"`, near ? `did you mean ${near}?` : '`launch steps` lists them');
  }
  const offers = [
    kind.verify && 'looks',
    kind.act && 'acts',
    kind.guide && 'guides a person',
    kind.undo && 'can be taken back',
  ].filter(Boolean);
  const [fields, outputs] = [fieldsOf(kind), outputsOf(kind)];
  const lines = [
    `${kind.name}: ${kind.summary}`,
    '',
    kind.example,
    '',
    ...(fields.length === 0 ? [] : ['Values under `with`', ...fields.flatMap((field) => told(field, fields)), '']),
    ...(outputs.length === 0
      ? []
      : [`Outputs, for later steps: \`steps.ID.outputs.NAME\``, `  ${outputs.map((one) => one.name).join(', ')}`, '']),
    ...(kind.secretFields ? [`\`secrets.NAME\` may stand in: ${kind.secretFields.join(', ')}`, ''] : []),
    `It ${offers.join(', ')}. Checked against: ${kind.checkedAgainst}.`,
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** Name, shape and default on one line; below it what is meant. */
function told({ name, shape, required, default: standing, meaning }: Field, all: readonly Field[]): readonly string[] {
  const column = Math.max(...all.map((one) => one.name.length));
  const extra = required ? ', required' : standing === undefined ? '' : `, default ${JSON.stringify(standing)}`;
  return [
    `  ${name.padEnd(column)}  ${shape}${extra}`,
    ...(meaning === undefined ? [] : [`  ${''.padEnd(column)}  ${meaning}`]),
  ];
}
