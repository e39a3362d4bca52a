// How each language without a tree reads the environment: what a text and a comment are, and the spellings of a read.
import type { Masked, Syntax } from './masked.ts';
import { python } from './python.ts';
import {
  type At,
  behind,
  byDefault,
  callBehind,
  checkedBelow,
  ENDS,
  QUOTED_NAME,
  type Said,
  tested,
} from './reading.ts';
import type { Sighting } from './sighting.ts';
import { goPrefix } from './struct-tags.ts';

export type Language = 'python' | 'ruby' | 'go' | 'swift' | 'elixir' | 'rust' | 'prisma' | 'shell' | 'script';

export interface Pattern {
  readonly read: RegExp;
  readonly need: (at: At) => Said;
  /** Where the name is not written as it is read: a prefix around it. undefined: it is no read. */
  readonly name?: (
    written: string,
    where: { readonly text: string; readonly index: number; readonly object: string },
  ) => string | undefined;
}

export interface LanguageRules {
  /** Only files that say this are looked at. */
  readonly speaks: RegExp;
  readonly syntax: Syntax;
  readonly patterns: readonly Pattern[];
  /** Reads by the name that a variable holds: `os.Getenv(key)`. */
  readonly computed: readonly RegExp[];
  /** The head of a function: its name and its parameters. */
  readonly functions?: RegExp;
  /** What only all files together tell. */
  readonly more?: (
    texts: ReadonlyMap<string, string>,
    maskOf: (file: string, text: string) => Masked,
  ) => ReadonlyMap<string, readonly Sighting[]>;
}

const goName = '["`](?<name>\\w+)["`]';

const GO_TESTS = {
  missing: /== ""|!ok\b|!found\b|!exists\b|!present\b|!set\b|\bif !\w+/,
  held: /(\w+)(?:\s*,\s*(\w+))?\s*:?=\s*$/,
};
const RUBY_TESTS = { missing: /\bunless\b|\.nil\?|\.blank\?|\.empty\?|!/, held: /^\s*@?(\w+)\s*=\s*$/ };
const SWIFT_TESTS = {
  missing: /\bguard\b|== nil|\.isEmpty/,
  held: /\b(?:let|var)\s+(\w+)\s*(?::[^=]+)?=\s*(?:try\??\s+)?$/,
};

const ruby: LanguageRules = {
  speaks: /\bENV\b|require_keys/,
  syntax: {
    comment: /#(?!\{)(?<=(?:^|\s)#)/m,
    quotes: [{ mark: '"', code: '#{' }, { mark: "'" }],
  },
  patterns: [
    {
      read: new RegExp(String.raw`\bENV\[\s*${QUOTED_NAME}\s*\](?!\s*=[^=~])`, 'g'),
      need: (at) => checkedBelow(behind(at, /^[^\S\n]*(\|\|=?|or\b)/), at, RUBY_TESTS),
    },
    {
      read: new RegExp(String.raw`\bENV\.fetch(?:\(\s*|[^\S\n]+)${QUOTED_NAME}`, 'g'),
      need: ({ match, after }) => {
        const inCall = match[0].includes('(');
        const { rest, args } = inCall
          ? callBehind(after)
          : { rest: after, args: [/^\s*,\s*([^\n]+)/.exec(after)?.[1] ?? ''] };
        const block = /^[^\S\n]*(?:\{([^}]*)\}|do\b([\s\S]*?)\bend\b)/.exec(rest)?.slice(1).find(Boolean)?.trim();
        if (block !== undefined) return ENDS.test(block) ? { need: 'refused' } : byDefault(block);
        return args[0] ? byDefault(args[0]) : { need: 'refused' };
      },
    },
    {
      read: new RegExp(String.raw`\bENV\.(?:key|has_key|include)\?\(?\s*${QUOTED_NAME}`, 'g'),
      need: ({ before }) => ({ need: tested({ before, after: '' }) === 'refused' ? 'refused' : 'flag' }),
    },
    // Several at once: each is a pattern of its own, found from the call it stands in.
    {
      read: new RegExp(String.raw`(?<=\b(?:ENV\.values_at|Dotenv\.require_keys)\([^)\n]*)${QUOTED_NAME}`, 'g'),
      need: ({ before }) => ({ need: before.includes('require_keys') ? 'refused' : 'plain' }),
    },
  ],
  computed: [/\bENV\[\s*(?<variable>[a-z_]\w*)\s*\]/g, /\bENV\.fetch\(\s*(?<variable>[a-z_]\w*)\s*[,)]/g],
  functions: /^(?<indent>[ \t]*)def\s+(?:self\.)?(?<name>\w+[!?]?)\(?(?<parameters>[^)\n]*)\)?/gm,
};

