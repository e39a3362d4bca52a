// The kept output of one attempt: all of it, or its head and tail when it grows very long.
import type { Receipt } from '../engine/store.ts';
import { type AppendFile, writeAll } from './disk.ts';

export interface Limits {
  /** Bytes kept from the beginning. */
  readonly head: number;
  /** Bytes kept from the end; held in memory until then. */
  readonly tail: number;
}

/**
 * A receipt in `file`. The head is written as it comes, the tail at the end, between them how much is left out. A
 * receipt never fails a step: where the disk refuses, it ends there, and the next event says why.
 */
export function openReceipt(name: string, file: AppendFile, limits: Limits = usual): Receipt {
  const tail = ring(limits.tail);
  let room = limits.head;
  let broken = false;
  const keep = (bytes: Uint8Array): void => {
    if (broken || bytes.length === 0) return;
    try {
      writeAll(file, bytes);
    } catch {
      broken = true; // See above.
    }
  };
  return {
    name,
    write(bytes) {
      const head = room >= bytes.length ? bytes.length : wholeCharacters(bytes, room);
      keep(bytes.subarray(0, head));
      room = head === bytes.length ? room - head : 0;
      tail.push(bytes.subarray(head));
    },
    end() {
      const { bytes, left } = tail.take();
      if (left > 0) keep(Buffer.from(`\n[… ${left} bytes left out …]\n`));
      keep(bytes);
      file.close();
    },
  };
}

/** The last `size` bytes of what is pushed, beginning with a whole character. */
function ring(size: number): { push(bytes: Uint8Array): void; take(): { bytes: Uint8Array; left: number } } {
  let kept: Uint8Array = new Uint8Array(0);
  let at = 0;
  let seen = 0;
  return {
    push(bytes) {
      if (bytes.length === 0) return;
      if (kept.length === 0) kept = new Uint8Array(size);
      const part = bytes.subarray(Math.max(0, bytes.length - size));
      at = (at + bytes.length - part.length) % size;
      const first = Math.min(part.length, size - at);
      kept.set(part.subarray(0, first), at);
      kept.set(part.subarray(first), 0);
      at = (at + part.length) % size;
      seen += bytes.length;
    },
    take() {
      if (seen <= size) return { bytes: kept.subarray(0, seen), left: 0 };
      const all = Buffer.concat([kept.subarray(at), kept.subarray(0, at)]);
      let skip = 0;
      while (skip < 3 && isContinuation(all[skip])) skip++;
      return { bytes: all.subarray(skip), left: seen - size + skip };
    },
  };
}

/** How many of the first `most` bytes make whole UTF-8 characters. */
function wholeCharacters(bytes: Uint8Array, most: number): number {
  let end = most;
  while (end > 0 && most - end < 3 && isContinuation(bytes[end])) end--;
  return isContinuation(bytes[end]) ? most : end;
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
const usual: Limits = { head: 5_000_000, tail: 5_000_000 };
