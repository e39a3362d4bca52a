// What App Store Connect means when it says no: its error documents in words, with who can help.
import { z } from 'zod';
import type { HttpAnswer } from '../../src/system/ports.ts';
import type { Problem } from './key.ts';

export interface Refusal extends Problem {
  readonly status: number;
  /** Dotted, general to special: `ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE`. '' where there was no error document. */
  readonly code: string;
}

const ErrorDocument = z.object({
  errors: z
    .array(
      z.object({
        code: z.string(),
        title: z.string().optional(),
        detail: z.string().optional(),
        source: z.object({ pointer: z.string().optional() }).optional(),
      }),
    )
    .min(1),
});

/** Why a request was not carried out. Matches codes by prefix: Apple adds sub-codes (facts/app-store-connect.md §5). */
export function explain(answer: HttpAnswer): Refusal {
  const { status, failed } = answer;
  if (failed !== undefined) return { status, code: '', why: `App Store Connect did not answer: ${failed}` };
  const error = firstError(answer.body);
  if (error === undefined)
    return { status, code: '', why: `App Store Connect answered ${status}`, ...hintOf(status, '', answer.body) };
  const { code, title, detail, source } = error;
  const where = source?.pointer === undefined ? '' : ` (${source.pointer})`;
  return {
    status,
    code,
    why: `App Store Connect: ${detail ?? title ?? code}${where} [${status} ${code}]`,
    ...hintOf(status, code, detail ?? ''),
  };
}

/** A `code` below this one: `STATE_ERROR` also means `STATE_ERROR.TESTER_INVITE`. */
export const isBelow = (code: string, prefix: string): boolean => code === prefix || code.startsWith(`${prefix}.`);

function firstError(body: string): z.output<typeof ErrorDocument>['errors'][number] | undefined {
  try {
    return ErrorDocument.safeParse(JSON.parse(body)).data?.errors[0];
  } catch {
    // A 403 may come as HTML: then the status alone speaks.
    return undefined;
  }
}

function hintOf(status: number, code: string, detail: string): { readonly hint?: string } {
  const known =
    HINTS.find((one) => (one.code !== undefined && isBelow(code, one.code)) || (one.says?.test(detail) ?? false)) ??
    HINTS.find((one) => one.status === status);
  return known === undefined ? {} : { hint: known.hint };
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
    hint: 'The token is refused: check ASC_KEY_ID, ASC_ISSUER_ID, that ASC_KEY_FILE belongs to them and was not revoked, and the clock of this machine.',
  },
  {
    status: 403,
    hint: 'The key lacks the right (App Manager does for TestFlight, Admin for identifiers), or an agreement waits for the Account Holder.',
  },
  { status: 429, hint: 'Too many requests with this key: wait some minutes.' },
];
