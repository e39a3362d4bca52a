// Loaded before launch (NODE_OPTIONS=--require): the clock of the process is that of the machine moved by CLOCK_MOVED, milliseconds or a file
// with them. The file may change while the process runs: forward is a machine that slept or another day, backward a clock that was set.
const { readFileSync } = require('node:fs');

const { CLOCK_MOVED = '0' } = process.env;
const RealDate = Date;
const moved = /^-?\d+$/.test(CLOCK_MOVED) ? () => Number(CLOCK_MOVED) : () => Number(readFileSync(CLOCK_MOVED, 'utf8'));
const now = () => RealDate.now() + moved();

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now() {
    return now();
  }
};
