// Output as programs really print it: lines of a log, with keys in some of them. What a search can skip decides how fast it is.
import { randomBytes } from 'node:crypto';

/** Keys as providers make them, until their written forms are as many as wanted. */
export function keysWith(wanted, variantsOf) {
  const keys = [];
  const forms = new Set();
  while (forms.size < wanted) {
    const value = `sk_live_${randomBytes(18 + (keys.length % 9)).toString('base64url')}`;
    keys.push(value);
    for (const form of variantsOf(value)) forms.add(form.toString('latin1'));
  }
  return { keys, forms: [...forms] };
}

/** Lines of a log, one in a hundred with a key. */
export function logWith(keys, megabytes) {
  const lines = [];
  let size = 0;
  for (let n = 0; size < megabytes * 1e6; n++) {
    const hidden = n % 100 === 0 ? ` token=${keys[(n / 100) % keys.length]}` : '';
    const line = `2026-11-22T21:30:${String(n % 60).padStart(2, '0')}Z app[${(n * 7919) % 99991}] sjc [info] GET /v1/chat 202 in ${n % 997} ms${hidden}\n`;
    lines.push(line);
    size += line.length;
  }
  return Buffer.from(lines.join(''));
}
