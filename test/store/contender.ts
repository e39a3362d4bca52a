// A real process that wants a run: `contender PROJECT RUN hold` keeps it, `… turns N` takes and gives it back N times.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { LockedError } from '../../src/engine/store.ts';
import { openRuns, type Process } from '../../src/store/files.ts';
import { realDisk } from '../../src/system/disk.ts';

const [, , project = '', run = '', how = '', times = '0'] = process.argv;
const me = { pid: process.pid, startTime: startOf(process.pid), bootId: 'boot', host: hostname(), operator: 'jam' };
const runs = openRuns(project, 'runs', { disk: realDisk(), me, now: () => new Date(), lives });

if (how === 'hold') hold();
else turns(Number(times));

function hold(): void {
  const journal = attempt();
  journal?.append({ type: 'note.added', text: `held ${process.pid}`, by: 'jam' }, { sync: true, at: new Date() });
  process.stdout.write(journal ? 'held\n' : 'locked\n');
  if (!journal) return;
  process.stdin.resume(); // Until killed, or until the parent closes it.
  process.stdin.on('end', () => journal.close());
}

function turns(n: number): void {
  let mine = 0;
  for (let i = 0; i < n; i++) {
    const journal = attempt();
    if (!journal) continue;
    for (let j = 0; j < 3; j++) {
      journal.append({ type: 'note.added', text: `${process.pid}`, by: 'jam' }, { sync: j === 2, at: new Date() });
      mine++;
    }
    journal.close();
  }
  process.stdout.write(`${mine}\n`);
}

function attempt(): ReturnType<typeof runs.open> | undefined {
  try {
    return runs.open(run);
  } catch (error) {
    if (error instanceof LockedError) return undefined;
    throw error;
  }
}

function lives({ pid, startTime }: Process): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false; // No such process: these are all ours, so it is never a question of rights.
  }
  return startOf(pid) === startTime;
}

/** Where there is no /proc the number alone has to do, which a test of a few seconds can afford. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? 'gone' : (rest[18] ?? '');
  } catch {
    return '';
  }
}
