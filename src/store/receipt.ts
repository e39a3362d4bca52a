// The kept output of one attempt: all of it, or its head and tail when it grows very long.
import type { Receipt } from '../engine/store.ts';
import { createTail, isContinuation } from '../text/tail.ts';
import { type AppendFile, writeAll } from './disk.ts';

export interface Limits {
  /** Bytes kept from the beginning. */
  readonly head: number;
  /** Bytes kept from the end; held in memory until then. */
  readonly tail: number;
}

/**
 * A receipt in the file that `make` makes: with the first byte, since most of what is short and works says nothing. The head is written
 * as it comes, the tail at the end, between them how much is left out. A receipt never fails a step: where the disk refuses, it ends there,
 * and the next event says why.
 */
export function openReceipt(name: string, make: () => AppendFile, limits: Limits = usual): Receipt {
  const tail = createTail(limits.tail);
  let file: AppendFile | undefined;
  let room = limits.head;
  let broken = false;
  const keep = (bytes: Uint8Array): void => {
    if (broken || bytes.length === 0) return;
    try {
      file ??= make();
      writeAll(file, bytes);
    } catch {
      broken = true; // See above.
    }
  };
  return {
    get name() {
      return file && name;
    },
    write(bytes) {
      const head = room >= bytes.length ? bytes.length : wholeCharacters(bytes, room);
      keep(bytes.subarray(0, head));
      room = head === bytes.length ? room - head : 0;
      if (head < bytes.length) tail.write(bytes.subarray(head));
    },
    end() {
      const { bytes, left } = tail.read();
      if (left > 0) keep(Buffer.from(`\n[… ${left} bytes left out …]\n`));
      keep(bytes);
      file?.close();
    },
  };
}

/** How many of the first `most` bytes make whole UTF-8 characters. */
function wholeCharacters(bytes: Uint8Array, most: number): number {
  let end = most;
  while (end > 0 && most - end < 3 && isContinuation(bytes[end])) end--;
  return isContinuation(bytes[end]) ? most : end;
}

const usual: Limits = { head: 5_000_000, tail: 5_000_000 };
