// What a shell script reads of the environment: expansions outside single quotes, comments and quoted here-documents, but for what it sets itself.
import { ENDS } from './reading.ts';
import type { Sighting } from './sighting.ts';

export function readShell(source: string): readonly Sighting[] {
  const text = expandedOnly(source);
  const own = assignedIn(text);
  const lines = text.split('\n');
  return lines.flatMap((line, index) =>
    [...line.matchAll(EXPANSION)].flatMap((match): readonly Sighting[] => {
      const name = match.groups?.plain ?? match.groups?.name ?? '';
      const { operator = '', standard = '' } = match.groups ?? {};
      if (own.has(name) || OF_THE_SHELL.test(name)) return [];
      const before = line.slice(0, match.index);
      const sensitive = /(Bearer|Basic|Token)\s+["']?$|[Aa]uthorization[^"'\n]*$/.test(before);
      const said = needOf({
        operator,
        standard,
        before,
        rest: [line.slice(match.index), ...lines.slice(index + 1, index + 6)].join('\n'),
      });
      return [{ name, line: index + 1, ...said, ...(sensitive && { sensitive }) }];
    }),
  );
}

const EXPANSION =
  /\$(?:(?<plain>[A-Z][A-Z0-9_]*)|\{[#!]?(?<name>[A-Z][A-Z0-9_]*)(?![A-Z0-9_[])(?<operator>:?[-=?+])?(?=(?<standard>[^}]*)\}))/g;

function needOf({
  operator,
  standard,
  before,
  rest,
}: {
  operator: string;
  standard: string;
  before: string;
  rest: string;
}): Pick<Sighting, 'need' | 'default'> {
  if (operator.endsWith('?')) return { need: 'refused' };
  if (operator.endsWith('+')) return { need: 'flag' };
  const empty = /^:?[-=]$/.test(operator) && standard === '';
  if (/^:?[-=]$/.test(operator) && !empty)
    return { need: 'default', ...(!standard.includes('$') && { default: standard.replace(/^(["'])(.*)\1$/, '$2') }) };
  // `[ -z "$A" ] && exit 1`, `if [ -z "$A" ]; then … exit`, `[ -n "$A" ] || exit 1`.
  const test = /\[\[?\s+(!\s+)?-([nz])\s+"?$/.exec(before);
  if (!test) return { need: empty ? 'flag' : 'plain' };
  const missing = (test[2] === 'z') !== (test[1] !== undefined);
  const [first = '', ...further] = rest.split('\n');
  const behind = missing ? /\]\s*&&(.*)/.exec(first)?.[1] : /\]\s*\|\|(.*)/.exec(first)?.[1];
  const body = behind ?? (missing && /\bthen\b/.test(first + (further[0] ?? '')) ? untilEnd([first, ...further]) : '');
  return { need: ENDS.test(body) || /\b(die|fail|usage|return 1)\b/.test(body) ? 'refused' : 'flag' };
}

function untilEnd(lines: readonly string[]): string {
  const end = lines.findIndex((line) => /(^|;)\s*(fi|else|elif)\b/.test(line));
  return (end < 0 ? lines : lines.slice(0, end + 1)).join('\n');
}

/** Blanks where nothing is expanded: single quotes, comments, `\$`, `<<'EOF'`. */
function expandedOnly(source: string): string {
  let until: string | undefined;
  return source
    .split('\n')
    .map((line) => {
      if (until !== undefined) {
        if (line.trim() === until) until = undefined;
        return '';
      }
      until = /(?<!<)<<(?!<)-?\s*(?:'(\w+)'|"(\w+)"|\\(\w+))/.exec(line)?.slice(1).find(Boolean);
      return expandedIn(line);
    })
    .join('\n');
}

function expandedIn(line: string): string {
  let found = '';
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (quote === "'") {
      if (char === "'") quote = '';
      found += ' ';
    } else if (char === '\\') {
      found += '  ';
      at++;
    } else if (char === "'" && quote === '' && line.includes("'", at + 1)) {
      quote = "'";
      found += ' ';
    } else if (char === '#' && quote === '' && /(^|[\s;])$/.test(line.slice(0, at))) return found;
    else {
      if (char === '"') quote = quote === '"' ? '' : '"';
      found += char;
    }
  }
  return found;
}

/** Names that the script sets itself. Reading them says nothing about the environment. */
function assignedIn(text: string): ReadonlySet<string> {
  const set = [...text.matchAll(/(?<=^|[\s;&|({])([A-Z][A-Z0-9_]*)\+?=("[^"\n]*"|\S*)/gm)].flatMap(
    ([, name = '', value = '']) =>
      // `X="${X:-1}"` is a read with a default, and stays one.
      new RegExp(String.raw`\$\{?${name}\b`).test(value) ? [] : [name],
  );
  const loops = [...text.matchAll(/\b(?:for|select)\s+([A-Z][A-Z0-9_]*)\b/g)].map(([, name = '']) => name);
  const read = [
    ...text.matchAll(/\b(?:read|mapfile|readarray|getopts\s+\S+)((?:\s+-\w+)*(?:\s+[A-Z][A-Z0-9_]*)+)/g),
  ].flatMap(([, names = '']) => names.split(/\s+/));
  return new Set([...set, ...loops, ...read]);
}

const OF_THE_SHELL =
  /^(BASH\w*|RANDOM|SECONDS|LINENO|IFS|OPTARG|OPTIND|REPLY|PIPESTATUS|EUID|UID|PPID|FUNCNAME|OLDPWD|EPOCHSECONDS|COLUMNS|LINES|DIRSTACK|MAPFILE)$/;
