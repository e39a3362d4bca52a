// Reads of the environment in languages whose tree we do not have: Python, Ruby, Go, Swift, shell; and scripts that cannot be parsed.
import { readSettings } from './pydantic.ts';
import { isEnvName, type Sighting } from './sighting.ts';

interface Pattern {
  readonly read: RegExp;
  /** What the line says about a name that is missing; the first that fits. */
  readonly need: (line: string, match: RegExpExecArray) => Pick<Sighting, 'need' | 'default'>;
}

export type Language = 'python' | 'ruby' | 'go' | 'swift' | 'shell' | 'script';

/** Line by line; comments are left out where a line starts with one. */
export function readByPattern(source: string, language: Language): readonly Sighting[] {
  const found: Sighting[] = [];
  const lines = source.split('\n');
  const own = language === 'shell' ? assignedIn(lines) : new Set<string>();
  lines.forEach((line, index) => {
    if (COMMENT[language].test(line)) return;
    for (const { read, need } of PATTERNS[language]) {
      for (const match of line.matchAll(read)) {
        const name = match.groups?.name;
        if (name === undefined || !isEnvName(name) || own.has(name)) continue;
        const sensitive = /Bearer\s+\S*$|[Aa]uthorization/.test(line.slice(0, match.index));
        // What `matchAll` gives is what `exec` gives.
        found.push({ name, line: index + 1, ...need(line, match as RegExpExecArray), ...(sensitive && { sensitive }) });
      }
    }
  });
  if (language === 'python') found.push(...readSettings(lines, byDefault));
  return language === 'go' ? withChecks(found, lines) : found;
}

