// Which text of a plan is a command that can be run as it stands, and what of it must be asked first (`<APP_NAME>`).
import { unquotedExpressions } from '../text/shell-quotes.ts';
import { after } from './quotes.ts';

/** What stands in backticks, in order. */
export const codeSpans = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g)].map(([, , code = '']) => code.trim());

const PROGRAMS = new Set(
  `act ansible ansible-playbook apt apt-get argocd aws az bash bazel brew bun bundle bunx cap cargo cdk certbot chmod chown circleci composer cp
  cat createdb curl cypress dart deno df dig docker docker-compose doctl doppler dotnet dropdb eas echo expo fastlane firebase flutter fly flyctl gcloud gem gh git
  go goose gradle ./gradlew gunzip gzip heroku helm host http https infisical java jq just k6 kamal kubectl kustomize lerna ln make mix mkdir
  mkcert mount mv mvn mysql mysqldump nc netlify nix node npm npx nslookup nx op openssl pg_basebackup pg_dump pg_dropcluster pg_restore pg_upgrade php ping pip pip3 pipenv pipx playwright pnpm poetry
  printf prisma psql pulumi pytest python python3 rails railway rake rbenv reboot redis-cli render rm rsync ruby rustup s3cmd scp sed sentry-cli serverless sh
  skaffold sls sops sqlite3 ssh ssh-keygen stripe sudo supabase systemctl tar task tee terraform terragrunt tofu touch turbo twilio umount uv uvx
  vacuumdb vault vercel wget wp wrangler xcodebuild xcrun yarn zip`.split(/\s+/),
);

const SHELLS = new Set(['sh', 'bash', 'shell', 'zsh', 'console', 'shell-session', 'shellsession', 'terminal']);

/** Is the block one of commands: by its language, else by how it begins? */
export const isShell = (language: string, text: string): boolean =>
  SHELLS.has(language) || (language === '' && isCommand(text));

/** Those that need somebody who types, or that go on: a runner must not be left waiting. */
const INTERACTIVE =
  /^(fly|flyctl) (launch|auth|proxy|dashboard|postgres|pg|mpg|redis|console|secrets set$|logs(?! .*--no-tail)|ssh (?!.*(-C|--command)\b))|^(ssh|psql|mysql|redis-cli|sqlite3|node|python3?|rails (c|console)|irb|vim?|nano|htop|top|su|su - ?\w*|tail -f|op signin|sudo\b.*\b(vi|nano))$|^ssh [^ ]+$|\b(login|signin)\b|^docker (run|exec) .*-(it|ti)\b|^certbot (?!.*(-n|--non-interactive)\b)|^(npm|pnpm|yarn|bun) (run )?(dev|start)$|^git (add -p|rebase -i)|\bkubectl (port-forward|logs (.* )?-f\b|exec .*-it|get .*(-w|--watch)\b)|^watch |^journalctl .*-f\b|^docker(-compose| compose)? logs .*-f\b|^docker(-compose| compose) up(?!.* (-d|--detach)\b)/;

const waits = (text: string): boolean =>
  text
    .split(/\n|&&|\|\||;/)
    .some((part) => INTERACTIVE.test(wordsOf(part).join(' ')) || /\bsudo (-[is]|su)\b/.test(part) || asks(part));

/** Those that ask whether they may, unless they are told not to. */
const asks = (part: string): boolean =>
  ASKS.some(([command, told]) => command.test(wordsOf(part).join(' ')) && !told.test(part));

const ASKS: readonly (readonly [command: RegExp, told: RegExp])[] = [
  [/^(terraform|tofu|terragrunt) (apply|destroy)\b/, /-auto-approve\b|\bapply (.* )?[\w./-]*plan\b/],
  [/^apt(-get)? (.* )?(install|upgrade|dist-upgrade|remove|purge)\b/, /(^| )(-\w*y\w*|--yes|--assume-yes)\b/],
  [/^pulumi (up|destroy)\b/, /(^| )(-y|--yes)\b/],
  [/^gcloud .*\bdelete\b/, /(^| )(-q|--quiet)\b/],
  [/^heroku \S+:(reset|destroy|delete)\b/, /--confirm\b/],
];

/** A comment among the commands says that what follows it is done in some cases only, or in place of what stands above. */
export const hasCases = (text: string): boolean =>
  text
    .split('\n')
    .some((line) =>
      /^\s*#+\s*(or\b|if\b|in case\b|else\b|otherwise\b|only (if|when)\b|unless\b|alternatively\b|option(al|ally)?\b|roll ?back\b|undo\b|revert\b|to (undo|revert|roll back)\b|when (something|it|this) (fails|goes)\b|oder\b|falls\b|sonst\b)/i.test(
        line,
      ),
    );

/** As it would be typed: prompts of a session and what it answered taken off, comments kept. */
export function typed(text: string): string {
  const lines = text.trim().split('\n');
  const prompts = lines.filter((line) => PROMPT.test(line));
  return (prompts.length > 0 ? prompts : lines).map((line) => line.replace(PROMPT, '')).join('\n');
}

