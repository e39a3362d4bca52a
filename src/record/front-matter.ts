// The head of the record that a machine can read: YAML in which every text is a JSON string.
import { safe } from '../text/escape.ts';
import type { Account } from './account.ts';

export function frontMatter(account: Account): string {
  const { runbook, event, phases } = account;
  const stale = phases.flatMap(({ steps }) => steps).flatMap(({ id, changed }) => (changed ? [id] : []));
  const lines = [
    ['record', account.record],
    ['run', account.run],
    ['mode', account.mode],
    ['runbook', runbook.name],
    ['runbook-file', runbook.file],
    ['runbook-digest', runbook.digest],
    ['outcome', account.outcome],
    ['started', account.started],
    ['ended', account.ended ?? null],
    ['operators', account.operators],
    ['commit', account.commit ?? null],
    ['tool', `launchbook ${account.tool}`],
    ['aimed-elsewhere', Object.keys(account.aim ?? {})],
    ['steps', account.counts],
    ...(stale.length > 0 ? [['stale', stale] as const] : []),
    ['event', event],
  ] as const;
  return ['---', ...lines.map(([name, value]) => `${name}: ${yaml(value)}`), '---'].join('\n');
}

/** JSON is YAML; a space after the colon is what its flow form wants, and what is not printable is made visible. */
function yaml(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(safe(value));
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, part]) => `${name}: ${yaml(part)}`);
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
  }
  return JSON.stringify(value);
}