/** A default that is a literal is told; of any other it is only known that there is one. */
function byDefault(text: string | undefined): Pick<Sighting, 'need' | 'default'> {
  if (text === undefined || text.trim() === '') return { need: 'plain' };
  const trimmed = text.trim();
  if (/^(None|nil|null)$/.test(trimmed)) return { need: 'flag' };
  const plain =
    /^[rbu]?(["'])(?<text>.*?)\1/.exec(trimmed)?.groups?.text ??
    /^(-?\d+(?:\.\d+)?|True|False|true|false)\b/.exec(trimmed)?.[1];
  return { need: 'default', ...(plain !== undefined && { default: plain }) };
}

/** What stands behind a read on its line: `or "x"`, `|| 'x'`, `?? "x"`. */
function behind(line: string, match: RegExpExecArray, words: RegExp): Pick<Sighting, 'need' | 'default'> {
  const rest = line.slice(match.index + match[0].length);
  const [operator] = words.exec(rest) ?? [];
  if (operator === undefined) return { need: before(line, match) };
  const standard = rest.slice(operator.length);
  if (/^\s*(raise|throw|fatalError|preconditionFailure|fail|abort|exit)\b/.test(standard)) return { need: 'refused' };
  return byDefault(standard);
}

/** Compared or tested on its line: it may be missing. */
function before(line: string, match: RegExpExecArray): 'plain' | 'flag' {
  const rest = line.slice(match.index + match[0].length);
  if (/^\s*(==|!=|is\b|in\b|\.present\?|\.nil\?|\.blank\?)/.test(rest)) return 'flag';
  return /\b(if|unless|elif|not|while)\s+(not\s+)?\(?\s*$/.test(line.slice(0, match.index)) ? 'flag' : 'plain';
}

const quotedName = `["'](?<name>[A-Za-z_][A-Za-z0-9_]*)["']`;

const PATTERNS: Readonly<Record<Language, readonly Pattern[]>> = {
  python: [
    {
      read: new RegExp(String.raw`\benviron\[\s*${quotedName}\s*\](?!\s*=[^=])`, 'g'),
      need: () => ({ need: 'refused' }),
    },
    {
      read: new RegExp(
        String.raw`\b(?:environ\.get|getenv)\(\s*${quotedName}\s*(?:,\s*(?:default\s*=\s*)?(?<standard>[^)]*))?\)`,
        'g',
      ),
      need: (line, match) =>
        match.groups?.standard === undefined ? behind(line, match, /^\s*or\b/) : byDefault(match.groups.standard),
    },
    // django-environ, environs, python-decouple: `env("X")`, `env.str("X", default="y")`, `config("X", default=1)`.
    {
      read: new RegExp(
        String.raw`\b(?:env(?:\.(?:str|int|bool|float|list|url|db|json))?|config)\(\s*${quotedName}(?<rest>[^)]*)\)`,
        'g',
      ),
      need: (_line, match) => {
        const standard = /default\s*=\s*([^,]+)/.exec(match.groups?.rest ?? '')?.[1];
        return standard === undefined ? { need: 'refused' } : byDefault(standard);
      },
    },
    {
      read: new RegExp(String.raw`${quotedName}\s+(?:not\s+)?in\s+os\.environ\b`, 'g'),
      need: () => ({ need: 'flag' }),
    },
  ],
  ruby: [
    {
      read: new RegExp(String.raw`\bENV\[\s*${quotedName}\s*\](?!\s*=[^=~])`, 'g'),
      need: (line, match) => behind(line, match, /^\s*(\|\|=?|or\b)/),
    },
    {
      read: new RegExp(
        String.raw`\bENV\.fetch\(?\s*${quotedName}\s*(?:,\s*(?<standard>[^)]*))?\)?(?<block>\s*\{[^}]*\})?`,
        'g',
      ),
      need: (_line, match) => {
        const block = match.groups?.block?.replace(/[{}]/g, '').trim();
        if (block !== undefined) return /\b(raise|abort)\b/.test(block) ? { need: 'refused' } : byDefault(block);
        return match.groups?.standard === undefined ? { need: 'refused' } : byDefault(match.groups.standard);
      },
    },
    {
      read: new RegExp(String.raw`\bENV\.(?:key|has_key|include)\?\(?\s*${quotedName}`, 'g'),
      need: () => ({ need: 'flag' }),
    },
  ],
  go: [
    { read: /\bos\.Getenv\(\s*"(?<name>\w+)"\s*\)/g, need: (line, match) => ({ need: before(line, match) }) },
    { read: /\bos\.LookupEnv\(\s*"(?<name>\w+)"\s*\)/g, need: () => ({ need: 'flag' }) },
    // Own helpers and kelseyhightower/envconfig, caarlos0/env struct tags.
    {
      read: /\b(?:must|require)\w*Env\w*\(\s*"(?<name>\w+)"/gi,
      need: () => ({ need: 'refused' }),
    },
    {
      read: /\b(?:get|env|lookup)\w*(?:Or|Default|With|Fallback)\w*\(\s*"(?<name>\w+)"\s*,\s*(?<standard>[^)]*)\)/gi,
      need: (_line, match) => byDefault(match.groups?.standard),
    },
    {
      read: /`[^`]*\b(?:env|envconfig):"(?<name>[A-Z][A-Z0-9_]*)(?<options>[^"]*)"[^`]*`/g,
      need: (_line, match) => {
        const standard = /\b(?:envDefault|default):"([^"]*)"/.exec(match[0])?.[1];
        if (standard !== undefined) return { need: 'default', default: standard };
        return { need: /required|notEmpty/.test(match[0]) ? 'refused' : 'flag' };
      },
    },
  ],
  swift: [
    {
      read: /\bprocessInfo\.environment\[\s*"(?<name>\w+)"\s*\]/g,
      need: (line, match) => behind(line, match, /^!?\s*\?\?/),
    },
    {
      read: /\bEnvironment\.get\(\s*"(?<name>\w+)"\s*\)/g,
      need: (line, match) => behind(line, match, /^!?\s*(\.flatMap\([^)]*\))?\s*\?\?/),
    },
    { read: /\bgetenv\(\s*"(?<name>\w+)"\s*\)/g, need: (line, match) => ({ need: before(line, match) }) },
  ],
  shell: [
    { read: /\$\{(?<name>[A-Z][A-Z0-9_]*):?\?/g, need: () => ({ need: 'refused' }) },
    {
      read: /\$\{(?<name>[A-Z][A-Z0-9_]*):?[-=](?<standard>[^}]*)\}/g,
      need: (_line, match) => {
        const standard = match.groups?.standard ?? '';
        return standard === ''
          ? { need: 'flag' }
          : { need: 'default', ...(!standard.includes('$') && { default: standard }) };
      },
    },
    { read: /\$\{(?<name>[A-Z][A-Z0-9_]*):?\+/g, need: () => ({ need: 'flag' }) },
    ...[/\$(?<name>[A-Z][A-Z0-9_]*)/g, /\$\{(?<name>[A-Z][A-Z0-9_]*)\}/g].map(
      (read): Pattern => ({
        read,
        need: (line, match) => ({
          need: /\[\[?\s+(!\s+)?-[nz]\s+"?$/.test(line.slice(0, match.index)) ? 'flag' : 'plain',
        }),
      }),
    ),
  ],
  script: [
    {
      read: /\b(?:process|import\.meta|Bun)\.env(?:\.|\[\s*["'])(?<name>[A-Z][A-Z0-9_]*)(?:["']\s*\])?/g,
      need: (line, match) => behind(line, match, /^!?\s*(\?\?|\|\|)/),
    },
  ],
};

const COMMENT: Readonly<Record<Language, RegExp>> = {
  python: /^\s*#/,
  ruby: /^\s*#/,
  go: /^\s*\/\//,
  swift: /^\s*\/\//,
  shell: /^\s*#/,
  script: /^\s*(\/\/|\*)/,
};

/** Names that a shell script sets itself. Reading them says nothing about the environment. */
function assignedIn(lines: readonly string[]): ReadonlySet<string> {
  const names = lines.flatMap((line) => {
    const [, name, value = ''] =
      /^\s*(?:export\s+|local\s+|readonly\s+|declare\s+(?:-\w+\s+)?)?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    const loop = /^\s*(?:for|read(?:\s+-\w+)*)\s+([A-Z][A-Z0-9_]*)\b/.exec(line)?.[1];
    // `X="${X:-1}"` is a read with a default, and stays one.
    const own = name !== undefined && !new RegExp(String.raw`\$\{?${name}\b`).test(value) ? name : undefined;
    return [own ?? loop ?? []].flat();
  });
  return new Set([
    ...names,
    'BASH_SOURCE',
    'RANDOM',
    'SECONDS',
    'LINENO',
    'IFS',
    'OPTARG',
    'OPTIND',
    'REPLY',
    'PIPESTATUS',
    'EUID',
    'UID',
  ]);
}

/** Go tells a missing name some lines below its read: `if key == "" { log.Fatal(…) }`. */
function withChecks(found: readonly Sighting[], lines: readonly string[]): readonly Sighting[] {
  return found.map((one) => {
    if (one.need !== 'plain' && one.need !== 'flag') return one;
    const held = /(\w+)\s*(?:,\s*\w+\s*)?:?=\s*os\.(?:Getenv|LookupEnv)/.exec(lines[one.line - 1] ?? '')?.[1];
    const window = lines.slice(one.line - 1, one.line + 6);
    const test = window.findIndex(
      (line) =>
        /\bif\b/.test(line) &&
        /== ""|!ok\b|!found\b|!exists\b/.test(line) &&
        (held === undefined || line.includes(held) || /!\w+/.test(line)),
    );
    if (test < 0) return one;
    const body = window.slice(test, test + 3).join('\n');
    if (/log\.Fatal|panic\(|os\.Exit|errors\.New|fmt\.Errorf/.test(body)) return { ...one, need: 'refused' };
    const standard = held === undefined ? undefined : new RegExp(String.raw`\b${held}\s*=\s*"([^"]*)"`).exec(body)?.[1];
    return standard === undefined ? { ...one, need: 'flag' } : { ...one, need: 'default', default: standard };
  });
}
