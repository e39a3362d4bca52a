// The built launch in a pseudo-terminal, in a project of its own, with what changes from run to run masked on its screens.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOf, inTheMorning, launchFile } from '../sessions/launching.ts';
import { openPty, type Pty } from './pty.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Session extends Pty {
  readonly project: string;
  /** The window, masked. */
  shown(): string;
  /** From the last phase line on, masked: the step and what it asks. */
  step(): string;
  /** The end of the window, masked. */
  picture(): string;
}

/** Empty; its path is as long as any other, wherever temporary folders lie here: where a line breaks hangs on it. */
export function newProject(): string {
  const above = realpathSync(tmpdir());
  const name = 'launchbook-terminal'.slice(0, PATH_LENGTH - `${above}/-XXXXXX`.length);
  const project = mkdtempSync(join(above, `${name}-`));
  if (project.length !== PATH_LENGTH) throw new Error(`temporary folders lie too deep for these tests: ${above}`);
  mkdirSync(join(project, 'runbooks'));
  return project;
}
const PATH_LENGTH = 31;

/** A project with one runbook of this folder. */
export function projectOf(runbook = 'trial'): string {
  const project = newProject();
  copyFileSync(join(import.meta.dirname, `${runbook}.md`), join(project, 'runbooks', `${runbook}.md`));
  trustIn(project, runbook);
  return project;
}

/** Its commands are run, as the person has agreed to. */
export function trustIn(project: string, runbook: string): void {
  const config = join(project, '.config');
  const { stdout } = spawnSync(process.execPath, [launchFile, 'trust', runbook], {
    cwd: project,
    env: { ...process.env, HOME: project, LAUNCHBOOK_CONFIG_DIR: config },
    encoding: 'utf8',
  });
  const [, digest] = /^Digest: ([0-9a-f]{64})$/m.exec(stdout) ?? [];
  mkdirSync(config, { recursive: true, mode: 0o700 });
  writeFileSync(join(config, 'config.json'), JSON.stringify({ trusted: [digest] }), { mode: 0o600 });
}

interface Started extends Partial<Size> {
  readonly project?: string;
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `launch rehearse trial`, unless told otherwise. */
export function sit({ project = projectOf(), argv = ['rehearse', 'trial'], env = {}, ...size }: Started = {}): Session {
  const pty = openPty({
    file: process.execPath,
    args: [launchFile, ...argv, '--who', 'ann'],
    cwd: project,
    env: {
      // All sittings of a rehearsal are of this sort; a run may be begun by a program, which has the time of day.
      ...(argv[0] === 'rehearse' && inTheMorning()),
      HOME: project,
      LAUNCHBOOK_CONFIG_DIR: join(project, '.config'),
      ...env,
    },
    ...size,
  });
  const shown = () => masked(pty.view(), project);
  return {
    ...pty,
    project,
    shown,
    step: () => fromPhase(masked(pty.screen(), project)),
    picture: () => shown().split('\n').slice(-PICTURE).join('\n'),
  };
}

/** Lines of a picture. */
const PICTURE = 24;

function fromPhase(screen: string): string {
  const lines = screen.split('\n');
  const phase = lines.findLastIndex((line) => /^(?:──|--)/.test(line));
  return lines.slice(Math.max(0, phase)).join('\n');
}

/** Events of the newest rehearsal of a project. */
export function eventsIn(project: string): ReturnType<typeof eventsOf> {
  const folder = join(project, '.launch/rehearsals');
  const [newest = ''] = readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .reverse();
  return eventsOf(join(folder, newest));
}

/** Cell for cell where the layout depends on it. */
const masked = (screen: string, project: string): string =>
  screen
    .replaceAll(project, 'PROJECT')
    .replace(/\b(trial|prod|long|pause|small|tour|anew)-\d{8}-[a-z0-9]{3}\b/g, '$1-20261122-k3f')
    .replace(/\b\d\d:\d\d\b/g, '09:00')
    // A machine that takes longer than a minute over it says so.
    .replace(/ 09:00( · (?:\d+[hm] ?)+ in) (?=──)/g, (_, since) => `${'─'.repeat(since.length)} 09:00 `)
    .replace(/· (?:\d+m )?\d+s\b/g, '· 1s')
    .replace(/│ 59m \d+s left$/gm, '│ 1h left')
    .replace(/\(process \d+\)/g, '(process 4711)')
    .replace(/\(took [^)]*\)/g, '(took 1s)');

export const AT_POINT_DNS = /Point DNS to the app[\s\S]*q stop and keep\n└$/;

/** Inputs given and the checklist ticked: at "Build the image". */
export async function toBuild(session: Session): Promise<void> {
  await session.until('Name of the app');
  await session.type('\r');
  await session.until('Token of the mail provider');
  await session.type('hunter2-hunter2\r');
  await tickScope(session);
}

/** From the checklist to "Build the image". */
export async function tickScope(session: Session): Promise<void> {
  await session.until('Nothing else rides along');
  await session.type('\r');
  await session.until('The staging domain keeps');
  await session.type('\r');
  await session.until(/Build the image[\s\S]*Run this\?/);
}

/** What is pasted, marked as a terminal marks it. */
export const pasted = (text: string): string => `\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~`;

/** And built: at "Release". */
export async function toRelease(session: Session): Promise<void> {
  await toBuild(session);
  await session.type('\r');
  await session.until(/Release[\s\S]*Run this\?/);
}

/** And failed there. */
export async function toFailure(session: Session): Promise<void> {
  await toRelease(session);
  await session.type('\r');
  await session.until(/How do you go on\?[\s\S]*└$/);
}

/** And released by hand: at "Point DNS to the app". */
export async function toPointDns(session: Session): Promise<void> {
  await toRelease(session);
  await session.type('d');
  await session.until('why by hand?');
  await session.type('from the other machine\r');
  await session.until(AT_POINT_DNS);
}
