// Where the runs of a project lie, what they are called there and in messages.
import { StateError } from '../engine/store.ts';
import type { Disk } from './disk.ts';
import { onDisk } from './trouble.ts';

export type RunsKind = 'runs' | 'rehearsals';

export interface Place {
  readonly project: string;
  readonly root: string;
  /** The root from the project folder, as messages name it. */
  readonly shown: string;
  readonly kind: RunsKind;
}

export const modes = { runs: 'real', rehearsals: 'rehearsal' } as const;

export const isRunId = (name: string): boolean => /^[a-z0-9][a-z0-9-]{0,99}$/.test(name);

/** The id itself: it becomes a part of a path. */
export function runId(id: string): string {
  if (!isRunId(id)) throw noRun(id);
  return id;
}

const noRun = (id: string): StateError =>
  new StateError(`there is no run ${JSON.stringify(id)}`, '`launch runs` lists them.');
export const shownJournal = ({ shown }: Place, run: string): string => `${shown}/${run}/journal.jsonl`;

export function readBytes(place: Place, disk: Disk, run: string): Uint8Array {
  const shown = shownJournal(place, run);
  const bytes = onDisk('read', shown, () => disk.read(`${place.root}/${run}/journal.jsonl`));
  if (!bytes) throw noRun(run);
  return bytes;
}

/** A name for the `i`-th try; longer when many were taken. */
export function idOf(runbook: string, date: Date, random: (bytes: number) => string, i: number): string {
  const bytes = Buffer.from(random(3 + Math.floor(i / 20)), 'hex');
  const tail = [...bytes].map((byte) => letters[byte & 31]).join('');
  return `${slug(runbook)}-${date.toISOString().slice(0, 10).replaceAll('-', '')}-${tail}`;
}

function slug(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return plain.replace(/^-+|-+$/g, '') || 'run';
}

/** 32, without those that are misread. */
const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
