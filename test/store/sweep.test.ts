// A planted leak is found in every file that a run writes.
import { expect, test } from 'vitest';
import { memoryDisk } from '../../src/store/memory.ts';
import { sweep } from '../../src/store/sweep.ts';
import { createRedactor } from '../../src/text/redact.ts';

const CLASSES = [
  'journal.jsonl',
  'journal.torn-1',
  'runbook-0a1b2c3d.md',
  'lock',
  'PRODUCTION_DEPLOYMENT.md',
  'receipts/deploy-1.log',
  'receipts/tunnel-2.log',
];

test.each(CLASSES.map((file) => [file]))('a secret in %s is named with its file', (file) => {
  const disk = memoryDisk();
  disk.makeFolder('/run/receipts');
  for (const one of CLASSES) {
    const open = disk.append(`/run/${one}`);
    open.write(Buffer.from(one === file ? `x ${Buffer.from('ab planted-4f9c2e71').toString('base64')} y` : 'nothing'));
    open.close();
  }
  const redactor = createRedactor();
  redactor.learn('PLANTED', 'planted-4f9c2e71');
  expect(sweep(disk, '/run', (bytes) => redactor.holds(bytes))).toEqual([{ file, secret: 'PLANTED' }]);
});
