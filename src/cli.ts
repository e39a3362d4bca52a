#!/usr/bin/env node
// The process edge: argv, streams and signals in, an exit code out. Answers --version, --help and a bare list before anything else is loaded.
import { fstatSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { HELP } from './commands/help.ts';
import { bareList } from './commands/list.ts';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

function edge(): void {
  const argv = process.argv.slice(2);
  const [first] = argv;
  if (first === '--version' || first === '-V') say(`${LAUNCHBOOK_VERSION}\n`);
  else if (argv.length === 1 && (first === '--help' || first === '-h' || first === 'help')) say(HELP);
  else if (argv.length === 0 && !(mayBeTerminal(0) && mayBeTerminal(2))) list();
  else void go(argv);
}

/** Nobody is there to pick one. */
function list(): void {
  const text = bareList(process.cwd());
  if (text === undefined) void go([]);
  else say(text);
}

/** A pipe, a file and nothing are none. Whether it is one is asked by who draws on it: asking loads a tenth of a start. */
function mayBeTerminal(fd: number): boolean {
  const found = fstatSync(fd);
  return found.isCharacterDevice() && found.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
}

/** At once, without the stream that `process.stdout` would make; with it where the reader is slow or gone. */
function say(text: string): void {
  const bytes = Buffer.from(text);
  let said = 0;
  try {
    while (said < bytes.length) said += writeSync(1, bytes, said);
  } catch {
    process.stdout.on('error', () => {}).write(bytes.subarray(said));
  }
}

async function go(argv: readonly string[]): Promise<void> {
  const stopped = new AbortController();
  let code: number | undefined;
  let stdin: NodeJS.ReadStream | undefined;
  const stop = (exit: number): void => {
    // Twice leaves at once; the journal is on disk already.
    if (code !== undefined) process.exit(exit);
    code = exit;
    stopped.abort();
  };
  for (const [name, exit] of Object.entries(SIGNALS)) process.on(name, () => stop(exit));
  // A terminal that is gone, or a reader that has closed: the run is kept, there is just nobody to tell.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stopped.abort());
  const { main, tellUncaught } = await import('./commands/main.ts');
  process.on(
    'uncaughtException',
    (error) => void tellUncaught(process.stderr, error).then((code) => process.exit(code)),
  );
  const exit = await main({
    argv,
    env: process.env,
    cwd: process.cwd(),
    pid: process.pid,
    stdin: () => (stdin ??= process.stdin),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: stopped.signal,
    interrupt: () => stop(SIGNALS.SIGINT),
    packageFolder: join(__dirname, '..'),
  });
  process.exitCode = code ?? exit;
  // A reader may be slower than we are: what was written gets out before we end.
  await Promise.all([written(process.stdout), written(process.stderr)]);
  // Whatever is still open (a keep-alive socket, a paused stdin) must not hold the terminal.
  stdin?.unref?.();
  setTimeout(() => process.exit(), 50).unref();
}

/** Everything is written, or there is nobody to read it. */
const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((done) => (stream.destroyed ? done() : stream.write('', () => done())));

edge();
