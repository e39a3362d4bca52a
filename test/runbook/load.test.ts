import { describe, expect, it } from 'vitest';
import { compareRunbooks } from '../../src/runbook/changes.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Runbook, Step } from '../../src/runbook/model.ts';
import { isError } from '../../src/text/finding.ts';
import { kindNames, loadKind } from './kinds.ts';

const load = async (front: string, body = '\n# T\n', files: Record<string, string> = {}) =>
  loadRunbook({
    file: 'runbooks/prod.md',
    source: `---\nrunbook: 1\n${front}---\n${body}`,
    kindNames,
    loadKind,
    readFile: async (path) => {
      if (path.includes('..')) throw new Error(`${path} leaves the project`);
      return files[path];
    },
  });

async function read(front: string, body?: string, files?: Record<string, string>): Promise<Runbook> {
  const { runbook, findings } = await load(front, body, files);
  expect(findings.filter(isError)).toEqual([]);
  if (!runbook) throw new Error('no runbook');
  return runbook;
}

const step = async (yaml: string): Promise<Step | undefined> => (await read(`steps:\n  - ${yaml}\n`)).steps[0];

describe('a runbook', () => {
  it('has names, phases and prose', async () => {
    const body = [
      '',
      'above',
      '',
      '# The launch',
      '',
      'intro',
      '',
      '## About',
      '',
      'facts',
      '',
      '## One',
      '',
      'phase one',
      '',
      '### First <!-- a -->',
      '',
      'do a',
      '',
      '### Notes',
      '',
      'more',
      '',
      '## Between',
      '',
      'words',
      '',
      '## Two',
      '',
      '### B',
      '',
      'do b',
      '',
    ].join('\n');
    const runbook = await read(
      'steps:\n  - { id: a, run: "true" }\n  - { id: between, run: "true" }\n  - { id: b, run: "true" }\n',
      body,
    );
    expect(runbook).toMatchObject({
      name: 'prod',
      file: 'runbooks/prod.md',
      title: 'The launch',
      record: 'PRODUCTION_DEPLOYMENT.md',
    });
    expect(runbook.intro).toBe('above\n\nintro\n\n## About\n\nfacts');
    expect(runbook.phases).toEqual([
      { title: 'One', opening: 'phase one', prose: 'phase one\n\n## Between\n\nwords' },
      { title: 'Two', opening: '', prose: '' },
    ]);
    expect(runbook.steps.map(({ id, title, phase, prose }) => [id, title, phase, prose])).toEqual([
      ['a', 'First', 'One', 'do a\n\n### Notes\n\nmore'],
      ['between', 'between', 'One', ''],
      ['b', 'B', 'Two', 'do b'],
    ]);
  });

  it('has inputs and secrets with their defaults', async () => {
    const runbook = await read(
      'inputs: { app: { default: x, example: 3 }, where: { options: [a, 1], default: 1 }, key: { secret: true, required: false } }\nsecrets:\n  "${{ inputs.app }}": { names: { A:, B: { secret: false, default: 1, when: "inputs.app == \'x\'", from: { env: C } } } }\nsteps: [{ id: a, run: "true" }]\n',
    );
    expect(runbook.inputs.map(({ place, ...input }) => input)).toEqual([
      { name: 'app', type: 'text', default: 'x', example: '3', secret: false, required: true },
      { name: 'where', type: 'choice', options: ['a', '1'], default: '1', secret: false, required: true },
      { name: 'key', type: 'text', secret: true, required: false },
    ]);
    expect(runbook.secrets).toEqual([
      {
        app: '${{ inputs.app }}',
        names: [
          { name: 'A', secret: true, required: true, absent: false, to: 'fly-secret', sameAsStaging: 'warn' },
          {
            name: 'B',
            secret: false,
            required: true,
            absent: false,
            default: '1',
            from: { env: 'C' },
            to: 'fly-secret',
            sameAsStaging: 'warn',
            when: "${{ inputs.app == 'x' }}",
          },
        ],
      },
    ]);
  });

  it('is read with every form and key', async () => {
    expect(
      await step(
        '{ id: a, uses: fly/app, with: { name: x }, within: 1h, every: 30s, timeout: 5m, retry: { attempts: 3 } }',
      ),
    ).toMatchObject({
      form: { form: 'uses', kind: 'fly/app', with: { name: 'x' } },
      within: 3_600_000,
      every: 30_000,
      timeout: 300_000,
      retry: { attempts: 3, interval: 0 },
    });
    expect(
      await step(
        '{ id: a, run: make, unless: [{ run: "test -e x", every: 5s }], env: { PORT: 80 }, if: true, continue-on-error: true, working-directory: api, requires: [make], rehearse: run }',
      ),
    ).toMatchObject({
      form: { form: 'run', command: 'make' },
      unless: [{ does: { run: 'test -e x' }, every: 5000 }],
      env: { PORT: '80' },
      if: '${{ true }}',
      continueOnError: true,
      workingDirectory: 'api',
      requires: ['make'],
      rehearse: { run: true },
    });
    expect(
      await step(
        '{ id: a, manual: true, already: "yes, 2 May", who: jam, open: "https://x", copy: { A: 1 }, ask: { id: { pattern: "[0-9]+", options: [1, 2], required: false }, b: }, evidence: required, optional: true }',
      ),
    ).toMatchObject({
      form: { form: 'manual' },
      already: 'yes, 2 May',
      who: 'jam',
      open: 'https://x',
      copy: { A: '1' },
      evidence: true,
      optional: true,
      ask: [
        { name: 'id', pattern: '[0-9]+', options: ['1', '2'], required: false },
        { name: 'b', required: true },
      ],
    });
    expect(
      await step(
        '{ id: a, checklist: [one, { text: two, for: 15m }], testers: [ann], confirm: Sure?, irreversible: v0, allow: [], costs: 3 $, takes: an hour, not-needed: later }',
      ),
    ).toMatchObject({
      form: { form: 'checklist', items: [{ text: 'one' }, { text: 'two', for: 900_000 }], testers: ['ann'] },
      confirm: 'Sure?',
      irreversible: 'v0',
      costs: '3 $',
      takes: 'an hour',
      notNeeded: 'later',
    });
    expect((await step('{ id: a, question: "which?", options: [a, b], default: a, example: b }'))?.form).toEqual({
      form: 'question',
      question: 'which?',
      shape: 'choice',
      options: ['a', 'b'],
      default: 'a',
      example: 'b',
    });
    expect(await step('{ id: a, wait: 15m, on-error: [{ match: no, hint: wait }] }')).toMatchObject({
      form: { form: 'wait', ms: 900_000 },
      onError: [{ match: 'no', hint: 'wait' }],
    });
    expect((await step('{ id: a, wait: { until: "2026-11-22T09:00:00Z" } }'))?.form).toEqual({
      form: 'wait',
      until: '2026-11-22T09:00:00Z',
    });
    expect(
      await step(
        '{ id: a, gate: true, verify: [{ uses: http/response, with: { url: "https://x.example" }, within: 1d }] }',
      ),
    ).toMatchObject({
      form: { form: 'gate' },
      verify: [
        { does: { uses: 'http/response', with: { url: 'https://x.example' } }, within: 86_400_000, place: { line: 4 } },
      ],
    });
    expect(
      await step(
        '{ id: a, run: tunnel, background: { ready-when: [{ run: pg_isready }], stop-after: a }, undo: { manual: close it }, rehearse: { stdout: ok, exit: 1, outputs: { n: 1 } } }',
      ),
    ).toMatchObject({
      background: { readyWhen: [{ does: { run: 'pg_isready' } }], stopAfter: 'a' },
      undo: { manual: 'close it' },
      rehearse: { stdout: 'ok', exit: 1, outputs: { n: '1' } },
    });
    expect((await step('{ id: a, script: "await $`true`" }'))?.form).toEqual({
      form: 'script',
      script: 'await $`true`',
    });
  });

  it('needs the step above where nothing is said', async () => {
    const { steps } = await read(
      'steps:\n  - { id: a, run: "true" }\n  - { id: b, run: "true" }\n  - { id: c, run: "true", needs: [a] }\n  - { id: d, run: "true", needs: [] }\n',
    );
    expect(steps.map(({ needs }) => needs)).toEqual([[], ['a'], ['a'], []]);
  });

  it('may name outputs of what is not known before it runs', async () => {
    await read(`steps:
  - { id: made, run: 'echo "id=1" >> "$LAUNCH_OUTPUT"' }
  - { id: sent, uses: http/request, with: { url: "https://x.example", save: { job: id } } }
  - { id: asked, question: "which?" }
  - id: used
    run: 'echo "\${{ steps.made.outputs.id }}" "\${{ steps.sent.outputs.job }}" "\${{ steps.asked.outputs.answer }}"'
    if: steps.made.outcome == 'done' && env.CI != 'true' && run.operator != ''
`);
  });

  it('leaves what an expression stands for to when it is filled in', async () => {
    await read(`inputs: { n: { type: number, default: 1 }, hosts: { type: list } }
steps:
  - { id: a, uses: fly/app, with: { name: x, count: "\${{ inputs.n }}" } }
  - { id: b, uses: http/response, with: { url: "\${{ env.URL }}", status: "\${{ inputs.n }}" } }
  - { id: c, uses: dns/record, with: { name: x, type: "\${{ env.TYPE }}", value: ["\${{ inputs.hosts[0] }}"] } }
`);
  });

  it('reads the files it names, and scripts that its commands start', async () => {
    const files = { 'scripts/a.mjs': 'a', 'scripts/b.sh': 'b', 'other.sh': 'not ours', 'checks/c.sh': 'c' };
    const runbook = await read(
      'steps:\n  - { id: a, script: ./scripts/a.mjs }\n  - { id: b, run: "bash ./scripts/b.sh && /usr/bin/other.sh && ../up.sh && gone.sh", verify: [{ run: checks/c.sh }] }\n',
      undefined,
      files,
    );
    expect(runbook.uses).toEqual([
      { path: 'scripts/a.mjs', text: 'a' },
      { path: 'scripts/b.sh', text: 'b' },
      { path: 'checks/c.sh', text: 'c' },
    ]);
    expect(runbook.steps[0]?.form).toEqual({ form: 'script', script: 'a' });
  });

  it('of 10,000 steps is read, and of one more is not', async () => {
    const steps = (count: number) =>
      `steps:\n${Array.from({ length: count }, (_, index) => `  - { id: s${index}, run: "true" }\n`).join('')}`;
    expect((await read(steps(10_000))).steps).toHaveLength(10_000);
    expect((await load(steps(10_001))).findings.map(({ code }) => code)).toEqual(['too-many-steps']);
  }, 60_000);
});

