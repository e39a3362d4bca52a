// The secrets a runbook declares, with its expressions filled in.
import type { SecretApp } from '../runbook/model.ts';
import type { DeclaredSecrets, SecretSpec } from '../system/ports.ts';
import { type Contexts, fill, truth } from '../text/expression.ts';

/** The names an app's secrets are declared by, with expressions filled in; a name whose `when` is not true is left out. */
export function declaredSecrets(apps: readonly SecretApp[], app: string, contexts: Contexts): DeclaredSecrets {
  const text = (value: string) => {
    const filled = fill(value, contexts);
    return filled.ok ? String(filled.value) : value;
  };
  const found = apps.find((one) => text(one.app) === app);
  if (!found) return { names: [] };
  const holds = ({ when }: { readonly when?: string }) => {
    if (when === undefined) return true;
    const told = truth(when, contexts);
    return told.ok && told.value;
  };
  const names = found.names.filter(holds);
  const compareWith = found.compareWith === undefined ? undefined : text(found.compareWith);
  const comparing = apps.filter((one) => one.compareWith !== undefined && text(one.compareWith) === app);
  const others = apps.filter((one) => one !== found && text(one.app) !== compareWith && !comparing.includes(one));
  return {
    ...(compareWith !== undefined && { compareWith }),
    ...(comparing[0] && { comparedBy: text(comparing[0].app) }),
    notNow: found.names.filter((spec) => !holds(spec)).map(({ name }) => name),
    ofOthers: others.flatMap((one) => one.names.map(({ name }) => name)),
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
