// Which text of a plan is a command that can be run as it stands, and what of it must be asked first (`<APP_NAME>`).
import { unquotedExpressions } from '../text/shell-quotes.ts';
import { after } from './quotes.ts';

/** What stands in backticks, in order. */
export const codeSpans = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g)].map(([, , code = '']) => code.trim());

const PROGRAMS = new Set(
  `act ansible ansible-playbook apt apt-get argocd aws az bash bazel brew bun bundle bunx cap cargo cdk certbot chmod chown circleci composer cp
  createdb curl cypress dart deno dig docker docker-compose doctl doppler dotnet eas expo fastlane firebase flutter fly flyctl gcloud gem gh git
  go goose gradle ./gradlew gunzip gzip heroku helm host http https infisical java jq just k6 kamal kubectl kustomize lerna ln make mix mkdir
  mkcert mv mvn mysql mysqldump netlify nix node npm npx nslookup nx op openssl pg_dump pg_restore php pip pip3 pipenv pipx playwright pnpm poetry
  prisma psql pulumi pytest python python3 rails railway rake rbenv redis-cli render rsync ruby rustup s3cmd scp sed sentry-cli serverless sh
  skaffold sls sops sqlite3 ssh ssh-keygen stripe sudo supabase systemctl tar task tee terraform terragrunt tofu touch turbo twilio uv uvx
  vault vercel wget wp wrangler xcodebuild xcrun yarn zip`.split(/\s+/),
);

/** Those that need somebody who types, or that go on: a runner must not be left waiting. */
const INTERACTIVE =
  /^(fly|flyctl) (launch|auth|proxy|dashboard|postgres|pg|mpg|redis|console|secrets set$|logs(?! .*--no-tail)|ssh (?!.*(-C|--command)\b))|^(ssh|psql|mysql|redis-cli|sqlite3|node|python3?|rails (c|console)|irb|vim?|nano|htop|tail -f|op signin|sudo\b.*\b(vi|nano))$|^ssh [^ ]+$|\b(login|signin)\b|^docker (run|exec) .*-(it|ti)\b|^(npm|pnpm|yarn|bun) (run )?(dev|start)$|^git (add -p|rebase -i)|\bkubectl (port-forward|logs -f|exec .*-it)/;

const waits = (text: string): boolean =>
  text.split(/\n|&&|\|\||;/).some((part) => INTERACTIVE.test(wordsOf(part).join(' ')));

/** As it would be typed: prompts of a session taken off, comments kept. */
function typed(text: string): string {
  const lines = text.trim().split('\n');
  const prompts = lines.filter((line) => /^\s*\$ /.test(line));
  return (prompts.length > 0 ? prompts : lines).map((line) => line.replace(/^\s*\$ /, '')).join('\n');
}

/** Does it begin like one? Not yet: can it be run. */
export function isCommand(text: string): boolean {
  const [word = '', ...rest] = wordsOf(typed(text));
  return (PROGRAMS.has(word) && rest.length > 0) || /^(\.{1,2}\/|scripts?\/|bin\/)[\w./-]+$/.test(word);
}

/** Words of its first command that matter: without comments, assignments before it, `sudo`. */
function wordsOf(text: string): readonly string[] {
  const line = text.split('\n').find((one) => one.trim() !== '' && !/^\s*#/.test(one)) ?? '';
  return line
    .trim()
    .replace(/^(([A-Za-z_]\w*=("[^"]*"|'[^']*'|\S*)|sudo|env|time)\s+)+/, '')
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

/** undefined where it cannot be run as it stands: something is left out of it, it waits for somebody who types, it is no command. */
export function readCommand(text: string): Command | undefined {
  const plain = typed(text);
  if (!isCommand(plain) || /…|\.\.\.(?![\w/])|\$\{\{|\0/.test(plain) || waits(plain)) return undefined;
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
