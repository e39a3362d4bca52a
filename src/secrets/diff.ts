// Compares what a runbook declares for an app with what stands on Fly and in fly.toml. Pure; knows names and digests, never a value.
import type { SecretSpec } from '../system/ports.ts';
import type { InventoryEntry } from './inventory.ts';
import { isAside } from './scan/which-files.ts';
import { looksLikeTest, nameSaysTest } from './test-looking.ts';

/** A secret as `fly secrets list` shows it (facts/flyctl.md §3.10.2). `status` is missing above 100 machines. */
interface StoredSecret {
  readonly name: string;
  readonly digest?: string;
  readonly status?: string;
}

export interface SecretsToCompare {
  readonly app: string;
  readonly declared: readonly SecretSpec[];
  /** Names declared for it whose `when` does not hold. */
  readonly notNow?: readonly string[];
  /** Names declared for other apps of the runbook, but not for the one it is compared with. */
  readonly ofOthers?: readonly string[];
  /** The app that is compared with this one: this is its staging, and test values belong here. */
  readonly comparedBy?: string;
  /** On the app itself. */
  readonly stored: readonly StoredSecret[];
  /** On the app it is compared with. */
  readonly other?: { readonly app: string; readonly stored: readonly StoredSecret[] };
  /** `[env]` of the app's fly.toml: names with their (plain) values. Missing: there is no such file. */
  readonly env?: { readonly file: string; readonly values: Readonly<Record<string, string>> };
  /** What the code reads. Missing: it was not looked at. */
  readonly inventory?: readonly InventoryEntry[];
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
  | 'config-as-secret'
  | 'missing-for-code'
  | 'not-read'
  | 'test-looking';

export interface Difference {
  readonly name: string;
  readonly kind: DifferenceKind;
  /** `wrong`: the app cannot be launched like this. `look`: a person should know. */
  readonly weight: 'wrong' | 'look';
  readonly sentence: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Every difference, what is wrong first, by name within. */
export function compareSecrets(sides: SecretsToCompare): readonly Difference[] {
  const found = [
    ...declaredOnes(sides),
    ...storedOnes(sides),
    ...onlyOnOther(sides),
    ...neededByCode(sides),
    ...testLooking(sides),
  ];
  return found.sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name));
}

function declaredOnes({ app, declared, stored, env }: SecretsToCompare): Difference[] {
  const has = new Set(stored.map(({ name }) => name));
  return declared.flatMap((spec): Difference[] => {
    const { name } = spec;
    if (spec.absent) return notAbsent(name, { app, stored: has.has(name), env });
    if (spec.to === 'fly-env') return inEnv(spec, env);
    if (has.has(name)) return [];
    const remedy = spec.setBy === undefined ? {} : { remedy: `carry out the step ${spec.setBy}, which sets it` };
    if (spec.required) return [{ ...wrong(name, 'missing', `${name} is missing on ${app}`), ...remedy }];
    return [{ ...look(name, 'missing-optional', `${name} is not set on ${app}; it is optional`), ...remedy }];
  });
}

