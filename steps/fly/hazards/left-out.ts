// Which files git and Docker leave out, by their ignore files. Docker's patterns begin at the folder that is built, git's may stand anywhere.
import ignore from 'ignore';
import { isBelow, type ProjectFiles } from './project-files.ts';

/** Is a file left out by some .gitignore of the project? What a person ignores everywhere (core.excludesFile) is not known. */
export async function leftOutOfGit(project: ProjectFiles): Promise<(path: string) => boolean> {
  const lists = await Promise.all(
    project.paths
      .filter((path) => /(^|\/)\.gitignore$/.test(path))
      .map(async (path) => ({
        folder: path.split('/').slice(0, -1).join('/'),
        rules: ignore().add((await project.read(path)) ?? ''),
      })),
  );
  return (path) =>
    lists
      .filter(({ folder }) => isBelow(path, folder))
      .reduce((before, { folder, rules }) => {
        const { ignored, unignored } = rules.test(folder === '' ? path : path.slice(folder.length + 1));
        return ignored || (before && !unignored);
      }, false);
}

/** `path` from the folder that is built. */
export function leftOutOfImage(dockerignore: string): (path: string) => boolean {
  const anchored = dockerignore.split(/\r?\n/).map((line) => {
    const pattern = line.trim();
    if (pattern === '' || pattern.startsWith('#')) return '';
    const not = pattern.startsWith('!') ? '!' : '';
    return `${not}/${pattern.slice(not.length).replace(/^\.?\//, '')}`;
  });
  const rules = ignore().add(anchored);
  return (path) => rules.ignores(path);
}
