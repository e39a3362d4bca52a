// Fill an app's secrets: every name the runbook requires is on Fly afterwards, each value kept before it is sent, all sent at once.
import { z } from 'zod';
import { encodeSecrets } from '../../src/secrets/encode.ts';
import { looksLikeTest } from '../../src/secrets/test-looking.ts';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { SecretSpec, UseToAct } from '../../src/system/ports.ts';
import { flyLogin, flyTool, importSecrets, listSecrets, notSeen } from '../fly/client.ts';
import { appName } from '../fly/fields.ts';

const With = z.strictObject({ app: appName });
type Ports = UseToAct<'processes' | 'secrets' | 'tell'>;

export const fill = defineStep({
  name: 'secrets/fill',
  summary: 'Set the secrets of an app that the runbook names and that are not set yet',
  example: 'with: { app: solserver-prod }',
  with: With,
  describe: ({ app }) => `every required secret of ${app} is set; missing ones are asked for, made or read, and staged`,
  commands: ({ app }) => [['fly', 'secrets', 'import', '--stage', '-a', app]],
  requires: [flyTool],
  login: flyLogin,
  verify: async ({ app }, { processes, secrets }) => {
    const list = await listSecrets(app, { processes });
    if (!list.ok) return notSeen(list.problem, { app, expected: `the secrets of ${app}` });
    const { names } = secrets.declared(app);
    const stored = list.value.map(({ name }) => name);
    return compare(app, names, { stored, ...(await changedSince(names, stored, secrets)) });
  },
  act: async ({ app }, { processes, secrets, tell }) => setMissing(app, { processes, secrets, tell }),
  checkedAgainst: 'stand-in',
});

/** Names that are ours to set: not those that a step sets, that must not be there, or that belong into `[env]`. */
const ours = (names: readonly SecretSpec[]): readonly SecretSpec[] =>
  names.filter(({ to, absent, setBy }) => to === 'fly-secret' && !absent && setBy === undefined);

interface Changed {
  /** What lies at their source is not what is known to be on Fly. */
  readonly changed: readonly { readonly name: string; readonly why: string }[];
  /** Sources that cannot be read now. */
  readonly unread: readonly string[];
}

/** Of the names that are set: whose source has another value now. Fly gives none back, so only what we sent ourselves can be told. */
async function changedSince(
  declared: readonly SecretSpec[],
  stored: readonly string[],
  secrets: Pick<Ports['secrets'], 'sinceSent'>,
): Promise<Changed> {
  const changed: { name: string; why: string }[] = [];
  const unread: string[] = [];
  for (const spec of ours(declared).filter(({ name }) => stored.includes(name))) {
    const since = await secrets.sinceSent(spec);
    if (since.is === 'other') changed.push({ name: spec.name, why: since.why });
    if (since.is === 'unknown' && since.why !== undefined) unread.push(since.why);
  }
  return { changed, unread };
}

function compare(
  app: string,
  declared: readonly SecretSpec[],
  { stored, changed, unread }: Changed & { readonly stored: readonly string[] },
): Look {
  const required = namesOf(ours(declared).filter((spec) => spec.required));
  const missing = required.filter((name) => !stored.includes(name));
  const forbidden = unwanted(declared, stored);
  if (missing.length + forbidden.length + changed.length === 0) {
    const left = namesOf(ours(declared)).filter((name) => !stored.includes(name));
    const optional = left.length === 0 ? '' : `; optional and not set: ${left.join(', ')}`;
    return {
      is: 'so',
      seen: `${required.length} of ${required.length} required secrets are set on ${app}${optional}`,
      ...(unread.length > 0 && { warning: unread.join('; ') }),
    };
  }
  const expected = [
    ...(required.length > 0 ? [`set: ${required.join(', ')}`] : []),
    ...(changed.length > 0 ? [`as at their source: ${changed.map(({ name }) => name).join(', ')}`] : []),
    ...(forbidden.length > 0 ? [`not set: ${forbidden.join(', ')}`] : []),
  ];
  const seen = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...changed.map(({ why }) => why),
    ...(forbidden.length > 0 ? [`set: ${forbidden.join(', ')}`] : []),
  ];
  return {
    is: 'not-so',
    expected: expected.join('; '),
    seen: seen.join('; '),
    ...(forbidden.length > 0 && { hint: removal(app, forbidden) }),
  };
}

