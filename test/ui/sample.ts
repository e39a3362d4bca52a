// A small runbook, its events and states, for tests of what is shown.
import { Writable } from 'node:stream';
import type { Fact, LaunchEvent } from '../../src/engine/events.ts';
import type { RunState, StepState } from '../../src/engine/state.ts';
import type { Question } from '../../src/question.ts';
import type { Step } from '../../src/runbook/model.ts';
import { createOutput } from '../../src/ui/terminal.ts';
import { stepNamed } from '../samples.ts';

export const outline = {
  title: 'SolOS v0 production launch',
  steps: [
    { id: 'create-app', title: 'Create the Fly app', phase: 'Backend on Fly.io' },
    { id: 'dns', title: 'Point DNS', phase: 'Backend on Fly.io', who: 'jam' },
    { id: 'smoke', title: 'Smoke test', phase: 'Testing' },
  ],
};

let n = 0;
export const event = (fact: Fact, at = '2026-11-22T09:00:00.000Z'): LaunchEvent => ({
  v: 1,
  n: (n += 1),
  at,
  prev: '',
  ...fact,
});

export const stepState = (id: string, changes: Partial<StepState> = {}): StepState => ({
  id,
  status: 'pending',
  attempts: [],
  looks: {},
  outputs: {},
  tail: [],
  ticks: [],
  notes: [],
  answers: {},
  again: false,
  acted: false,
  reopened: 0,
  failures: [],
  ...changes,
});

export const runState = (steps: readonly StepState[] = [], changes: Partial<RunState> = {}): RunState => ({
  run: 'prod-20261122-k3f',
  runbook: { name: 'prod', file: 'runbooks/prod.md', title: outline.title, digest: 'd', copy: 'runbook-d.md' },
  mode: 'real',
  tool: '0.1.0',
  operator: 'ann',
  operators: ['ann'],
  startedAt: '2026-11-22T08:00:00.000Z',
  handedOver: false,
  inputs: {},
  secretInputs: [],
  answers: [],
  secrets: [],
  steps: new Map(steps.map((step) => [step.id, step])),
  notes: [],
  sittings: 1,
  last: { n: 1, at: '2026-11-22T09:00:00.000Z' },
  ...changes,
});

/** A step of a runbook, with nothing but its place. */
export const modelStep = (id: string, title: string, phase: string): Step => stepNamed(id, { title, phase });

/** Collects what is written. */
export function sink() {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write(more, _encoding, done) {
      text += more;
      done();
    },
  });
  return { ...createOutput(stream), text: () => text };
}

/** Time that goes on only when told to. */
export function stillClock(start = '2026-11-22T09:00:00.000Z') {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
    pass: (ms: number) => void (at += ms),
  };
}

export const open = (): { readonly signal: AbortSignal } => ({ signal: new AbortController().signal });

export const questions = {
  act: {
    id: 'steps.dns.act',
    type: 'choice',
    about: 'act',
    message: 'Run this?',
    options: [
      { value: 'go', label: 'go on' },
      { value: 'alone', key: 'a', label: 'alone' },
    ],
    default: 'go',
  },
  work: {
    id: 'steps.dns.work',
    type: 'choice',
    about: 'work',
    message: 'Do this.',
    options: [
      { value: 'done', label: 'done' },
      { value: 'open', key: 'o', label: 'open the page' },
    ],
    default: 'done',
  },
  way: {
    id: 'steps.dns.way',
    type: 'choice',
    about: 'way',
    message: '"Point DNS" failed.',
    detail: ['expected a, seen b'],
    options: [{ value: 'again', key: 't', label: 'try again' }],
    default: 'again',
  },
  tick: {
    id: 'steps.smoke.item.1',
    type: 'choice',
    about: 'tick',
    message: 'Login works',
    options: [{ value: 'pass', key: 'p', label: 'pass' }],
    default: 'pass',
  },
  optional: {
    id: 'steps.smoke.optional',
    type: 'choice',
    about: 'optional',
    message: '"Smoke test" is optional.',
    options: [
      { value: 'do', key: 'd', label: 'do it' },
      { value: 'leave', key: 'l', label: 'leave it' },
    ],
  },
  resume: {
    id: 'steps.dns.orphan',
    type: 'choice',
    about: 'resume',
    message: 'It still runs.',
    options: [
      { value: 'wait', key: 'w', label: 'wait' },
      { value: 'end', key: 'x', label: 'end it' },
    ],
    default: 'wait',
  },
  region: {
    id: 'inputs.region',
    type: 'choice',
    about: 'value',
    message: 'Region',
    options: [
      { value: 'sjc', label: 'sjc' },
      { value: 'lax', label: 'lax' },
    ],
    default: 'sjc',
  },
  app: { id: 'inputs.app', type: 'text', message: 'Fly app name', pattern: '[a-z-]+' },
  answer: { id: 'steps.dns.answer', type: 'text', message: 'Which zone?', default: 'sollabs.com' },
  evidence: { id: 'steps.dns.evidence', type: 'text', message: 'The proof' },
  secret: { id: 'inputs.token', type: 'secret', message: 'Token' },
  confirm: { id: 'steps.dns.confirm', type: 'confirm', message: 'Submit for review?' },
  name: { id: 'steps.dns.name', type: 'name', message: 'Type prod.', name: 'prod' },
} as const satisfies Record<string, Question>;
