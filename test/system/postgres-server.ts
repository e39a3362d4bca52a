// A PostgreSQL server of a few lines: the wire protocol 3.0 with one user, one database and answers by query. For tests only.
import type { Socket } from 'node:net';
import { serveTcp } from './servers.ts';

export type Reply =
  | { readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly error: { readonly code: string; readonly message: string } }
  /** Says nothing more; breaks off in the middle of the rows. */
  | 'silent'
  | 'half';

export interface PostgresServer {
  readonly port: number;
  /** Every statement, in order. */
  readonly asked: readonly string[];
}

export async function servePostgres(
  reply: (query: string) => Reply,
  { password, encrypted = false }: { readonly password?: string; readonly encrypted?: boolean } = {},
): Promise<PostgresServer> {
  const asked: string[] = [];
  const port = await serveTcp((socket) => {
    let waiting = Buffer.alloc(0);
    let begun = false;
    let statement = '';
    socket.on('data', (bytes: Buffer) => {
      waiting = Buffer.concat([waiting, bytes]);
      for (;;) {
        const head = begun ? 1 : 0;
        if (waiting.length < head + 4 || waiting.length < head + waiting.readUInt32BE(head)) return;
        const size = head + waiting.readUInt32BE(head);
        const [type, body] = [
          begun ? String.fromCharCode(waiting[0] ?? 0) : 'startup',
          waiting.subarray(head + 4, size),
        ];
        waiting = waiting.subarray(size);
        if (type === 'startup' && body.readUInt32BE(0) === SSL_REQUEST) {
          socket.write(encrypted ? 'S' : 'N');
          continue;
        }
        begun = true;
        statement = answer(socket, { type, body, statement });
      }
    });
  });
  return { port, asked };

  function answer(
    socket: Socket,
    { type, body, statement }: { type: string; body: Buffer; statement: string },
  ): string {
    if (type === 'startup') socket.write(password === undefined ? welcome : message('R', int(3)));
    if (type === 'p')
      socket.write(
        text(body) === password ? welcome : refusal('28P01', 'password authentication failed for user "app"'),
      );
    if (type === 'Q') {
      asked.push(text(body));
      socket.write(Buffer.concat([message('C', cstring('BEGIN')), ready('T')]));
    }
    if (type === 'P') {
      const [, query = ''] = body.toString().split('\0');
      asked.push(query);
      return query;
    }
    if (type === 'S') perform(socket, reply(statement));
    if (type === 'X') socket.end();
    return statement;
  }
}

function perform(socket: Socket, reply: Reply): void {
  if (reply === 'silent') return;
  const begin = Buffer.concat([message('1'), message('2')]);
  if (reply === 'half') {
    socket.end(Buffer.concat([begin, rowDescription(1), row(['cut']).subarray(0, 8)]));
    return;
  }
  if ('error' in reply) {
    socket.write(Buffer.concat([refusal(reply.error.code, reply.error.message), ready('E')]));
    return;
  }
  const { rows } = reply;
  const parts = [
    begin,
    rowDescription(rows[0]?.length ?? 1),
    ...rows.map(row),
    message('C', cstring(`SELECT ${rows.length}`)),
    ready('T'),
  ];
  socket.write(Buffer.concat(parts));
}

const SSL_REQUEST = 80_877_103;
const int = (value: number): Buffer => {
  const four = Buffer.alloc(4);
  four.writeInt32BE(value);
  return four;
};
const short = (value: number): Buffer => int(value).subarray(2);
const cstring = (value: string): Buffer => Buffer.from(`${value}\0`);
const text = (body: Buffer): string => body.toString().replace(/\0.*$/s, '');
const message = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int(body.length + 4), body]);
};
const ready = (state: string): Buffer => message('Z', Buffer.from(state));
const welcome = Buffer.concat([message('R', int(0)), ready('I')]);
const refusal = (code: string, words: string): Buffer =>
  message('E', cstring('SERROR'), cstring(`C${code}`), cstring(`M${words}`), Buffer.from([0]));
const rowDescription = (columns: number): Buffer =>
  message(
    'T',
    short(columns),
    ...Array.from({ length: columns }, (_, index) =>
      Buffer.concat([cstring(`c${index}`), int(0), short(0), int(25), short(-1), int(-1), short(0)]),
    ),
  );
const row = (values: readonly (string | null)[]): Buffer =>
  message(
    'D',
    short(values.length),
    ...values.map((value) =>
      value === null ? int(-1) : Buffer.concat([int(Buffer.byteLength(value)), Buffer.from(value)]),
    ),
  );
