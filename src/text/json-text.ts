// A value as JSON in a sentence. What somebody else's server nested too deep to be written is told by its sort.

export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    // JSON.parse reads any depth, JSON.stringify runs out of stack.
    return Array.isArray(value) ? 'a list, nested very deep' : 'an object, nested very deep';
  }
}