/** `$ `, `ops@db1:~$ `, `[ops@db1 ~]# ` */
const PROMPT = /^\s*(?:\$|\[?[\w.-]+@[\w.-]+[^\s$#]*(?: [^\s$#\]]+\])?[$#]) /;

/** Does it begin like one? Not yet: can it be run. */
export function isCommand(text: string): boolean {
  const [word = '', ...rest] = wordsOf(typed(text));
  const sudo = /^\s*(\$ )?sudo /.test(text) && /^[a-z]/.test(word);
  const more = rest.length > 0 || sudo;
  return (
    (PROGRAMS.has(word) && more) ||
    sudo ||
    /^(\.{1,2}\/|scripts?\/|bin\/)[\w./-]+$/.test(word) ||
    (/^\/[\w.-]+\/[\w./-]+$/.test(word) && (more || word.endsWith('.sh')))
  );
}

/** One of a program that is not known here: with flags, as nothing but a command has them. */
export const isLikeCommand = (text: string): boolean =>
  isCommand(text) || /^[a-z][\w-]+( [\w./:=@<>-]+)* --[a-z][\w-]+/.test(typed(text));

/** Words of its first command that matter: without comments, assignments before it, `sudo`. */
function wordsOf(text: string): readonly string[] {
  const line = text.split('\n').find((one) => one.trim() !== '' && !/^\s*#/.test(one)) ?? '';
  return line
    .trim()
    .replace(/^(([A-Za-z_]\w*=("[^"]*"|'[^']*'|\S*)|sudo( -[uUgh] \S+| -[A-Za-z]+)*|env|time)\s+)+/, '')
    .split(/\s+/);
}

export interface Placeholder {
  /** Name of the input: `app-name`. */
  readonly input: string;
  readonly secret: boolean;
  /** As the plan writes it. */
  readonly written: string;
}

export interface Command {
  /** For bash; what is asked stands in it as expressions inside double quotes. */
  readonly run: string;
  /** Secret inputs reach it in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly asked: readonly Placeholder[];
}

/** Something stands for what whoever types it has to know: `…`, `sk_live_xxx`, `your-app`. */
export const isPartial = (text: string): boolean =>
  /…|\.\.\.(?![\w/])|(?<![a-z])x{3,}(?![a-z])|\*{3,}|\b(changeme|change_me|replace_?me)\b|\byour[-_][a-z]|\{\{|\[[A-Z][A-Z_-]{2,}\]/i.test(
    text.replace(/\bYOUR_[A-Z0-9_]+\b/g, ''),
  );

/** It removes or overwrites what is there, and nothing in it brings that back. */
export const destroys = (text: string): boolean =>
  /\brm (-\w+ )*-\w*[rf]|\b(drop(db|user|cluster)?|pg_dropcluster|destroy|delete|purge|prune|truncate|unpublish|uninstall|wipe|mkfs\S*|shred|flushall|flushdb|terminate-\w+)\b|[\s/](delete|remove|destroy|terminate)-\w|--(delete|clean|hard|force-with-lease|no-preserve-root|purge)\b|\bdd .*\bof=|:(reset|drop|destroy|fresh|wipe)\b|\bgit (push|clean|checkout|branch) .*(-[a-zA-Z]*[fD]\b|--force\b)|\bdb reset\b/i.test(
    text,
  );

/** undefined where it cannot be run as it stands: something is left out of it, it waits for somebody who types, it is no command. `shell`: the plan says that it is for a shell. */
export function readCommand(
  text: string,
  { shell }: { readonly shell: boolean } = { shell: false },
): Command | undefined {
  const plain = typed(text);
  const begins = isCommand(plain) || (shell && /^[a-z.~/][\w./~+-]*$/i.test(wordsOf(plain)[0] ?? ''));
  if (!begins || isPartial(plain) || /\$\{\{|\0/.test(plain) || waits(plain)) return undefined;
  const asked = placeholdersIn(plain);
  const spliced = splice(plain, ({ input }) => `\${{ inputs.${input} }}`);
  if (spliced === undefined || unquotedExpressions(spliced).length > 0) return undefined;
  const secret = asked.filter((one) => one.secret);
  const run =
    secret.length === 0
      ? spliced
      : splice(plain, (one) => (one.secret ? `$${variable(one)}` : `\${{ inputs.${one.input} }}`));
  if (run === undefined) return undefined;
  return { run, asked, env: Object.fromEntries(secret.map((one) => [variable(one), `\${{ inputs.${one.input} }}`])) };
}

const variable = ({ input }: Placeholder): string => input.toUpperCase().replaceAll('-', '_');

const PLACEHOLDER = /<([A-Za-z][^<>\n]{0,40}?[A-Za-z0-9.)]|[A-Za-z])>|\bYOUR_[A-Z0-9_]+\b/g;
const SECRET = /pass|pw|token|secret|key|credential/i;

/** Each once, in order. */
export function placeholdersIn(text: string): readonly Placeholder[] {
  const found = [...text.matchAll(PLACEHOLDER)].map(([written, name]) => placeholder(written, name));
  return found.filter(({ input }, at) => found.findIndex((one) => one.input === input) === at);
}

function placeholder(written: string, name: string | undefined): Placeholder {
  const word = name ?? written.replace(/^YOUR_/, '');
  const input = word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return { written, input: input === '' || input === 'prototype' ? 'value' : input, secret: SECRET.test(word) };
}

/** A text with its placeholders as expressions; for values, not for commands. */
export const withInputs = (text: string): string =>
  text.replace(
    PLACEHOLDER,
    (written, name: string | undefined) => `\${{ inputs.${placeholder(written, name).input} }}`,
  );

/** Each placeholder replaced so that bash reads it as one value, whatever quotes it stands in. undefined: the quotes do not end. */
function splice(text: string, to: (one: Placeholder) => string): string | undefined {
  let quote = '';
  let result = '';
  let at = 0;
  for (const found of text.matchAll(PLACEHOLDER)) {
    for (; at < found.index; at++) [quote, result] = [after(quote, text, at), result + text[at]];
    const value = to(placeholder(found[0], found[1]));
    result += quote === '"' ? value : quote === "'" ? `'"${value}"'` : `"${value}"`;
    at += found[0].length;
  }
  for (; at < text.length; at++) [quote, result] = [after(quote, text, at), result + text[at]];
  return quote === '' || result === text ? result : undefined;
}
