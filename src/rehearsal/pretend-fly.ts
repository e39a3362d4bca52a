// What an app itself says: its log lines. Everything else under fly/ comes about by the stand-in fly, and is never forced.
import type { z } from 'zod';
import { afterRelease } from './fly/machines.ts';
import type * as want from './pretend-wants.ts';
import type { StandIns } from './stand-ins.ts';

export function pretendFly(
  { app: name, contains }: z.output<typeof want.FlyLogs>,
  { fly, clock }: Pick<StandIns, 'fly' | 'clock'>,
): string {
  const written = fly.change((state) => {
    const app = state.apps.find((one) => one.name === name);
    const machine = app?.machines.find((one) => one.state === 'started');
    if (!app || !machine) return [];
    const now = afterRelease(app, clock.now().getTime());
    const since = app.releases.at(-1)?.createdAt ?? 0;
    const recent = app.logs.filter((line) => Date.parse(line.timestamp) >= since);
    const unsaid = contains.filter((text) => !recent.some((line) => line.message.includes(text)));
    const missing = recent.length === 0 && unsaid.length === 0 ? ['started'] : unsaid;
    const timestamp = new Date(now).toISOString();
    for (const message of missing)
      app.logs.push({
        level: 'info',
        instance: machine.id,
        message,
        region: machine.region,
        timestamp,
        provider: 'app',
      });
    return missing;
  });
  return written.length > 0 ? `${name} logs ${written.map((text) => `"${text}"`).join(', ')}` : '';
}
