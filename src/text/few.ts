// A list of any length in one line of words: a certificate may hold thousands of names.

/** The first `most`, and how many more there are: `a, b, c and 4 more`; '' where there is none. */
export function fewOf(all: readonly string[], { most = 3, between = ', ' } = {}): string {
  const more = all.length - most;
  return `${all.slice(0, most).join(between)}${more > 0 ? ` and ${more} more` : ''}`;
}
