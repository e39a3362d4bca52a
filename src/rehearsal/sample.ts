// A text that matches a pattern and keeps as much of a seed as the pattern lets through: canaries must pass `pattern` and be found again.
import { createHash } from 'node:crypto';

/** undefined when the pattern asks for more than is understood here (look-arounds, back references), or nothing fits. */
export function sampleOf(pattern: string, seed: string): string | undefined {
  const whole = new RegExp(`^(?:${pattern})$`);
  if (whole.test(seed)) return seed;
  const digits = createHash('sha256').update(seed).digest('hex');
  for (const most of [64, 32, 16, 8, 4]) {
    const made = new Reader(pattern, seed, digits, most).text();
    if (made !== undefined && whole.test(made)) return made;
  }
  return undefined;
}

type Node =
  | { readonly is: 'char'; readonly chars: string; readonly free: boolean }
  | { readonly is: 'all'; readonly parts: readonly Node[] }
  | { readonly is: 'repeat'; readonly of: Node; readonly least: number; readonly most: number };

class NotUnderstood extends Error {}

const printable = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n));

/** Reads the pattern once, left to right. Of alternatives it takes the first. */
class Reader {
  #at = 0;
  #seedAt = 0;
  #digitAt = 0;
  readonly #pattern: string;
  readonly #seed: string;
  readonly #digits: string;
  readonly #most: number;

  constructor(pattern: string, seed: string, digits: string, most: number) {
    this.#pattern = pattern;
    this.#seed = seed;
    this.#digits = digits;
    this.#most = most;
  }

  text(): string | undefined {
    try {
      const tree = this.#alternatives();
      return this.#at < this.#pattern.length ? undefined : this.#write(tree);
    } catch (error) {
      if (error instanceof NotUnderstood) return undefined;
      throw error;
    }
  }

  #alternatives(): Node {
    const first = this.#sequence();
    while (this.#take('|')) this.#sequence();
    return first;
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#peek())) {
      if (this.#take('^') || this.#take('$')) continue;
      parts.push(this.#repeated(this.#atom()));
    }
    return { is: 'all', parts };
  }

  #atom(): Node {
    if (this.#take('(')) {
      if (this.#take('?') && !this.#take(':') && !this.#skip(/^<[A-Za-z]\w*>/)) throw new NotUnderstood();
      const inner = this.#alternatives();
      if (!this.#take(')')) throw new NotUnderstood();
      return inner;
    }
    const source = this.#skip(/^(?:\[(?:\\.|[^\]\\])*\]|\\[bBkpP1-9]|\\.|[\s\S])/) ?? '';
    if (/^\\[bBkpP1-9]/.test(source)) throw new NotUnderstood();
    const one = new RegExp(`^${source}$`);
    const chars = printable.filter((char) => one.test(char)).join('');
    if (chars === '') throw new NotUnderstood();
    return { is: 'char', chars, free: chars.length > 1 };
  }

  #repeated(of: Node): Node {
    const counted = this.#skip(/^(?:[*+?]|\{\d+(?:,\d*)?\})\??/);
    if (counted === undefined) return of;
    const mark = counted[0] ?? '';
    if (mark === '*') return { is: 'repeat', of, least: 0, most: Number.POSITIVE_INFINITY };
    if (mark === '+') return { is: 'repeat', of, least: 1, most: Number.POSITIVE_INFINITY };
    if (mark === '?') return { is: 'repeat', of, least: 0, most: 1 };
    const [, least = '0', comma, most] = /^\{(\d+)(,)?(\d*)\}/.exec(counted) ?? [];
    const upTo = most ? Number(most) : comma ? Number.POSITIVE_INFINITY : Number(least);
    if (Number(least) > 4096) throw new NotUnderstood();
    return { is: 'repeat', of, least: Number(least), most: upTo };
  }

  #write(node: Node): string {
    if (node.is === 'char') return node.free ? this.#next(node.chars) : node.chars;
    if (node.is === 'all') return node.parts.map((part) => this.#write(part)).join('');
    const free = node.of.is === 'char' && node.of.free;
    const wanted = free ? Math.min(this.#seed.length - this.#seedAt, this.#most) : 0;
    const times = Math.min(Math.max(node.least, wanted), node.most, Math.max(this.#most, node.least));
    return Array.from({ length: times }, () => this.#write(node.of)).join('');
  }

  /** The seed's next character where the pattern lets it through; else one that the seed's hash picks. */
  #next(chars: string): string {
    const wanted = this.#seed[this.#seedAt++];
    if (wanted !== undefined && chars.includes(wanted)) return wanted;
    const digit = Number.parseInt(this.#digits[this.#digitAt++ % this.#digits.length] ?? '0', 16);
    return chars[(digit * 7 + this.#digitAt) % chars.length] ?? '';
  }

  #peek = (): string => this.#pattern[this.#at] ?? '';

  #take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at += 1;
    return true;
  }

  #skip(what: RegExp): string | undefined {
    const found = what.exec(this.#pattern.slice(this.#at))?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
