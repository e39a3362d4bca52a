// Markdown prose as tokens, for the faces that render it.
import { Lexer } from 'marked';

/** The prose of a step. CR LF is made LF first, so that the raw texts of the tokens add up to the source. */
export const lexProse = (text: string) => new Lexer().lex(text.replaceAll('\r\n', '\n'));
