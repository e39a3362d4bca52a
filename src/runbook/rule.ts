// What a rule sees. A rule is one function: it reads the draft and says what is wrong with it, and never stops another.
import type { Path } from '../document/document.ts';
import type { StepKind } from '../step.ts';
import type { Finding } from '../text/finding.ts';
import { isMap, type Json } from '../text/json.ts';
import type { Draft, DraftStep } from './draft.ts';
import type { FormName } from './schema-step.ts';
import type { Joined } from './sections.ts';

export interface Subject extends Draft {
  /** The kinds that the runbook names and the library has. */
  readonly kinds: ReadonlyMap<string, StepKind>;
  readonly kindNames: readonly string[];
  /** Project files that the runbook names; undefined where there is none (or it lies outside). */
  readonly files: ReadonlyMap<string, string | undefined>;
  readonly joined: Joined;
  /** Steps by id; the first of doubled ids. */
  readonly byId: ReadonlyMap<string, DraftStep>;
}

export type Rule = (subject: Subject) => Iterable<Finding>;

/** A use of a kind: by a step, or by one of its checks. */
export interface KindUse {
  readonly step: DraftStep;
  readonly kind: string;
  readonly with: Json;
  /** The map in which `uses` stands. */
  readonly raw: { readonly [key: string]: Json };
  readonly path: Path;
  readonly by: 'step' | 'check';
}

/** Where checks stand in a step. */
export function checksOf(
  step: DraftStep,
): readonly { readonly raw: { readonly [key: string]: Json }; readonly path: Path; readonly in: string }[] {
  const background = isMap(step.raw.background) ? step.raw.background['ready-when'] : undefined;
  const lists: readonly (readonly [Json | undefined, Path])[] = [
    [step.raw.verify, ['verify']],
    [step.raw.unless, ['unless']],
    [background, ['background', 'ready-when']],
  ];
  return lists.flatMap(([list, path]) =>
    Array.isArray(list)
      ? list.flatMap((raw, index) =>
          isMap(raw) ? [{ raw, path: ['steps', step.index, ...path, index], in: String(path[0]) }] : [],
        )
      : [],
  );
}

/** Every use of a kind that a step makes, its checks included. */
export function kindUses(step: DraftStep): readonly KindUse[] {
  const use = (raw: { readonly [key: string]: Json }, path: Path, by: KindUse['by']): readonly KindUse[] =>
    typeof raw.uses === 'string' ? [{ step, kind: raw.uses, with: raw.with ?? {}, raw, path, by }] : [];
  return [
    ...use(step.raw, ['steps', step.index], 'step'),
    ...checksOf(step).flatMap(({ raw, path }) => use(raw, path, 'check')),
  ];
}

/** A project file, not a kind of the library. */
export const isPath = (kind: string): boolean => /^\.{0,2}\//.test(kind);

export const isForm = (step: DraftStep, ...names: readonly FormName[]): boolean =>
  step.form !== undefined && names.includes(step.form);
