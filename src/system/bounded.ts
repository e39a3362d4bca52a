// Keeps the head and the tail of an output of any length, in memory of a fixed size.

interface BoundedText {
  /** Copies what it keeps. */
  write(bytes: Uint8Array): void;
  /** As UTF-8, with a line that says how much was left out between. */
  text(): string;
}

/** `head` and `tail` in bytes. */
export function createBoundedText({ head, tail }: { head: number; tail: number }): BoundedText {
  const first = createGrowing(head);
  let ring = Buffer.alloc(0);
  let passed = 0; // bytes that went past the head

  function write(bytes: Uint8Array): void {
    const rest = first.take(bytes);
    if (rest.length === 0) return;
    if (ring.length < tail) ring = grown(ring, Math.min(tail, passed + rest.length), tail);
    const kept = rest.subarray(Math.max(0, rest.length - tail));
    const at = (passed + rest.length - kept.length) % tail;
    const room = Math.min(kept.length, tail - at);
    ring.set(kept.subarray(0, room), at);
    ring.set(kept.subarray(room), 0);
    passed += rest.length;
  }

  function text(): string {
    const start = first.bytes();
    if (passed <= tail) return Buffer.concat([start, ring.subarray(0, passed)]).toString();
    const at = passed % tail;
    const end = Buffer.concat([ring.subarray(at), ring.subarray(0, at)]);
    return `${wholeEnd(start).toString()}\n… ${passed - tail} bytes left out …\n${wholeStart(end).toString()}`;
  }

  return { write, text };
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

function grown(buffer: Buffer<ArrayBuffer>, needed: number, limit: number): Buffer<ArrayBuffer> {
  if (needed <= buffer.length) return buffer;
  const larger = Buffer.alloc(Math.min(limit, Math.max(needed, buffer.length * 2, 4096)));
  larger.set(buffer);
  return larger;
}

const continues = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** Without the bytes of a character whose start was cut off. */
function wholeStart(bytes: Buffer): Buffer {
  let from = 0;
  while (from < 3 && continues(bytes[from])) from++;
  return bytes.subarray(from);
}

/** Without a last character that may be cut. */
function wholeEnd(bytes: Buffer): Buffer {
  let to = bytes.length;
  while (to > 0 && bytes.length - to < 3 && continues(bytes[to - 1])) to--;
  const lead = bytes[to - 1] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.length - to + 1 >= length ? bytes : bytes.subarray(0, to - 1);
}
