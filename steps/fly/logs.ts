// The log lines of the app since its last deploy hold what they should, and nothing they should not. Fly keeps few lines, for a short time.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { explain, flyLogin, flyTool, lookFly, notSeen, readFly } from './client.ts';
import { appName } from './fields.ts';
import { jsonValues } from './noisy-json.ts';
import { logLineShape, releasesShape } from './shapes.ts';

const wanted = z
  .strictObject({
    app: appName,
    contains: z.array(z.string().min(1)).default([]).describe('Texts that must each stand in some line'),
    'not-contains': z.array(z.string().min(1)).default([]).describe('Texts that must stand in none'),
    json: z.boolean().default(false).describe('Every line that the program writes is a JSON object'),
    since: z
      .enum(['deploy', 'any'])
      .default('deploy')
      .describe('Lines since the newest release, or all that Fly still has'),
  })
  .refine(
    (want) => want.json || want.contains.length + want['not-contains'].length > 0,
    'say `contains`, `not-contains` or `json`',
  );
type Want = z.output<typeof wanted>;
type Line = z.output<typeof logLineShape>;

/** `logs --no-tail` never ends while there is no line at all (facts/flyctl.md §3.17): what it printed by then counts. */
const patience = 20_000;

export const logs = defineStep({
  name: 'fly/logs',
  summary: 'Log lines since the deploy hold these texts, or do not',
  example: 'with: { app: solserver-prod, contains: ["worker ready"], not-contains: ["SQLITE_READONLY"] }',
  with: wanted,
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  lasts: false,
  describe: (want) =>
    `the log lines of ${want.app}${want.since === 'deploy' ? ' since its last deploy' : ''} ${phrase(want)}`,
  verify: async (want, ports) => {
    const start = await startOf(want, ports);
    if (typeof start !== 'number') return start;
    const ended = await lookFly(['logs', '-a', want.app, '--no-tail', '--json'], ports, { timeout: patience });
    if (ended.exit !== 0 && !ended.timedOut) return notSeen(explain(ended), { app: want.app, expected: phrase(want) });
    const all = [...jsonValues(ended.stdout)].flatMap((value) => {
      const line = logLineShape.safeParse(value);
      return line.success ? [line.data] : [];
    });
    return compare(
      want,
      all.filter(({ timestamp }) => !(Date.parse(timestamp) < start)),
      all.length,
    );
  },
});

/** Milliseconds from which on lines count: those before tell of a program that no longer runs. */
async function startOf({ app, since, ...want }: Want, ports: Use<'processes'>): Promise<number | Look> {
  if (since === 'any') return 0;
  const releases = await readFly(['releases', '-a', app, '--json'], releasesShape, ports);
  if (!releases.ok) return notSeen(releases.problem, { app, expected: phrase({ app, since, ...want }) });
  const newest = releases.value.toSorted((a, b) => b.Version - a.Version)[0];
  return Date.parse(newest?.CreatedAt ?? '') || 0;
}

function compare(want: Want, lines: readonly Line[], all: number): Look {
  const expected = `log lines that ${phrase(want)}`;
  const bad = lines.find(({ message }) => want['not-contains'].some((text) => message.includes(text)));
  if (bad) return { is: 'not-so', expected, seen: `a line says: ${bad.message.slice(0, 200)}` };
  const missing = want.contains.filter((text) => !lines.some(({ message }) => message.includes(text)));
  const older = all > lines.length ? ` (and ${all - lines.length} from before the deploy)` : '';
  if (missing.length > 0)
    return {
      is: 'not-so',
      expected,
      seen: `${lines.length} lines${older}, none with ${quoted(missing)}`,
      hint: 'Fly keeps lines for a short time only',
    };
  if (lines.length === 0) return { is: 'unknown', why: `${want.app} has no log lines to look at${older}` };
  const plain = want.json ? lines.find((line) => isOfProgram(line) && !isJsonObject(line.message)) : undefined;
  if (plain) return { is: 'not-so', expected, seen: `a line is no JSON object: ${plain.message.slice(0, 200)}` };
  if (want.json && !lines.some(isOfProgram))
    return { is: 'unknown', why: `${want.app} has no line of the program itself${older}` };
  return { is: 'so', seen: `${lines.length} lines ${phrase(want)}` };
}

/** Not Fly's own words about the machine, which come under the same name while it boots. */
function isOfProgram({ message, meta }: Line): boolean {
  const provider = meta?.Event?.Provider ?? 'app';
  return (provider === 'app' || provider === '') && !ofInit.test(message) && message.trim() !== '';
}
const ofInit =
  /^\s*(INFO|WARN|ERROR) |^\[\s*\d+\.\d+\] |^20\d\d-\d\d-\d\dT\S+ \[?(INFO|WARN|ERROR)|^(Configuring|Starting|Machine|Preparing|Pulling|Successfully|Mounting|Health check)\b/;

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false; // that is the answer
  }
}

const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');

function phrase(want: Want): string {
  const parts = [
    ...(want.contains.length > 0 ? [`hold ${quoted(want.contains)}`] : []),
    ...(want['not-contains'].length > 0 ? [`do not hold ${quoted(want['not-contains'])}`] : []),
    ...(want.json ? ['are JSON objects'] : []),
  ];
  return parts.join(' and ');
}
