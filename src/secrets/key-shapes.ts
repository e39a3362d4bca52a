// What keys and tokens of well-known services look like, wherever they stand.

/** Shapes in the grammar of `git grep -E`, which differs between systems (no `\b`, no look-ahead), and of JavaScript alike. */
export const KEY_SHAPES: readonly { readonly what: string; readonly shape: string; readonly unless?: RegExp }[] = [
  {
    what: 'a private key',
    shape: '-----BEGIN ([A-Z]+ )*PRIVATE KEY-----',
    // Said in code, with nothing after it.
    unless: /^(?!.*PRIVATE KEY-----(?:$|[^"'`]))/,
  },
  { what: 'a token of Fly', shape: '(FlyV1 fm[12]_|fo1_)[A-Za-z0-9+/=,_-]{30,}' },
  { what: 'a key of OpenAI or Anthropic', shape: '(^|[^A-Za-z0-9])sk-(ant-|proj-)?[A-Za-z0-9_-]{32,}' },
  { what: 'a token of GitHub', shape: '(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,})' },
  { what: 'an access key of AWS', shape: '(^|[^A-Za-z0-9])AKIA[0-9A-Z]{16}([^A-Za-z0-9]|$)' },
  { what: 'a key of Google', shape: 'AIza[0-9A-Za-z_-]{35}' },
  { what: 'a token of Slack', shape: 'xox[abprs]-[A-Za-z0-9-]{20,}' },
  { what: 'a token of GitLab', shape: '(^|[^A-Za-z0-9])glpat-[A-Za-z0-9_-]{20,}' },
  { what: 'a token of npm', shape: '(^|[^A-Za-z0-9])npm_[A-Za-z0-9]{36}' },
  { what: 'a key of SendGrid', shape: 'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}' },
  {
    what: 'an address of Slack or Discord that anyone may post to',
    shape:
      '(hooks\\.slack\\.com/(services|workflows)/[A-Z0-9]{3,}|discord(app)?\\.com/api/webhooks/[0-9]{10,})/[A-Za-z0-9/_-]{10,}',
  },
  { what: 'a live key of Stripe', shape: '[rs]k_live_[A-Za-z0-9]{20,}' },
  { what: 'an API key of Twilio', shape: '(^|[^A-Za-z0-9])SK[0-9a-f]{32}([^A-Za-z0-9]|$)' },
  {
    what: 'a password in the address of a database',
    shape: '(postgres|postgresql|mysql|mongodb(\\+srv)?|redis)://[^:/@ ]+:[^@/ ]{6,}@',
    // Of a developer's own machine, or a place to be filled in.
    unless:
      /@(localhost|127\.0\.0\.1|db|postgres|mysql|redis|host)\b|:\$\{|:<|:\$[A-Z]|:(password|postgres|example|secret|changeme)@/i,
  },
];

/** The first key of each line: from 1, and what it looks like. */
export const keysIn = (
  text: string,
): readonly { readonly line: number; readonly column: number; readonly what: string }[] =>
  text.split('\n').flatMap((line, at) => {
    const found = KEY_SHAPES.flatMap(({ shape, unless, what }) => {
      const index = unless?.test(line) ? undefined : new RegExp(shape).exec(line)?.index;
      return index === undefined ? [] : [{ line: at + 1, column: index + 1, what }];
    });
    return found.sort((a, b) => a.column - b.column).slice(0, 1);
  });

/** Does one stand in the text? */
export const looksLikeKey = (text: string): boolean => keysIn(text).length > 0;