async function setMissing(app: string, ports: Ports): Promise<Acted> {
  const { processes, secrets, tell } = ports;
  const declared = secrets.declared(app).names;
  const list = await listSecrets(app, { processes });
  if (!list.ok)
    return {
      ended: 'failed',
      why: `${list.problem.why}; nothing was sent`,
      ...(list.problem.hint !== undefined && { hint: list.problem.hint }),
    };
  const stored = list.value.map(({ name }) => name);
  const forbidden = unwanted(declared, stored);
  // A value on Fly can never be read back: taking one away is a person's decision.
  if (forbidden.length > 0)
    return failed(`${forbidden.join(', ')} must not be set on ${app}; nothing was sent`, removal(app, forbidden));
  const { changed } = await changedSince(declared, stored, secrets);
  const again = changed.map(({ name }) => name);
  const wanted = ours(declared).filter(
    (spec) => again.includes(spec.name) || (!stored.includes(spec.name) && (spec.required || hasSource(spec))),
  );
  for (const { why } of changed) tell(`${why}: it is sent again`);
  const obtained = await obtainAll(wanted, { secrets, tell });
  if ('why' in obtained) return failed(obtained.why);
  const encoded = encodeSecrets(obtained.values.map(({ spec, value }) => ({ name: spec.name, value })));
  if ('refused' in encoded) {
    const reasons = encoded.refused.map(({ name, why }) => `${name}: ${why}`).join('; ');
    return failed(
      `nothing was sent, since \`fly secrets import\` would change a value (${reasons})`,
      'Store it as base64 (in lines, where it is long) and decode it in the app, or mend the value.',
    );
  }
  for (const { spec, value } of obtained.values) await secrets.kept(spec, value, `Fly secret of ${app}`);
  const names = namesOf(wanted.filter((spec) => obtained.values.some((one) => one.spec === spec)));
  if (names.length === 0) return { ended: 'ok', seen: 'nothing was missing' };
  for (const { spec, value } of obtained.values) {
    const why = looksLikeTest(spec.name, value);
    if (why !== undefined) tell(`${spec.name} looks like a test value: ${why}`);
  }
  tell(`sending ${names.join(', ')} to ${app}`);
  return checkAfter(app, names, await importSecrets(app, encoded.stdin, { processes }, { stage: true }), ports);
}

/**
 * Every value, or why there is none of some: then none is kept and none is sent. What is read comes first and what is made last, so that
 * nobody types, and nothing is handed over, for what cannot be ended.
 */
async function obtainAll(
  wanted: readonly SecretSpec[],
  { secrets, tell }: Pick<Ports, 'secrets' | 'tell'>,
): Promise<
  { readonly values: readonly { readonly spec: SecretSpec; readonly value: string }[] } | { readonly why: string }
> {
  const values: { spec: SecretSpec; value: string }[] = [];
  for (const round of ROUNDS) {
    const whys: string[] = [];
    for (const spec of wanted.filter(round)) {
      const obtained = await secrets.obtain(spec);
      if ('value' in obtained) values.push({ spec, value: obtained.value });
      else if (spec.required) whys.push(obtained.why);
      else tell(`${obtained.why}: left out, since it is optional`);
    }
    if (whys.length > 0) return { why: `${whys.join('; ')}; nothing was sent` };
  }
  return { values: wanted.flatMap((spec) => values.filter((one) => one.spec === spec)) };
}

const ROUNDS: readonly ((spec: SecretSpec) => boolean)[] = [
  ({ generate, from }) => generate === undefined && from !== undefined,
  ({ generate, from }) => generate === undefined && from === undefined,
  ({ generate }) => generate !== undefined,
];

/** Fly loses what it cannot parse without an error (facts/flyctl.md §3.10.4), and a lost reply says nothing: the list decides. */
async function checkAfter(app: string, names: readonly string[], sent: Acted, { processes }: Ports): Promise<Acted> {
  if (sent.ended === 'failed') return { ...sent, why: `${sent.why}; ${names.join(', ')} were not set` };
  const list = await listSecrets(app, { processes });
  if (!list.ok)
    return {
      ended: 'unclear',
      why: `${names.join(', ')} were sent to ${app}, but its list cannot be read: ${list.problem.why}`,
    };
  const lost = names.filter((name) => !list.value.some((secret) => secret.name === name));
  if (lost.length === 0) return { ended: 'ok', seen: `staged on ${app}: ${names.join(', ')}` };
  if (sent.ended === 'unclear')
    return { ended: 'unclear', why: `${sent.why}; not in the list of ${app}: ${lost.join(', ')}` };
  return failed(`fly took the secrets without an error, but ${lost.join(', ')} did not arrive on ${app}`);
}

/** An optional name is set only where its value comes by itself: nobody is asked for what may be left out. */
const hasSource = ({ generate, from, secret, default: value }: SecretSpec): boolean =>
  generate !== undefined || from !== undefined || (!secret && value !== undefined);

const unwanted = (declared: readonly SecretSpec[], stored: readonly string[]): readonly string[] =>
  namesOf(declared.filter(({ absent }) => absent)).filter((name) => stored.includes(name));

const removal = (app: string, names: readonly string[]): string =>
  `If they are not needed: fly secrets unset ${names.join(' ')} --stage -a ${app} (a value cannot be read back from Fly).`;

const namesOf = (specs: readonly SecretSpec[]): readonly string[] => specs.map(({ name }) => name);

const failed = (why: string, hint?: string): Acted => ({ ended: 'failed', why, ...(hint !== undefined && { hint }) });
