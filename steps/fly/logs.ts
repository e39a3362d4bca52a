// The latest log lines of the app hold what they should, and nothing they should not. Fly keeps few lines, for a short time.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import { explain, flyLogin, flyTool, lookFly, notSeen } from './client.ts';
import { appName } from './fields.ts';
import { jsonValues } from './noisy-json.ts';
import { logLineShape } from './shapes.ts';

const wanted = z
  .strictObject({
    app: appName,
    contains: z.array(z.string().min(1)).default([]).describe('Texts that must each stand in some line'),
    'not-contains': z.array(z.string().min(1)).default([]).describe('Texts that must stand in none'),
  })
  .refine((want) => want.contains.length + want['not-contains'].length > 0, 'say `contains` or `not-contains`');
type Want = z.output<typeof wanted>;

/** `logs --no-tail` never ends while there is no line at all (facts/flyctl.md §3.17): what it printed by then counts. */
const patience = 20_000;

export const logs = defineStep({
  name: 'fly/logs',
  summary: 'The latest log lines hold these texts, or do not',
  example: 'with: { app: solserver-prod, contains: ["worker ready"], not-contains: ["SQLITE_READONLY"] }',
  with: wanted,
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  lasts: false,
  describe: (want) => `the latest log lines of ${want.app} ${phrase(want)}`,
  verify: async (want, ports) => {
    const ended = await lookFly(['logs', '-a', want.app, '--no-tail', '--json'], ports, { timeout: patience });
    if (ended.exit !== 0 && !ended.timedOut) return notSeen(explain(ended), { app: want.app, expected: phrase(want) });
    const lines = [...jsonValues(ended.stdout)].flatMap((value) => {
      const line = logLineShape.safeParse(value);
      return line.success ? [line.data.message] : [];
    });
    return compare(want, lines);
  },
});

function compare(want: Want, lines: readonly string[]): Look {
  const expected = `log lines that ${phrase(want)}`;
  const bad = lines.find((line) => want['not-contains'].some((text) => line.includes(text)));
  if (bad !== undefined) return { is: 'not-so', expected, seen: `a line says: ${bad.slice(0, 200)}` };
  const missing = want.contains.filter((text) => !lines.some((line) => line.includes(text)));
  if (missing.length > 0)
    return {
      is: 'not-so',
      expected,
      seen: `${lines.length} lines, none with ${quoted(missing)}`,
      hint: 'Fly keeps lines for a short time only',
    };
  if (lines.length === 0) return { is: 'unknown', why: `${want.app} has no log lines to look at` };
  return { is: 'so', seen: `${lines.length} lines ${phrase(want)}` };
}

const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');

function phrase(want: Want): string {
  const parts = [
    ...(want.contains.length > 0 ? [`hold ${quoted(want.contains)}`] : []),
    ...(want['not-contains'].length > 0 ? [`do not hold ${quoted(want['not-contains'])}`] : []),
  ];
  return parts.join(' and ');
}
