// Which quote of a shell is open, character by character.

/** The quote that is open behind this character. */
export function after(quote: string, text: string, at: number): string {
  const character = text[at] ?? '';
  if (text[at - 1] === '\\' && text[at - 2] !== '\\' && quote !== "'") return quote;
  if (quote === '') return character === '"' || character === "'" ? character : '';
  return character === quote ? '' : quote;
}
