// The stand-in for databases: rows that `pretend` put there for a query. A query that no step asks for has no answer.
import { z } from 'zod';
import type { PostgresAnswer, PostgresQuestion } from '../system/ports.ts';
import type * as want from './pretend-wants.ts';

/** `W/postgres.json`. */
export const PostgresState = z.array(
  z.object({ place: z.string(), query: z.string(), rows: z.array(z.array(z.string().nullable())) }),
);
export type PostgresState = z.output<typeof PostgresState>;

type Asked = Pick<PostgresQuestion, 'host' | 'port' | 'database' | 'query'>;

export function answerQuery(state: PostgresState, asked: Asked): PostgresAnswer {
  const found = state.find(({ place, query }) => place === placeOf(asked) && query === asked.query);
  return found
    ? { rows: found.rows }
    : { rows: [], failed: `no stand-in for the database ${placeOf(asked)} and this query` };
}

/** Rows that a step will find right. */
export function haveRows(state: PostgresState, wanted: z.output<typeof want.PostgresQuery>): void {
  const { query, value, contains = [], count, 'at-least': least } = wanted;
  const column = [
    ...(value === undefined ? [] : [String(value)]),
    ...contains.filter((text) => text !== String(value)),
  ];
  const most = count ?? Math.max(least ?? 1, column.length);
  while (column.length < most) column.push('stand-in');
  const rows = column.map((text) => [text]);
  const place = wanted.url === undefined ? placeOf(wanted) : placeIn(wanted.url);
  state.splice(0, state.length, ...state.filter((one) => one.place !== place || one.query !== query), {
    place,
    query,
    rows,
  });
}

/** As the kind reads the address; no password of it is kept. */
function placeIn(url: string): string {
  const { hostname, port, pathname } = new URL(URL.canParse(url) ? url : 'postgres://unreadable/none');
  return placeOf({ host: hostname, port: Number(port || 5432), database: decodeURIComponent(pathname.slice(1)) });
}

const placeOf = ({ host, port, database }: Pick<Asked, 'host' | 'port' | 'database'>): string =>
  `${host}:${port}/${database}`;
