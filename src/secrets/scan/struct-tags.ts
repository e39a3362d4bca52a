// Struct tags of Go below a prefix: `DB Config `envPrefix:"DB_"`` puts it before every name of the type Config.

/** What stands before the names of the struct that a tag stands in; empty for most. */
export function goPrefix(text: string, index: number): string {
  if (!text.includes('envPrefix')) return '';
  const head = text.lastIndexOf('\ntype ', index);
  const type = /^\ntype\s+(\w+)\s+struct\b/.exec(text.slice(head, head + 200))?.[1];
  if (type === undefined) return '';
  return new RegExp(String.raw`\s\*?${type}\s+\x60[^\x60\n]*\benvPrefix:"(\w*)"`).exec(text)?.[1] ?? '';
}