/** What stands in [env] reaches the app as a secret does. */
function notAbsent(
  name: string,
  { app, stored, env }: Pick<SecretsToCompare, 'app' | 'env'> & { readonly stored: boolean },
): Difference[] {
  const found = stored ? [wrong(name, 'must-be-absent', `${name} is set on ${app} and must not be`)] : [];
  if (env === undefined || !Object.hasOwn(env.values, name)) return found;
  const inFile = wrong(name, 'must-be-absent', `${name} stands in [env] of ${env.file} and must not`);
  return [...found, { ...inFile, remedy: 'take it out of [env] of that file' }];
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

function storedOnes({ app, declared, notNow, stored, other, env, inventory }: SecretsToCompare): Difference[] {
  const known = new Map(inventory?.map((entry) => [entry.name, entry]));
  const specs = new Map(declared.map((spec) => [spec.name, spec]));
  const elsewhere = new Map(other?.stored.map((secret) => [secret.name, secret]));
  return stored.flatMap(({ name, digest, status }) => {
    const spec = specs.get(name);
    const found: Difference[] = [];
    const entry = known.get(name);
    if (spec === undefined && notNow?.includes(name)) {
      const not = look(name, 'not-declared', `${name} is set on ${app}, and its \`when\` in the runbook does not hold`);
      found.push({ ...not, remedy: 'nothing, or take it away by `fly secrets unset NAME --stage`' });
    } else if (spec === undefined && inventory !== undefined && (entry?.read.length ?? 0) === 0)
      found.push(look(name, 'not-read', `${name} is set on ${app}, and neither the runbook nor the code knows it`));
    else if (spec === undefined)
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
    if (spec === undefined ? isReadAsConfig(entry) : !spec.secret && !spec.absent && spec.to === 'fly-secret') {
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

const isReadAsConfig = (entry: InventoryEntry | undefined): boolean =>
  entry !== undefined && !entry.secret && entry.read.length > 0;

/** What the other app has and nobody spoke of: the usual thing forgotten. */
function onlyOnOther({ app, declared, notNow = [], stored, other, env }: SecretsToCompare): Difference[] {
  if (other === undefined) return [];
  const known = new Set([...[...declared, ...stored].map(({ name }) => name), ...notNow]);
  return other.stored
    .filter(({ name }) => !known.has(name) && !(env !== undefined && Object.hasOwn(env.values, name)))
    .map(({ name }) =>
      look(name, 'only-on-other', `${name} is set on ${other.app}, but neither on ${app} nor in the runbook`),
    );
}

/** What the code reads and nobody declared: missing where a process needs it, and neither Fly nor [env] nor the image has it. */
function neededByCode(sides: SecretsToCompare): Difference[] {
  const { app, declared, notNow = [], ofOthers = [], stored, env, inventory = [] } = sides;
  const names = [...declared, ...stored].map(({ name }) => name);
  const has = new Set([...names, ...notNow, ...Object.keys(env?.values ?? {})]);
  const told = inventory.some(({ groups }) => groups.length > 0);
  return inventory.flatMap(({ name, required, given, groups, read, named }) => {
    const [first] = read;
    if (!required || given || has.has(name) || named.some(({ by }) => by === 'dockerfile') || !first) return [];
    const where = `${first.file}:${first.line}`;
    if (ofOthers.includes(name)) {
      const sentence = `${name} is read by ${where} and declared for another app, not for ${app}`;
      return [
        {
          ...look(name, 'missing-for-code', sentence),
          remedy: `declare it for ${app} too, if a process of it needs it`,
        },
      ];
    }
    if (!told && read.every(({ file }) => isAside(file)))
      return [
        look(
          name,
          'missing-for-code',
          `${name} is read by ${where} only, which hardly runs on ${app}, and is set nowhere`,
        ),
      ];
    if (told && groups.length === 0)
      return [
        look(name, 'missing-for-code', `${name} is read by ${where} and not set on ${app}; no process reaches it`),
      ];
    return [wrong(name, 'missing-for-code', `${name} is required by ${where} and is set nowhere`)];
  });
}

/** Plain values only: of [env], and what the runbook gives as a default. A secret's value is not known here. */
function testLooking({ app, declared, comparedBy, stored, env }: SecretsToCompare): Difference[] {
  if (comparedBy !== undefined) return [];
  const absent = new Set(declared.flatMap(({ name, absent: is }) => (is ? [name] : [])));
  const values = [
    ...Object.entries(env?.values ?? {}).map(([name, value]) => ({ name, value, where: `[env] of ${env?.file}` })),
    ...declared.flatMap(({ name, default: value, to }) =>
      value === undefined || to === 'fly-env' ? [] : [{ name, value, where: 'the runbook' }],
    ),
  ];
  const told = new Set(values.map(({ name }) => name));
  const named = stored
    .filter(({ name }) => nameSaysTest(name) && !told.has(name) && !absent.has(name))
    .map(({ name }) => look(name, 'test-looking', `${name} on ${app} looks like a test value: its name says test`));
  const valued = values.flatMap(({ name, value, where }) => {
    const why = looksLikeTest(name, value);
    return why === undefined
      ? []
      : [look(name, 'test-looking', `${name} for ${app} looks like a test value: ${why} (${where})`)];
  });
  return [...valued, ...named];
}

type MakeDifference = (name: string, kind: DifferenceKind, sentence: string) => Difference;
const wrong: MakeDifference = (name, kind, sentence) => ({
  name,
  kind,
  weight: 'wrong',
  sentence,
  remedy: REMEDIES[kind],
});
const look: MakeDifference = (name, kind, sentence) => ({
  name,
  kind,
  weight: 'look',
  sentence,
  remedy: REMEDIES[kind],
});

const REMEDIES: Readonly<Record<DifferenceKind, string>> = {
  missing: 'set it: `launch secrets fill`, or the step secrets/fill',
  'missing-optional': 'nothing, or set it by `fly secrets import --stage`',
  'must-be-absent': 'take it away by `fly secrets unset NAME --stage`; its value cannot be read back from Fly',
  'missing-in-env': 'write it into [env] of that file',
  'differs-in-env': 'mend the file or the runbook, whichever is wrong',
  'not-declared': 'declare it under `secrets:` of the runbook',
  'not-read': 'take it away by `fly secrets unset NAME --stage` once you are sure, or declare it in the runbook',
  'only-on-other': 'declare it in the runbook, with `absent: true` where it must not be set',
  staged: 'deploy, or `fly secrets deploy`; restarting a machine does not apply it',
  'secret-and-env': 'keep the secret for a secret, [env] for configuration',
  'same-as-other': 'see that each has a key of its own; where it is meant, `same-as-staging: allow`',
  'config-as-secret': 'move it to [env] and `to: fly-env`, or leave it',
  'missing-for-code': 'declare it under `secrets:` of the runbook and set it, or give the code a default',
  'test-looking': 'put the production value there',
};

const rank = ({ weight }: Difference): number => (weight === 'wrong' ? 0 : 1);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
