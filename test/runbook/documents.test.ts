import { describe, expect, it } from 'vitest';
import { loadRunbook } from '../../src/runbook/load.ts';
import { isError } from '../../src/text/finding.ts';
import { renderFinding } from '../../src/text/render-finding.ts';
import { kindNames, loadKind } from './kinds.ts';

const load = (steps: string, document: string) =>
  loadRunbook({
    file: 'prod.md',
    source: `---\nrunbook: 1\ninputs: { domain: { default: x.example }, token: { secret: true }, hosts: { type: list } }\nsteps:\n${steps}---\n\n## P\n\n### A <!-- a -->\n\nour words\n`,
    kindNames,
    loadKind,
    readFile: async (path) => ({ 'steps/x.md': document })[path],
  });

const PAGE = `---
with:
  host: { description: Host name, pattern: "[a-z.]+" }
  path: { default: /health }
  hosts: { type: list, required: false }
run: |
  curl "https://\${{ inputs.host }}\${{ inputs.path }}" "\${{ inputs['host'] || 'x' }}"
if: inputs.host != 'it''s'
who: jam
verify: [{ uses: http/response, with: { url: "https://\${{ inputs.host }}\${{ inputs.path }}" }, within: 1m }]
---

# Ask it

Look at \`/health\`.
`;

describe('a step document', () => {
  it('becomes the step that uses it, with its values and its body', async () => {
    const { runbook, findings } = await load(
      '  - { id: a, uses: ./steps/x.md, with: { host: "api.${{ inputs.domain }}" }, who: ann, timeout: 5m }\n',
      PAGE,
    );
    expect(findings.map(renderFinding)).toEqual([]);
    expect(runbook?.steps[0]).toMatchObject({
      id: 'a',
      title: 'A',
      who: 'ann',
      timeout: 300_000,
      form: {
        form: 'run',
        command: `curl "https://\${{ format('api.{0}', inputs.domain) }}\${{ '/health' }}" "\${{ format('api.{0}', inputs.domain) || 'x' }}"\n`,
      },
      if: "${{ format('api.{0}', inputs.domain) != 'it''s' }}",
      verify: [
        {
          does: {
            uses: 'http/response',
            with: { url: "https://${{ format('api.{0}', inputs.domain) }}${{ '/health' }}" },
          },
          within: 60_000,
        },
      ],
      prose: 'our words\n\n# Ask it\n\nLook at `/health`.',
    });
    expect(runbook?.uses).toEqual([{ path: 'steps/x.md', text: PAGE }]);
  });

  it('is part of what trust is given to, and of what "edited" means', async () => {
    const steps = '  - { id: a, uses: ./steps/x.md, with: { host: x } }\n';
    const [one, two] = [await load(steps, PAGE), await load(steps, PAGE.replace('1m', '2m'))];
    expect(one.runbook?.digest).not.toBe(two.runbook?.digest);
    expect(one.runbook?.steps[0]?.digest).not.toBe(two.runbook?.steps[0]?.digest);
  });

  it('is told its mistakes once, in its own file', async () => {
    const steps =
      '  - { id: a, uses: ./steps/x.md, with: { host: x } }\n  - { id: b, uses: ./steps/x.md, with: { host: x } }\n';
    const { findings } = await load(
      steps,
      PAGE.replace("inputs['host']", 'inputs.hots').replace('within: 1m', 'wihtin: 1m'),
    );
    expect(findings.filter(isError).map(renderFinding)).toEqual([
      'steps/x.md:7:67  no input is called "hots"\n  7 |   curl "https://${{ inputs.host }}${{ inputs.path }}" "${{ inputs.hots || \'x\' }}"\n    |                                                                   ^^^^  did you mean "host"?',
      expect.stringContaining('steps/x.md:10:96  unknown key "wihtin"'),
    ]);
  });

  it('takes what it declares and nothing else', async () => {
    const { findings } = await load(
      '  - { id: a, uses: ./steps/x.md, with: { hsot: x, path: 3, hosts: ["${{ inputs.domain }}"] } }\n  - { id: b, uses: ./steps/x.md, with: { host: "NO" } }\n  - { id: c, uses: ./steps/x.md }\n',
      PAGE,
    );
    expect(findings.filter(isError).map((one) => `${one.place.line}:${one.place.column} ${one.message}`)).toEqual([
      '5:42 unknown key "hsot"',
      '5:57 the type is text, and the default is no text',
      '5:67 a list with expressions cannot be handed on',
      '6:48 "NO" does not match the pattern',
      '7:20 "host" is missing',
    ]);
  });

  it('lets no secret out by a back door', async () => {
    const { findings } = await load('  - { id: a, uses: ./steps/x.md, with: { host: "${{ inputs.token }}" } }\n', PAGE);
    expect(new Set(findings.filter(isError).map(({ code }) => code))).toEqual(new Set(['secret-place']));
  });

  it('has neither an id nor a kind', async () => {
    const { findings } = await load('  - { id: a, uses: ./steps/x.md }\n', '---\nid: x\nuses: fly/app\n---\n');
    expect(findings.map((one) => `${one.place.file}:${one.place.line} ${one.message}`)).toContain(
      'steps/x.md:2 a step document has no "id"',
    );
    expect(findings.map((one) => `${one.place.file}:${one.place.line} ${one.message}`)).toContain(
      'steps/x.md:3 a step document has no "uses"',
    );
  });

  it('and the step that uses it share one form', async () => {
    const manual = '---\nmanual: true\n---\n\nDo it.\n';
    const { findings } = await load('  - { id: a, uses: ./steps/x.md, retry: { attempts: 2 } }\n', manual);
    expect(findings.filter(isError).map((one) => `${one.place.line}:${one.place.column} ${one.message}`)).toEqual([
      '5:34 "retry" does not go with "manual"',
    ]);
    expect((await load('  - { id: a, uses: ./steps/x.md }\n', manual)).runbook?.steps[0]).toMatchObject({
      form: { form: 'manual' },
      prose: 'our words\n\nDo it.',
    });
  });
});
