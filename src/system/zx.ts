// What a `script` of a runbook is run by, in a process of its own: zx's globals, and the exit code of the command that failed.
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $, cd, chalk, ProcessOutput, quote, which, within } from 'zx/core';

Object.assign(globalThis, { $, cd, chalk, os, path, quote, sleep, which, within });

process.on('uncaughtException', (error) => {
  process.stderr.write(`${error instanceof ProcessOutput ? error.message : (error.stack ?? error.message)}\n`);
  process.exit(error instanceof ProcessOutput && error.exitCode ? error.exitCode : 1);
});
