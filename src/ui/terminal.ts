// The terminal as the faces see it: a sink that knows its size, and a keyboard. Streams come in as parameters, from the process edge.
import { unmarked } from '../text/control.ts';
import { safe, safeJson } from '../text/escape.ts';
import type { Redactor } from '../text/redact.ts';

/** Where a face writes. */
export interface Sink {
  write(text: string): void;
}

export interface Screen extends Sink {
  /** 0 where unknown. */
  readonly columns: number;
  readonly rows: number;
  /** Gives back how to stop listening. */
  onResize(listener: () => void): () => void;
}

export interface Keyboard {
  /** Keys come one by one and unseen (Ctrl-C is a key then), or line by line as the terminal echoes them. */
  raw(on: boolean): void;
  /** Until the returned function is called. `ended`: nobody will type any more; at once where that is so already. */
  listen(onKeys: (keys: string) => void, ended: () => void): () => void;
  /** Ctrl-C was typed where it is a key: told to who ends the process by signals. */
  interrupt?(): void;
}

/** Standard output or standard error. Everything that this process writes to a person or a program goes through one of these. */
export interface Output extends Screen {
  readonly isTTY: boolean;
  /** One JSON document, or one line of them. */
  json(value: unknown, indent?: number): void;
}

/** A stream of the process. */
export type OutStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/**
 * The one place that writes to a stream of this process: nothing gets out but printable characters, newlines, tabs, and what
 * `control` marked as ours.
 */
export function createOutput(stream: OutStream): Output {
  const write = stream.write.bind(stream);
  return {
    write: (text) => void write(unmarked(safe(text))),
    json: (value, indent) => void write(`${safeJson(value, indent)}\n`),
    get isTTY() {
      return Boolean(stream.isTTY);
    },
    get columns() {
      return stream.columns ?? 0;
    },
    get rows() {
      return stream.rows ?? 0;
    },
    onResize(listener) {
      stream.on('resize', listener);
      return () => void stream.off('resize', listener);
    },
  };
}

/** From now on whoever else in this process writes to the stream (a kind of the project, a library) is made safe and redacted too. */
export function guardStream(stream: OutStream, redactor: Pick<Redactor, 'text'>): void {
  const write = stream.write.bind(stream);
  const guarded = (chunk: Uint8Array | string, ...rest: []): boolean =>
    write(unmarked(safe(redactor.text(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()))), ...rest);
  // The overloads of a stream's `write`: what follows the chunk is handed on as it is.
  stream.write = guarded as typeof stream.write;
}

type InStream = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
  readonly readableEnded?: boolean;
  readonly destroyed?: boolean;
  setRawMode?(on: boolean): unknown;
};

/** A keyboard of a stream: `keyboardOf(process.stdin)`. Read only while someone listens. */
export function keyboardOf(stream: InStream, interrupt: () => void = () => {}): Keyboard {
  return {
    interrupt,
    raw(on) {
      if (stream.isTTY && !stream.destroyed) stream.setRawMode?.(on);
    },
    listen(onKeys, ended) {
      if (stream.readableEnded || stream.destroyed) {
        queueMicrotask(ended);
        return () => {};
      }
      const onData = (data: Buffer | string) => onKeys(String(data));
      stream.setEncoding('utf8');
      stream.on('data', onData);
      for (const event of ENDS) stream.on(event, ended);
      stream.resume();
      return () => {
        stream.off('data', onData);
        for (const event of ENDS) stream.off(event, ended);
        stream.pause();
      };
    },
  };
}

// A terminal that goes away while it is read is an error (EIO) before it is an end.
const ENDS = ['end', 'close', 'error'] as const;

/** The width to lay out for; a terminal that does not know its own is taken as 80 × 24. */
export function sizeOf(screen: { readonly columns: number; readonly rows: number }): {
  readonly columns: number;
  readonly rows: number;
} {
  return { columns: screen.columns > 0 ? screen.columns : 80, rows: screen.rows > 0 ? screen.rows : 24 };
}
