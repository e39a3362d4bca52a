// What is different between two versions of a runbook: by the ids of its steps, and by the names beside them.
import type { Runbook } from './model.ts';

export interface Changes {
  readonly edited: string[];
  readonly added: string[];
  readonly gone: string[];
  readonly parts: readonly ChangedPart[];
}

/** A part of the front matter beside `steps`, with the names in it that are not as they were; or the order of the steps. */
export interface ChangedPart {
  readonly part: string;
  readonly names?: readonly string[];
}

/** Prose does not count: a step is edited when its definition is. */
export function compareRunbooks(before: Runbook, after: Runbook): Changes {
  const old = new Map(before.steps.map((step) => [step.id, step.digest]));
  const now = new Set(after.steps.map((step) => step.id));
  return {
    edited: after.steps.filter(({ id, digest }) => old.has(id) && old.get(id) !== digest).map(({ id }) => id),
    added: after.steps.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    gone: before.steps.filter(({ id }) => !now.has(id)).map(({ id }) => id),
    parts: changedParts(before, after),
  };
}

function changedParts(before: Runbook, after: Runbook): readonly ChangedPart[] {
  const named = Object.entries(NAMED).flatMap(([part, namesOf]) => {
    const [was, is] = [namesOf(before), namesOf(after)];
    const names = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
    return names.length > 0 ? [{ part, names }] : [];
  });
  return [
    ...named,
    ...(before.record === after.record ? [] : [{ part: 'record' }]),
    ...(orderOf(before, after) === orderOf(after, before) ? [] : [{ part: 'order of the steps' }]),
  ];
}

/** What each part holds, by name; compared as text. */
const NAMED: Readonly<Record<string, (runbook: Runbook) => ReadonlyMap<string, string>>> = {
  inputs: ({ inputs }) => new Map(inputs.map(({ place, ...input }) => [input.name, JSON.stringify(input)])),
  secrets: ({ secrets }) =>
    new Map(
      secrets.flatMap(({ app, names, ...of }) => [
        [app, JSON.stringify(of)] as const,
        ...names.map((secret) => [secret.name, JSON.stringify([app, secret])] as const),
      ]),
    ),
  accounts: ({ accounts }) => new Map(Object.entries(accounts).map(([name, keys]) => [name, JSON.stringify(keys)])),
  guard: ({ forbid }) => new Map(forbid.map((word) => [word, ''])),
};

/** The steps that both have, in the order of the first. */
function orderOf(runbook: Runbook, other: Runbook): string {
  const both = new Set(other.steps.map(({ id }) => id));
  return runbook.steps.flatMap(({ id }) => (both.has(id) ? [id] : [])).join(' ');
}
