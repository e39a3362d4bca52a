// Ask a database, mostly through a tunnel, and compare what it answers. It can only read.

import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { PostgresAnswer, PostgresQuestion } from '../../src/system/ports.ts';
import { fewOf } from '../../src/text/few.ts';

const With = z
  .strictObject({
    query: z.string().min(1),
    url: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The whole address, as a secret that holds it; or its parts, below. It stands in no text that this kind makes',
      ),
    database: z.string().min(1).optional(),
    user: z.string().min(1).default('postgres'),
    password: z.string().optional(),
    host: z.string().min(1).default('127.0.0.1'),
    port: z.int().min(1).max(65_535).default(5432),
    tls: z.boolean().optional().describe('Left out: for every host but this machine, where a tunnel encrypts already'),
    value: z.union([z.string(), z.number()]).optional().describe('The first column of the first row'),
    contains: z.array(z.string()).min(1).optional().describe('Each of these is somewhere in the first column'),
    count: z.int().min(0).optional().describe('So many rows'),
    'at-least': z.int().min(1).optional().describe('So many rows, or more'),
  })
  .refine(({ url, database }) => (url === undefined) !== (database === undefined), {
    error: 'give `url`, or `database` with `host`, `port`, `user` and `password`',
  })
  .refine((want) => want.count === undefined || want['at-least'] === undefined, {
    error: 'give `count` or `at-least`, not both',
  });
type Want = z.output<typeof With>;

export const query = defineStep({
  name: 'postgres/query',
  summary: 'Ask a PostgreSQL database and compare the answer',
  example:
    'with: { database: app, port: 15432, query: "select count(*) from _prisma_migrations where finished_at is null", value: 0 }',
  with: With,
  outputs: z.object({ value: z.string(), rows: z.string() }),
  describe: (want) => `${oneLine(want.query)} in ${want.database ?? 'the database'}: ${expectation(want)}`,
  verify: async (want, { postgres }) => {
    const place = placeOf(want);
    if (place === undefined)
      return { is: 'unknown', why: '`url` is not of the form postgres://user:password@host:port/database' };
    const tls = want.tls ?? !LOCAL.has(place.host);
    return judge({ ...want, ...place }, await postgres.ask({ ...place, tls, query: want.query }));
  },
  lasts: false,
  secretFields: ['url', 'password'],
  checkedAgainst: 'real',
});

function judge(want: Want & Place, { rows, failed, code }: PostgresAnswer): Look {
  if (failed !== undefined) {
    const hint = HINTS[code ?? ''] ?? (code === undefined && LOCAL.has(want.host) ? TUNNEL : undefined);
    const told = hint === undefined ? {} : { hint };
    // The database answered, and what is asked for is not there.
    if (MISSING.has(code ?? '')) return { is: 'not-so', expected: expectation(want), seen: failed, ...told };
    if (FOR_GOOD.has(code ?? ''))
      return {
        is: 'not-so',
        expected: 'a question that PostgreSQL understands, and that only reads',
        seen: failed,
        final: true,
        ...told,
      };
    return {
      is: 'unknown',
      why: `${want.database} at ${want.host}:${want.port}: ${failed}${code === undefined ? '' : ` (${code})`}`,
      ...told,
    };
  }
  const column = rows.map((row) => row[0] ?? 'null');
  const [first = ''] = column;
  const missing = (want.contains ?? []).filter((text) => !column.includes(text));
  const right =
    (want.value === undefined || first === String(want.value)) &&
    (want.count === undefined || rows.length === want.count) &&
    rows.length >= leastOf(want) &&
    missing.length === 0;
  const seen = missing.length > 0 ? `without ${missing.join(', ')}: ${told(column)}` : told(column);
  return right
    ? { is: 'so', seen, outputs: { value: first, rows: String(rows.length) } }
    : { is: 'not-so', expected: expectation(want), seen };
}

type Place = Omit<PostgresQuestion, 'query' | 'tls'>;

/** undefined: `url` is none of PostgreSQL. */
function placeOf({ url, host, port, database, user, password }: Want): Place | undefined {
  if (url === undefined)
    return database === undefined
      ? undefined
      : { host, port, database, user, ...(password !== undefined && { password }) };
  if (!URL.canParse(url)) return undefined;
  const parts = new URL(url);
  const name = decodeURIComponent(parts.pathname.slice(1));
  if (!/^postgres(ql)?:$/.test(parts.protocol) || parts.hostname === '' || name === '') return undefined;
  return {
    host: parts.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parts.port || 5432),
    database: name,
    user: decodeURIComponent(parts.username) || 'postgres',
    ...(parts.password !== '' && { password: decodeURIComponent(parts.password) }),
  };
}

/** Asked for nothing else, there must be something. */
const leastOf = ({ value, contains, count, 'at-least': least }: Want): number =>
  least ?? (count === undefined && (contains === undefined || value !== undefined) ? 1 : 0);

function expectation(want: Want): string {
  const parts = [
    ...(want.value === undefined ? [] : [String(want.value)]),
    ...(want.contains === undefined ? [] : [`with ${want.contains.join(', ')}`]),
    ...(want.count === undefined ? [] : [rowsOf(want.count)]),
    ...(want['at-least'] === undefined ? [] : [`${rowsOf(want['at-least'])} or more`]),
  ];
  return parts.length === 0 ? '1 row or more' : parts.join(', ');
}

function told(column: readonly string[]): string {
  if (column.length === 0) return 'no row';
  const texts = column.map((text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text));
  return `${rowsOf(column.length)}: ${fewOf(texts, { most: 8 })}`;
}

const rowsOf = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);
const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
};

const LOCAL: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
const TUNNEL = 'Is the tunnel up (`fly proxy`), and on this port?';
/** SQLSTATE: no such table, column, schema, function. */
const MISSING: ReadonlySet<string> = new Set(['42P01', '42703', '3F000', '42883']);
/** Read-only, syntax, more than one statement. */
const FOR_GOOD: ReadonlySet<string> = new Set(['25006', '42601']);
const HINTS: Readonly<Record<string, string>> = {
  '28P01': 'The password is not right for this user.',
  '28000': 'The server does not let this user in, or wants an encrypted connection (`tls: true`).',
  '3D000': 'There is no database of that name on this server.',
  '42501': 'This user may not read that.',
  '42P01': 'Was the migration run, and against this database?',
  '25006': 'A check never changes anything: what must be changed is a step with `run`.',
  '53300': 'The server has no connection left: look again in a moment.',
};
