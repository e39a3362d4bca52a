// The inventory and the comparison as text for a terminal and as Markdown for a pull request.

import { code, plain, table } from '../record/cells.ts';
import type { Difference } from '../secrets/diff.ts';
import type { Inventory, InventoryEntry } from '../secrets/inventory.ts';
import type { MatrixRow } from '../secrets/matrix.ts';
import { safeLine } from '../text/escape.ts';
import { fewOf } from '../text/few.ts';
import { columns } from '../ui/columns.ts';
import { count } from '../ui/outline.ts';
import { clip, wrap } from '../ui/width.ts';

/** `width` of the terminal; undefined for a pipe or a file. */
export function inventoryText({ entries, files, notes }: Inventory, width?: number): string {
  const head = ['Name', 'Required', 'Sort', 'Default', 'Process', 'Read or named at'];
  const rows = entries.map((entry) => [...known(entry), places(entry, 1)]);
  const required = entries.filter((entry) => entry.required).length;
  const secret = entries.filter((entry) => entry.secret).length;
  return [
    ...fitted(head, rows, width),
    '',
    ...[
      `${count(entries.length, 'name')} in ${count(files, 'file')}: ${required} required, ${secret} secret. Secret or configuration is a guess by name and use.`,
      ...hardCoded(entries),
      ...notes.map((note) => `Note: ${safeLine(note)}`),
    ].flatMap((line) => sentence(line, width, '  ')),
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

export function comparisonText({ app, other, envFile, rows, findings }: Compared, width?: number): string {
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
      .flatMap((one) => [
        ...sentence(`  ${safeLine(one.sentence)}`, width, '  '),
        ...sentence(`    → ${safeLine(one.remedy)}`, width, '      '),
      ]);
  const amount = (weight: Difference['weight']) => findings.filter((one) => one.weight === weight).length;
  return [
    ...fitted(head, cells, width),
    '',
    ...(amount('wrong') > 0
      ? [`Wrong (${amount('wrong')}):`, ...said('wrong')]
      : [`Nothing required is missing on ${safeLine(app)}.`]),
    ...(amount('look') > 0 ? [`To look at (${amount('look')}):`, ...said('look')] : []),
    '',
  ].join('\n');
}

/** One line for each row in a file; on a terminal within its width. A default as long as a page is cut. */
function fitted(head: readonly string[], rows: readonly (readonly string[])[], width?: number): readonly string[] {
  const last = head.length - 1;
  const shown = rows.map((row) =>
    row.map((cell, at) => (at === 0 || at === last ? safeLine(cell) : clip(safeLine(cell), WIDEST))),
  );
  return columns([head.map(safeLine), ...shown], width);
}

const sentence = (text: string, width: number | undefined, hang: string): readonly string[] =>
  width === undefined ? [text] : wrap(text, width, hang);

const WIDEST = 44;
