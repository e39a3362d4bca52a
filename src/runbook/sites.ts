// Where in a runbook expressions are read, and what each place lets them name. Anywhere else `${{` is a mistake.
import type { Path } from '../document/document.ts';
import { holdsExpression } from '../text/expression-scan.ts';
import { isMap, type Json, texts } from '../text/json.ts';
import { type DraftStep, mapOf } from './draft.ts';
import type { Subject } from './rule.ts';
import { scriptPath } from './rules-paths.ts';

/** How a text is used: `text` is filled in, `condition` is one expression, `command` goes to bash, `script` and `none` take none. */
type Use = 'text' | 'condition' | 'command' | 'script' | 'none';

export interface Site {
  readonly path: Path;
  /** The text of the key at `path`, not of its value. */
  readonly key?: true;
  readonly text: string;
  readonly use: Use;
  /** May it name secrets, and inputs that are secret? */
  readonly secrets: boolean;
  /** May it name the outputs of its own step (what is looked at after the act)? */
  readonly ownOutputs: boolean;
  /** Only inputs are known there. */
  readonly inputsOnly: boolean;
  readonly step?: DraftStep;
}

/** Keys of a step in which expressions are filled in; all others take none. */
const stepUses: Readonly<Record<string, Use>> = {
  with: 'text',
  run: 'command',
  script: 'script',
  env: 'text',
  if: 'condition',
  copy: 'text',
  open: 'text',
  who: 'text',
  confirm: 'text',
  irreversible: 'text',
  question: 'text',
  default: 'text',
  checklist: 'text',
  testers: 'text',
  'working-directory': 'text',
};

const bare = { secrets: false, ownOutputs: false, inputsOnly: false };

export function* sitesOf(subject: Subject): Generator<Site> {
  const { accounts, record, secrets } = subject.document.front;
  const others = Object.entries(subject.document.front).filter(
    ([key]) => !['accounts', 'record', 'secrets', 'steps'].includes(key),
  );
  for (const [key, value] of others) yield* within(value, [key], { ...bare, use: 'none' });
  yield* within(accounts, ['accounts'], { ...bare, use: 'text', inputsOnly: true });
  yield* within(record, ['record'], { ...bare, use: 'text', inputsOnly: true });
  for (const [app, raw] of Object.entries(mapOf(secrets))) yield* secretSites(app, mapOf(raw));
  for (const step of subject.steps) yield* stepSites(step, subject);
}

function* secretSites(app: string, raw: { readonly [key: string]: Json }): Generator<Site> {
  const inputs = { ...bare, use: 'text' as const, inputsOnly: true };
  if (holdsExpression(app)) yield { ...inputs, path: ['secrets', app], key: true, text: app };
  yield* within(raw['compare-with'], ['secrets', app, 'compare-with'], inputs);
  for (const [name, value] of Object.entries(mapOf(raw.names))) {
    for (const [key, one] of Object.entries(mapOf(value))) {
      const use = key === 'when' ? 'condition' : key === 'default' ? 'text' : 'none';
      yield* within(one, ['secrets', app, 'names', name, key], { ...inputs, use });
    }
  }
}

function* stepSites(step: DraftStep, { kinds }: Subject): Generator<Site> {
  const base = ['steps', step.index];
  const kindOf = (raw: { readonly [key: string]: Json }) =>
    typeof raw.uses === 'string' ? kinds.get(raw.uses) : undefined;
  for (const [key, value] of Object.entries(step.raw)) {
    const path = [...base, key];
    if (key === 'verify' || key === 'unless') yield* checkSites(value, path, key === 'verify');
    else if (key === 'background') yield* checkSites(mapOf(value)['ready-when'], [...path, 'ready-when'], true);
    else if (key === 'with') yield* withSites(value, path, kindOf(step.raw)?.secretFields ?? [], false);
    else if (key === 'undo') yield* undoSites(mapOf(value), path);
    else if (key === 'rehearse')
      for (const [what, one] of Object.entries(mapOf(value)))
        yield* within(one, [...path, what], { ...bare, use: what === 'instead' ? 'text' : 'none', step });
    else if (key === 'ask') yield* askSites(mapOf(value), path);
    else if (key === 'wait') yield* within(value, path, { ...bare, use: isMap(value) ? 'text' : 'none', step });
    else {
      const use =
        key === 'script' && typeof value === 'string' && scriptPath(value)
          ? 'none'
          : Object.hasOwn(stepUses, key)
            ? (stepUses[key] ?? 'none')
            : 'none';
      yield* within(value, path, { ...bare, use, secrets: key === 'env' || key === 'copy', step });
    }
  }

  function* checkSites(list: Json | undefined, path: Path, ownOutputs: boolean): Generator<Site> {
    if (!Array.isArray(list)) return;
    for (const [index, raw] of list.entries()) {
      for (const [key, value] of Object.entries(mapOf(raw))) {
        const at = [...path, index, key];
        if (key === 'with') yield* withSites(value, at, kindOf(mapOf(raw))?.secretFields ?? [], ownOutputs);
        else yield* within(value, at, { ...bare, use: key === 'run' ? 'command' : 'none', ownOutputs, step });
      }
    }
  }

  function* withSites(value: Json, path: Path, secretFields: readonly string[], ownOutputs: boolean): Generator<Site> {
    for (const [key, one] of Object.entries(mapOf(value)))
      yield* within(one, [...path, key], {
        ...bare,
        use: 'text',
        secrets: secretFields.includes(key),
        ownOutputs,
        step,
      });
  }

  function* undoSites(raw: { readonly [key: string]: Json }, path: Path): Generator<Site> {
    yield* within(raw.run, [...path, 'run'], { ...bare, use: 'command', ownOutputs: true, step });
    yield* within(raw.manual, [...path, 'manual'], { ...bare, use: 'text', ownOutputs: true, step });
  }

  function* askSites(raw: { readonly [key: string]: Json }, path: Path): Generator<Site> {
    for (const [name, value] of Object.entries(raw)) {
      for (const [key, one] of Object.entries(mapOf(value)))
        yield* within(one, [...path, name, key], { ...bare, use: key === 'message' ? 'text' : 'none', step });
    }
  }
}

/** Every text inside a value that has to do with expressions, used alike. */
function* within(value: Json | undefined, path: Path, site: Omit<Site, 'path' | 'text' | 'key'>): Generator<Site> {
  if (value === undefined || (typeof value === 'string' && site.use !== 'condition' && !holdsExpression(value))) return;
  for (const { text, path: inner } of texts(value)) {
    if (site.use === 'condition' || holdsExpression(text)) yield { ...site, path: [...path, ...inner], text };
  }
}
