// Rules about kinds: they exist, checks only look, `with` fits, accounts are looked at by someone.
import { closest, didYouMean } from '../text/closest.ts';
import { holdsExpression } from '../text/expression-scan.ts';
import { isMap, type Json, texts } from '../text/json.ts';
import { say } from './draft.ts';
import { mistakesOf, valueAt } from './issues.ts';
import { isPath, kindUses, type Rule } from './rule.ts';

export const kindsExist: Rule = function* ({ document, steps, kinds, kindNames }) {
  for (const { kind, path, by } of steps.flatMap(kindUses)) {
    if (isPath(kind) && by === 'check')
      yield say(document, [...path, 'uses'], {
        code: 'unknown-kind',
        message: 'a check uses a kind of the library, or `run`',
        remedy: '`launch steps` lists the kinds',
      });
    if (isPath(kind) || kinds.has(kind) || holdsExpression(kind)) continue;
    const near = didYouMean(kind, kindNames);
    const remedy = near
      ? `${near}  (\`launch steps\` lists them)`
      : '`launch steps` lists the kinds; a kind of the project is written ./steps/x.mjs';
    yield say(document, [...path, 'uses'], { code: 'unknown-kind', message: `unknown kind "${kind}"`, remedy });
  }
};

export const checksLook: Rule = function* ({ document, steps, kinds }) {
  for (const { kind: name, path, by } of steps.flatMap(kindUses)) {
    const kind = by === 'check' ? kinds.get(name) : undefined;
    if (kind && !kind.verify)
      yield say(document, [...path, 'uses'], {
        code: 'not-a-check',
        message: `${name} cannot look at anything`,
        remedy: 'a check is a kind that looks; make this a step of its own',
      });
    else if (kind?.act)
      yield say(document, [...path, 'uses'], {
        severity: 'warning',
        code: 'only-looks',
        message: `as a check ${name} only looks`,
        remedy: 'make it a step of its own where it is to act',
      });
  }
};

/** What an expression stands for is checked when it is filled in. */
export const withFits: Rule = function* ({ document, steps, kinds }) {
  for (const { kind: name, with: value, path: base, raw } of steps.flatMap(kindUses)) {
    const kind = kinds.get(name);
    // A misspelt `with` is said already.
    const misspelt =
      raw.with === undefined && Object.keys(raw).some((key) => closest(key, ['with', 'within']) === 'with');
    if (!kind || !isMap(value) || misspelt) continue;
    for (const { path, at, key, ...problem } of mistakesOf(kind.with, value)) {
      const decided = problem.code === 'unknown-key' || problem.code === 'missing-key' || at === 'key';
      if (!decided && dependsOnExpression(valueAt(value, path))) continue;
      const remedy =
        problem.remedy ?? (problem.code === 'missing-key' ? `\`launch steps ${name}\` shows what it takes` : undefined);
      const where = raw.with === undefined ? [...base, 'uses'] : [...base, 'with', ...path];
      yield say(document, where, { ...problem, ...(remedy && { remedy }) }, raw.with === undefined ? 'value' : at);
    }
  }
};

const dependsOnExpression = (value: Json | undefined): boolean =>
  value !== undefined && [...texts(value)].some(({ text }) => holdsExpression(text));

export const accountsAreLookedAt: Rule = function* ({ document, head, kinds }) {
  const looked = [...kinds.values()].flatMap((kind) => (kind.login ? [kind.login.account] : []));
  for (const account of Object.keys(head?.accounts ?? {})) {
    if (looked.includes(account)) continue;
    const remedy = didYouMean(account, looked) ?? 'take it away, or check it by a step';
    yield say(
      document,
      ['accounts', account],
      {
        severity: 'warning',
        code: 'account-not-checked',
        message: `no kind used here looks at the account "${account}"`,
        remedy,
      },
      'key',
    );
  }
};
