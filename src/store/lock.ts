// Who holds a run? One file, taken with link(2); a dead holder is taken over by exactly one, however many try at once.
//
// `lock` names the holder, by a token that is never used twice. Who takes over from a dead holder D first links
// `lock.after-<D>`, which only one can, then makes sure that the chain lock → lock.after-<D> → … still leads to itself,
// and only then renames its claim onto `lock`. A claim whose chain was broken meanwhile is void and is taken back.
import { LockedError } from '../engine/store.ts';
import { type AppendFile, type Disk, writeAll } from './disk.ts';
import { hashOf } from './lines.ts';
import { codeOf } from './trouble.ts';

/** A process, told apart from a later one with the same number. */
export interface Process {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
}

export interface Holder extends Process {
  readonly operator: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Where the holder is, as far as it told. */
  readonly step?: string;
}

/** `elsewhere`: on another machine, so nobody here can tell. */
export type Standing = 'alive' | 'gone' | 'elsewhere';

export interface Claimant {
  readonly disk: Disk;
  /** This process. */
  readonly me: Holder;
  /** Is a process of this machine and this boot still there? */
  lives(holder: Process): boolean;
}

export interface Lock {
  /** The holder that was gone, where one was taken over from. */
  readonly before?: Holder;
  at(step: string): void;
  release(): void;
}

interface Held extends Holder {
  readonly token: string;
}

export interface Taking {
  /** Takes it over from whoever holds it (`launch unlock`, after asking). */
  readonly force?: boolean;
  /** The folder gets this name later, before the lock is released. */
  readonly home?: string;
}

/** Takes the lock in `folder`. Throws LockedError naming the holder where it lives or cannot be asked. */
export function takeLock(folder: string, run: string, claimant: Claimant, taking: Taking = {}): Lock {
  const { disk } = claimant;
  const mine = { ...claimant.me, token: newToken(claimant.me) };
  const own = `${folder}/lock.mine-${mine.token}`;
  const text = Buffer.from(`${JSON.stringify(mine)}\n`);
  const file = disk.append(own, { exclusive: true });
  try {
    writeAll(file, text);
    file.sync();
    const before = claim({ folder, run, claimant, mine, own, text, force: taking.force === true });
    return { before, ...held(disk, `${taking.home ?? folder}/lock`, file, mine.token, text.length) };
  } catch (error) {
    file.close();
    throw error;
  } finally {
    tidy(disk, own);
  }
}

/** Who holds the run in `folder`, without taking anything; undefined when nobody does. */
export function holderOf(
  folder: string,
  claimant: Claimant,
): { readonly holder: Holder; readonly standing: Standing } | undefined {
  const last = readChain(claimant.disk, `${folder}/lock`).at(-1);
  return last && { holder: last, standing: standingOf(last, claimant) };
}

interface Claim {
  readonly folder: string;
  readonly run: string;
  readonly claimant: Claimant;
  readonly mine: Held;
  readonly own: string;
  readonly text: Uint8Array;
  readonly force: boolean;
}

function claim({ folder, run, claimant, mine, own, text, force }: Claim): Holder | undefined {
  const { disk } = claimant;
  const path = `${folder}/lock`;
  for (let round = 0; round < rounds; round++) {
    if (place(disk, own, path, text)) return undefined;
    const chain = readChain(disk, path);
    const last = chain.at(-1);
    if (!last) continue; // Given back just now.
    const standing = standingOf(last, claimant);
    if (standing !== 'gone' && !force) throw locked(run, last, standing);
    if (!place(disk, own, afterPath(path, last), text)) continue; // Someone was quicker: look again.
    if (!settle(disk, path, chain, mine)) continue;
    sweep(folder, claimant);
    return chain[0];
  }
  throw new LockedError(`${run} is being opened by several processes at once`, 'Try again.');
}

/** Turns a claim into the lock. false, with the claim taken back, where it was void. */
function settle(disk: Disk, path: string, chain: readonly Held[], mine: Held): boolean {
  const claims = chain.map((holder) => afterPath(path, holder));
  const last = claims.at(-1) ?? path;
  try {
    const valid = sameChain(readChain(disk, path), [...chain, mine]);
    if (valid) disk.rename(last, path);
    else disk.remove(last);
    if (!valid) return false;
  } catch (error) {
    disk.remove(last);
    throw error;
  }
  for (const dead of claims.slice(0, -1)) tidy(disk, dead);
  return true;
}

