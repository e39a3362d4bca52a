// The person's own desktop: a page in the browser, a text in the clipboard. Where there is none, false: it is shown instead.
import { spawn } from 'node:child_process';
import { type Environment, kindEnvironment } from './environment.ts';
import { findExecutable } from './executables.ts';

/** How long a program of the desktop may take before it is taken for hanging, in milliseconds. */
const PATIENCE = 3000;

/** Opens an http(s) page in the browser. */
export async function openPage(url: string, env: Environment): Promise<boolean> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url) || !hasDisplay(env)) return false;
  try {
    const { default: open } = await import('open');
    const opener = await open(new URL(url).href);
    return await endsWell(opener);
  } catch {
    return false; // No browser: the address is shown.
  }
}

/** The text goes by stdin only: it may be a secret. */
export async function copyText(text: string, env: Environment): Promise<boolean> {
  for (const [name, ...args] of clipboards(env)) {
    const file = findExecutable(name!, { path: env.PATH ?? '', cwd: '/' });
    if (file === undefined) continue;
    // Some stay for as long as they hold the text: they get no tokens of the person's.
    const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'], env: kindEnvironment(env, name!) });
    child.stdin.on('error', () => {}); // It ended without reading: told by its exit.
    child.stdin.end(text);
    if (await endsWell(child)) return true;
  }
  return false;
}

function clipboards(env: Environment): readonly (readonly string[])[] {
  if (process.platform === 'darwin') return [['pbcopy']];
  return [
    ...(env.WAYLAND_DISPLAY ? [['wl-copy']] : []),
    ...(env.DISPLAY
      ? [
          ['xclip', '-selection', 'clipboard'],
          ['xsel', '--clipboard', '--input'],
        ]
      : []),
    ...(env.WSL_DISTRO_NAME ? [['clip.exe']] : []),
  ];
}

/** A browser over SSH would open on the far machine. */
function hasDisplay(env: Environment): boolean {
  if (process.platform === 'darwin') return !env.SSH_CONNECTION;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
}

/** Exit 0, or still running after a while (a browser that stays in the foreground). */
function endsWell(child: ReturnType<typeof spawn>): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve(true), PATIENCE);
    const end = (well: boolean) => {
      clearTimeout(limit);
      resolve(well);
    };
    child.once('exit', (code) => end(code === 0));
    child.once('error', () => end(false));
    if (child.exitCode !== null) end(child.exitCode === 0);
  });
}
