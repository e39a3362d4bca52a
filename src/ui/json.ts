// For programs: each event as one line of JSON on stdout, once it is on disk. What is said to people goes nowhere.

import type { Face } from '../engine/face.ts';
import { safeJson } from '../text/escape.ts';
import type { Sink } from './terminal.ts';

/** Asks nobody: put it behind `createHeadlessFace`. */
export function createJsonFace(out: Sink): Face {
  return {
    present: false,
    happened: (event) => out.write(`${safeJson(event)}\n`),
    card() {},
    working: () => ({ output() {}, say() {}, stop() {} }),
    ask: async () => ({ absent: 'Nobody is here to answer.' }),
    tell() {},
  };
}
