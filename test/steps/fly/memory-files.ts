// Files of a project held in memory, listed as the real port lists them.
import type { LookingFiles } from '../../../src/system/ports.ts';

export function memoryFiles(files: Readonly<Record<string, string>>): LookingFiles {
  return {
    read: async (path) => files[path],
    list: async (path) => {
      const below = path === '.' ? '' : `${path}/`;
      const inside = Object.keys(files).filter((file) => file.startsWith(below));
      return [...new Set(inside.map((file) => file.slice(below.length).replace(/\/.*$/, '/')))].sort();
    },
    resolve: async (path) => `/project/${path}`,
  };
}