const go: LanguageRules = {
  speaks: /env|viper/i,
  syntax: {
    comment: /\/\//,
    block: ['/*', '*/'],
    quotes: [{ mark: '"' }, { mark: '`', escapes: false, overLines: true }],
  },
  patterns: [
    {
      read: new RegExp(String.raw`\bos\.Getenv\(\s*${goName}\s*\)`, 'g'),
      need: (at) => {
        const other = /cmp\.Or\(\s*$/.test(at.before) ? callBehind(at.after).args.at(-1) : undefined;
        return other === undefined ? checkedBelow({ need: tested(at) }, at, GO_TESTS) : byDefault(other);
      },
    },
    {
      read: new RegExp(String.raw`\bos\.LookupEnv\(\s*${goName}\s*\)`, 'g'),
      need: (at) => checkedBelow({ need: 'flag' }, at, GO_TESTS),
    },
    { read: /\bviper\.(?:Must)?BindEnv\([^)\n]*"(?<name>[A-Z]\w*)"\s*\)/g, need: () => ({ need: 'flag' }) },
    // Helpers of packages that are not here.
    { read: /\b(?:must|require)\w*Env\w*\(\s*"(?<name>\w+)"/gi, need: () => ({ need: 'refused' }) },
    {
      read: /\b(?:get|env|lookup)\w*(?:Or|Default|With|Fallback)\w*\(\s*"(?<name>\w+)"/gi,
      need: ({ after }) => byDefault(callBehind(after).args[0]),
    },
    // kelseyhightower/envconfig and caarlos0/env struct tags.
    {
      read: /`(?=[^`\n]*\b(?:env|envconfig):"(?<name>[A-Z][A-Z0-9_]*)[^"\n]*"[^`\n]*`)[^`\n]*`/g,
      need: ({ match: [tag] }) => {
        const standard = /\b(?:envDefault|default):"([^"]*)"/.exec(tag)?.[1];
        if (standard !== undefined) return { need: 'default', default: standard };
        return { need: /required|notEmpty/.test(tag) ? 'refused' : 'flag' };
      },
      name: (written, { text, index }) => goPrefix(text, index) + written,
    },
  ],
  computed: [/\bos\.(?:Getenv|LookupEnv)\(\s*(?<variable>[A-Za-z_]\w*)\s*\)/g],
  functions: /^(?<indent>)func\s+(?:\([^)]*\)\s*)?(?<name>\w+)(?:\[[^\]]*\])?\((?<parameters>[^)]*)\)/gm,
};

const swiftRead = (at: At): Said => {
  const rest = at.after.replace(/^!/, '');
  const mapped = /^\s*\??\.(?:flatMap|map|compactMap)\(/.exec(rest)?.[0];
  const after = mapped === undefined ? rest : callBehind(rest.slice(mapped.length)).rest;
  if (/\bif\s+(let|var)\s+\w+\s*(?::[^=]+)?=\s*(try\??\s+)?$/.test(at.before)) return { need: 'flag' };
  if (/\bguard\b.*=\s*(try\??\s+)?$/.test(at.before)) {
    const body = /\belse\s*\{([\s\S]*?)\}/.exec(after)?.[1] ?? '';
    return { need: ENDS.test(body) || body === '' ? 'refused' : 'flag' };
  }
  const said = behind({ before: at.before, after }, /^[^\S\n]*\n?\s*\?\?/);
  return checkedBelow(said, { before: at.before, after }, SWIFT_TESTS);
};

const swift: LanguageRules = {
  speaks: /env/i,
  syntax: {
    comment: /\/\//,
    block: ['/*', '*/'],
    quotes: [
      { mark: '"""', overLines: true, code: '\\(' },
      { mark: '"', code: '\\(' },
    ],
  },
  patterns: [
    {
      read: /\b(?:processInfo\.)?(?:environment|env)\[\s*"(?<name>\w+)"\s*(?:,\s*default:\s*(?<standard>[^\]]+))?\](?!\s*=[^=])/g,
      need: (at) => (at.match.groups?.standard === undefined ? swiftRead(at) : byDefault(at.match.groups.standard)),
    },
    { read: /\bEnvironment\.get\(\s*"(?<name>\w+)"\s*\)/g, need: swiftRead },
    { read: /\bEnvironment\.process\.(?<name>[A-Z]\w*)(?!\s*=[^=])/g, need: swiftRead },
    {
      read: /\bEnvironment\.secret\(\s*key:\s*"(?<name>\w+)"/g,
      need: (at) => swiftRead({ ...at, after: callBehind(at.after).rest }),
    },
    { read: /\bgetenv\(\s*"(?<name>\w+)"\s*\)/g, need: swiftRead },
  ],
  computed: [
    /\b(?:environment|env)\[\s*(?<variable>[a-z]\w*)\s*\]/g,
    /\b(?:Environment\.get|getenv)\(\s*(?<variable>[a-z]\w*)\s*\)/g,
  ],
  functions: /^(?<indent>[ \t]*)(?:[\w@]+\s+)*func\s+(?<name>\w+)(?:<[^>]*>)?\((?<parameters>[^)]*)\)/gm,
};

