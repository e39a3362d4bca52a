// The licences of what the bundle holds, from the packages that the build read.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function writeNotices(root, metafile, file) {
  const names = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (name) names.add(input.slice(0, input.lastIndexOf(`node_modules/${name}/`)) + `node_modules/${name}`);
  }
  const notices = [...names].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const text = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'license', 'license.md', 'LICENSE-MIT.txt']
      .map((candidate) => join(root, folder, candidate))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
      .map((path) => readFileSync(path, 'utf8').trim())[0];
    return `${name} ${version} (${typeof license === 'string' ? license : 'see its package'})\n\n${text ?? ''}`.trim();
  });
  writeFileSync(file, `${notices.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`);
}
