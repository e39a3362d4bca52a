import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadRunbook } from '../../src/runbook/load.ts';
import { Input, Runbook, runbookJsonSchema, SecretsOfApp } from '../../src/runbook/schema.ts';
import { forms } from '../../src/runbook/schema-step.ts';
import { readTitle } from '../../src/runbook/title.ts';
import { renderFinding } from '../../src/text/render-finding.ts';
import { kindNames, loadKind } from '../../steps/index.ts';

const page = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');
const example = /^````markdown\n([\s\S]*?)^````$/m.exec(page)?.[1] ?? '';

describe('docs/format.md', () => {
  it('has an example in which lint finds nothing', async () => {
    const { runbook, findings } = await loadRunbook({
      file: 'example.md',
      source: example,
      kindNames,
      loadKind,
      readFile: async () => undefined,
    });
    expect(findings.map(renderFinding)).toEqual([]);
    expect(runbook?.steps.map(({ id, phase }) => `${phase}: ${id}`)).toEqual([
      'Backend on Fly.io: create-app',
      'Backend on Fly.io: addresses',
      'Backend on Fly.io: secrets',
      'Backend on Fly.io: config',
      'Backend on Fly.io: deploy',
      'Domain: certificate',
      'Domain: point-dns',
      'Domain: issued',
      'Proof: smoke',
    ]);
  });

  it('names every key there is', () => {
    const keys = [
      ...Object.keys(Runbook.shape),
      ...Object.keys(Input.shape),
      ...Object.keys(SecretsOfApp.shape),
      ...Object.values(forms).flatMap((form) => Object.keys(form.shape)),
    ];
    expect(
      [...new Set(keys)].filter((key) => !new RegExp(`[\`{ ,]${key}[\`:, }]`).test(page.replace(example, ''))),
    ).toEqual([]);
  });
});

describe('the JSON Schema', () => {
  it('is made of the same shapes', () => {
    const schema = JSON.stringify(runbookJsonSchema());
    expect(schema).toContain('https://json-schema.org/draft/2020-12/schema');
    for (const key of ['continue-on-error', 'ready-when', 'same-as-staging', 'checklist'])
      expect(schema).toContain(`"${key}"`);
  });
});

describe('the title for lists', () => {
  it.each([
    ['SolOS v0 production launch', example],
    ['a "quoted" one', '---\nrunbook: 1\ntitle: "a \\"quoted\\" one"  # comment\n---\n'],
    ["it's", "---\ntitle: 'it''s'\n---\n"],
    ['plain', '\ufeff---\r\ntitle: plain # comment\r\n---\r\n'],
    ['The heading', '---\nrunbook: 1\n---\n\n# The heading\n'],
    [undefined, '---\ntitle: >-\n  folded\n---\n'],
    [undefined, '# no front matter\n'],
    ['cut off', '---\ntitle: cut off\nsteps:\n  - { id: a'],
  ])('is %j without a YAML parser', (title, head) => {
    expect(readTitle(head.slice(0, 4096))).toBe(title);
  });

  it('is what YAML says', () => {
    const front = /^---\n([\s\S]*?)^---$/m.exec(example)?.[1] ?? '';
    expect(readTitle(example)).toBe(parse(front).title);
  });
});
