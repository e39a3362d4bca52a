// Nothing of a secret gets through, however it is encoded, wherever the stream is cut.
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/text/redact.ts';
import { variantsOf } from '../../src/text/variants.ts';

const KEY = 'sk_live_"4eC39\'HqLyjW/Da+rjt&T1<z>dp $7d`c=?';
const PEM = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
-----END PRIVATE KEY-----
`;

function streamed(redactor: ReturnType<typeof createRedactor>, chunks: readonly Uint8Array[]): string {
  const out: Buffer[] = [];
  const stream = redactor.stream((bytes) => out.push(Buffer.from(bytes)));
  // A chunk is there only as long as it is written: pipes are read into the same memory again and again.
  const room = Buffer.alloc(Math.max(0, ...chunks.map(({ length }) => length)));
  for (const chunk of chunks) {
    room.set(chunk);
    stream.write(room.subarray(0, chunk.length));
    room.fill('#');
  }
  stream.end();
  return Buffer.concat(out).toString();
}

describe('a text', () => {
  const redactor = createRedactor();
  redactor.learn('STRIPE_KEY', KEY);
  redactor.learn('SIGNING_KEY', PEM);
  const b64 = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    ['raw', KEY],
    ['base64 with its padding', b64(KEY)],
    ['url-safe base64', Buffer.from(KEY).toString('base64url')],
    ['hex', Buffer.from(KEY).toString('hex')],
    ['upper-case hex', Buffer.from(KEY).toString('hex').toUpperCase()],
    ['URL-encoded', encodeURIComponent(KEY)],
    ['URL-encoded with small letters', encodeURIComponent(KEY).replace(/%../g, (code) => code.toLowerCase())],
    ['form-encoded', new URLSearchParams({ k: KEY }).toString().slice(2)],
    ['inside JSON', JSON.stringify(KEY).slice(1, -1)],
    ['inside JSON inside JSON', JSON.stringify(JSON.stringify(KEY)).slice(3, -3)],
    [
      'inside JSON as Go writes it',
      JSON.stringify(KEY).slice(1, -1).replaceAll('&', '\\u0026').replaceAll('<', '\\u003c').replaceAll('>', '\\u003e'),
    ],
    [
      'in an attribute of HTML',
      KEY.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ],
    [
      'inside JSON as .NET writes it',
      JSON.stringify(KEY)
        .slice(1, -1)
        .replaceAll('\\"', '\\u0022')
        .replaceAll("'", '\\u0027')
        .replaceAll('`', '\\u0060')
        .replaceAll('&', '\\u0026')
        .replaceAll('<', '\\u003C')
        .replaceAll('>', '\\u003E')
        .replaceAll('+', '\\u002B'),
    ],
    [
      'inside JSON as Gson writes it',
      JSON.stringify(KEY)
        .slice(1, -1)
        .replaceAll("'", '\\u0027')
        .replaceAll('=', '\\u003d')
        .replaceAll('&', '\\u0026')
        .replaceAll('<', '\\u003c')
        .replaceAll('>', '\\u003e'),
    ],
    [
      'in HTML as Mustache writes it',
      KEY.replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;')
        .replaceAll('/', '&#x2F;')
        .replaceAll('`', '&#x60;')
        .replaceAll('=', '&#x3D;'),
    ],
    ['in HTML by decimal entities', KEY.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)],
    ['single-quoted for a shell', KEY.replaceAll("'", `'\\''`)],
    ['double-quoted for a shell', KEY.replace(/["\\$`]/g, '\\$&')],
    [
      'in XML',
      KEY.replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&apos;'),
    ],
  ])('the value %s is replaced by its name', (_how, text) => {
    expect(redactor.text(`key=${text};`)).toBe('key=«STRIPE_KEY»;');
  });

  test.each([1, 2, 3, 4, 5])('in base64 with %i bytes before it, all that gives it away is replaced', (before) => {
    const text = redactor.text(b64('x'.repeat(before) + KEY + '-after'));
    const [head, tail] = text.split('«STRIPE_KEY»');
    expect(head).toBe(
      b64('x'.repeat(before))
        .slice(0, Math.ceil((before * 8) / 6))
        .slice(0, -1) + head!.slice(-1),
    );
    expect(tail!.length).toBeLessThanOrEqual(12); // "-after" and the character it shares
  });

  test('base64 broken into lines of 76 is replaced line by line', () => {
    const long = 'correct horse battery staple '.repeat(5);
    const other = createRedactor();
    other.learn('LONG', long);
    const wrapped = b64(long).replace(/.{76}/g, '$&\n');
    expect(other.text(wrapped)).toBe('«LONG»\n«LONG»\n«LONG»');
  });

  test('each line of a value with several is a secret of its own, its armour is not', () => {
    expect(redactor.text(`  | MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2 |`)).toBe(
      '  | «SIGNING_KEY» |',
    );
    expect(redactor.text('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
    expect(redactor.text(`<${PEM}>`)).toBe('<«SIGNING_KEY»>');
  });

  test('what follows a short secret inside a long one is hidden too, where another could have begun with it', () => {
    const other = createRedactor();
    other.learn('LONG', 'first-SECOND-end');
    other.learn('LATER', 'SECOND-end-and-more');
    other.learn('SHORT', 'SECOND');
    expect(other.text('<first-SECOND-end>')).toBe('<«LONG»>');
  });

  test('a value with Windows line ends is known with those of others, also where its lines are too short', () => {
    const other = createRedactor();
    other.learn('CODES', 'a1b2\r\nc3d4\r\ne5f6');
    expect(other.text('<a1b2\nc3d4\ne5f6>')).toBe('<«CODES»>');
    expect(other.text(`<${b64('a1b2\nc3d4\ne5f6')}>`)).toBe('<«CODES»>');
  });

  test('the texts inside a JSON secret are secrets', () => {
    const other = createRedactor();
    other.learn(
      'ACCOUNT',
      JSON.stringify({ id: 7, inner: [{ private_key: 'one-two-three\nfour-five-six' }], short: 'abc' }, null, 2),
    );
    expect(other.text('one-two-three\\nfour-five-six')).toBe('«ACCOUNT»');
    expect(other.text('only four-five-six, abc')).toBe('only «ACCOUNT», abc');
  });

  test.each([
    [
      'the password of a URL',
      'postgres://sol:p%40ss-w0rd@db.internal:5432/sol',
      'PGPASSWORD=p@ss-w0rd',
      'PGPASSWORD=«S»',
    ],
    ['one token of a list', 'FlyV1 fm2_lJPECAAAAAAAAAAA,fm2_lJPEUBBBBBBBBBBB', 'sent fm2_lJPEUBBBBBBBBBBB', 'sent «S»'],
    ['a value of an env file', 'A=1\nexport KEY="abc-def-ghi"\n', 'got abc-def-ghi', 'got «S»'],
    ['a key without its line breaks', PEM, PEM.replace(/-----[^-]+-----|\n/g, ''), '«S»'],
  ])('%s inside a secret is a secret', (_what, secret, text, shown) => {
    const other = createRedactor();
    other.learn('S', secret);
    expect(other.text(text)).toBe(shown);
  });

  test('a sentence that is a secret does not make its words secrets', () => {
    const other = createRedactor();
    other.learn('S', 'correct horse battery staple');
    expect(other.text('a horse, a battery')).toBe('a horse, a battery');
  });

  test('a combining mark after it does not hide it', () => {
    expect(redactor.text(`${KEY}\u0301`)).toBe('«STRIPE_KEY»\u0301');
  });

  test('values under six characters are not learnt, blanks not counted', () => {
    const other = createRedactor();
    other.learn('SHORT', 'abc12');
    other.learn('BLANK', '        \n        ');
    expect(other.text('abc12            x')).toBe('abc12            x');
  });

  test('holds names what stands in the bytes of a file', () => {
    expect(redactor.holds(Buffer.from(`…${KEY}…`))).toBe('STRIPE_KEY');
    expect(redactor.holds(Buffer.from('nothing here'))).toBeUndefined();
  });
});

describe('a stream', () => {
  test('secrets that overlap, nest and follow each other, cut anywhere, come out as brute force says', () => {
    const random = seeded(20261121);
    for (let trial = 0; trial < 2500; trial++) {
      const alphabet = pick(random, ['ab', 'abc', 'a', 'ab\n', 'aé', 'ab"']);
      const text = Array.from({ length: 20 + random(60) }, () => alphabet[random(alphabet.length)]).join('');
      const secrets = Array.from({ length: 1 + random(4) }, (_, i) => ({ name: `S${i}`, value: drawn(random, text) }));
      const redactor = createRedactor();
      for (const { name, value } of secrets) redactor.learn(name, value);
      const expected = bruteForce(Buffer.from(text), secrets);
      const got = streamed(redactor, cut(random, Buffer.from(text)));
      if (got !== expected) expect({ text, secrets, got }).toEqual({ text, secrets, got: expected });
      if (redactor.text(text) !== expected)
        expect({ text, secrets, got: redactor.text(text) }).toEqual({ text, secrets, got: expected });
    }
  });

  test('every cut of a text in three gives the same', () => {
    const redactor = createRedactor();
    redactor.learn('A', 'hunter2hunter3');
    redactor.learn('B', 'hunter3-and-more');
    const bytes = Buffer.from('x hunter2hunter3-and-more hunter2hunter hunter2hunter3 y');
    for (let i = 0; i <= bytes.length; i++) {
      for (let j = i; j <= bytes.length; j++) {
        const parts = [bytes.subarray(0, i), bytes.subarray(i, j), bytes.subarray(j)];
        expect(streamed(redactor, parts)).toBe('x «A» hunter2hunter «A» y');
      }
    }
  });

  test('a prompt without a newline is not held back, only an end that may become a secret', () => {
    const redactor = createRedactor();
    redactor.learn('A', 'secret-value');
    const out: string[] = [];
    const stream = redactor.stream((bytes) => out.push(Buffer.from(bytes).toString()));
    stream.write(Buffer.from('Continue? [y/N] '));
    expect(out).toEqual(['Continue? [y/N] ']);
    stream.write(Buffer.from('the secr'));
    expect(out).toEqual(['Continue? [y/N] ', 'the ']);
    stream.write(Buffer.from('etary'));
    expect(out.join('')).toBe('Continue? [y/N] the secretary');
    stream.end();
    expect(out.join('')).toBe('Continue? [y/N] the secretary');
  });

  test('what is learnt during a stream is replaced from then on', () => {
    const redactor = createRedactor();
    redactor.learn('OLD', 'old-secret');
    const out: string[] = [];
    const stream = redactor.stream((bytes) => out.push(Buffer.from(bytes).toString()));
    stream.write(Buffer.from('new-secret old-secret old-'));
    redactor.learn('NEW', 'new-secret');
    stream.write(Buffer.from('secret new-sec'));
    stream.write(Buffer.from('ret.'));
    stream.end();
    expect(out.join('')).toBe('new-secret «OLD» «OLD» «NEW».');
  });

  test('bytes that are no text pass unchanged', () => {
    const redactor = createRedactor();
    redactor.learn('A', 'secret-value');
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    const out: Buffer[] = [];
    const stream = redactor.stream((piece) => out.push(Buffer.from(piece)));
    for (let i = 0; i < bytes.length; i += 7) stream.write(bytes.subarray(i, i + 7));
    stream.end();
    expect(Buffer.concat(out)).toEqual(bytes);
  });

  test('the chunk may be written over once write has returned', () => {
    const redactor = createRedactor();
    redactor.learn('A', 'secret-value');
    const out: string[] = [];
    const stream = redactor.stream((bytes) => out.push(Buffer.from(bytes).toString()));
    const chunk = Buffer.from('.. secret-v');
    stream.write(chunk);
    chunk.fill('#');
    stream.write(Buffer.from('alue'));
    stream.end();
    expect(out.join('')).toBe('.. «A»');
  });

  test('a text made of one letter, with a secret made of it, is one name', () => {
    const redactor = createRedactor();
    redactor.learn('A', 'a'.repeat(40));
    let length = 0;
    const stream = redactor.stream((bytes) => {
      length += bytes.length;
    });
    const chunk = Buffer.alloc(4096, 'a');
    for (let i = 0; i < 20; i++) stream.write(chunk);
    stream.end();
    expect(length).toBe(Buffer.from('«A»').length);
  });
});

function bruteForce(bytes: Buffer, secrets: readonly { name: string; value: string }[]): string {
  const names = new Map<string, string>();
  for (const { name, value } of secrets) {
    for (const variant of variantsOf(value)) {
      const pattern = variant.toString('latin1');
      if (!names.has(pattern)) names.set(pattern, name);
    }
  }
  const patterns = [...names.keys()].sort((a, b) => b.length - a.length);
  const text = bytes.toString('latin1');
  const out: Buffer[] = [];
  let covered = 0;
  for (let at = 0; at < bytes.length; at++) {
    const longest = patterns.find((pattern) => text.startsWith(pattern, at));
    if (longest && at >= covered) out.push(Buffer.from(`«${names.get(longest)}»`));
    if (longest) covered = Math.max(covered, at + longest.length);
    if (at >= covered) out.push(bytes.subarray(at, at + 1));
  }
  return Buffer.concat(out).toString();
}

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function pick<T>(random: (below: number) => number, from: readonly T[]): T {
  return from[random(from.length)]!;
}

function drawn(random: (below: number) => number, text: string): string {
  const start = random(text.length - 6);
  return text.slice(start, start + 6 + random(12));
}

function cut(random: (below: number) => number, bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  const step = 1 + random(random(2) === 0 ? 3 : 20);
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + random(step);
    chunks.push(bytes.subarray(at, next));
    at = next;
  }
  return chunks;
}
