// The comparison as a table: one row a name, one column a side. Words of state, never a value.
import type { SecretSpec } from '../system/ports.ts';
import type { SecretsToCompare } from './diff.ts';
import type { InventoryEntry } from './inventory.ts';

export interface MatrixRow {
  readonly name: string;
  /** '' where the side does not have it. */
  readonly code: '' | 'required' | 'optional' | 'named';
  readonly other: '' | 'set' | 'same value?';
  readonly app: '' | 'set' | 'staged' | 'partly';
  readonly env: '' | 'set';
  readonly runbook: '' | 'secret' | 'config' | 'optional' | 'in [env]' | 'absent' | 'by a step' | 'not now';
}

/** Every name that any side has, but for what the platform gives. */
export function matrixOf({
  declared,
  notNow = [],
  stored,
  other,
  env,
  inventory = [],
}: SecretsToCompare): readonly MatrixRow[] {
  const specs = new Map(declared.map((spec) => [spec.name, spec]));
  const here = new Map(stored.map((secret) => [secret.name, secret]));
  const there = new Map(other?.stored.map((secret) => [secret.name, secret]));
  const code = new Map(inventory.filter(({ given }) => !given).map((entry) => [entry.name, entry]));
  const inEnv = new Set(Object.keys(env?.values ?? {}));
  const names = new Set([...specs.keys(), ...here.keys(), ...there.keys(), ...code.keys(), ...inEnv, ...notNow]);
  return [...names].sort().map((name) => {
    const [ours, theirs] = [here.get(name), there.get(name)];
    const same = ours?.digest !== undefined && ours.digest !== '' && ours.digest === theirs?.digest;
    return {
      name,
      code: readBy(code.get(name)),
      other: theirs === undefined ? '' : same ? 'same value?' : 'set',
      app: ours === undefined ? '' : ours.status === 'Staged' ? 'staged' : ours.status === 'Partial' ? 'partly' : 'set',
      env: inEnv.has(name) ? 'set' : '',
      runbook: notNow.includes(name) ? 'not now' : declaredAs(specs.get(name)),
    };
  });
}

function readBy(entry: InventoryEntry | undefined): MatrixRow['code'] {
  if (
    entry === undefined ||
    (entry.read.length === 0 && entry.named.every(({ by }) => by === 'runbook' || by === 'fly.toml'))
  )
    return '';
  if (entry.read.length === 0) return 'named';
  return entry.required ? 'required' : 'optional';
}

function declaredAs(spec: SecretSpec | undefined): MatrixRow['runbook'] {
  if (spec === undefined) return '';
  if (spec.absent) return 'absent';
  if (spec.to === 'fly-env') return 'in [env]';
  if (spec.setBy !== undefined) return 'by a step';
  if (!spec.required) return 'optional';
  return spec.secret ? 'secret' : 'config';
}
