// Commands that a kind of the library does better: it looks first, can be repeated, and proves what it did. Only where the plan says all it needs.
import type { Json } from '../text/json.ts';
import { type Placeholder, placeholdersIn, withInputs } from './command.ts';

export interface Known {
  readonly uses: string;
  readonly with: Readonly<Record<string, Json>>;
  readonly asked: readonly Placeholder[];
}

/** `app`: the Fly app of the plan, as it stands in it. `said`: the sentence around the command. */
export function knownKind(
  command: string,
  { app, said }: { readonly app: string | undefined; readonly said: string },
): Known | undefined {
  const words = shellWords(command);
  if (words === undefined) return undefined;
  const [program = '', ...rest] = words;
  const found =
    program === 'curl' ? curl(rest, said) : program === 'fly' || program === 'flyctl' ? fly(rest, app) : undefined;
  return asked(found);
}

/** An address that a sentence says something of. */
export const knownAnswer = (url: string, said: string): Known | undefined => asked(response(url, said));

type Found = Omit<Known, 'asked'>;

/** With what must be asked first. What is secret stands in no value of a kind: then the command stays for a person. */
function asked(found: Found | undefined): Known | undefined {
  const placeholders = placeholdersIn(JSON.stringify(found?.with ?? ''));
  if (!found || placeholders.some(({ secret }) => secret)) return undefined;
  return { uses: found.uses, with: mapped(found.with), asked: placeholders };
}

const mapped = (values: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? withInputs(value) : value]),
  );

