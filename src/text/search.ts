// Finds any of thousands of byte patterns in one pass: Wu–Manber over bytes, never over characters, so no text can hide one.

export interface Pattern {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** What is printed in its place. */
  readonly shown: Uint8Array;
}

interface Found {
  readonly pattern: Pattern;
  readonly start: number;
  readonly end: number;
  /** Where to search on: what starts before lies inside this one. */
  readonly next: number;
}

export interface Search {
  /** The first occurrence that starts at `from` or later and lies wholly inside; the longest of those that start there. */
  find(bytes: Uint8Array, from: number): Found | undefined;
  /** Where the longest end of `bytes` starts that may still become a pattern with what follows; `bytes.length` where there is none. */
  unfinished(bytes: Uint8Array): number;
}

/** Bytes looked at together. Three, since texts of hex digits hold every pair of two. */
const BLOCK = 3;
const BLOCKS = 1 << 17;

/** Prepares the tables. Each pattern must have three bytes or more; the speed grows with the length of the shortest. */
export function createSearch(patterns: readonly Pattern[]): Search {
  const sorted = [...patterns].sort((a, b) => b.bytes.length - a.bytes.length);
  const shortest = sorted.at(-1)?.bytes.length ?? 0;
  const longest = sorted[0]?.bytes.length ?? 0;
  const shifts = shiftTable(sorted, shortest);
  const windows = grouped(sorted, ({ bytes }) => blockAt(bytes, shortest - 1));
  const starts = grouped(sorted, ({ bytes }) => (bytes[0]! << 8) | bytes[1]!);
  const firsts = new Set(sorted.map(({ bytes }) => bytes[0]!));
  const strides = new Map<Pattern, number>();

  function find(bytes: Uint8Array, from: number): Found | undefined {
    const length = bytes.length;
    let at = from + shortest - 1;
    while (at < length && shortest > 0) {
      const block = blockAt(bytes, at);
      const shift = shifts[block]!;
      if (shift !== 0) {
        at += shift;
        continue;
      }
      const start = at - shortest + 1;
      for (const pattern of windows.get(block)!) {
        const size = pattern.bytes.length;
        if (size <= length - start && agree(pattern.bytes, bytes, start, size)) {
          return { pattern, start, end: start + size, next: start + stride(pattern) };
        }
      }
      at += 1;
    }
    return undefined;
  }

  /** How far after the start of a pattern another can start and reach beyond its end. */
  function stride(pattern: Pattern): number {
    const known = strides.get(pattern);
    if (known !== undefined) return known;
    const found = unfinished(pattern.bytes, 1);
    strides.set(pattern, found);
    return found;
  }

  function unfinished(bytes: Uint8Array, from = 0): number {
    const last = bytes.length - 1;
    for (let start = Math.max(from, bytes.length - longest + 1); start < last; start++) {
      const candidates = starts.get((bytes[start]! << 8) | bytes[start + 1]!);
      if (candidates === undefined) continue;
      const length = bytes.length - start;
      for (const { bytes: pattern } of candidates) {
        if (pattern.length <= length) break; // sorted: the rest is shorter still
        if (agree(pattern, bytes, start, length)) return start;
      }
    }
    return last >= 0 && firsts.has(bytes[last]!) ? last : bytes.length;
  }

  return { find, unfinished: (bytes) => unfinished(bytes) };
}

/** The block that ends at `end`, folded into the table. */
function blockAt(bytes: Uint8Array, end: number): number {
  return ((bytes[end - 2]! << 10) ^ (bytes[end - 1]! << 5) ^ bytes[end]!) & (BLOCKS - 1);
}

function agree(pattern: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (pattern[i] !== bytes[start + i]) return false;
  return true;
}

/** For each block: how far the window may move on when it ends with it. 0: a pattern may start where the window does. */
function shiftTable(patterns: readonly Pattern[], shortest: number): Uint8Array {
  const shifts = new Uint8Array(BLOCKS).fill(Math.min(255, Math.max(1, shortest - BLOCK + 1)));
  for (const { bytes } of patterns) {
    for (let end = BLOCK - 1; end < shortest; end++) {
      const block = blockAt(bytes, end);
      shifts[block] = Math.min(shifts[block]!, shortest - 1 - end);
    }
  }
  return shifts;
}

function grouped(patterns: readonly Pattern[], key: (pattern: Pattern) => number): Map<number, Pattern[]> {
  const groups = new Map<number, Pattern[]>();
  for (const pattern of patterns) {
    const group = groups.get(key(pattern));
    if (group) group.push(pattern);
    else groups.set(key(pattern), [pattern]);
  }
  return groups;
}
