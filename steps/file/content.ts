// Look into a file of the project: that it is there, a value in it, or a text.
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import { jsonText } from '../../src/text/json-text.ts';
import { parsePlist } from '../xcode/plist.ts';

const Format = z.enum(['toml', 'json', 'yaml', 'plist', 'text']);
type FormatName = z.output<typeof Format>;
const Scalar = z.union([z.string(), z.number(), z.boolean()]);

const With = z
  .strictObject({
    path: z.string().min(1),
    format: Format.optional().describe('Left out: by the ending of the path'),
    key: z
      .union([z.string().min(1), z.array(z.string()).min(1)])
      .optional()
      .describe('`a.b.0.c`, or a list where a name holds a dot'),
    equals: Scalar.optional().describe('The value of `key`'),
    contains: z.string().optional().describe('A text in the file, or in the value of `key`'),
    matches: z.string().refine(isPattern, 'not a regular expression').optional(),
    exists: z.boolean().optional(),
  })
  .refine(({ key, format, path }) => key === undefined || formatOf({ format, path }) !== 'text', {
    error: '`key` needs a format: toml, json, yaml or plist',
    path: ['key'],
  });
type Want = z.output<typeof With>;

export const content = defineStep({
  name: 'file/content',
  summary: 'Look into a file of the project',
  example: 'with: { path: fly.toml, key: env.PORT, equals: "8080" }',
  with: With,
  describe: (want) => `${want.path}${whereOf(want)}: ${expectationsOf(want).join(', ')}`,
  verify: async (want, { files }) => {
    const text = await read(want.path, files);
    return 'why' in text ? text.why : lookInto(want, text.text);
  },
  checkedAgainst: 'real',
});

async function read(
  path: string,
  files: { read(path: string): Promise<string | undefined> },
): Promise<{ readonly text: string | undefined } | { readonly why: Look }> {
  try {
    // An editor's mark of the byte order is no part of the text, and no parser but YAML's takes it.
    return { text: (await files.read(path))?.replace(/^\uFEFF/, '') };
  } catch (error) {
    // A file that may not be read tells nothing about what is in it.
    return { why: { is: 'unknown', why: `${path} cannot be read: ${sentenceOf(error)}` } };
  }
}

function lookInto(want: Want, text: string | undefined): Look {
  const { path } = want;
  if (want.exists === false) {
    return text === undefined
      ? { is: 'so', seen: `there is no ${path}` }
      : { is: 'not-so', expected: `no ${path}`, seen: `${path} is there` };
  }
  if (text === undefined) return { is: 'not-so', expected: `a file ${path}`, seen: 'no such file' };
  const found = want.key === undefined ? { value: text } : valueIn(text, want, want.key);
  if ('broken' in found) return { is: 'not-so', expected: `${path} in ${formatOf(want)}`, seen: found.broken };
  const { value } = found;
  const expected = `${whereOf(want).trim()} ${expectationsOf(want).join(', ')}`.trim();
  const shown =
    want.key === undefined ? `${path}, ${text.length} characters` : `${whereOf(want).trim()} ${show(value)}`;
  return fits(want, value) ? { is: 'so', seen: shown } : { is: 'not-so', expected, seen: shown };
}

function fits(want: Want, value: unknown): boolean {
  if (value === undefined) return false;
  const text = typeof value === 'string' ? value : jsonText(value);
  // A text in the runbook also fits a number or a boolean of the file: YAML and expressions blur the two.
  const equal = want.equals === undefined || value === want.equals || text === String(want.equals);
  return (
    equal &&
    (want.contains === undefined || text.includes(want.contains)) &&
    (want.matches === undefined || new RegExp(want.matches, 'm').test(text))
  );
}

function valueIn(
  text: string,
  want: Want,
  key: string | readonly string[],
): { readonly value: unknown } | { readonly broken: string } {
  const parse = PARSERS[formatOf(want)];
  try {
    return { value: at(parse(text), typeof key === 'string' ? key.split('.') : key) };
  } catch (error) {
    return { broken: `it cannot be parsed: ${sentenceOf(error)}` };
  }
}

function at(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return Reflect.get(value, key);
  }, tree);
}

function formatOf({ format, path }: { readonly format?: FormatName; readonly path: string }): FormatName {
  if (format !== undefined) return format;
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return ENDINGS[ending] ?? 'text';
}

const whereOf = ({ key }: Want): string =>
  key === undefined ? '' : ` ${typeof key === 'string' ? key : key.join('.')}`;

function expectationsOf(want: Want): readonly string[] {
  if (want.exists === false) return ['not there'];
  const texts = [
    want.equals === undefined ? undefined : `= ${JSON.stringify(want.equals)}`,
    want.contains === undefined ? undefined : `contains ${JSON.stringify(want.contains)}`,
    want.matches === undefined ? undefined : `matches /${want.matches}/`,
  ].filter((text) => text !== undefined);
  return texts.length === 0 ? ['is there'] : texts;
}

function show(value: unknown): string {
  if (value === undefined) return 'is not there';
  const text = jsonText(value);
  return `= ${text.length > 160 ? `${text.slice(0, 160)}…` : text}`;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    // Whether it compiles is the question itself.
    return false;
  }
}

/** One line, without the excerpt of the file that parsers add: it may hold what nobody should see. */
function sentenceOf(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return line.replace(/,? ?(\.\.\.)?".*" is not valid JSON$/, '');
}

const PARSERS: Readonly<Record<FormatName, (text: string) => unknown>> = {
  toml: (text) => parseToml(text),
  json: (text) => JSON.parse(text),
  yaml: (text) => parseYaml(text, { logLevel: 'silent' }),
  plist: (text) => parsePlist(text),
  text: (text) => text,
};

const ENDINGS: Readonly<Record<string, FormatName>> = {
  toml: 'toml',
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  plist: 'plist',
};
