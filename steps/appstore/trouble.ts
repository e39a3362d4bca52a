// What App Store Connect means when it says no: its error documents in words, with who can help.
import { z } from 'zod';
import type { HttpAnswer } from '../../src/system/ports.ts';
import type { Problem } from './key.ts';

export interface Refusal extends Problem {
  readonly status: number;
  /** Dotted, general to special: `ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE`. '' where there was no error document. */
  readonly code: string;
}

const OneError = z.object({
  code: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
  source: z.object({ pointer: z.string().optional() }).optional(),
});
const ErrorDocument = z.object({
  errors: z
    .array(
      OneError.extend({
        meta: z.object({ associatedErrors: z.record(z.string(), z.array(OneError)).optional() }).optional(),
      }),
    )
    .min(1),
});
type ErrorOf = z.output<typeof OneError>;

/** Why a request was not carried out. Matches codes by prefix: Apple adds sub-codes (facts/app-store-connect.md §5). */
export function explain(answer: HttpAnswer, now: Date): Refusal {
  const { status, failed } = answer;
  if (failed !== undefined) return { status, code: '', why: `App Store Connect did not answer: ${failed}` };
  const [error, ...others] = errorsOf(answer.body);
  if (error === undefined) {
    const why = `App Store Connect answered ${status} without saying why`;
    return { status, code: '', why, ...hintOf({ status, code: '', detail: answer.body }, answer, now) };
  }
  const more = others.map((other) => `; ${wordsOf(other)}`).join('');
  return {
    status,
    code: error.code,
    why: `App Store Connect: ${wordsOf(error)} [${status} ${error.code}]${more}`,
    ...hintOf({ status, code: error.code, detail: error.detail ?? '' }, answer, now),
  };
}

/** A `code` below this one: `STATE_ERROR` also means `STATE_ERROR.TESTER_INVITE`. */
export const isBelow = (code: string, prefix: string): boolean => code === prefix || code.startsWith(`${prefix}.`);

const wordsOf = ({ detail, title, code, source }: ErrorOf): string =>
  `${detail ?? title ?? code}${source?.pointer === undefined ? '' : ` (${source.pointer})`}`;

/** The first is the reason; those that hang on it come after. */
function errorsOf(body: string): readonly ErrorOf[] {
  try {
    const errors = ErrorDocument.safeParse(JSON.parse(body)).data?.errors ?? [];
    return errors.flatMap((error) => [error, ...Object.values(error.meta?.associatedErrors ?? {}).flat()]);
  } catch {
    // A 403 may come as HTML: then the status alone speaks.
    return [];
  }
}

interface Said {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

function hintOf({ status, code, detail }: Said, { headers }: HttpAnswer, now: Date): { readonly hint?: string } {
  const known =
    HINTS.find((one) => (one.code !== undefined && isBelow(code, one.code)) || (one.says?.test(detail) ?? false)) ??
    HINTS.find((one) => one.status === status);
  if (known === undefined) return {};
  const measured = status === 401 ? clockOff(headers.date, now) : status === 429 ? limitOf(headers) : undefined;
  return { hint: [known.hint, measured].filter((text) => text !== undefined).join(' ') };
}

/** Apple refuses a token of a clock that is ahead; half a minute is worth a word (facts/app-store-connect.md §2.4). */
function clockOff(date: string | undefined, now: Date): string | undefined {
  const seconds = Math.round((now.getTime() - Date.parse(date ?? '')) / 1000);
  if (Number.isNaN(seconds) || Math.abs(seconds) <= 30) return undefined;
  return `This machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} Apple's: set it right first.`;
}

/** `user-hour-lim:3500;user-hour-rem:0;` in words. */
function limitOf(headers: HttpAnswer['headers']): string | undefined {
  const pairs = new Map((headers['x-rate-limit'] ?? '').split(';').map((pair) => pair.split(':') as [string, string]));
  const limit = pairs.get('user-hour-lim');
  return limit === undefined
    ? undefined
    : `Apple allows this key ${limit} requests an hour; ${pairs.get('user-hour-rem') ?? '?'} are left.`;
}

const AGREEMENT =
  'The Account Holder must accept an agreement: App Store Connect → Business, and https://developer.apple.com/account. It takes some minutes to count.';

/** Looked through by code and words first, then by status. */
const HINTS: readonly {
  readonly code?: string;
  readonly says?: RegExp;
  readonly status?: number;
  readonly hint: string;
}[] = [
  { code: 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED', hint: AGREEMENT },
  { code: 'FORBIDDEN_ERROR.PLA_NOT_ACCEPTED', hint: AGREEMENT },
  { says: /agreement/i, hint: AGREEMENT },
  {
    says: /membership/i,
    hint: 'The membership of the developer programme has run out: the Account Holder renews it at https://developer.apple.com/account.',
  },
  {
    code: 'ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE',
    hint: 'It exists already: perhaps in another team, where this key cannot see it.',
  },
  {
    status: 401,
    hint: 'The token is refused: check ASC_KEY_ID, ASC_ISSUER_ID (left out for an individual key only), that ASC_KEY_FILE belongs to them and was not revoked, and the clock of this machine.',
  },
  {
    status: 403,
    hint: 'The key lacks the right (App Manager does for TestFlight, Admin for identifiers; an individual key never sees identifiers, certificates and profiles), or an agreement waits for the Account Holder.',
  },
  { status: 429, hint: 'Too many requests with this key: wait some minutes.' },
];
