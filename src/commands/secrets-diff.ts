// `launch secrets diff`: production beside staging, the runbook, fly.toml and the code. Looks only; never a value.
import { gatherSides } from '../../steps/secrets/sides.ts';
import { compareSecrets } from '../secrets/diff.ts';
import { matrixOf } from '../secrets/matrix.ts';
import { readAim } from '../system/aim.ts';
import { createRealWorld } from '../system/real-world.ts';
import type { Call } from './main.ts';
import { type Declared, declaredApps, runbookOf } from './secrets-of.ts';
import { type Compared, comparisonText } from './secrets-tables.ts';
import { widthOf } from './style.ts';

/** What one app came to: compared, or why it cannot be. */
type Outcome = Compared & { readonly unseen?: string };

export async function diff(call: Call): Promise<number> {
  const { io, flags } = call;
  const { project, runbook } = await runbookOf(call, 'diff');
  const world = createRealWorld({ project, aim: readAim(io.env), env: io.env });
  const outcomes: Outcome[] = [];
  for (const declared of declaredApps(io, flags, runbook)) outcomes.push(await compare(declared, world));
  if (flags.json) io.stdout.json(outcomes, 2);
  else
    for (const outcome of outcomes)
      if (outcome.rows.length > 0) io.stdout.write(comparisonText(outcome, widthOf(io.stdout)));
  for (const { unseen } of outcomes) if (unseen !== undefined) io.stderr.write(`launch: ${unseen}\n`);
  if (outcomes.some(({ findings }) => findings.some(({ weight }) => weight === 'wrong'))) return 1;
  return outcomes.some(({ unseen }) => unseen !== undefined) ? 4 : 0;
}

async function compare(
  declared: Declared,
  world: Pick<ReturnType<typeof createRealWorld>, 'processes' | 'files'>,
): Promise<Outcome> {
  const { app, compareWith } = declared;
  const gathered = await gatherSides({ app, compareWith }, { ...world, secrets: { declared: () => declared } });
  const nothing = { app, rows: [], findings: [] };
  if ('problem' in gathered) {
    const { why, hint } = gathered.problem;
    return {
      ...nothing,
      unseen: `the secrets of ${app} cannot be read: ${why}${hint === undefined ? '' : `\n  ${hint}`}`,
    };
  }
  if ('broken' in gathered) return { ...nothing, unseen: gathered.broken };
  const { sides, unread } = gathered;
  return {
    app,
    ...(sides.other && { other: sides.other.app }),
    ...(sides.env && { envFile: sides.env.file }),
    rows: matrixOf(sides),
    findings: compareSecrets(sides),
    ...(unread && {
      unseen: `${app} was not compared with ${unread.app}: ${unread.problem.why}${unread.problem.hint === undefined ? '' : `\n  ${unread.problem.hint}`}`,
    }),
  };
}
