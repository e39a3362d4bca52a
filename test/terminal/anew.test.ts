// A value is given anew on the way: what was done with the old one is named, looked at again, or asked about.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsIn, projectOf, type Size, sit } from './session.ts';

const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 50, rows: 24 },
];

test.each(SIZES)(
  'another domain at $columns columns: the record is looked at again, the message is asked about',
  async (size) => {
    const project = projectOf('anew');
    writeFileSync(join(project, 'dns-a.example'), '');
    const session = sit({ project, argv: ['rehearse', 'anew'], ...size });
    await session.until(/Domain of the app[\s\S]*└/);
    await session.type('\r');
    await session.until(/Tell the team[\s\S]*Run this\?[\s\S]*└$/);
    await session.type('\r');
    await session.until(/Sign off[\s\S]*I have done it[\s\S]*└$/);
    await session.type('j');
    await session.until(/To which step\?[\s\S]*└ {2}Ctrl-C/);
    expect(session.step()).toMatchSnapshot('the list');
    await session.type('Domain of');
    await session.until(/asked again[\s\S]*└/);
    await session.type('\r');
    await session.until(/Domain of the app\n│ {2}a\.example[\s\S]*└/);
    await session.type('\x15b.example\r');
    await session.until(/No look tells[\s\S]*└$/);
    expect(session.shown()).toMatchSnapshot('what becomes of it');
    await session.type('l');
    await session.until(/Point DNS to the app[\s\S]*I have done it[\s\S]*└$/);
    expect(session.shown()).toMatchSnapshot('the record with the new value');
    await session.type('q');
    expect(await session.ended()).toBe(4);
    expect(eventsIn(project).filter(({ type }) => type === 'step.reopened')).toEqual([
      expect.objectContaining({ step: 'point-dns', why: 'not so since domain changed from a.example to b.example' }),
    ]);
  },
);
