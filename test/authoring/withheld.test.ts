// A runbook made of a plan is committed, frozen and handed over: no secret of the plan is in it, nor in what is told about it.
import { describe, expect, test } from 'vitest';
import { importPlan } from '../../src/authoring/import.ts';
import { withoutValues } from '../../src/authoring/withheld.ts';

const PLAN = `# Launch

Log in with the password \`hunter2-the-great\` at https://admin:s3cr3t-pass-9@db.example.com/x.

## Steps

1. Set secrets: \`fly secrets set OPENAI_API_KEY=sk-plan-1234 STRIPE_SECRET='two words-88' -a sol-prod\`
2. Check \`curl -H "Authorization: Bearer abc.def-ghijk.4711" https://sol-prod.fly.dev/health\`
3. Run \`DATABASE_URL=postgres://sol:topsecretpw@db.internal/sol npm run migrate\`
4. Put TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789 into the CI settings
5. \`psql "postgres://sol:topsecretpw2@db.internal/sol" -c "select 1"\`
6. Set these:

\`\`\`sh
fly secrets set \\
  SESSION_SECRET="kX9vQ2mN8pL4rT6wY1zB3cD5fG7hJ0kA" \\
  WEBHOOK=https://hooks.slack.com/services/T0000/B0000/XXXXsecretpartYYYY
\`\`\`

7. \`curl -u jam:curl-pass-5 --token=flag-token-6 https://x.test\`

## Secrets

| name | value |
|---|---|
| OPENAI_API_KEY | sk-proj-tablekey1234567890abcdef |
| SESSION_SECRET | \`tablesecret-4711-xyz\` |
| LOG_LEVEL | info |

- \`TWILIO_AUTH_TOKEN\`: 0123456789abcdef0123456789abcdef
- JWT_SECRET=listsecret-9999-abc (default)
- \`MAIL_PASSWORD\` = \`pw-in-list-77\`

-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
-----END PRIVATE KEY-----
`;
const VALUES = [
  'hunter2-the-great',
  's3cr3t-pass-9',
  'sk-plan-1234',
  'two words-88',
  'abc.def-ghijk.4711',
  'topsecretpw',
  'ghp_abc',
  'kX9vQ2mN8pL4rT6w',
  'XXXXsecretpartYYYY',
  'curl-pass-5',
  'flag-token-6',
  'tablekey1234567890',
  'tablesecret-4711',
  '0123456789abcdef0123456789abcdef',
  'listsecret-9999',
  'pw-in-list-77',
  'MIGHAgEAMBMG',
];

const imported = importPlan({ file: 'plan.md', source: PLAN, date: '2026-11-21' });

test.each(VALUES.map((value) => [value]))('%s of a plan is nowhere in what is made of it', (value) => {
  expect(PLAN).toContain(value);
  expect(imported).toBeDefined();
  expect(JSON.stringify(imported)).not.toContain(value);
});

test('each is told by its name and its line', () => {
  expect(imported?.withheld.map(({ line, what }) => `${line} ${what}`)).toEqual([
    '3 a secret',
    '3 the password of an address',
    '7 OPENAI_API_KEY',
    '7 STRIPE_SECRET',
    '8 a token',
    '9 DATABASE_URL',
    '10 a token of GitHub',
    '11 the password of an address',
    '16 SESSION_SECRET',
    '17 an address of Slack or Discord that anyone may post to',
    '20 a password',
    '20 a secret',
    '26 OPENAI_API_KEY',
    '27 SESSION_SECRET',
    '30 TWILIO_AUTH_TOKEN',
    '31 JWT_SECRET',
    '32 MAIL_PASSWORD',
    '34 a private key',
  ]);
});

test('a command goes on to be one, and asks for the value as a secret', () => {
  const keys = (text: string) => imported?.steps.find(({ title }) => title.includes(text))?.keys;
  expect(keys('npm run migrate')).toEqual({
    run: 'DATABASE_URL="$DATABASE_URL_SECRET" npm run migrate',
    env: { DATABASE_URL_SECRET: '${{ inputs.database-url-secret }}' },
  });
  expect(imported?.text).toContain(
    'database-url-secret:\n    description: <DATABASE_URL-secret> of the plan\n    secret: true',
  );
});

describe('what only speaks of secrets stays', () => {
  test.each([
    'Set API_KEY=$API_KEY and OTHER_SECRET=${OTHER}',
    'fly secrets set A_SECRET=$(openssl rand -hex 32)',
    'fly secrets set A_SECRET=<from 1Password> B_TOKEN=... C_KEY=… D_SECRET=xxxxxxxx',
    'supabase secrets set WEBHOOK_SECRET=whsec_... API_KEY=re_live_... STRIPE_SECRET_KEY=sk_live_xxx',
    '`API_KEY`: required, `JWT_SECRET`: optional, from Stripe',
    'The secret `STRIPE_V2_SECRET_KEY` is rotated with `npm run rotate`',
    'DATABASE_URL=postgres://localhost:5432/sol',
    'A_SECRET=op://sol/solserver/key',
    'TOKEN_TTL=3600 MAX_TOKENS=128000 PUBLIC_KEY_PATH=/etc/keys/one2three',
    'See https://example.com:8080/a@b and user@example.com',
    '| SESSION_SECRET | 32 random bytes, made once |',
    '- `OPENAI_API_KEY` — the key of the production project',
  ])('%s', (text) => {
    expect(withoutValues(text)).toEqual({ source: text, withheld: [] });
  });

  test('and lines keep their numbers', () => {
    const { source } = withoutValues(PLAN);
    expect(source.split('\n').length).toBe(PLAN.split('\n').length);
    expect(source.split('\n')[23]).toBe(PLAN.split('\n')[23]);
  });
});
