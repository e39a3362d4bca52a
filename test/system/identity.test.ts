// A process is told from another with the same number, also by `ps` where there is no /proc.
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { identityOf, livesAs } from '../../src/system/identity.ts';

const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
afterEach(() => {
  Object.defineProperty(process, 'platform', platform);
});

describe.each(['as it is', 'by ps'])('this process, %s', (how) => {
  test('lives as itself, and as nobody else', () => {
    if (how === 'by ps') Object.defineProperty(process, 'platform', { ...platform, value: 'other' });
    const me = identityOf(process.pid);
    expect(me).toMatchObject({ pid: process.pid, host: hostname() });
    expect(me.startTime).not.toBe('');
    expect(livesAs(me)).toBe('alive');
    expect(livesAs({ ...me, startTime: 'another time' })).toBe('gone');
    expect(livesAs({ ...me, bootId: 'another boot' })).toBe('gone');
    expect(livesAs({ ...me, host: 'another host' })).toBe('elsewhere');
  });

  test('that has ended is gone', () => {
    if (how === 'by ps') Object.defineProperty(process, 'platform', { ...platform, value: 'other' });
    const me = identityOf(process.pid);
    const { pid } = spawnSync('true');
    expect(identityOf(pid).startTime).toBe('');
    expect(livesAs({ ...me, pid })).toBe('gone');
  });
});
