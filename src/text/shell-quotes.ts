// Which expressions of a bash command do not stand inside double quotes: only there a value reaches the shell whole, and never as code.
import { scan } from './expression-scan.ts';

export interface Unquoted {
  /** Offset of the `${{`. */
  readonly at: number;
  readonly length: number;
  /** `bare`: outside quotes · `single`: the shell reads nothing there · `heredoc` · `code`: the text is read again by a shell or as arithmetic. */
  readonly why: 'bare' | 'single' | 'heredoc' | 'code';
}

/** Characters of a line that are read for what surrounds an expression. */
const FAR = 1000;

type Frame =
  | { readonly in: 'code' | 'double' | 'paren' | 'brace' | 'backtick' }
  | { readonly in: 'arithmetic'; depth: number };

/** In order. Doubt (`case` patterns inside `$(…)`) goes against the author, never for. */
export function unquotedExpressions(command: string): readonly Unquoted[] {
  const reader = new Reader(command);
  reader.read();
  const found = new Map(reader.found.map((one) => [one.at, one]));
  for (const one of readAgain(command)) if (!found.has(one.at)) found.set(one.at, one);
  return [...found.values()].sort((a, b) => a.at - b.at);
}

class Reader {
  readonly found: Unquoted[] = [];
  readonly #text: string;
  readonly #expressions: readonly { readonly start: number; readonly end: number }[];
  /** Index of the first expression that is not behind us. */
  #ahead = 0;
  readonly #frames: Frame[] = [{ in: 'code' }];
  #heredocs: { readonly word: string; readonly tabs: boolean }[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#expressions = scan(text).parts.flatMap((part) => ('source' in part ? [part] : []));
  }

  read(): void {
    while (this.#at < this.#text.length) {
      const end = this.#expressionAt(this.#at);
      this.#at = end === undefined ? this.#step(this.#frame(), this.#text[this.#at] ?? '') : this.#expression(end);
    }
  }

  // What follows gives the offset where reading goes on.

  #step(frame: Frame, character: string): number {
    if (character === '\\') return this.#escape();
    if (frame.in === 'arithmetic') return this.#arithmetic(frame, character);
    if (character === '"') return frame.in === 'double' ? this.#pop() : this.#push({ in: 'double' });
    if (character === '`') return frame.in === 'backtick' ? this.#pop() : this.#push({ in: 'backtick' });
    if (this.#here('$((')) return this.#push({ in: 'arithmetic', depth: 2 }, 3);
    if (this.#here('$(')) return this.#push({ in: 'paren' }, 2);
    if (this.#here('${')) return this.#push({ in: 'brace' }, 2);
    if (frame.in === 'double') return this.#at + 1;
    if (frame.in === 'brace' && character === '}') return this.#pop();
    // Inside "${x:-…}" an apostrophe is only that.
    if (character === "'" && !(frame.in === 'brace' && this.#frames.at(-2)?.in === 'double')) return this.#single();
    return frame.in === 'brace' ? this.#at + 1 : this.#code(frame, character);
  }

  #code(frame: Frame, character: string): number {
    if (character === '\n') return this.#lineEnd();
    if (character === '#' && /^$|[\s;&|(]/.test(this.#text[this.#at - 1] ?? '')) {
      return this.#skip(lineEnd(this.#text, this.#at), 'bare');
    }
    if (this.#here('((')) return this.#push({ in: 'arithmetic', depth: 2 }, 2);
    if (character === '(') return this.#push({ in: 'paren' });
    if (character === ')' && frame.in === 'paren') return this.#pop();
    if (this.#here('<<<')) return this.#at + 3;
    return this.#here('<<') ? this.#heredoc() : this.#at + 1;
  }

  #expression(end: number): number {
    if (this.#frame().in !== 'double') this.#note(this.#at, end, 'bare');
    return end;
  }

  #arithmetic(frame: { depth: number }, character: string): number {
    if (character === '(') frame.depth++;
    if (character === ')') frame.depth--;
    return frame.depth === 0 ? this.#pop() : this.#at + 1;
  }

  #escape(): number {
    const end = this.#expressionAt(this.#at + 1);
    if (end === undefined) return this.#at + 2;
    this.#note(this.#at + 1, end, 'bare');
    return end;
  }

  #single(): number {
    let end = this.#text.indexOf("'", this.#at + 1);
    // In $'…' a backslash takes the next character with it.
    if (this.#text[this.#at - 1] === '$') {
      end = this.#at + (/^'(?:[^'\\]|\\[\s\S])*/.exec(this.#text.slice(this.#at))?.[0].length ?? 1);
    }
    return this.#skip(end === -1 ? this.#text.length : end + 1, 'single');
  }

  #heredoc(): number {
    const found = /^<<(-?)[ \t]*(?:\\?(['"]?)([\w.-]+)\2)?/.exec(this.#text.slice(this.#at, this.#at + 200));
    const word = found?.[3];
    if (word !== undefined) this.#heredocs.push({ word, tabs: found?.[1] === '-' });
    return this.#at + (found?.[0].length ?? 2);
  }

  /** At the end of a line the bodies of the here-documents begun on it follow. */
  #lineEnd(): number {
    let at = this.#at + 1;
    for (const { word, tabs } of this.#heredocs.splice(0)) {
      for (let line: string | undefined; line !== word && at < this.#text.length; ) {
        const end = lineEnd(this.#text, at);
        line = this.#text.slice(at, end).replace(tabs ? /^\t+/ : /^/, '');
        at = end + 1;
      }
    }
    return this.#skip(Math.min(at, this.#text.length), 'heredoc');
  }

  /** Goes on at `end`; every expression before it is noted. */
  #skip(end: number, why: Unquoted['why']): number {
    for (; (this.#expressions[this.#ahead]?.start ?? end) < end; this.#ahead++) {
      const one = this.#expressions[this.#ahead];
      if (one && one.start >= this.#at) this.#note(one.start, one.end, why);
    }
    return end;
  }

  /** End of the expression that begins there. */
  #expressionAt(at: number): number | undefined {
    while ((this.#expressions[this.#ahead]?.start ?? at) < at) this.#ahead++;
    const next = this.#expressions[this.#ahead];
    return next?.start === at ? next.end : undefined;
  }

  #note(at: number, end: number, why: Unquoted['why']): void {
    this.found.push({ at, length: end - at, why });
  }

  #frame = (): Frame => this.#frames.at(-1) ?? { in: 'code' };

  #here = (text: string): boolean => this.#text.startsWith(text, this.#at);

  #push(frame: Frame, count = 1): number {
    this.#frames.push(frame);
    return this.#at + count;
  }

  #pop(): number {
    this.#frames.pop();
    return this.#at + 1;
  }
}

/** Quoted, and read as code all the same: by another shell, `eval`, `let`, or the arithmetic of `[[ … -eq … ]]`. */
function readAgain(command: string): readonly Unquoted[] {
  return scan(command).parts.flatMap((part) => {
    if (!('source' in part)) return [];
    const before = command.slice(Math.max(command.lastIndexOf('\n', part.start) + 1, part.start - FAR), part.start);
    const after = command.slice(part.end, Math.min(lineEnd(command, part.end), part.end + FAR));
    const shell = /(?:^|[\s;&|({])(?:eval|let|(?:ba|da|z|k)?sh\s+(?:-[\w-]+\s+)*-\w*c)\s[^;&|]*$/.test(before);
    const open = /\[\[(?:(?!\]\]).)*$/.exec(before)?.[0];
    const arithmetic = open !== undefined && /\s-(?:eq|ne|lt|le|gt|ge)\s/.test(open + after.split(']]')[0]);
    return shell || arithmetic ? [{ at: part.start, length: part.end - part.start, why: 'code' as const }] : [];
  });
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