/** Words of one simple command; undefined where a shell does more than to cut it. */
function shellWords(command: string): readonly string[] | undefined {
  const line = command.trim().replace(/^\$ /, '').replace(/\\\n/g, ' ');
  const bare = line.replace(/<[A-Za-z][^<>\n]*>/g, 'x').replace(/'[^']*'/g, 'x');
  if (/[\n;&|`$<>(){}]|\.\.\.|…/.test(bare)) return undefined;
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|<[A-Za-z][^<>\n]*>|[^\s"'])+/g)].map(([word]) =>
    word.replace(/(["'])(.*?)\1/g, '$2'),
  );
}

/** Flags with their values, the others with ''; what is neither is named in order. */
function flagsIn(words: readonly string[], valued: Readonly<Record<string, string>>) {
  const named: string[] = [];
  const flags = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const [, dashes = '', name = '', value] = /^(--?)([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(words[at] ?? '') ?? [];
    if (dashes === '') named.push(words[at] ?? '');
    else if (value !== undefined) flags.set(valued[name] ?? name, value);
    else if (Object.hasOwn(valued, name)) flags.set(valued[name] ?? name, words[++at] ?? '');
    else flags.set(name, '');
  }
  return { named, flags };
}

const FLY_FLAGS: Readonly<Record<string, string>> = {
  ...{ a: 'app', app: 'app', c: 'config', config: 'config', name: 'name' },
  ...{ o: 'org', org: 'org', r: 'region', region: 'region', s: 'size', size: 'size' },
};

interface Call {
  /** The words after those of the subcommand. */
  readonly named: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  readonly app: string;
}

/** By the words of the subcommand; with a flag that is not among these a command stays a command. */
const FLY: readonly {
  readonly words: readonly RegExp[];
  readonly flags: readonly string[];
  readonly kind: (call: Call) => Found | undefined;
}[] = [
  {
    words: [/^apps?$/, /^create$/],
    flags: ['org', 'name'],
    kind: ({ named: [object], flags, app }) => {
      const org = flags.get('org');
      return { uses: 'fly/app', with: { name: object ?? flags.get('name') ?? app, ...(org !== undefined && { org }) } };
    },
  },
  {
    words: [/^vol(ume)?s?$/, /^create$/],
    flags: ['app', 'region', 'size'],
    kind: ({ named: [name], flags, app }) => {
      const size = Number(flags.get('size') ?? 1);
      if (name === undefined || !Number.isInteger(size) || size < 1) return undefined;
      return { uses: 'fly/volume', with: { app, name, region: flags.get('region') ?? '<region>', size } };
    },
  },
  {
    words: [/^certs?$/, /^(add|create)$/],
    flags: ['app'],
    kind: ({ named: [hostname], app }) =>
      hostname === undefined ? undefined : { uses: 'fly/certificate', with: { app, hostname } },
  },
  {
    words: [/^ips?$/, /^allocate-v6$/],
    flags: ['app'],
    kind: ({ app }) => ({ uses: 'fly/ips', with: { app, v6: true, v4: 'none' } }),
  },
  {
    words: [/^ips?$/, /^allocate-v4$/],
    flags: ['app', 'shared'],
    kind: ({ flags, app }) => ({
      uses: 'fly/ips',
      with: { app, v6: false, v4: flags.has('shared') ? 'shared' : 'dedicated' },
    }),
  },
  {
    words: [/^deploy$/],
    flags: ['app', 'config', 'remote-only', 'ha'],
    kind: ({ named, flags, app }) =>
      named.length > 0
        ? undefined
        : {
            uses: 'fly/deploy',
            with: {
              app,
              config: flags.get('config') ?? 'fly.toml',
              ...(flags.get('ha') === 'false' && { ha: false }),
              ...(flags.has('remote-only') && { builder: 'remote' }),
            },
          },
  },
  {
    words: [/^scale$/, /^count$/],
    flags: ['app'],
    kind: ({ named, app }): Found | undefined => {
      const [only] = named;
      if (named.length === 1 && /^\d+$/.test(only ?? ''))
        return { uses: 'fly/machines', with: { app, count: Number(only) } };
      const groups = named.map((word) => /^([a-z]\w*)=(\d+)$/.exec(word));
      if (groups.length === 0 || groups.includes(null)) return undefined;
      return {
        uses: 'fly/machines',
        with: { app, groups: Object.fromEntries(groups.map((group) => [group?.[1] ?? '', Number(group?.[2])])) },
      };
    },
  },
];

function fly(words: readonly string[], known: string | undefined): Found | undefined {
  const { named, flags } = flagsIn(words, FLY_FLAGS);
  const entry = FLY.find((one) => one.words.every((word, at) => word.test(named[at] ?? '')));
  if (!entry || [...flags.keys()].some((flag) => ![...entry.flags, 'y', 'yes'].includes(flag))) return undefined;
  return entry.kind({ named: named.slice(entry.words.length), flags, app: flags.get('app') ?? known ?? '<app>' });
}

/** A plain GET: it is asked for what the sentence says must come. */
function curl(words: readonly string[], said: string): Found | undefined {
  const { named, flags } = flagsIn(words, { X: 'X', request: 'X' });
  const [url] = named;
  const plain = [...flags.entries()].every(
    ([flag, value]) =>
      /^([fsSivILk]+|fail|silent|show-error|include|head|location)$/.test(flag) || (flag === 'X' && value === 'GET'),
  );
  return url !== undefined && named.length === 1 && plain ? response(url, said) : undefined;
}

/** undefined where it is no address that can be asked. */
function response(url: string, said: string): Found | undefined {
  if (!/^https?:\/\/[\w.<-]/.test(url) || /[$`\s]/.test(url.replace(/<[^<>]*>/g, ''))) return undefined;
  const status =
    /(?:→|->|=>|returns?|responds?(?: with)?|answers?(?: with)?|status|expect(?:s|ed)?|is|HTTP)[:\s*`]*([1-5]\d\d)\b|\b(200) OK\b/i.exec(
      said,
    );
  const json = /(?:→|->|returns?|responds? with)\s*`(\{.*?\})`/.exec(said)?.[1];
  const expected = json === undefined ? undefined : parsed(json);
  return {
    uses: 'http/response',
    with: {
      url,
      ...(status && { status: Number(status[1] ?? status[2]) }),
      ...(expected !== undefined && { json: expected }),
    },
  };
}

function parsed(json: string): Json | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // An abbreviation of one: for people.
  }
}
