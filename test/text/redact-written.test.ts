// Whatever writes a secret down, nothing of it gets through: against encoders of our own, written by the rules of those that print, not by ours.
import { expect, test } from 'vitest';
import { createRedactor, type Redactor } from '../../src/text/redact.ts';

type Written = (value: string) => string;

const eachByte = (value: string, of: (byte: number, character: string) => string): string =>
  [...value]
    .map((character) =>
      character.length === 1 && character < '\x80'
        ? of(character.charCodeAt(0), character)
        : [...Buffer.from(character)].map((byte) => of(byte, '')).join(''),
    )
    .join('');
const digits = (byte: number): string => byte.toString(16).padStart(2, '0');
/** Percent-encoded but for letters, digits and `kept`. */
const percent =
  (kept: string, { blank = '%20', small = false } = {}): Written =>
  (value) =>
    eachByte(value, (byte, character) => {
      if (character === ' ') return blank;
      if (character !== '' && (/[A-Za-z0-9]/.test(character) || kept.includes(character))) return character;
      return `%${small ? digits(byte) : digits(byte).toUpperCase()}`;
    });
/** Each UTF-16 unit that `which` names as an escape of JSON. */
const units =
  (which: (unit: string) => boolean, { capital = false } = {}): Written =>
  (value) => {
    let out = '';
    for (let at = 0; at < value.length; at++) {
      const unit = value.charAt(at);
      const short = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[unit];
      const code = value.charCodeAt(at).toString(16).padStart(4, '0');
      out += which(unit) ? `\\u${capital ? code.toUpperCase() : code}` : (short ?? unit);
    }
    return out;
  };
const swap =
  (pairs: Readonly<Record<string, string>>): Written =>
  (value) =>
    [...value].map((character) => pairs[character] ?? character).join('');
const base64 = (value: string): string => Buffer.from(value).toString('base64');
/** What stands in base64 whatever is before and after it: characters of which every bit is the value's. */
const inside =
  (before: number): Written =>
  (value) => {
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + Buffer.byteLength(value)) * 8) / 6);
    return base64('~'.repeat(before) + value + '~~').slice(first, last);
  };
const ANGLES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Every way of writing that docs/secrets.md calls covered. */
const WAYS: Readonly<Record<string, Written>> = {
  raw: (value) => value,
  'JavaScript encodeURIComponent': percent("-_.!~*'()"),
  'JavaScript encodeURI': percent("-_.!~*'();/?:@&=+$,#"),
  'Go url.QueryEscape, Python quote_plus': percent('-_.~', { blank: '+' }),
  'Go url.PathEscape': percent('-_.~$&+=:@'),
  'Go url.UserPassword': percent('-_.~$&+,;='),
  'Python quote': percent('-_.~/'),
  'RFC 3986': percent('-_.~'),
  'RFC 3986, small': percent('-_.~', { small: true }),
  'PHP urlencode': percent('-_.', { blank: '+' }),
  'Java URLEncoder, a form': percent('-_.*', { blank: '+' }),
  'a form, small': percent('-_.*', { blank: '+', small: true }),
  'an address in an address': (value) => percent('-_.~')(percent('-_.~')(value)),
  'an address in an address, JavaScript': (value) => encodeURIComponent(encodeURIComponent(value)),
  'the password of an address, by URL': (value) => {
    const url = new URL('https://u@h/');
    url.password = value;
    return url.password;
  },
  'a parameter, by URLSearchParams': (value) => new URLSearchParams({ v: value }).toString().slice(2),
  base64: base64,
  'base64 without padding': (value) => base64(value).replaceAll('=', ''),
  base64url: (value) => Buffer.from(value).toString('base64url'),
  'base64, nothing before it': inside(0),
  'base64, one byte before it': inside(1),
  'base64, two bytes before it': inside(2),
  'base64 in JSON by PHP': (value) => base64(value).replaceAll('/', '\\/'),
  'base64 in JSON by .NET': (value) => base64(value).replaceAll('+', '\\u002B'),
  'base64 in an address': (value) => encodeURIComponent(base64(value)),
  'base64 in an address, small': (value) => percent('', { small: true })(base64(value)),
  hex: (value) => Buffer.from(value).toString('hex'),
  HEX: (value) => Buffer.from(value).toString('hex').toUpperCase(),
  'JSON by JavaScript': (value) => JSON.stringify(value).slice(1, -1),
  'JSON by Python': units((unit) => unit > '\x7e'),
  'JSON by Go': units((unit) => '<>&'.includes(unit)),
  'JSON by Gson': units((unit) => "<>&='".includes(unit)),
  'JSON by .NET': units((unit) => unit > '\x7e' || '"&\'<>+`'.includes(unit), { capital: true }),
  'JSON by PHP': (value) => units((unit) => unit > '\x7e')(value).replaceAll('/', '\\/'),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
  'Python repr, with the other quote': (value) => swap({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })(value),
  "bash $'…'": swap({ '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' }),
  'a shell, single quotes': swap({ "'": `'\\''` }),
  'a shell, by Python': swap({ "'": `'"'"'` }),
  'a shell, double quotes': swap({ '"': '\\"', '\\': '\\\\', $: '\\$', '`': '\\`' }),
  'SQL, YAML': swap({ "'": "''" }),
  CSV: swap({ '"': '""' }),
  XML: swap({ ...ANGLES, '"': '&quot;', "'": '&apos;' }),
  'HTML text': swap(ANGLES),
  'HTML by Python': swap({ ...ANGLES, '"': '&quot;', "'": '&#x27;' }),
  'HTML by PHP, JavaScript': swap({ ...ANGLES, '"': '&quot;', "'": '&#39;' }),
  'HTML by Go': swap({ ...ANGLES, '"': '&#34;', "'": '&#39;', '+': '&#43;' }),
  'HTML by Handlebars': swap({ ...ANGLES, '"': '&quot;', "'": '&#x27;', '`': '&#x60;', '=': '&#x3D;' }),
  'our record as a page': (value) => value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  'Windows line ends': (value) => value.replace(/\r?\n/g, '\r\n'),
  'line ends of others': (value) => value.replace(/\r\n/g, '\n'),
  'on one line': (value) => value.trim().replace(/\s*\n\s*/g, ' '),
  'letters put together': (value) => value.normalize('NFC'),
  'letters taken apart': (value) => value.normalize('NFD'),
};

