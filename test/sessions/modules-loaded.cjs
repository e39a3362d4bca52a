// Loaded before launch (NODE_OPTIONS=--require): writes into the folder MODULES_INTO what this process has loaded of Node when it ends,
// beside what every process has.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const before = new Set(process.moduleLoadList);

process.on('exit', () => {
  const loaded = process.moduleLoadList.filter((name) => !before.has(name) && name.startsWith('NativeModule '));
  const names = loaded.map((name) => name.replace('NativeModule ', ''));
  writeFileSync(join(process.env.MODULES_INTO, `${process.pid}.json`), JSON.stringify(names));
});
