// Struct tags of Go below a prefix: `DB Config `envPrefix:"DB_"`` puts it before every name of the type Config.

/** What stands before the names of the struct that a tag stands in; empty for most. */
export function goPrefix(text: string, index: number): string {
  const [type] = [...text.slice(0, index).matchAll(/^type\s+(\w+)\s+struct\b/gm)].at(-1)?.slice(1) ?? [];
  if (type === undefined) return '';
  return new RegExp(String.raw`\s\*?${type}\s+\x60[^\x60\n]*\benvPrefix:"(\w*)"`).exec(text)?.[1] ?? '';
}