/** What the dead left behind while they tried to take the lock. */
function sweep(folder: string, claimant: Claimant): void {
  for (const name of claimant.disk.list(folder)) {
    if (!name.startsWith('lock.mine-')) continue;
    const left = readHolder(claimant.disk, `${folder}/${name}`);
    if (left && standingOf(left, claimant) === 'gone') tidy(claimant.disk, `${folder}/${name}`);
  }
}

/** Removes what says nothing any more: who has the lock has it, also where that cannot be. */
function tidy(disk: Disk, path: string): void {
  try {
    disk.remove(path);
  } catch {
    // It stays until the next one who takes over removes it.
  }
}

function held(disk: Disk, path: string, file: AppendFile, token: string, size: number): Omit<Lock, 'before'> {
  return {
    at(step) {
      try {
        file.truncate(size);
        writeAll(file, Buffer.from(`${JSON.stringify(step)}\n`));
      } catch {
        // Only a courtesy to who finds the lock held; the journal will say it where the disk is full.
      }
    },
    release() {
      try {
        file.close();
        if (readHolder(disk, path)?.token === token) disk.remove(path);
      } catch {
        // A lock left behind is taken over as soon as this process is gone.
      }
    },
  };
}

/** Makes `path` appear with all of its text at once. false where it is there already. */
function place(disk: Disk, own: string, path: string, text: Uint8Array): boolean {
  try {
    disk.link(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!withoutLinks.has(codeOf(error) ?? '')) throw error;
  }
  return placeByCopy(disk, path, text);
}

/** Where the file system has no links: the text comes a moment after the name, and is unreadable until then. */
function placeByCopy(disk: Disk, path: string, text: Uint8Array): boolean {
  try {
    const file = disk.append(path, { exclusive: true });
    writeAll(file, text);
    file.sync();
    file.close();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

const afterPath = (path: string, holder: Held): string => `${path}.after-${holder.token}`;

function readChain(disk: Disk, path: string): readonly Held[] {
  const chain: Held[] = [];
  let next = readHolder(disk, path);
  while (next && chain.length < rounds) {
    chain.push(next);
    next = readHolder(disk, afterPath(path, next));
  }
  return chain;
}

function sameChain(one: readonly Held[], other: readonly Held[]): boolean {
  return one.length === other.length && one.every((holder, i) => holder.token === other[i]?.token);
}

function readHolder(disk: Disk, path: string): Held | undefined {
  const bytes = disk.read(path);
  if (!bytes) return undefined;
  const [first = '', second = ''] = Buffer.from(bytes).toString('utf8').split('\n');
  const value = parse(first);
  if (!isHeld(value)) return unreadable;
  const step = parse(second);
  return typeof step === 'string' ? { ...value, step } : value;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // Half written, or not ours: the caller decides what that means.
  }
}

function isHeld(value: unknown): value is Held {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['startTime', 'bootId', 'host', 'operator', 'since', 'token'];
  const found = new Map<string, unknown>(Object.entries(value));
  return typeof found.get('pid') === 'number' && texts.every((name) => typeof found.get(name) === 'string');
}

function standingOf(holder: Held, { me, lives }: Claimant): Standing {
  if (holder === unreadable || holder.host !== me.host) return 'elsewhere';
  if (holder.bootId !== me.bootId) return 'gone';
  return lives(holder) ? 'alive' : 'gone';
}

function locked(run: string, holder: Held, standing: 'alive' | 'elsewhere'): LockedError {
  if (holder === unreadable) {
    return new LockedError(
      `${run} is held, but its lock file cannot be read`,
      `Make sure that nobody works on it, then: launch unlock ${run}`,
    );
  }
  const step = holder.step === undefined ? '' : `, at step "${holder.step}"`;
  const who = `${run} is held by ${holder.operator} on ${holder.host} (process ${holder.pid}) since ${holder.since}${step}`;
  return standing === 'alive'
    ? new LockedError(who, `Go on there, or end that process (kill ${holder.pid}) and start again.`)
    : new LockedError(who, `Ask there whether it still goes on. If it does not: launch unlock ${run}`);
}

/** Unlike any other: a process is unique by host, boot, pid and start; the count tells its own apart. */
function newToken(me: Holder): string {
  return hashOf(JSON.stringify([me.host, me.bootId, me.pid, me.startTime, me.since, ++taken])).slice(0, 20);
}

let taken = 0;
const rounds = 1000;
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK']);
const unreadable: Held = { pid: 0, startTime: '', bootId: '', host: '', operator: '', since: '', token: 'unreadable' };
