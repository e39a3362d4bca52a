// The text of a key file that lies outside the project, by the variable that holds its path.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAim } from '../../src/system/aim.ts';
import { createRealWorld } from '../../src/system/real-world.ts';

test('a key file is read by the name of its variable; a missing one is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-key-'));
  writeFileSync(join(folder, 'AuthKey.p8'), 'key');
  const env = { ASC_KEY_FILE: join(folder, 'AuthKey.p8'), GONE: join(folder, 'gone.p8') };
  const world = createRealWorld({ project: '/', aim: readAim({}), env });
  expect(await world.env.file?.('ASC_KEY_FILE')).toBe('key');
  expect(await world.env.file?.('GONE')).toBeUndefined();
  expect(await world.env.file?.('UNSET')).toBeUndefined();
});
