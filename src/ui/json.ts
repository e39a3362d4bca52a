// For programs: each event as one line of JSON on stdout, once it is on disk. What is said to people goes nowhere.

import type { Face } from '../engine/face.ts';
import type { Output } from './terminal.ts';

/** Asks nobody: put it behind `createHeadlessFace`. */
export function createJsonFace(out: Pick<Output, 'json'>): Face {
  return {
    present: false,
    happened: (event) => out.json(event),
    card() {},
    working: () => ({ output() {}, say() {}, stop() {} }),
    ask: async () => ({ absent: 'Nobody is here to answer.' }),
    tell() {},
  };
}
