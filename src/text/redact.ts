// The one redactor, in front of every sink: replaces what gives a secret away by the secret's name, in texts and in streams of bytes.
import { createSearch, type Pattern, type Search } from './search.ts';
import { variantsOf } from './variants.ts';

export interface Redactor {
  /** From now on the value, its lines and its encodings are replaced by `«NAME»`. Values under 6 characters (blanks around not counted) are not learnt. */
  learn(name: string, value: string): void;
  /** The text without what is known. */
  text(text: string): string;
  /**
   * Bytes in, bytes without what is known out to `sink`, at once but for an end that may still become a secret. A secret cut by
   * chunk borders is found. `sink` must copy what it keeps. `end` lets go of what was held back.
   */
  stream(sink: (bytes: Uint8Array) => void): { write(bytes: Uint8Array): void; end(): void };
  /** The name of a secret that stands in the bytes, also with blanks and line ends between its characters: for the sweep. */
  holds(bytes: Uint8Array): string | undefined;
}

/** What is carried from one chunk to the next (copied): bytes not let go yet; the first `covered` belong to a name already written. */
interface Carry {
  readonly bytes: Uint8Array;
  readonly covered: number;
}

const NOTHING: Carry = { bytes: new Uint8Array(0), covered: 0 };

export function createRedactor(): Redactor {
  const patterns = new Map<string, Pattern>();
  let search: Search | undefined;
  let closed: Search | undefined;
  const prepared = () => (search ??= createSearch([...patterns.values()]));

  function learn(name: string, value: string): void {
    const shown = Buffer.from(`«${name}»`);
    for (const bytes of variantsOf(value)) {
      const key = bytes.toString('latin1');
      if (patterns.has(key)) continue;
      patterns.set(key, { bytes, name, shown });
      search = undefined;
      closed = undefined;
    }
  }

  function text(text: string): string {
    if (patterns.size === 0) return text;
    const bytes = Buffer.from(text);
    if (prepared().find(bytes, 0) === undefined) return text;
    return Buffer.concat(replace(prepared(), bytes, { covered: 0, limit: bytes.length }).pieces).toString();
  }

  function stream(sink: (bytes: Uint8Array) => void) {
    let carry = NOTHING;
    const [input, output] = [createJoiner(), createJoiner()];
    const pass = (bytes: Uint8Array, limit: number) => {
      const { pieces, covered } = replace(prepared(), bytes, { covered: carry.covered, limit });
      carry =
        limit === bytes.length ? NOTHING : { bytes: Buffer.from(bytes.subarray(limit)), covered: covered - limit };
      if (pieces.length > 0) sink(output(pieces));
    };
    return {
      write(chunk: Uint8Array) {
        const bytes = carry.bytes.length === 0 ? chunk : input([carry.bytes, chunk]);
        if (bytes.length > 0) pass(bytes, prepared().unfinished(bytes));
      },
      end() {
        pass(carry.bytes, carry.bytes.length);
      },
    };
  }

  function holds(bytes: Uint8Array): string | undefined {
    if (patterns.size === 0) return undefined;
    closed ??= createSearch(closedUp([...patterns.values()]));
    return (prepared().find(bytes, 0) ?? closed.find(withoutBlanks(bytes), 0))?.pattern.name;
  }

  return { learn, text, stream, holds };
}

/** Without the blanks in them. Short ones would stand by chance where lines are put together. */
const closedUp = (patterns: readonly Pattern[]): readonly Pattern[] =>
  patterns.flatMap((pattern) => {
    const bytes = withoutBlanks(pattern.bytes);
    return bytes.length < SHORTEST_BROKEN ? [] : [{ ...pattern, bytes }];
  });

const SHORTEST_BROKEN = 16;

/** By hand: `filter` calls for each byte, and a journal has millions. */
function withoutBlanks(bytes: Uint8Array): Uint8Array {
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x09 && byte !== 0x0d) kept[length++] = byte;
  }
  return kept.subarray(0, length);
}

/**
 * What becomes of the bytes before `limit`: secrets that overlap are one, and get the name of the first. `covered`: how far the last
 * name reaches, never less than `limit`.
 */
function replace(search: Search, bytes: Uint8Array, { covered, limit }: { covered: number; limit: number }) {
  const pieces: Uint8Array[] = [];
  let found = search.find(bytes, 0);
  while (found !== undefined && found.start < limit) {
    if (found.start >= covered) {
      if (found.start > covered) pieces.push(bytes.subarray(covered, found.start));
      pieces.push(found.pattern.shown);
      covered = found.end;
    } else {
      covered = Math.max(covered, found.end);
    }
    found = search.find(bytes, found.next);
  }
  if (covered < limit) pieces.push(bytes.subarray(covered, limit));
  return { pieces, covered: Math.max(covered, limit) };
}

/** Pieces as one, in memory that the next call uses again: a new buffer for each chunk is dearer than all the searching. */
function createJoiner(): (pieces: readonly Uint8Array[]) => Uint8Array {
  let room = new Uint8Array(0);
  return (pieces) => {
    const [first] = pieces;
    if (first && pieces.length === 1) return first;
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (size > room.length) room = new Uint8Array(size * 2);
    let at = 0;
    for (const piece of pieces) {
      room.set(piece, at);
      at += piece.length;
    }
    return room.subarray(0, size);
  };
}
