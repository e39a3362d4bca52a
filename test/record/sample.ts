// A runbook and a run of it that has a bit of everything a record tells.
import type { Fact, LaunchEvent } from '../../src/engine/events.ts';
import type { Runbook, Step } from '../../src/runbook/model.ts';
import { chain } from '../engine/chain.ts';
import { runbookNamed, stepNamed } from '../samples.ts';

const place = { file: 'runbooks/prod.md', line: 1, column: 1 };

export const step = (id: string, more: Partial<Step> = {}): Step => stepNamed(id, { phase: 'Backend', place, ...more });

export const runbook = (steps: readonly Step[], more: Partial<Runbook> = {}): Runbook =>
  runbookNamed('prod', { title: 'SolOS v0 production launch', steps, digest: 'a1b2c3d4'.repeat(8), ...more });

const input = { type: 'text', required: true, place } as const;

export const launch: Runbook = runbook(
  [
    step('bundle-id', {
      phase: 'Decisions',
      title: 'Which bundle id',
      form: { form: 'question', question: 'Which bundle id is registered for ${{ inputs.app }}?', shape: 'text' },
    }),
    step('phone', {
      phase: 'Decisions',
      title: 'Which number',
      form: { form: 'question', question: 'Which number calls?', shape: 'text' },
    }),
    step('create-app', { title: 'Create the Fly app', form: { form: 'uses', kind: 'fly/app', with: {} } }),
    step('deploy', {
      title: 'Deploy ${{ inputs.app }}',
      form: { form: 'uses', kind: 'fly/deploy', with: {} },
      undo: { run: 'fly deploy --image previous' },
    }),
    step('point-dns', { title: 'Point DNS', who: 'jam', undo: { manual: 'Remove the CNAME | keep the zone' } }),
    step('migrate', { title: 'Migrate', form: { form: 'run', command: 'npm run migrate' } }),
    step('smoke', {
      title: 'Smoke test',
      phase: 'TestFlight',
      form: {
        form: 'checklist',
        testers: ['${{ inputs.testers }}'],
        items: [{ text: 'Sign in' }, { text: 'Ask "${{ inputs.app }}" | a question' }],
      },
    }),
    step('announce', { title: 'Announce', phase: 'TestFlight', who: 'jam' }),
  ],
  {
    inputs: [
      { ...input, name: 'app', description: 'Fly app name', secret: false },
      { ...input, name: 'token', secret: true },
      { ...input, name: 'region', secret: false },
      { ...input, name: 'testers', type: 'list', secret: false },
    ],
  },
);

const facts: readonly Fact[] = [
  { type: 'input.given', name: 'app', value: 'solserver-prod', from: 'default' },
  { type: 'input.given', name: 'token', secret: true, from: 'jam' },
  {
    type: 'answer.given',
    question: 'steps.bundle-id.answer',
    message: 'Which bundle id?',
    value: 'com.sol.app',
    by: 'jam',
    step: 'bundle-id',
  },
  { type: 'step.done', step: 'bundle-id', how: 'on-word', by: 'jam', outputs: { answer: 'com.sol.app' }, evidence: {} },
  {
    type: 'step.done',
    step: 'create-app',
    how: 'verified',
    by: 'jam',
    outputs: { app: 'solserver-prod' },
    evidence: { seen: [{ is: 'so', what: 'app solserver-prod', seen: 'in org sollabs' }] },
    already: true,
  },
  { type: 'secret.kept', app: 'solserver-prod', name: 'SOLSERVER_API_KEY', where: 'fly secrets', salt: 's', hash: 'h' },
  {
    type: 'answer.given',
    question: 'steps.deploy.confirm',
    message: 'Deploy now?',
    value: 'yes',
    by: 'jam',
    step: 'deploy',
  },
  { type: 'step.started', step: 'deploy', attempt: 1, does: 'act', commands: ['fly deploy --app solserver-prod'] },
  {
    type: 'step.ended',
    step: 'deploy',
    attempt: 1,
    result: 'failed',
    why: 'health check failing',
    exit: 1,
    tail: ['Waiting…', '```', '\u001b[31mfailed\u001b[0m'],
  },
  { type: 'step.failed', step: 'deploy', why: 'health check failing' },
  { type: 'step.reopened', step: 'deploy', why: 'tried again', by: 'jam', to: 'act' },
  { type: 'step.started', step: 'deploy', attempt: 2, does: 'act', commands: ['fly deploy --app solserver-prod'] },
  { type: 'run.resumed', operator: 'ann', before: 'jam on studio' },
  { type: 'step.resolved', step: 'deploy', attempt: 2, by: 'look', as: 'done', why: 'release 5 runs' },
  {
    type: 'step.done',
    step: 'deploy',
    how: 'verified',
    by: 'ann',
    outputs: {},
    evidence: {
      seen: [
        {
          is: 'so',
          what: 'GET https://solserver-prod.fly.dev/health, expecting 200',
          seen: '200',
          warning: 'one machine only',
        },
      ],
      receipt: 'receipts/deploy-2.log',
    },
  },
  {
    type: 'step.done',
    step: 'point-dns',
    how: 'on-word',
    by: 'ann',
    outputs: {},
    evidence: { proof: 'https://example.com/shot_1.png' },
    reason: 'Cloudflare was down, done by phone',
  },
  { type: 'step.skipped', step: 'migrate', reason: 'nothing to migrate | yet', by: 'ann' },
  { type: 'item.ticked', step: 'smoke', item: 0, tester: 'ann', result: 'pass', by: 'ann' },
  { type: 'item.ticked', step: 'smoke', item: 0, tester: 'ben', result: 'fail', note: 'crashes <script>', by: 'ann' },
  { type: 'note.added', text: 'Ben is on holiday', by: 'ann', step: 'smoke' },
  { type: 'step.waiting', step: 'smoke', for: 'items', what: '2 items open' },
  { type: 'run.paused', why: 'waiting for ben', step: 'smoke' },
  { type: 'input.given', name: 'testers', value: ['ann', 'ben'], from: 'jam' },
];

export const events: readonly LaunchEvent[] = chain(...facts);

/** What somebody may write where a text belongs. */
export const hostile = [
  'a | b',
  'a \\| b',
  'ends with \\',
  '`code` and ``more``',
  '<script>alert(1)</script>',
  '<!-- hidden -->',
  '&lt; &amp; &#60;',
  '**bold** _em_ __strong__ ~~gone~~ snake_case_name',
  '![image](https://evil.example/x.png) [link](javascript:alert)',
  '# heading',
  '- item',
  '1. one',
  'a\nb\r\nc',
  '\u001b]0;title\u0007 \u202eback',
  '---',
  '| --- |',
];
