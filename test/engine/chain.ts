// Facts as the events of a run, one a minute.
import type { Fact, FactOf, LaunchEvent } from '../../src/engine/events.ts';

export const begun: FactOf<'run.started'> = {
  type: 'run.started',
  run: 'prod-20261122-k3f',
  runbook: {
    name: 'prod',
    file: 'runbooks/prod.md',
    title: 'A launch',
    digest: 'a1b2c3d4'.repeat(8),
    copy: 'runbook-a1b2c3d4.md',
    commit: 'c0ffee1',
  },
  operator: 'jam',
  tool: '0.1.0',
  mode: 'real',
};

export function chain(...facts: readonly Fact[]): readonly LaunchEvent[] {
  const start = Date.parse('2026-11-22T21:30:00.000Z');
  return [begun, ...facts].slice(facts[0]?.type === 'run.started' ? 1 : 0).map((fact, i) => ({
    v: 1,
    n: i + 1,
    at: new Date(start + i * 60_000).toISOString(),
    ...fact,
    prev: i === 0 ? '' : 'f'.repeat(64),
  }));
}
