// Worlds in which a look cannot see: nobody there, something else there, half an answer, none in time. For every kind alike.
import { generateKeyPairSync } from 'node:crypto';
import type { ActPorts, DnsAnswer, Ended, Handshake, HttpAnswer, PostgresAnswer } from '../../src/system/ports.ts';
import { secretNamed } from '../samples.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));

/** What each port answers; `files` are those of the project that are there. */
interface Answers {
  readonly process: Ended;
  readonly http: HttpAnswer;
  readonly dns: DnsAnswer;
  readonly tls: Handshake;
  readonly postgres: PostgresAnswer;
  readonly file?: string;
}

const gave = (more: Partial<HttpAnswer>): HttpAnswer => ({ status: 0, headers: {}, body: '', url: '', ...more });
const dns = (more: Partial<DnsAnswer>): DnsAnswer => ({
  code: '',
  answers: [],
  authority: [],
  authoritative: false,
  ...more,
});
const shake = (more: Partial<Handshake>): Handshake => ({
  trusted: false,
  issuer: '',
  subject: '',
  names: [],
  from: '',
  to: '',
  ...more,
});
const failing = (failed: string, process: Ended): Answers => ({
  process,
  http: gave({ failed }),
  dns: dns({ failed }),
  tls: shake({ failed }),
  postgres: { rows: [], failed },
});

export const badAnswers = {
  'server down': failing('connection refused', { exit: 127, missing: true, stdout: '', stderr: '' }),
  'wrong answer': {
    process: { exit: 2, stdout: '<html>Sign in to the hotel network</html>', stderr: 'usage: another program' },
    http: gave({
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html>Sign in to the hotel network</html>',
    }),
    dns: dns({ code: 'REFUSED' }),
    tls: shake({ problem: 'certificate is for another name', subject: 'hotel.invalid', names: ['hotel.invalid'] }),
    postgres: { rows: [], failed: 'answer is not PostgreSQL' },
    file: '<html>Sign in to the hotel network</html>',
  },
  'half answer': {
    process: { exit: null, signal: 'SIGKILL', stdout: '[{"ID":"solserver-pr', stderr: '' },
    http: gave({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"data":[{"id":"a' }),
    dns: dns({ failed: 'connection closed by the other side' }),
    tls: shake({ failed: 'connection closed by the other side' }),
    postgres: { rows: [], failed: 'connection closed by the other side' },
    file: '{"data":[{"id":"a',
  },
  'time-out': failing('timed out after 10 s', {
    exit: null,
    signal: 'SIGTERM',
    timedOut: true,
    stdout: '',
    stderr: '',
  }),
} as const satisfies Readonly<Record<string, Answers>>;

/** A whole world of such answers, in which every login is there: it is not the reason. */
export function badWorld(answers: Answers, signal: AbortSignal = new AbortController().signal): ActPorts {
  return worldOf((answer) => Promise.resolve(answer), answers, signal);
}

export interface Hanging {
  readonly ports: ActPorts;
  /** How often the world was asked, before and after the run was stopped. */
  readonly asked: { before: number; after: number };
}

/** A world in which nothing answers until the run is stopped: then each port says so, as the real ones do. */
export function hangingWorld(signal: AbortSignal): Hanging {
  const asked = { before: 0, after: 0 };
  const stopped = failing('stopped', { exit: null, signal: 'SIGTERM', stdout: '', stderr: '' });
  const hang = <T>(answer: T): Promise<T> => {
    asked[signal.aborted ? 'after' : 'before'] += 1;
    if (signal.aborted) return Promise.resolve(answer);
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(answer), { once: true }));
  };
  return { ports: worldOf(hang, stopped, signal), asked };
}

function worldOf(give: <T>(answer: T) => Promise<T>, answers: Answers, signal: AbortSignal): ActPorts {
  const { process, http, dns: name, tls, postgres, file } = answers;
  return {
    processes: { look: () => give(process), act: () => give(process) },
    http: { look: () => give(http), send: () => give(http) },
    dns: { ask: () => give(name) },
    tls: { handshake: () => give(tls) },
    postgres: { ask: () => give(postgres) },
    files: {
      read: async () => file,
      list: async () => [],
      resolve: async (path) => `/project/${path}`,
      write: async () => {},
    },
    clock: { now: () => new Date('2026-11-22T23:10:00Z'), sleep: async () => {} },
    env: { get: (variable) => LOGINS[variable], file: async () => PEM },
    secrets: {
      declared: () => ({ names: [SECRET] }),
      sinceSent: async () => ({ is: 'unknown' }),
      obtain: async () => ({ why: 'nobody is there' }),
      kept: async () => {},
      learn: () => {},
      remember: () => {},
      receive: async () => {},
    },
    signal,
    urls: {
      appStoreConnect: 'https://asc.invalid',
      cloudflare: 'https://cloudflare.invalid',
      twilio: 'https://api.twilio.invalid',
    },
    tell: () => {},
  };
}

const LOGINS: Readonly<Record<string, string>> = {
  ASC_KEY_ID: 'ABC1234567',
  ASC_ISSUER_ID: 'issuer',
  ASC_KEY_FILE: '/key.p8',
  CLOUDFLARE_API_TOKEN: 'cf-token-1234567890',
  TWILIO_ACCOUNT_SID: 'AC1',
  TWILIO_AUTH_TOKEN: 'twilio-token-123',
  FLY_API_TOKEN: 'FlyV1 fm2_0123456789abcdef',
};

const SECRET = { ...secretNamed('A_SECRET'), app: 'x' };
