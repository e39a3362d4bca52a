// A step and a runbook with nothing but their names, as the loader makes them: every test says only what it is about.
import type { Runbook, Step } from '../src/runbook/model.ts';

export const place = { file: 'runbooks/test.md', line: 1, column: 1 };

export const stepNamed = (id: string, more: Partial<Step> = {}): Step => ({
  id,
  title: id,
  phase: 'Phase',
  prose: '',
  form: { form: 'manual' },
  needs: [],
  verify: [],
  unless: [],
  optional: false,
  env: {},
  continueOnError: false,
  requires: [],
  copy: {},
  ask: [],
  evidence: false,
  onError: [],
  allow: [],
  place,
  digest: id,
  ...more,
});

export const secretNamed = (name: string) =>
  ({ name, secret: true, required: true, absent: false, to: 'fly-secret', sameAsStaging: 'warn' }) as const;

export const runbookNamed = (name: string, more: Partial<Runbook> = {}): Runbook => ({
  name,
  file: `runbooks/${name}.md`,
  title: name,
  record: 'PRODUCTION_DEPLOYMENT.md',
  accounts: {},
  forbid: [],
  inputs: [],
  secrets: [],
  steps: [],
  phases: [],
  intro: '',
  digest: 'd'.repeat(64),
  source: '',
  uses: [],
  ...more,
});

/** Steps in order, each needing the one before. */
export const inOrder = <Short extends { readonly id: string } & Partial<Step>>(steps: readonly Short[]): Step[] =>
  steps.map(({ id, ...more }, n) =>
    stepNamed(id, { needs: steps.slice(Math.max(0, n - 1), n).map((s) => s.id), ...more }),
  );
