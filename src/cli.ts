#!/usr/bin/env node
// The process edge: argv, streams and signals in, an exit code out. Answers --version and --help before anything else is loaded.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { HELP } from './commands/help.ts';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

function edge(): void {
  const argv = process.argv.slice(2);
  const [first] = argv;
  if (first === '--version' || first === '-V') writeSync(1, `${LAUNCHBOOK_VERSION}\n`);
  else if (argv.length === 1 && (first === '--help' || first === '-h' || first === 'help')) writeSync(1, HELP);
  else void go(argv);
}

async function go(argv: readonly string[]): Promise<void> {
  const stopped = new AbortController();
  let code: number | undefined;
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
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: stopped.signal,
    interrupt: () => stop(SIGNALS.SIGINT),
    packageFolder: join(__dirname, '..'),
  });
  process.exitCode = code ?? exit;
  // Whatever is still open (a keep-alive socket, a paused stdin) must not hold the terminal.
  process.stdin.unref?.();
  setTimeout(() => process.exit(), 50).unref();
}

edge();
