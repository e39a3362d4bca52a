// Which file is meant by the name of a command.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** Tools known by more than one name, in order of liking. `facts/flyctl.md` §3.1: the binary is installed as both. */
const ALSO: Readonly<Record<string, readonly string[]>> = { fly: ['fly', 'flyctl'] };

/** The absolute path of an executable: as given where it holds a slash (from `cwd`), else by `path`. undefined: there is none. */
export function findExecutable(name: string, { path, cwd }: { path: string; cwd: string }): string | undefined {
  if (name.includes('/')) return runnable(resolve(cwd, name));
  const folders = path.split(delimiter).filter(isAbsolute); // An empty or relative entry would run what lies in the project.
  const names = Object.hasOwn(ALSO, name) ? ALSO[name]! : [name];
  for (const candidate of names) {
    for (const folder of folders) {
      const found = runnable(join(folder, candidate));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function runnable(file: string): string | undefined {
  try {
    // Most folders of a PATH do not have it: that is no error worth its price.
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
    accessSync(file, constants.X_OK);
    return file;
  } catch {
    return undefined; // Not there, or not ours to run: the next folder.
  }
}
