// Markdown of ours as HTML: of raw HTML only what the record itself writes, of addresses only the web's.
import { Marked, type Tokens } from 'marked';
import { htmlEscaped } from '../text/escape.ts';

const OURS = new Set(['<br>', '<code>', '</code>']);

/** Anything else that looks like HTML is shown as it is written. */
const html = ({ text }: Tokens.HTML | Tokens.Tag): string => (OURS.has(text) ? text : htmlEscaped(text));

/** An address that a page must not follow stays its text. */
function link(this: { parser: { parseInline(tokens: Tokens.Link['tokens']): string } }, { href, tokens }: Tokens.Link) {
  const text = this.parser.parseInline(tokens);
  return /^https?:\/\//i.test(href) ? `<a href="${htmlEscaped(href)}" rel="noreferrer">${text}</a>` : text;
}

const marked = new Marked({
  gfm: true,
  renderer: { html, link, image: ({ text }) => htmlEscaped(text), checkbox: ({ checked }) => (checked ? '☑ ' : '☐ ') },
});

/** Nothing in it is loaded, run or submitted. */
export const htmlOf = (markdown: string): string => marked.parse(markdown, { async: false });
