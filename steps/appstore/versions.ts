// Version and build numbers as Apple compares them: missing parts are 0, leading zeros do not count. Pure.

/** `1.2` and `1.2.0` are the same (facts/app-store-connect.md §14). Texts that are no version are compared as they are. */
export function isSameVersion(a: string, b: string): boolean {
  const [left, right] = [partsOf(a), partsOf(b)];
  return left === undefined || right === undefined ? a === b : left.every((part, index) => part === right[index]);
}

/** All ways to write it. Apple's filter finds only the one that was uploaded first, so all are asked for. */
export function spellings(version: string): readonly string[] {
  const parts = partsOf(version);
  if (parts === undefined) return [version];
  const needed = 1 + parts.reduce((last, part, index) => (part === 0 ? last : index), 0);
  const forms = [1, 2, 3].filter((length) => length >= needed).map((length) => parts.slice(0, length).join('.'));
  return [...new Set([version, ...forms])];
}

function partsOf(version: string): readonly number[] | undefined {
  if (!/^\d+(\.\d+){0,2}$/.test(version)) return undefined;
  const parts = version.split('.').map(Number);
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
}
