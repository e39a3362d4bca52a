// Compare an app's secrets with staging, with [env] of its fly.toml, with the runbook and with what the code reads. Names only, never a value.
import { z } from 'zod';
import { compareSecrets, type Difference } from '../../src/secrets/diff.ts';
import { defineStep, type Look } from '../../src/step.ts';
import { flyLogin, flyTool, notSeen } from '../fly/client.ts';
import { appName } from '../fly/fields.ts';
import { gatherSides, type Sides } from './sides.ts';

const With = z.strictObject({ app: appName, 'compare-with': appName.optional() });

export const diff = defineStep({
  name: 'secrets/diff',
  summary: 'Compare the secrets of an app with staging, fly.toml, the runbook and the code',
  example: 'with: { app: solserver-prod, compare-with: solserver-staging }',
  with: With,
  describe: (want) =>
    `secrets of ${want.app} against the runbook, the code, [env] and ${want['compare-with'] ?? 'the app it is compared with'}`,
  requires: [flyTool],
  login: flyLogin,
  verify: async (want, ports) => {
    const { app } = want;
    const gathered = await gatherSides({ app, compareWith: want['compare-with'] }, ports);
    if ('problem' in gathered) return notSeen(gathered.problem, { app, expected: `the secrets of ${app}` });
    if ('broken' in gathered) return { is: 'unknown', why: gathered.broken };
    return answer(gathered);
  },
  checkedAgainst: 'stand-in',
});

function answer({ sides, unread }: Sides): Look {
  const { app, stored, other } = sides;
  const differences = compareSecrets(sides);
  const wrong = sentences(differences, 'wrong');
  const look = sentences(differences, 'look');
  const unseen = unread && `the secrets of ${unread.app} cannot be read: ${unread.problem.why}`;
  // What is wrong on the app itself does not wait for the other one.
  if (wrong.length > 0) {
    const also = [...(unseen === undefined ? [] : [unseen]), ...look];
    return {
      is: 'not-so',
      expected: `everything the runbook and the code require of ${app}`,
      seen: wrong.join('; '),
      ...(also.length > 0 && { hint: `Also: ${also.join('; ')}.` }),
    };
  }
  if (unseen !== undefined)
    return { is: 'unknown', why: unseen, ...(unread?.problem.hint !== undefined && { hint: unread.problem.hint }) };
  const beside = other === undefined ? '' : `, ${other.stored.length} on ${other.app}`;
  const seen = `nothing required is missing: ${stored.length} secrets on ${app}${beside}`;
  return { is: 'so', seen, ...(look.length > 0 && { warning: look.join('; ') }) };
}

/** One sentence for all names of which the same is to be said. */
function sentences(differences: readonly Difference[], weight: Difference['weight']): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { name, sentence, weight: own } of differences) {
    if (own !== weight) continue;
    const rest = sentence.slice(name.length);
    names.set(rest, [...(names.get(rest) ?? []), name]);
  }
  return [...names].map(([rest, of]) => of.join(', ') + (of.length === 1 ? rest : rest.replace(/^ is /, ' are ')));
}
