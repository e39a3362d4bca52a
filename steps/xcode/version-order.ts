// Which of two versions is the higher one. Pure.

/** Part by part, missing parts are 0; texts that are no versions only equal themselves. */
export function compareVersions(a: string, b: string): number {
  const isVersion = /^\d+(\.\d+)*$/;
  if (!isVersion.test(a) || !isVersion.test(b)) return a === b ? 0 : Number.NaN;
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
