// The README's first command, and the same launch killed along the way: nothing is made twice.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventsOf, launch, made, projectWith, rehearsalOf } from './launching.ts';

const TIME = 300_000;
/** Killed at most so often in one rehearsal; how many events lie between is another number each time. */
const STRIDE = Number(process.env.LAUNCHBOOK_CRASH_STRIDE ?? 45);

/** Apps, volumes, addresses, releases and certificates that were made, by what they are for. */
function countMade(project: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const changed of made(project)) {
    const [, sort] =
      /^(app created|volume created|ip allocated \S+|release created|certificate added|machine created)/.exec(
        changed,
      ) ?? [];
    if (sort !== undefined) counts[sort] = (counts[sort] ?? 0) + 1;
  }
  return counts;
}

describe('launch rehearse prod --auto', () => {
  test(
    'ends with exit 0, with a record that leaves no step out, and no canary in any file it wrote',
    async () => {
      const project = projectWith();
      const { exit, stderr } = await launch(project, ['rehearse', 'prod', '--auto']);
      expect(stderr).toContain('Finished. The record:');
      expect(exit).toBe(0);
      const record = readFileSync(join(rehearsalOf(project), 'PRODUCTION_DEPLOYMENT.md'), 'utf8');
      const events = eventsOf(rehearsalOf(project));
      const ended = new Set(
        events.filter(({ type }) => /^step\.(done|skipped|not-needed)$/.test(type)).map(({ step }) => step),
      );
      expect(ended.size).toBeGreaterThan(40);
      expect(record).not.toContain('not reached');
      expect(record.startsWith('---\n')).toBe(true);
      const written = readdirSync(rehearsalOf(project), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('/world'))
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
      expect(written.filter((text) => text.includes('canary-'))).toEqual([]);
    },
    TIME,
  );

  test(
    'killed (-9) again and again after an event goes on each time, and makes nothing twice',
    async () => {
      const whole = projectWith();
      expect((await launch(whole, ['rehearse', 'prod', '--auto'])).exit).toBe(0);
      const expected = countMade(whole);
      const project = projectWith();
      let kills = 0;
      for (let at = 2; ; at += STRIDE) {
        const { exit, signal } = await launch(project, ['rehearse', 'prod', '--auto'], {
          LAUNCHBOOK_CRASH: `event:${at}`,
        });
        if (signal !== 'SIGKILL') {
          expect(exit).toBe(0);
          break;
        }
        kills += 1;
      }
      expect(kills).toBeGreaterThan(3);
      expect(countMade(project)).toEqual(expected);
    },
    TIME,
  );

  test(
    'killed (-9) in the middle of each act that changes something, with the child living on, makes nothing twice',
    async () => {
      const whole = projectWith();
      expect((await launch(whole, ['rehearse', 'prod', '--auto'])).exit).toBe(0);
      const project = projectWith();
      let kills = 0;
      for (let act = 1; act < 40; act += 1) {
        const { exit, signal } = await launch(project, ['rehearse', 'prod', '--auto'], {
          LAUNCHBOOK_CRASH: `act:${act}`,
        });
        if (signal !== 'SIGKILL') {
          expect(exit).toBe(0);
          break;
        }
        kills += 1;
      }
      // Every call of fly that changes something: app, two addresses, volume, secrets, deploy, certificate.
      expect(kills).toBe(7);
      const { 'release created': releases, ...others } = countMade(project);
      const { 'release created': one, ...expected } = countMade(whole);
      expect(others).toEqual(expected);
      expect(releases).toBe(one);
    },
    TIME,
  );
});
