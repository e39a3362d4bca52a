// Placeholders that a plan writes in capitals (`ssh root@SERVER_IP`, `dig DOMAIN`, `$APP` that nobody sets): marked as `<SERVER_IP>`. In doubt a word is left alone.
import { isGiven, isSecretName } from '../secrets/scan/sort-of-name.ts';
import { after } from './quotes.ts';

/** `isSet`: names that the code reads or the plan sets: a variable, and not a gap to fill in. */
export function withCapitalsMarked(
  command: string,
  isSet: (name: string) => boolean,
  taken: (name: string) => void,
): string {
  // What a here-document holds is for another program to read.
  if (/<<-?\s*['"\\]?\w/.test(command)) return command;
  let result = '';
  let quote = '';
  let at = 0;
  for (const found of command.matchAll(CAPITALS)) {
    for (; at < found.index; at++) [quote, result] = [after(quote, command, at), result + command[at]];
    const [written, braced, bare = braced] = found;
    const plain = found[3];
    const name = bare ?? plain ?? '';
    const place = { command, at, end: at + written.length, quote };
    const marked = !isSet(name) && (plain === undefined ? isUnset(name, place) : isGap(name, place));
    if (marked) taken(name);
    result += marked ? `<${name.replace(/^YOUR_/, '')}>` : written;
    for (; at < place.end; at++) quote = after(quote, command, at);
  }
  return result + command.slice(at);
}

/** Names that a text sets for a shell, in any of its lines: `APP=…`, `read APP`, `for APP in`. */
export const namesSetIn = (text: string): ReadonlySet<string> =>
  new Set(
    [
      ...text.matchAll(
        /(?<![\w$])([A-Z][A-Z0-9_]*)\+?=|\bread\s(?:[^\n;|&]*\s)?([A-Z][A-Z0-9_]*)|\bfor\s+([A-Z][A-Z0-9_]*)\s+in\b/g,
      ),
    ].flatMap(([, assigned, read, looped]) => assigned ?? read ?? looped ?? []),
  );

/** `${APP}`, `$APP`, `SERVER_IP`. */
const CAPITALS =
  /\$\{([A-Z][A-Z0-9_]*)\}|\$([A-Z][A-Z0-9_]*)|(?<![\w$<{\\%.-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)(?![\w=>}(])/g;

interface Place {
  readonly command: string;
  readonly at: number;
  readonly end: number;
  /** The quote that is open there. */
  readonly quote: string;
}

/** A variable that nobody sets: bash would stop at it. */
function isUnset(name: string, { command, at, quote }: Place): boolean {
  if (quote === "'" || command[at - 1] === '\\' || isGiven(name) || OF_TOOLS.test(name) || isComment(command, at))
    return false;
  return (ENDS.test(name) || ALONE.has(name) || name === 'VERSION') && !isSecret(name);
}

/** A word in capitals where a value stands. */
function isGap(name: string, { command, at, end, quote }: Place): boolean {
  // `YOUR_APP` is known as it stands.
  if (name.startsWith('YOUR_')) return false;
  const line = lineAt(command, at);
  if (isComment(command, at) || ABOUT_NAMES.test(line) || A_NAME_FOLLOWS.test(command.slice(0, at))) return false;
  if (FILE_ENDS.test(command.slice(end)) || isSecret(name)) return false;
  if (quote === '') return (name.includes('_') && ENDS.test(name)) || ALONE.has(name);
  return name.includes('_') && ENDS.test(name) && (RUNS_TEXT.test(line) || isOneWord(command, at, quote));
}

const isSecret = (name: string): boolean => isSecretName(name, { sensitive: false, open: false });

function lineAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return text.slice(start, end < 0 ? undefined : end);
}

const isComment = (text: string, at: number): boolean =>
  /(^|\s)#/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at));

/** What stands in the quotes here is a value, not a sentence. */
function isOneWord(text: string, at: number, quote: string): boolean {
  const start = text.lastIndexOf(quote, at - 1);
  const end = text.indexOf(quote, at);
  return end > 0 && !/\s/.test(text.slice(start, end));
}

/** How the names of values end that a plan leaves to its reader. */
const ENDS =
  /_(?:IP|IPV[46]|HOST|HOSTNAME|DOMAIN|SUBDOMAIN|NAME|ID|USER|USERNAME|REGION|ZONE|EMAIL|ADDRESS|BUCKET|PROJECT|ORG|TEAM|BRANCH|VERSION|TAG|IMAGE|NAMESPACE|CLUSTER|SERVER|MACHINE|APP|URL|NUMBER|SHA|PORT)$/;

const ALONE = new Set(
  'APP APPNAME BRANCH BUCKET CLUSTER DOMAIN EMAIL HOST HOSTNAME IMAGE IP NAMESPACE ORG REGION SERVER TAG USER USERNAME'.split(
    ' ',
  ),
);

/** Commands that are about variables by their names. */
const ABOUT_NAMES =
  /(?:^|[\s-])(?:secrets?|env|config|configs|configmaps?|printenv|unset|export|variables?|vars?|envsubst|direnv)(?=[\s:=-]|$)/;

/** A flag that takes the name of a variable. */
const A_NAME_FOLLOWS = /(?:^|\s)(?:-e|-v|-D|--env|--build-arg|--set)[ =]?["']?$/;

const FILE_ENDS =
  /^\.(?:md|txt|json|ya?ml|toml|env|sql|sh|js|ts|py|rb|plist|xml|html|csv|lock|pem|key|p8|p12|zip|gz)\b/;

/** Programs whose quoted text is a command for a shell elsewhere. */
const RUNS_TEXT = /\b(?:ssh|bash -\w*c|sh -\w*c|docker exec|kubectl exec|fly ssh console)\b/;

/** Set by what runs a command, not by a person. */
const OF_TOOLS = /^(?:FLY|GITHUB|GITLAB|CI|BUILDKITE|AWS|GIT|NPM|NODE|BASH|XDG|SSH|HEROKU|RAILWAY|RENDER|VERCEL|K_)_/;
