// Asks a PostgreSQL one question, by pg: one statement, in a transaction that can only read. Failures are answers, in words.
import type { Client, QueryArrayConfig } from 'pg';
import { whyFailed } from './failures.ts';
import type { Postgres, PostgresAnswer, PostgresQuestion } from './ports.ts';

/** Milliseconds to connect, and for the statement. */
const LIMITS = { connect: 10_000, statement: 20_000 };

/** `limits`: for tests. */
export function createPostgres(limits = LIMITS): Postgres {
  return {
    async ask(question) {
      // A CommonJS package: bundled, all of it stands under `default`.
      const { default: pg } = await import('pg');
      const { host, port, database, user, password, tls } = question;
      const client = new pg.Client({
        ...{ host, port, database, user },
        // Given in any case: else pg would look for a password of its own in the environment.
        password: password ?? '',
        ssl: tls ? { rejectUnauthorized: true } : false,
        application_name: 'launchbook',
        connectionTimeoutMillis: limits.connect,
        query_timeout: limits.statement,
      });
      client.on('error', () => {}); // A connection that breaks fails what is being asked; that is where it is told.
      try {
        await client.connect();
        return await askInside(client, question);
      } catch (error) {
        return { rows: [], failed: words(error), ...codeOf(error) };
      } finally {
        await client.end().catch(() => undefined); // It is gone already.
      }
    },
  };
}

/** The extended protocol takes one statement: nothing can follow it that would end the transaction. */
async function askInside(client: Client, { query }: PostgresQuestion): Promise<PostgresAnswer> {
  await client.query('begin read only');
  // The types of pg know nothing of `queryMode`.
  const asked: QueryArrayConfig & { readonly queryMode: 'extended' } = {
    text: query,
    queryMode: 'extended',
    rowMode: 'array',
    types: { getTypeParser: () => (value: string | null) => value },
  };
  const { rows } = await client.query<(string | null)[]>(asked);
  return { rows };
}

function words(error: unknown): string {
  if (error instanceof Error && /timeout|timed out/i.test(error.message)) return 'timed out';
  if (error instanceof Error && /terminated unexpectedly/.test(error.message))
    return 'connection closed by the other side';
  return whyFailed(error);
}

/** SQLSTATE: five characters. Codes of the network (ECONNREFUSED) are longer. */
function codeOf(error: unknown): { readonly code?: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[0-9A-Z]{5}$/.test(code) ? { code } : {};
}
