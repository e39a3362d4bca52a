// What the tests of the rehearsal share: a project in a temporary folder, the stand-in fly as one file, a rehearsal on both.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openRehearsal, type Rehearsal, type RehearsalOptions } from '../../src/rehearsal/world.ts';
import type { StepKind } from '../../src/step.ts';
import type { LookPorts } from '../../src/system/ports.ts';
import type { HeldChild, World } from '../../src/system/world.ts';
import { whatIsArchived } from '../../steps/xcode/facts.ts';
import { flyExecutable } from './fly/called.ts';

export const start = new Date('2026-11-22T09:00:00Z');

export const temporary = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-rehearsal-')));

/** Writes files by their paths; gives the folder. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporary();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const opened: Rehearsal[] = [];

/** Closed by `closeAll`. */
export async function rehearse(
  options: Partial<RehearsalOptions> = {},
): Promise<Rehearsal & { readonly folder: string }> {
  const folder = options.folder ?? join(temporary(), 'world');
  const rehearsal = await openRehearsal({
    folder,
    project: options.project ?? folderWith({ 'README.md': '# A project\n' }),
    flyExecutable,
    env: process.env,
    now: start,
    readXcode: whatIsArchived,
    ...options,
  });
  opened.push(rehearsal);
  return { ...rehearsal, folder };
}

export async function closeAll(): Promise<void> {
  for (const rehearsal of opened.splice(0)) await rehearsal.close();
}

/** The ports of a look, cut from a world. */
export function portsOf(world: World): LookPorts {
  const signal = new AbortController().signal;
  return {
    processes: world.processes,
    http: { look: (request) => world.http.exchange(request, signal) },
    dns: world.dns,
    tls: world.tls,
    postgres: world.postgres,
    files: world.files,
    clock: world.clock,
    env: world.env,
    secrets: { declared: () => ({ names: [] }), sinceSent: async () => ({ is: 'unknown' }) },
    signal,
    urls: world.urls,
  };
}

/** As the engine does it when the checks of a step are due: made so, then looked at. */
export async function lookDue<W>(world: World, kind: StepKind<W>, written: unknown, { pretend = true } = {}) {
  const want = kind.with.parse(written);
  const made = pretend ? await world.pretend?.makeSo(kind.name, want, 'step') : undefined;
  return { made, ...(await kind.verify?.(want, portsOf(world), {})) };
}

/** Runs a command to its end. */
export async function run(world: World, ...argv: readonly string[]) {
  const child: HeldChild = await world.processes.hold(argv, { environment: 'kind' });
  child.go();
  return child.ended;
}
