// Names that are not written where they are read, in languages without a tree: constants, lists that a loop goes through, functions that take the name.
import { folderOf } from './imports.ts';
import { LANGUAGES, type Language } from './languages.ts';
import { argumentsIn, insideCall, type Masked } from './masked.ts';
import { aroundOf, lineAt } from './patterns.ts';
import { byDefault, callBehind, ENDS } from './reading.ts';
import { isEnvName, type Sighting } from './sighting.ts';
import { type Helper, isGeneric, throughHelper } from './through-helper.ts';

export interface FoundHelper {
  readonly helper: Helper;
}

interface Found {
  readonly sightings: readonly Sighting[];
  readonly helpers: readonly FoundHelper[];
}

/** `os.Getenv(key)`: of a list, of a parameter, of a constant. */
export function computedReads(source: Masked, language: Language): Found {
  const { computed } = LANGUAGES[language];
  const reads = computed.flatMap((read) => [...source.text.matchAll(read)].filter(({ index }) => source.isCode(index)));
  const found = reads.map((match) =>
    namesOf(source, language, {
      variable: match.groups?.variable ?? '',
      index: match.index,
      // `environ[name]`, `ENV.fetch(name)`: no default, no mercy.
      refuses: /^environ\[|not\s+in|^ENV\.fetch\([^,]*\)/.test(match[0]),
    }),
  );
  return { sightings: found.flatMap(({ sightings }) => sightings), helpers: found.flatMap(({ helpers }) => helpers) };
}

interface Computed {
  readonly variable: string;
  readonly index: number;
  readonly refuses: boolean;
}

function namesOf(source: Masked, language: Language, computed: Computed): Found {
  const { text } = source;
  const { variable, index, refuses } = computed;
  const list = loopedList(text, variable, index);
  if (list) {
    const ends =
      refuses ||
      ENDS.test(
        text
          .slice(index, index + 200)
          .split('\n')
          .slice(0, 4)
          .join('\n'),
      );
    return { sightings: list.map((one) => ({ ...one, need: ends ? 'refused' : 'plain' })), helpers: [] };
  }
  const helper = helperAround(source, language, computed);
  if (helper) return { sightings: [], helpers: [{ helper }] };
  const constant = new RegExp(
    String.raw`(?<![\w.])${variable}(?:\s*:\s*\w+|\s+string)?\s*:?=\s*(["'\x60])(\w+)\1`,
  ).exec(text)?.[2];
  if (constant === undefined || !isEnvName(constant)) return { sightings: [], helpers: [] };
  return {
    sightings: [{ name: constant, line: lineAt(text, index), need: refuses ? 'refused' : 'plain' }],
    helpers: [],
  };
}

/** The list of the loop around: `for name in NAMES`, `for _, name := range []string{…}`, `%w[A B].each { |name|`. */
function loopedList(text: string, variable: string, index: number) {
  const before = text.slice(Math.max(0, index - 400), index);
  const from = Math.max(0, index - 400);
  const loops = [
    String.raw`\bfor\s+(?:_\s*,\s*)?${variable}\s+(?:in|:?=\s*range)\s+(?<list>[\w.]+\s*$|\w+(?=\s*[:{\n])|[^\n]*)`,
    String.raw`(?<list>%w[\[(][^\])]*[\])]|\[[^\]]*\]|\w+)\.(?:each|map|select|reject)\s*(?:do|\{)\s*\|${variable}\|`,
  ];
  for (const loop of loops) {
    const match = [...before.matchAll(new RegExp(loop, 'gd'))].at(-1);
    const list = match?.groups?.list;
    const at = match?.indices?.groups?.list?.[0];
    if (list === undefined || at === undefined) continue;
    const word = /^(\w+)\s*[:{]?\s*$/.exec(list)?.[1];
    if (word === undefined) return quotedIn(text, from + at, from + at + list.length);
    const defined = new RegExp(String.raw`\b${word}\b[^=\n]*=\s*(?:\[\]string\s*)?(?:\{|\[|\(|%w.)`).exec(text);
    if (defined) {
      const start = defined.index + defined[0].length;
      return quotedIn(text, start, start + insideCall(text, start).length);
    }
  }
  return undefined;
}

function quotedIn(text: string, from: number, to: number) {
  const words = /^%w|[^"'\w]%w/.test(text.slice(Math.max(0, from - 3), to));
  const found = [...text.slice(from, to).matchAll(words ? /\b([A-Z]\w*)\b/g : /["'`](\w+)["'`]/g)];
  return found.flatMap((match) => {
    const name = match[1] ?? '';
    return isEnvName(name) ? [{ name, line: lineAt(text, from + match.index) }] : [];
  });
}

/** The function around, where the variable is its parameter. */
function helperAround(
  { text }: Masked,
  language: Language,
  { variable, index, refuses }: Computed,
): Helper | undefined {
  const heads = LANGUAGES[language].functions;
  if (!heads) return undefined;
  const all = [...text.matchAll(heads)];
  const at = all.findLastIndex((match) => match.index <= index);
  const head = all[at]?.groups;
  const parameters = argumentsIn(head?.parameters ?? '').filter((one) => !/^(self|cls)$/.test(one));
  const place = parameters.findIndex((one) => new RegExp(String.raw`\b${variable}\b`).test(one.split(/[=:]/)[0] ?? ''));
  if (head?.name === undefined || place < 0) return undefined;
  const body = bodyFrom(text, index, (head.indent ?? '').length);
  const second = parameters[place + 1];
  const standard = second === undefined ? undefined : /=\s*(.+)$/.exec(second)?.[1];
  const said = standard === undefined ? undefined : byDefault(standard);
  return {
    name: head.name,
    need: refuses || ENDS.test(body) ? 'refused' : 'plain',
    takesDefault: second !== undefined && !/\bbool\b|cast|type/.test(second),
    ...(said?.default !== undefined && { standard: said.default }),
    ...(said?.need === 'flag' && { mayLack: true }),
  };
}

/** To the end of the function: the next line that stands as far out as its head. */
function bodyFrom(text: string, index: number, indent: number): string {
  const lines = text.slice(index, index + 2000).split('\n');
  const end = lines.findIndex((line, at) => at > 0 && line.trim() !== '' && line.search(/\S/) <= indent);
  return lines.slice(0, end < 0 ? undefined : end).join('\n');
}

/** The calls of helpers in a file, and the functions that hand their own parameter on to one. */
export function helperCalls(
  source: Masked,
  {
    file,
    language,
    helpers,
  }: {
    readonly file: string;
    readonly language: Language;
    readonly helpers: readonly (FoundHelper & { readonly file: string })[];
  },
): Found {
  const { text } = source;
  const sightings: Sighting[] = [];
  const outer: FoundHelper[] = [];
  for (const { helper, file: home } of helpers) {
    const calls = new RegExp(
      String.raw`(?<!\w)(?:(?<object>\w+)\.)?${escaped(helper.name)}(?:\(|[^\S\n]+(?=["']))\s*(?:\w+:\s*)?(?:(["'\x60])(?<name>\w+)\2|(?<variable>[a-z]\w*)\s*[,)])`,
      'g',
    );
    for (const match of text.matchAll(calls)) {
      const { object, name, variable } = match.groups ?? {};
      if (!source.isCode(match.index) || isHead(text, match.index) || !mayCall(helper, object, { file, home }))
        continue;
      if (name !== undefined && isEnvName(name)) {
        const around = aroundOf(text, match);
        const { args } = callBehind(around.after);
        const said = args[0] === undefined ? undefined : byDefault(args[0].replace(/^\w+\s*[:=]\s*/, ''));
        sightings.push(
          ...throughHelper(
            {
              hasDefault: said !== undefined,
              sighting: {
                name,
                line: lineAt(text, match.index),
                need: 'plain',
                ...(said?.default !== undefined && { default: said.default }),
              },
            },
            helper,
          ),
        );
      }
      if (variable === undefined) continue;
      const found = namesOf(source, language, { variable, index: match.index, refuses: helper.need === 'refused' });
      sightings.push(...found.sightings);
      outer.push(...found.helpers.filter((one) => one.helper.name !== helper.name));
    }
  }
  return { sightings, helpers: outer };
}

const isHead = (text: string, at: number): boolean => /\b(?:def|func)\s+$/.test(text.slice(Math.max(0, at - 10), at));

export const escaped = (name: string): string => name.replace(/[?!]/g, '\\$&');

/** `Get("X")` of a package is called by the name of the package; of an object it may be anything. */
function mayCall(
  helper: Helper,
  object: string | undefined,
  { file, home }: { readonly file: string; readonly home: string },
): boolean {
  if (!isGeneric(helper.name)) return true;
  if (object === undefined) return folderOf(file) === folderOf(home) || !file.endsWith('.go');
  const module = home.replace(/\.\w+$/, '').split('/');
  return module.slice(-2).includes(object) || /env|conf|settings|^self$|^cls$/i.test(object);
}
