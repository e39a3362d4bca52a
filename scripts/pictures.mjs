// Puts the screens of the terminal tests into the documents: `node scripts/pictures.mjs` (with --check: says which are stale, exit 1).
// A picture stands as a comment `<!-- picture: FILE > NAME -->` before a text block; NAME is that of a snapshot in test/terminal.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENTS = ['README.md', 'docs/guide.md'];
const PICTURE = /(<!-- picture: (\S+) > (.+?) -->\n\n```text\n)[\s\S]*?(\n```\n)/g;

/** Throws where a document names a picture that no test takes. */
export function withPictures(text) {
  return text.replace(PICTURE, (_whole, before, file, name, after) => before + screenOf(file, name) + after);
}

function screenOf(file, name) {
  const path = join(root, 'test/terminal/__snapshots__', `${file}.test.ts.snap`);
  // A snapshot file is a module of template literals; the two escapes it uses are taken back.
  const [, literal] = readFileSync(path, 'utf8').split(`exports[\`${name} 1\`] = \``);
  if (literal === undefined) throw new Error(`no test takes the picture "${file} > ${name}"`);
  const screen = literal.slice(0, literal.search(/(?<!\\)`;\n/)).replace(/\\([\\`$])/g, '$1');
  return screen.replace(/^\n?"|"\n?$/g, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = DOCUMENTS.filter((document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const fresh = withPictures(text);
    if (!process.argv.includes('--check')) writeFileSync(join(root, document), fresh);
    return fresh !== text;
  });
  if (process.argv.includes('--check') && stale.length > 0) {
    process.stderr.write(`stale pictures in ${stale.join(', ')}: npm run pictures\n`);
    process.exitCode = 1;
  }
}
