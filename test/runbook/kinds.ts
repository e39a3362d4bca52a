// Small kinds that offer just what the rules ask about; none of them looks at anything.
import { z } from 'zod';
import { defineStep, type StepKind } from '../../src/step.ts';

const look = async () => ({ is: 'so' as const, seen: 'it' });
const act = async () => ({ ended: 'ok' as const });
const base = {
  summary: 'A kind for tests',
  example: 'with: {}',
  describe: () => 'it',
  checkedAgainst: 'source' as const,
};

const app = defineStep({
  ...base,
  name: 'fly/app',
  with: z.strictObject({ name: z.string(), org: z.string().optional(), count: z.int().min(1).optional() }),
  outputs: z.object({ app: z.string(), hostname: z.string() }),
  login: { account: 'fly', check: look },
  verify: look,
  act,
});

const certificate = defineStep({
  ...base,
  name: 'fly/certificate',
  with: z.strictObject({ app: z.string(), hostname: z.string() }),
  outputs: z.object({ target: z.string(), a: z.string() }),
  verify: look,
  act,
});

const record = defineStep({
  ...base,
  name: 'dns/record',
  with: z.strictObject({
    name: z.string(),
    type: z.enum(['A', 'AAAA', 'CNAME', 'TXT']),
    value: z.union([z.string(), z.array(z.string())]),
  }),
  verify: look,
});

const response = defineStep({
  ...base,
  name: 'http/response',
  with: z
    .strictObject({
      url: z.url(),
      status: z.int().default(200),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string().optional(),
      json: z.unknown().optional(),
    })
    .refine((want) => want.body === undefined || want.json === undefined, 'give "body" or "json", not both'),
  outputs: z.object({ status: z.string() }),
  secretFields: ['headers'],
  verify: look,
});

const request = defineStep({
  ...base,
  name: 'http/request',
  with: z.looseObject({ url: z.string() }),
  outputs: z.looseObject({ status: z.string() }),
  act,
});

const kinds: ReadonlyMap<string, StepKind> = new Map(
  // A parse boundary: each kind's own schema has read what it is given.
  [app, certificate, record, response, request].map((kind) => [kind.name, kind as StepKind]),
);

export const kindNames: readonly string[] = [...kinds.keys()];
export const loadKind = async (name: string): Promise<StepKind | undefined> => kinds.get(name);
