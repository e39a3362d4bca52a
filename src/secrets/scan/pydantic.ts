// The fields of pydantic settings classes: each is read from the environment under its name in capital letters.
import type { Sighting } from './sighting.ts';

/** `byDefault`: what a written default says. */
export function readSettings(
  lines: readonly string[],
  byDefault: (text: string) => Pick<Sighting, 'need' | 'default'>,
): readonly Sighting[] {
  const found: Sighting[] = [];
  let inside: { readonly indent: number; readonly prefix: string } | undefined;
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const indent = line.search(/\S/);
    if (inside && indent <= inside.indent) inside = undefined;
    if (CLASS.test(line)) inside = { indent, prefix: prefixBelow(lines, index, indent) };
    const field = inside && FIELD.exec(line)?.groups;
    if (!inside || !field || field.name === 'model_config' || field.type?.includes('ClassVar')) return;
    const alias = /\b(?:validation_alias|alias|env)\s*=\s*["'](\w+)["']/.exec(field.standard ?? '')?.[1];
    const name = (alias ?? inside.prefix + field.name).toUpperCase();
    found.push({ name, line: index + 1, ...needOf(field.standard?.trim(), byDefault) });
  });
  return found;
}

function needOf(standard: string | undefined, byDefault: (text: string) => Pick<Sighting, 'need' | 'default'>) {
  if (standard === undefined) return { need: 'refused' } as const;
  const field = /^Field\(\s*(.*)\)/.exec(standard)?.[1];
  if (field === undefined) return byDefault(standard);
  const given = /\bdefault(?:_factory)?\s*=\s*([^,]+)/.exec(field)?.[1] ?? /^(?!\w+\s*=)([^,]+)/.exec(field)?.[1];
  return given === undefined || given.trim() === '...' ? ({ need: 'refused' } as const) : byDefault(given);
}

/** `env_prefix`, wherever the class says it. */
function prefixBelow(lines: readonly string[], from: number, indent: number): string {
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent);
  const body = (end < 0 ? rest : rest.slice(0, end)).join('\n');
  return /\benv_prefix\s*=\s*["'](\w*)["']/.exec(body)?.[1] ?? '';
}

const CLASS = /^\s*class\s+\w+\([^)]*\bBaseSettings\b/;
const FIELD = /^\s+(?<name>[A-Za-z]\w*)\s*:\s*(?<type>[^=#]+?)\s*(?:=\s*(?<standard>[^#]+))?(?:#.*)?$/;
