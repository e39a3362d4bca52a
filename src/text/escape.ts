// Makes any text safe to write to a terminal or a document: what is not printable is made visible instead of acted upon.
import { cutAtOurs } from './control.ts';

/** Not printable: controls, formats (bidi, zero-width), lone surrogates, private use, unassigned, separators, ignorable. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** What is common and surely printable, so that most text is not asked character by character. */
const PLAIN = /^[\n\t\x20-\x7e\xa1-\xac\xae-\xff\u2010-\u2027\u2190-\u21ff\u2500-\u25ff]*$/;
/** The variation selectors that choose between text and emoji form: printable in effect, and common ("⚠️"). */
const PRESENTATION = new Set(['\ufe0e', '\ufe0f']);

/**
 * The text with everything but printable characters, newline and tab made visible: `^[` for escape, `\u{202e}` for the rest.
 * CR LF becomes a newline; a lone CR would overwrite the line, so it is shown as `^M`. Our own colours stay (`control`).
 */
export function safe(text: string): string {
  if (PLAIN.test(text)) return text;
  return cutAtOurs(text)
    .map((part, at) => (at % 2 === 1 ? part : part.replaceAll('\r\n', '\n').replace(HIDDEN, visible)))
    .join('');
}

/** As `safe`, on one line: each run of newlines and tabs becomes one space. */
export function safeLine(text: string): string {
  return safe(text).replace(/[\n\t]+/g, ' ');
}

function visible(character: string): string {
  if (character === '\n' || character === '\t' || PRESENTATION.has(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return '^' + String.fromCharCode(code ^ 0x40);
  return `\\u{${code.toString(16)}}`;
}

/** JSON that is safe on a terminal too: the same value, with what is not printable as `\uXXXX`. */
export function safeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(HIDDEN, (character) => {
    if (character === '\n' || PRESENTATION.has(character)) return character;
    return [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join('');
  });
}

/** As text or the value of an attribute of a page: nothing in it is markup. */
export const htmlEscaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
