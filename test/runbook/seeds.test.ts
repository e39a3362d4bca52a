// docs/seeds.md says where each line of the launch plans went: what it names is there, in the runbook that carries out that plan.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { kindNames } from '../../steps/index.ts';

const root = join(import.meta.dirname, '../..');
const carriers: Readonly<Record<string, readonly string[]>> = {
  '000': ['prod'],
  '001': ['prod'],
  '002': ['clawtriage', 'clawtriage-deploy'],
  '003': ['whatsapp-relay'],
  '004': ['altcontext'],
};

const Front = z.looseObject({
  guard: z.object({ forbid: z.array(z.string()) }).optional(),
  inputs: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.object({ names: z.record(z.string(), z.unknown()) })).optional(),
  steps: z.array(z.looseObject({ id: z.string(), checklist: z.array(z.unknown()).optional() })),
});

function named(plan: string) {
  const texts = (carriers[plan] ?? []).map((name) => readFileSync(join(root, 'runbooks', `${name}.md`), 'utf8'));
  const fronts = texts.map((text) => Front.parse(parse(text.split(/^---$/m)[1] ?? '')));
  const steps = fronts.flatMap((front) => front.steps);
  return {
    text: texts.join('\n'),
    steps: new Set(steps.map(({ id }) => id)),
    rows: new Map(steps.map(({ id, checklist }) => [id, checklist?.length ?? 0])),
    inputs: new Set(fronts.flatMap(({ inputs }) => Object.keys(inputs))),
    secrets: new Set(
      fronts.flatMap(({ secrets }) => Object.values(secrets ?? {}).flatMap(({ names }) => Object.keys(names))),
    ),
    words: new Set(fronts.flatMap(({ guard }) => guard?.forbid ?? [])),
    phases: new Set(texts.flatMap((text) => [...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title))),
  };
}

/** The rows of a plan: what it says, and what carries it. */
function rowsOf(plan: string): readonly (readonly [says: string, carriedBy: string])[] {
  const [, section = ''] = readFileSync(join(root, 'docs/seeds.md'), 'utf8').split(`\n## Plan ${plan}\n`);
  const rows = section.split(/\n## /)[0]?.matchAll(/^\| (?!plan |---)(.+?) \| (.+?) \| (.+?) \|$/gm) ?? [];
  return [...rows].map(([, where, says, carriedBy = '']) => [`${where}: ${says}`, carriedBy]);
}

describe.each(Object.keys(carriers))('plan %s', (plan) => {
  const { text, steps, rows, inputs, secrets, words, phases } = named(plan);

  test('has its lines, each carried by something', () => {
    expect(rowsOf(plan).length).toBeGreaterThan(30);
    const carried =
      /`[^`]+`|\*[a-z-]+\*|^title|\bphases?\b|\bsecrets\b|of (?:that|those) name|\*\*(?:not )?carried out/;
    expect(rowsOf(plan).filter(([, by]) => !carried.test(by))).toEqual([]);
  });

  test('names steps, inputs, secrets, words of the guard and phases that are there', () => {
    const wrong = rowsOf(plan).flatMap(([says, by]) => wrongIn(by).map((name) => `${says} → ${name}`));
    expect(wrong).toEqual([]);
  });

  function wrongIn(by: string): readonly string[] {
    const told = by.replace(/\([^()]*\)/g, '').replace(/\[[^\]]*\]\([^)]*\)/g, '');
    const parts = told.split(/;|, (?=phase)/);
    return [
      ...parts.flatMap((part) => {
        const isThere = knownIn(part.trim());
        return [...part.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) => (isThere(name) ? [] : [name]));
      }),
      ...[...told.matchAll(/(?<!\*)\*([a-z][a-z-]*)\*(?!\*)/g)].flatMap(([, name = '']) =>
        steps.has(name) || name === 'introduction' || name === 'prose' ? [] : [`*${name}*`],
      ),
      ...[...told.matchAll(/phases? ((?:"[^"]+"(?: and )?)+)/g)].flatMap(([, titles = '']) =>
        [...titles.matchAll(/"([^"]+)"/g)].flatMap(([, title = '']) =>
          [...phases].some((phase) => phase.endsWith(title)) ? [] : [`phase "${title}"`],
        ),
      ),
      ...[...by.matchAll(/`([a-z0-9-]+)` \(rows? (\d+)(?: to (\d+))?\)/g)].flatMap(([, step = '', first, last]) =>
        (rows.get(step) ?? 0) >= Number(last ?? first) ? [] : [`${step} (row ${last ?? first})`],
      ),
    ];
  }

  /** What a part of a cell may name: by the word that it begins with. */
  function knownIn(part: string): (name: string) => boolean {
    if (/^inputs? /.test(part)) return (name) => inputs.has(name);
    if (/^(?:secrets?|settings?|names?) /.test(part) && !part.startsWith('secrets `'))
      return (name) => secrets.has(name);
    if (/^guard/.test(part)) return (name) => words.has(name);
    return (name) =>
      steps.has(name) ||
      kindNames.includes(name) ||
      ['guard', 'record'].includes(name) ||
      (carriers[plan] ?? []).includes(name) ||
      new RegExp(`^ *[-{ ]*${name.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')}: `, 'm').test(text) ||
      text.includes(`, ${name}: `);
  }
});
