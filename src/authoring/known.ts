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
  if (!found) return undefined;
  const text = JSON.stringify(found.with);
  return { uses: found.uses, with: mapped(found.with), asked: placeholdersIn(text) };
}

type Found = Omit<Known, 'asked'>;

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

const FLY_FLAGS = {
  a: 'app', app: 'app', c: 'config', config: 'config', o: 'org', org: 'org', name: 'name', r: 'region', region: 'region', s: 'size', size: 'size',
} as const; // biome-ignore format: a table

function fly(words: readonly string[], known: string | undefined): Found | undefined {
  const { named, flags } = flagsIn(words, FLY_FLAGS);
  const [noun = '', verb = '', object] = named;
  const only = (...names: readonly string[]): boolean =>
    [...flags.keys()].every((flag) => [...names, 'y', 'yes'].includes(flag));
  const app = flags.get('app') ?? known ?? '<app>';
  const region = flags.get('region');
  const org = flags.get('org');
  if (/^apps?$/.test(noun) && verb === 'create' && only('org', 'name'))
    return { uses: 'fly/app', with: { name: object ?? flags.get('name') ?? app, ...(org !== undefined && { org }) } };
  if (
    /^vol(ume)?s?$/.test(noun) &&
    verb === 'create' &&
    object !== undefined &&
    region !== undefined &&
    only('region', 'size', 'app')
  ) {
    const size = Number(flags.get('size') ?? 1);
    return Number.isInteger(size) && size > 0
      ? { uses: 'fly/volume', with: { app, name: object, region, size } }
      : undefined;
  }
  if (/^certs?$/.test(noun) && /^(add|create)$/.test(verb) && object !== undefined && only('app'))
    return { uses: 'fly/certificate', with: { app, hostname: object } };
  if (/^ips?$/.test(noun) && /^allocate-v[46]$/.test(verb) && only('app', 'shared')) {
    const four = verb === 'allocate-v4';
    return {
      uses: 'fly/ips',
      with: { app, v6: !four, v4: four ? (flags.has('shared') ? 'shared' : 'dedicated') : 'none' },
    };
  }
  if (noun === 'deploy' && named.length === 1 && only('app', 'config', 'remote-only', 'ha')) {
    const config = flags.get('config') ?? 'fly.toml';
    const one = flags.get('ha') === 'false';
    return {
      uses: 'fly/deploy',
      with: { app, config, ...(one && { ha: false }), ...(flags.has('remote-only') && { builder: 'remote' }) },
    };
  }
  const groups = named.slice(2).map((word) => /^([a-z]\w*)=(\d+)$/.exec(word));
  if (
    noun === 'scale' &&
    verb === 'count' &&
    groups.length > 0 &&
    only('app') &&
    groups.every((group) => group !== null)
  )
    return {
      uses: 'fly/machines',
      with: { app, groups: Object.fromEntries(groups.map((group) => [group?.[1] ?? '', Number(group?.[2])])) },
    };
  return undefined;
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
export function response(url: string, said: string): Found | undefined {
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
