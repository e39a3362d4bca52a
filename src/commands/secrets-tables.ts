// The inventory and the comparison as text for a terminal and as Markdown for a pull request.

import { code, plain, table } from '../record/cells.ts';
import type { Difference } from '../secrets/diff.ts';
import type { Inventory, InventoryEntry } from '../secrets/inventory.ts';
import type { MatrixRow } from '../secrets/matrix.ts';
import { safeLine } from '../text/escape.ts';
import { fewOf } from '../text/few.ts';
import { count } from '../ui/outline.ts';
import { clip, pad } from '../ui/width.ts';

export function inventoryText({ entries, files, notes }: Inventory): string {
  const head = ['Name', 'Required', 'Sort', 'Default', 'Process', 'Read or named at'];
  const rows = entries.map((entry) => [...known(entry), places(entry, 1)]);
  const required = entries.filter((entry) => entry.required).length;
  const secret = entries.filter((entry) => entry.secret).length;
  return [
    ...columns(head, rows),
    '',
    `${count(entries.length, 'name')} in ${count(files, 'file')}: ${required} required, ${secret} secret. Secret or configuration is a guess by name and use.`,
    ...hardCoded(entries),
    ...notes.map((note) => `Note: ${safeLine(note)}`),
    '',
  ].join('\n');
}

export function inventoryMarkdown({ entries }: Inventory): string {
  const head = ['Name', 'Required', 'Secret or config', 'Default', 'Process', 'Read or named at'];
  const rows = entries.map((entry) => {
    const [name = '', required = '', sort = '', standard = '', process = ''] = known(entry);
    return [code(name), required, sort, code(standard), plain(process), allPlaces(entry).map(code).join(', ')];
  });
  return `${table(head, rows)}\n`;
}

function known({
  name,
  required,
  secret,
  given,
  default: standard,
  hardCoded,
  groups,
}: InventoryEntry): readonly string[] {
  const shown = standard ?? (hardCoded ? '(in the code)' : '');
  return [name, given ? 'given' : required ? 'yes' : 'no', secret ? 'secret' : 'config', shown, groups.join(', ')];
}

const hardCoded = (entries: readonly InventoryEntry[]): readonly string[] =>
  entries.flatMap(({ name, hardCoded: found, read: [place] }) =>
    found && place
      ? [
          `${name} looks like a secret and has a default in the code (${safeLine(place.file)}:${place.line}): take it out there.`,
        ]
      : [],
  );

function allPlaces({ read, named }: InventoryEntry): readonly string[] {
  return [...read, ...named].map(({ file, line }) => `${file}:${line}`);
}

function places(entry: InventoryEntry, most: number): string {
  return fewOf(allPlaces(entry), { most });
}

export interface Compared {
  readonly app: string;
  readonly other?: string;
  readonly envFile?: string;
  readonly rows: readonly MatrixRow[];
  readonly findings: readonly Difference[];
}

export function comparisonText({ app, other, envFile, rows, findings }: Compared): string {
  const head = [
    'Name',
    'Code',
    ...(other === undefined ? [] : [other]),
    app,
    envFile === undefined ? '[env]' : `[env] of ${envFile}`,
    'Runbook',
  ];
  const cells = rows.map((row) => [
    row.name,
    row.code,
    ...(other === undefined ? [] : [row.other]),
    row.app,
    row.env,
    row.runbook,
  ]);
  const said = (weight: Difference['weight']) =>
    findings
      .filter((one) => one.weight === weight)
      .flatMap(({ sentence, remedy }) => [`  ${safeLine(sentence)}`, `    → ${safeLine(remedy)}`]);
  const [wrong, look] = [said('wrong'), said('look')];
  return [
    ...columns(head, cells),
    '',
    ...(wrong.length > 0 ? [`Wrong (${wrong.length / 2}):`, ...wrong] : [`Nothing required is missing on ${app}.`]),
    ...(look.length > 0 ? [`To look at (${look.length / 2}):`, ...look] : []),
    '',
  ].join('\n');
}

/** Aligned columns; an empty cell is a dash, the last column is as long as it is. */
function columns(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...rows].map((row) =>
    row.map((cell, at) => clip(safeLine(cell) || '–', at < row.length - 1 ? WIDEST : 1000)),
  );
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, at) => (at < row.length - 1 ? pad(cell, widths[at] ?? 0) : cell))
      .join('  ')
      .trimEnd(),
  );
}

const WIDEST = 44;
