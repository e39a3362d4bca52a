// Faces for tests: one that shows nothing, and keeps what it was told.
import type { Face } from '../../src/engine/face.ts';

export function silentFace(): Face & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    present: true,
    happened: () => undefined,
    card: () => undefined,
    working: () => ({ output: () => undefined, say: () => undefined, stop: () => undefined }),
    ask: () => Promise.reject(new Error('nobody is to be asked')),
    tell: (lines) => void told.push(...lines),
  };
}
