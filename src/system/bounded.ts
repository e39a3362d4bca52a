// Keeps the head and the tail of an output of any length, in memory of a fixed size.
import { createTail, grown, isContinuation } from '../text/tail.ts';

interface BoundedText {
  /** Copies what it keeps. */
  write(bytes: Uint8Array): void;
  /** As UTF-8, with a line that says how much was left out between. */
  text(): string;
}

/** `head` and `tail` in bytes. */
export function createBoundedText({ head, tail }: { head: number; tail: number }): BoundedText {
  const first = createGrowing(head);
  const rest = createTail(tail);
  return {
    write(bytes) {
      const more = first.take(bytes);
      if (more.length > 0) rest.write(more);
    },
    text() {
      const { bytes, left } = rest.read();
      if (left === 0) return Buffer.concat([first.bytes(), bytes]).toString();
      return `${wholeEnd(first.bytes()).toString()}\n… ${left} bytes left out …\n${bytes.toString()}`;
    },
  };
}

/** Takes bytes until it is full; gives back those that did not fit. */
function createGrowing(limit: number) {
  let buffer = Buffer.alloc(0);
  let used = 0;
  return {
    take(bytes: Uint8Array): Uint8Array {
      const taken = Math.min(bytes.length, limit - used);
      if (taken === 0) return bytes;
      buffer = grown(buffer, used + taken, limit);
      buffer.set(bytes.subarray(0, taken), used);
      used += taken;
      return bytes.subarray(taken);
    },
    bytes: () => buffer.subarray(0, used),
  };
}

/** Without a last character that may be cut. */
function wholeEnd(bytes: Buffer): Buffer {
  let to = bytes.length;
  while (to > 0 && bytes.length - to < 3 && isContinuation(bytes[to - 1])) to--;
  const lead = bytes[to - 1] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.length - to + 1 >= length ? bytes : bytes.subarray(0, to - 1);
}
