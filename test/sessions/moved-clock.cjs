// Loaded before launch (NODE_OPTIONS=--require): the clock of the process is that of the machine moved by the milliseconds in the file CLOCK_MOVED.
// The file may change while the process runs: forward is a machine that slept or another day, backward a clock that was set.
const { readFileSync } = require('node:fs');

const file = process.env.CLOCK_MOVED;
const RealDate = Date;
const now = () => RealDate.now() + (file ? Number(readFileSync(file, 'utf8')) : 0);

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now() {
    return now();
  }
};
