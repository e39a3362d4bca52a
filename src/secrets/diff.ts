// Compares what a runbook declares for an app with what stands on Fly and in fly.toml. Pure; knows names and digests, never a value.
import type { SecretSpec } from '../system/ports.ts';

/** A secret as `fly secrets list` shows it (facts/flyctl.md §3.10.2). `status` is missing above 100 machines. */
interface StoredSecret {
  readonly name: string;
  readonly digest?: string;
  readonly status?: string;
}

export interface SecretsToCompare {
  readonly app: string;
  readonly declared: readonly SecretSpec[];
  /** On the app itself. */
  readonly stored: readonly StoredSecret[];
  /** On the app it is compared with. */
  readonly other?: { readonly app: string; readonly stored: readonly StoredSecret[] };
  /** `[env]` of the app's fly.toml: names with their (plain) values. Missing: there is no such file. */
  readonly env?: { readonly file: string; readonly values: Readonly<Record<string, string>> };
}

type DifferenceKind =
  | 'missing'
  | 'missing-optional'
  | 'must-be-absent'
  | 'missing-in-env'
  | 'differs-in-env'
  | 'not-declared'
  | 'only-on-other'
  | 'staged'
  | 'secret-and-env'
  | 'same-as-other'
  | 'config-as-secret';

export interface Difference {
  readonly name: string;
  readonly kind: DifferenceKind;
  /** `wrong`: the app cannot be launched like this. `look`: a person should know. */
  readonly weight: 'wrong' | 'look';
  readonly sentence: string;
}

/** Every difference, what is wrong first, by name within. */
export function compareSecrets(sides: SecretsToCompare): readonly Difference[] {
  const found = [...declaredOnes(sides), ...storedOnes(sides), ...onlyOnOther(sides)];
  return found.sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name));
}

function declaredOnes({ app, declared, stored, env }: SecretsToCompare): Difference[] {
  const has = new Set(stored.map(({ name }) => name));
  return declared.flatMap((spec): Difference[] => {
    const { name } = spec;
    if (spec.absent)
      return has.has(name) ? [wrong(name, 'must-be-absent', `${name} is set on ${app} and must not be`)] : [];
    if (spec.to === 'fly-env') return inEnv(spec, env);
    if (has.has(name)) return [];
    const by = spec.setBy === undefined ? '' : ` (step ${spec.setBy} sets it)`;
    if (spec.required) return [wrong(name, 'missing', `${name} is missing on ${app}${by}`)];
    return [look(name, 'missing-optional', `${name} is not set on ${app}; it is optional${by}`)];
  });
}

/** A name that belongs into `[env]` of the deployed file, with the value the runbook gives it. */
function inEnv({ name, default: value, required }: SecretSpec, env: SecretsToCompare['env']): Difference[] {
  const seen = env !== undefined && Object.hasOwn(env.values, name) ? env.values[name] : undefined;
  const file = env?.file ?? 'fly.toml';
  if (seen === undefined) {
    return required ? [wrong(name, 'missing-in-env', `${name} is missing in [env] of ${file}`)] : [];
  }
  if (value === undefined || seen === value) return [];
  return [wrong(name, 'differs-in-env', `${name} in [env] of ${file} is not the value that the runbook gives`)];
}

function storedOnes({ app, declared, stored, other, env }: SecretsToCompare): Difference[] {
  const specs = new Map(declared.map((spec) => [spec.name, spec]));
  const elsewhere = new Map(other?.stored.map((secret) => [secret.name, secret]));
  return stored.flatMap(({ name, digest, status }) => {
    const spec = specs.get(name);
    const found: Difference[] = [];
    if (spec === undefined)
      found.push(look(name, 'not-declared', `${name} is set on ${app}, and the runbook does not name it`));
    if (status === 'Staged' || status === 'Partial') {
      const how = status === 'Staged' ? 'staged and not deployed' : 'deployed to some machines only';
      found.push(look(name, 'staged', `${name} is ${how}: the next deploy applies it`));
    }
    if (env !== undefined && Object.hasOwn(env.values, name)) {
      found.push(
        look(name, 'secret-and-env', `${name} is both a secret and in [env] of ${env.file}: keep one of them`),
      );
    }
    if (spec !== undefined && !spec.secret && spec.to === 'fly-secret') {
      found.push(look(name, 'config-as-secret', `${name} is configuration kept as a secret: nobody can read it back`));
    }
    const twin = elsewhere.get(name);
    const same = twin?.digest !== undefined && twin.digest !== '' && twin.digest === digest;
    // Equal digests are a hint, no proof: nowhere promised (facts/flyctl.md §3.10.2). Configuration may well be the same.
    if (same && other !== undefined && spec?.sameAsStaging !== 'allow' && spec?.secret !== false) {
      found.push(
        look(name, 'same-as-other', `${name} seems to have the same value as on ${other.app} (equal digests)`),
      );
    }
    return found;
  });
}

/** What the other app has and nobody spoke of: the usual thing forgotten. */
function onlyOnOther({ app, declared, stored, other, env }: SecretsToCompare): Difference[] {
  if (other === undefined) return [];
  const known = new Set([...declared, ...stored].map(({ name }) => name));
  return other.stored
    .filter(({ name }) => !known.has(name) && !(env !== undefined && Object.hasOwn(env.values, name)))
    .map(({ name }) =>
      look(name, 'only-on-other', `${name} is set on ${other.app}, but neither on ${app} nor in the runbook`),
    );
}

type MakeDifference = (name: string, kind: DifferenceKind, sentence: string) => Difference;
const wrong: MakeDifference = (name, kind, sentence) => ({ name, kind, weight: 'wrong', sentence });
const look: MakeDifference = (name, kind, sentence) => ({ name, kind, weight: 'look', sentence });

const rank = ({ weight }: Difference): number => (weight === 'wrong' ? 0 : 1);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
