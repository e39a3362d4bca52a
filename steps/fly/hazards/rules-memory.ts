// The heap that a program may take against the memory of its machine.
import type { FlyToml } from '../fly-toml.ts';
import type { Hazard, Trouble } from './hazard.ts';
import { startedBy } from './started.ts';
import type { View } from './view.ts';

/** Beyond it nothing is left for buffers, threads and the rest of the program. */
const SHARE = 0.85;

const heapOverMemory: Hazard = {
  code: 'heap-over-memory',
  why: 'the kernel kills the program before it collects its garbage: it restarts under load, with no message of its own',
  remedy: 'a heap of at most three quarters of the memory, or more memory in [[vm]]',
  stops: true,
  find: (view) =>
    view.config.groups.flatMap((group) => {
      const memory = memoryOf(group, view.config);
      const heap = heapOf(group, view);
      if (!heap || memory.megabytes === undefined || heap.megabytes <= memory.megabytes * SHARE) return [];
      return [
        {
          at: heap.at ?? memory.at,
          says: `the heap of ${group} may grow to ${heap.megabytes} MB in a machine of ${memory.megabytes} MB`,
        },
      ];
    }),
};

/** The entry for the group wins over the general one; they are not merged. With none, new machines have 256 MB (facts/flyctl.md §4.10). */
function memoryOf(group: string, { sizes }: FlyToml): { readonly megabytes?: number; readonly at: Trouble['at'] } {
  const size = sizes.find(({ groups }) => groups?.includes(group)) ?? sizes.find(({ groups }) => groups === undefined);
  return size ? { megabytes: size.megabytes ?? 256, at: size.at } : { megabytes: 256, at: ['vm'] };
}

function heapOf(group: string, view: View): { readonly megabytes: number; readonly at?: Trouble['at'] } | undefined {
  const { env, commands } = view.config;
  const image = view.project.dockerfile;
  const written: readonly (readonly [string | undefined, Trouble['at'] | undefined])[] = [
    [commands[group], ['processes', group]],
    [startedBy(group, view), image?.command?.spot],
    [
      env.NODE_OPTIONS ?? env.JAVA_OPTS ?? env.JAVA_TOOL_OPTIONS,
      ['env', env.NODE_OPTIONS === undefined ? 'JAVA_OPTS' : 'NODE_OPTIONS'],
    ],
    [image?.env.get('NODE_OPTIONS')?.value, image?.env.get('NODE_OPTIONS')?.spot],
  ];
  for (const [text, at] of written) {
    const [, node, java, unit = 'm'] =
      /--max[-_]old[-_]space[-_]size[= ](\d+)|-Xmx(\d+)([kmg]?)/i.exec(text ?? '') ?? [];
    if (node !== undefined) return { megabytes: Number(node), at };
    if (java !== undefined) return { megabytes: Number(java) * (UNITS[unit.toLowerCase()] ?? 1), at };
  }
  return undefined;
}
const UNITS: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, '': 1 / 1024 / 1024 };

export const memoryHazards: readonly Hazard[] = [heapOverMemory];
