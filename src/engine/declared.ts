// The secrets a runbook declares, with its expressions filled in.
import type { SecretApp } from '../runbook/model.ts';
import type { SecretSpec } from '../system/ports.ts';
import { type Contexts, fill, truth } from '../text/expression.ts';

/** The names an app's secrets are declared by, with expressions filled in; a name whose `when` is not true is left out. */
export function declaredSecrets(
  apps: readonly SecretApp[],
  app: string,
  contexts: Contexts,
): { compareWith?: string; names: readonly SecretSpec[] } {
  const text = (value: string) => {
    const filled = fill(value, contexts);
    return filled.ok ? String(filled.value) : value;
  };
  const found = apps.find((one) => text(one.app) === app);
  if (!found) return { names: [] };
  const names = found.names.filter((spec) => {
    if (spec.when === undefined) return true;
    const holds = truth(spec.when, contexts);
    return holds.ok && holds.value;
  });
  return {
    ...(found.compareWith !== undefined && { compareWith: text(found.compareWith) }),
    names: names.map(({ when, ...spec }) => ({
      ...spec,
      app,
      ...(spec.default !== undefined && { default: text(spec.default) }),
    })),
  };
}

/** All of them, of every app. */
export function allDeclared(apps: readonly SecretApp[], contexts: Contexts): readonly SecretSpec[] {
  return apps.flatMap(({ app }) => {
    const filled = fill(app, contexts);
    return filled.ok ? declaredSecrets(apps, String(filled.value), contexts).names : [];
  });
}
