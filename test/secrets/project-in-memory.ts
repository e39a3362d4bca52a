// A project as a map of paths to texts, for the scan.
import type { Tree } from '../../src/secrets/scan/tree.ts';

export function projectOf(files: Readonly<Record<string, string>>): Tree {
  return {
    read: async (path) => files[path],
    resolve: async (path) => (path === '.' ? '/project' : `/project/${path.replace(/\/$/, '')}`),
    list: async (path) => {
      const folder = path === '.' ? '' : path;
      const below = Object.keys(files).filter((file) => file.startsWith(folder));
      return [...new Set(below.map((file) => file.slice(folder.length).replace(/\/.*/, '/')))].sort();
    },
  };
}
