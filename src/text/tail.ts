// The last bytes of an output of any length: memory grows to a fixed size, cost never with what went before.

export interface Tail {
  /** Copies what it keeps. */
  write(bytes: Uint8Array): void;
  /** What is kept, beginning with a whole character, and how many bytes before it are gone. */
  read(): { readonly bytes: Buffer; readonly left: number };
}

/** `size` in bytes. */
export function createTail(size: number): Tail {
  let ring = Buffer.alloc(0);
  let seen = 0;
  return {
    write(bytes) {
      if (ring.length < size) ring = grown(ring, Math.min(size, seen + bytes.length), size);
      const part = bytes.subarray(Math.max(0, bytes.length - size));
      const at = (seen + bytes.length - part.length) % size;
      const room = Math.min(part.length, size - at);
      ring.set(part.subarray(0, room), at);
      ring.set(part.subarray(room), 0);
      seen += bytes.length;
    },
    read() {
      if (seen <= size) return { bytes: ring.subarray(0, seen), left: 0 };
      const at = seen % size;
      const all = Buffer.concat([ring.subarray(at), ring.subarray(0, at)]);
      let skip = 0;
      while (skip < 3 && isContinuation(all[skip])) skip++;
      return { bytes: all.subarray(skip), left: seen - size + skip };
    },
  };
}

/** The same bytes in a buffer with room for `needed`, at most `limit`. */
export function grown(buffer: Buffer<ArrayBuffer>, needed: number, limit: number): Buffer<ArrayBuffer> {
  if (needed <= buffer.length) return buffer;
  const larger = Buffer.alloc(Math.min(limit, Math.max(needed, buffer.length * 2, SMALL)));
  larger.set(buffer);
  return larger;
}

/**
 * What a line of output reads as: without the colours and line erasures that tools print even into a pipe, and what was written
 * last after its carriage returns.
 */
export const readAs = (line: string): string =>
  line
    .replace(COLOURING, '')
    .split('\r')
    .findLast((part) => part.trim() !== '')
    ?.trimEnd() ?? '';

/** A byte in the middle of a UTF-8 character. */
export const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

const SMALL = 4096;
const COLOURING = /\x1b\[[0-9;]*[mK]/g;
