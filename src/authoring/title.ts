// Short names for what a plan says in sentences: the title of a step, and its id.

const LONGEST = 64;

/** Plain text on one line: marks, links and boxes taken off. */
export const plain = (markdown: string): string =>
  markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<(https?:[^>\s]+)>/g, '$1')
    .replace(/(\*\*|__|~~|\*|`+)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/<!--.*?-->/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** The first sentence or clause, as long as a line of a list can hold. */
export function titleOf(markdown: string): string {
  const bare = plain(
    markdown
      .replace(COUNTED, '')
      .replace(/\s*\((?:e\.g\.[^)]*|`[^`]*`|manual|optional[^)]*|(?:for|owner:?) [^)]*)\)/gi, '')
      .replace(/^optional:\s*/i, ''),
  );
  const [sentence = ''] = bare.split(/(?<=[\w)'"”])[.;](?:\s|$)|\s[—–-]{1,2}\s|:$/);
  const whole = sentence.replace(/(?<!\.)[.:,;]?\s*$/, '') || bare || 'Step';
  const [head = ''] = whole.split(' (');
  const title = whole.length > LONGEST && head.length > LONGEST / 4 ? head : whole;
  // Names and figures keep their small letter.
  return /^(`|[a-z]+:\/\/|[a-z]*\d)/.test(markdown)
    ? shortened(title)
    : shortened(title.charAt(0).toUpperCase() + title.slice(1));
}

/** Not of `100 % of traffic`, `30 minutes`. */
const COUNTED = /^(\d+(\.\d+)+[.):]*|\d+[.):]+)\s+/;

/** `4.1 `, `3) ` before what is said. */
export const NUMBER = /^\d+(\.\d+)*[.):]*\s+/;

function shortened(title: string): string {
  if (title.length <= LONGEST) return title;
  const cut = title.slice(0, LONGEST - 1);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > LONGEST / 2 ? space : undefined).replace(/[\s,:;(]+$/, '')}…`;
}

const SMALL = new Set([
  'a',
  'an',
  'and',
  'as',
  'at',
  'by',
  'for',
  'from',
  'in',
  'into',
  'is',
  'it',
  'its',
  'of',
  'on',
  'or',
  'the',
  'to',
  'via',
  'with',
  'your',
  'all',
  'that',
]);

/** Ids that are free are given: small letters, digits, hyphens; four words at most. */
export class Ids {
  readonly #taken = new Set<string>();

  of(title: string): string {
    const words =
      title
        .normalize('NFKD')
        .toLowerCase()
        .replace(/['’\p{M}]/gu, '')
        .replace(/ß/g, 'ss')
        .match(/[a-z0-9]+/g) ?? [];
    const first = words.findIndex((word) => /[a-z]/.test(word));
    const telling = words.slice(Math.max(0, first)).filter((word) => !SMALL.has(word));
    const joined = (telling.length > 0 ? telling : words)
      .slice(0, 4)
      .join('-')
      .slice(0, 48)
      .replace(/^[^a-z]+|-+$/g, '');
    const base = joined === '' ? 'step' : joined;
    let id = base;
    for (let count = 2; this.#taken.has(id); count++) id = `${base}-${count}`;
    this.#taken.add(id);
    return id;
  }
}