describe('the digest that trust is given to', () => {
  const front = 'title: One\nsteps:\n  - { id: a, script: ./a.mjs }\n';
  const digest = async (text: string, body?: string, files = { 'a.mjs': 'x' }) =>
    (await read(text, body, files)).digest;

  it('does not change with title, prose, comments and layout', async () => {
    const before = await digest(front);
    expect(await digest(front.replace('One', 'Two'), '\n# Other\n\nprose\n')).toBe(before);
    expect(await digest('# a comment\nsteps:\n  - id: a   # here too\n    script: "./a.mjs"\n')).toBe(before);
  });

  it('changes with everything else, also in a file that is named', async () => {
    const before = await digest(front);
    expect(await digest(front, undefined, { 'a.mjs': 'y' })).not.toBe(before);
    expect(await digest(`${front}  - { id: b, run: "true" }\n`)).not.toBe(before);
    expect(await digest(`record: X.md\n${front}`)).not.toBe(before);
  });
});

it('two versions differ by the ids of what was edited, added and taken away', async () => {
  const body = '\n### a\n\nprose\n';
  const before = await read(
    'steps:\n  - { id: a, run: "true" }\n  - { id: b, run: "true" }\n  - { id: c, run: "true" }\n',
    body,
  );
  const after = await read(
    'steps:\n  - { id: c, run: "true" }\n  - { id: b, run: "false" }\n  - { id: d, run: "true" }\n',
    '\n### c\n\nother prose\n',
  );
  const parts = [{ part: 'order of the steps' }];
  expect(compareRunbooks(before, after)).toEqual({ edited: ['b'], added: ['d'], gone: ['a'], parts });
  expect(compareRunbooks(before, before)).toEqual({ edited: [], added: [], gone: [], parts: [] });
});