const elixir: LanguageRules = {
  speaks: /System\.(get|fetch)_env/,
  syntax: {
    comment: /#(?!\{)/,
    quotes: [
      { mark: '"""', overLines: true, code: '#{' },
      { mark: '"', code: '#{' },
    ],
  },
  patterns: [
    { read: /\bSystem\.fetch_env!\(\s*"(?<name>\w+)"/g, need: () => ({ need: 'refused' }) },
    { read: /\bSystem\.fetch_env\(\s*"(?<name>\w+)"/g, need: () => ({ need: 'flag' }) },
    {
      read: /\bSystem\.get_env\(\s*"(?<name>\w+)"/g,
      need: ({ before, after }) => {
        const { rest, args } = callBehind(after);
        return args[0] === undefined ? behind({ before, after: rest }, /^\s*\|\|/) : byDefault(args[0]);
      },
    },
  ],
  computed: [],
};

const rust: LanguageRules = {
  speaks: /\benv::var|\benv!\(/,
  syntax: { comment: /\/\//, block: ['/*', '*/'], quotes: [{ mark: '"', overLines: true }] },
  patterns: [
    {
      read: /\benv::var(?:_os)?\(\s*"(?<name>\w+)"\s*\)/g,
      need: ({ before, after }) => {
        const [, link = '', standard] =
          /^\s*\.(unwrap_or\w*|ok|is_ok|is_err|unwrap|expect|map_err)\b(?:\(\s*(?:\|_?\w*\|\s*)?([^)]*))?/.exec(
            after,
          ) ?? [];
        if (/^unwrap_or_else$/.test(link) && ENDS.test(standard ?? '')) return { need: 'refused' };
        if (link.startsWith('unwrap_or')) return { ...byDefault(standard), need: 'default' };
        if (/^(ok|is_ok|is_err)$/.test(link) || /\b(if|while) let (Ok|Some)\(\w+\)\s*=\s*(std::)?$/.test(before))
          return { need: 'flag' };
        return { need: /^(unwrap|expect|map_err)$/.test(link) || /^\s*\?/.test(after) ? 'refused' : 'plain' };
      },
    },
  ],
  computed: [],
};

const prisma: LanguageRules = {
  speaks: /\benv\(/,
  syntax: { comment: /\/\//, quotes: [{ mark: '"' }] },
  patterns: [{ read: /\benv\(\s*"(?<name>\w+)"\s*\)/g, need: () => ({ need: 'refused' }) }],
  computed: [],
};

const script: LanguageRules = {
  speaks: /\benv\b/,
  syntax: { comment: /\/\/(?<![:"'`]\/\/)/, block: ['/*', '*/'], quotes: [] },
  patterns: [
    {
      read: /\b(?:process|import\.meta|Bun)\.env(?:\.|\[\s*["'])(?<name>[A-Z][A-Z0-9_]*)(?:["']\s*\])?/g,
      need: (at) => behind(at, /^!?\s*(\?\?|\|\|)/),
    },
  ],
  computed: [],
};

/** Shell is read by `shell.ts`: its texts hold code. */
const shell: LanguageRules = { speaks: /\$/, syntax: { quotes: [] }, patterns: [], computed: [] };

export const LANGUAGES: Readonly<Record<Language, LanguageRules>> = {
  python,
  ruby,
  go,
  swift,
  elixir,
  rust,
  prisma,
  shell,
  script,
};
