// 1Password's `op` in a rehearsal: what is stored is there to be read, in memory alone; whatever else is read is a canary.
import type { Ended } from '../system/ports.ts';
import { canary } from './environment.ts';

/** Answered without a process. `stdin`: the template of an item. */
export function createOnePassword(): (argv: readonly string[], stdin?: string) => Ended {
  const kept = new Map<string, string>();
  const titles = new Set<string>();
  return ([, what = '', ...rest], stdin = '') => {
    const [verb] = rest;
    if (what === 'read') {
      const reference = rest.find((word) => word.startsWith('op://')) ?? 'op://stand-in';
      return well(kept.get(reference) ?? canary(reference.split('/').slice(-1).join('')));
    }
    if (what === 'item' && verb === 'list') return well(JSON.stringify([...titles].map((title) => ({ title }))));
    if (what === 'item' && (verb === 'create' || verb === 'edit')) {
      const vault = rest[rest.indexOf('--vault') + 1] ?? '';
      const { title, fields } = readItem(stdin);
      titles.add(title);
      for (const { label, value, section } of fields)
        kept.set(['op:/', vault, title, ...(section ? [section.id] : []), label].join('/'), value);
      return well('');
    }
    if (['--version', 'whoami', 'item'].includes(what)) return well('2.30.0\n');
    return { exit: 1, stdout: '', stderr: `no stand-in for op ${what}` };
  };
}

const well = (stdout: string): Ended => ({ exit: 0, stdout, stderr: '' });

interface Item {
  readonly title: string;
  readonly fields: readonly {
    readonly label: string;
    readonly value: string;
    readonly section?: { readonly id: string };
  }[];
}

/** Written by ourselves a moment ago (src/engine/one-password.ts): the shape is known. */
const readItem = (stdin: string): Item => JSON.parse(stdin);