const NASTY = [
  'p@ss/w+rd=:"it\'s"',
  'a b~c!d*e(f)',
  '$HOME`id`\\n"x"',
  'naïve-Ünicode-ключ',
  'tab\there and 🔑 there',
  '<b>&amp;</b>#{x}',
  'a1b2\nc3d4\ne5f6',
  'a1b2\r\nc3d4\r\n',
  'first line\n\tsecond: "line"\n',
  '«STRIPE_KEY»',
  '\\u{202e}\\u001b[31m',
  '^[[0m^[[0m',
  '%2F%2f%25',
  '&#38;&#39;',
  'aaaaaaaaaaaa',
  "''''''\"\"\"\"",
  'ab12==',
];

test.each(Object.entries(WAYS))('%s', (_way, written) => {
  for (const value of NASTY) {
    const redactor = createRedactor();
    redactor.learn('S', value);
    const form = written(value);
    const left = redactor.text(`<<${form}>>`).replaceAll('«S»', '');
    expect({ value, left }).toEqual({ value, left: '<<>>' });
  }
});

test('10,000 texts of many secrets, written and cut anyhow, let none through and change nothing else', {
  timeout: 120_000,
}, () => {
  const random = seeded(20261122);
  const ways = Object.entries(WAYS);
  for (let trial = 0; trial < 10_000; trial++) {
    const redactor = createRedactor();
    const values = Array.from({ length: 1 + random(3) }, () => secretOf(random));
    // One is the beginning of another; two overlap.
    const [first = ''] = values;
    if (random(3) === 0) values.push(first + secretOf(random), first.slice(first.length >> 1) + '-and-more');
    for (const [at, value] of values.entries()) redactor.learn(`S${at}`, value);
    const forms: string[] = [];
    let text = '';
    for (let piece = 0; piece < 4; piece++) {
      const value = pick(random, values);
      const [, written] = pick(random, ways);
      const form = written(value);
      if (value.trim().length >= 6 && form.trim().length >= 6) forms.push(form);
      // What begins like one and does not go on must come out again.
      text +=
        pick(random, ['', ' ', '\n', '«', '\r', '|', '=']) +
        pick(random, [form, beginningOf(random, form), `${form}${form}`]);
    }
    text = Buffer.from(text).toString(); // Half a surrogate pair is no text.
    const whole = redactor.text(text);
    const streamed = inPieces(redactor, cut(random, Buffer.from(text)));
    if (streamed !== whole) expect({ text, values, streamed }).toEqual({ text, values, streamed: whole });
    const names = /«S\d»/g;
    const around = whole.split(names).filter((part) => forms.some((form) => part.includes(form)));
    if (around.length > 0) expect({ text, values, whole, around }).toEqual({ text, values, whole, around: [] });
    if (!isSubsequence(whole.replace(names, ''), text)) expect({ text, values, whole }).toEqual('only names put in');
    if (redactor.text(whole.replace(names, '·')) !== whole.replace(names, '·'))
      expect({ text, values, whole, again: redactor.text(whole) }).toEqual('nothing left to find');
  }
});

type Random = (below: number) => number;

const beginningOf = (random: Random, text: string): string => [...text].slice(0, random(text.length)).join('');

function secretOf(random: Random): string {
  if (random(4) === 0) return pick(random, NASTY);
  const alphabet = pick(random, [
    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
    'abcXYZ019+/=',
    'ab"\'\\ &<>#$`%',
    'ab~!*()-_.@:,;?/ ',
    'aé🔑ß\u0301ж',
    'ab\n\r\t ',
    'ab',
  ]);
  const letters = [...alphabet];
  return Array.from({ length: 4 + random(24) }, () => pick(random, letters)).join('');
}

/** Everything that is left stood there, in this order. */
function isSubsequence(part: string, of: string): boolean {
  let at = 0;
  for (const character of part) {
    at = of.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function inPieces(redactor: Redactor, chunks: readonly Buffer[]): string {
  const out: Buffer[] = [];
  const stream = redactor.stream((bytes) => out.push(Buffer.from(bytes)));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return Buffer.concat(out).toString();
}

function cut(random: Random, bytes: Buffer): Buffer[] {
  const step = pick(random, [1, 3, 20, 200]);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + random(step);
    chunks.push(bytes.subarray(at, next));
    at = next;
  }
  return chunks;
}

function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)]!;
