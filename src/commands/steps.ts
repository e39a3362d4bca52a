// `launch steps`: the kinds of steps there are, or one of them with its example.
import { kindNames, loadKind } from '../../steps/index.ts';
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
  io.stdout.write(
    `${kind.name}: ${kind.summary}\n\n${kind.example}\n\nIt ${offers.join(', ')}. Checked against: ${kind.checkedAgainst}.\n`,
  );
  return 0;
}
