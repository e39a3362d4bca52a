// Components that are no plain script (Vue, Svelte, Astro): their scripts for the tree, their markup for the patterns, every line in its place.

export const isComponent = (file: string): boolean => /\.(vue|svelte|astro)$/.test(file);

export function partsOf(source: string, file: string): { readonly script: string; readonly markup: string } {
  const frame = file.endsWith('.astro')
    ? /^(?<open>\s*---\n)(?<code>[\s\S]*?)\n---/g
    : /(?<open><script\b[^>]*>)(?<code>[\s\S]*?)<\/script\s*>/gi;
  let [script, markup, done] = ['', '', 0];
  for (const match of source.matchAll(frame)) {
    const { open = '', code = '' } = match.groups ?? {};
    const start = match.index + open.length;
    script += blank(source.slice(done, start)) + code;
    markup += source.slice(done, start) + blank(code);
    done = start + code.length;
  }
  return { script: script + blank(source.slice(done)), markup: markup + source.slice(done) };
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
