// A file of settings as it is written, in TOML, JSON or YAML: its values, and where each of them stands.
import { parse, TomlError } from 'smol-toml';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { indexLines, type Lines } from './place.ts';
import { findTomlPlaces, keyOf, type Span, spanOf, type TomlPath } from './toml-places.ts';

export type Table = Readonly<Record<string, unknown>>;

export interface SettingsFile {
  /** From the project folder. */
  readonly path: string;
  readonly lines: Lines;
  readonly root: Table;
  /** Where that key or value stands; the nearest one around it where it has no place of its own. */
  span(path: TomlPath): Span;
}

/** It cannot be parsed: why, and where. */
export interface Unreadable {
  readonly fault: string;
  readonly lines: Lines;
  readonly span: Span;
}

/** The end of the name decides the format: `.json`, `.yaml`, `.yml`, all else TOML (as for a fly.toml, facts/flyctl.md §2.3). */
export function readSettings(path: string, source: string): SettingsFile | Unreadable {
  const lines = indexLines(path, source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  return /\.(json|ya?ml)$/.test(path) ? readYaml(path, lines) : readToml(path, lines);
}

function readToml(path: string, lines: Lines): SettingsFile | Unreadable {
  try {
    const root = parse(lines.text);
    const spans = findTomlPlaces(lines.text);
    return { path, lines, root, span: (at) => spanOf(spans, at) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const offset = (lines.starts[error.line - 1] ?? 0) + error.column - 1;
    return { fault: error.message.split('\n')[0] ?? '', lines, span: { offset, length: 1 } };
  }
}

/** JSON is YAML. */
function readYaml(path: string, lines: Lines): SettingsFile | Unreadable {
  const document = parseDocument(lines.text, { prettyErrors: false, merge: true });
  const [error] = document.errors;
  if (error) return { fault: error.message, lines, span: { offset: error.pos[0], length: 1 } };
  const spans = new Map<string, Span>();
  const visit = (node: unknown, at: TomlPath): void => {
    if (isMap(node))
      for (const { key, value } of node.items) {
        if (!isScalar(key)) continue;
        const inner = [...at, String(key.value)];
        const [start = 0, end = start + 1] = key.range ?? [];
        spans.set(keyOf(inner), { offset: start, length: end - start });
        visit(value, inner);
      }
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visitItem(item, [...at, index]);
  };
  const visitItem = (item: unknown, at: TomlPath): void => {
    if (isScalar(item) && item.range)
      spans.set(keyOf(at), { offset: item.range[0], length: item.range[1] - item.range[0] });
    visit(item, at);
  };
  visit(document.contents, []);
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // Aliases of aliases that would become a file without an end, or lead nowhere.
    return { fault: error instanceof Error ? error.message : String(error), lines, span: { offset: 0, length: 1 } };
  }
  if (!isTable(root)) return { fault: 'it holds no table', lines, span: { offset: 0, length: 1 } };
  return { path, lines, root, span: (at) => spanOf(spans, at) };
}

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
