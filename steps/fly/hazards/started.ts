// What a process group really starts: its command with the npm scripts and shell scripts it calls written out.
import type { View } from './view.ts';

/** The command of a group and everything it calls, as one text. */
export function startedBy(group: string, { config, project }: Pick<View, 'config' | 'project'>): string {
  const { dockerfile, scripts } = project;
  const own = config.commands[group] || dockerfile?.command?.text || (scripts.has('start') ? 'npm start' : '');
  return unfold(own, scripts, new Set());
}

export function unfold(command: string, scripts: ReadonlyMap<string, string>, seen: Set<string>): string {
  const called = [...scripts].filter(([name]) => !seen.has(name) && calls(command, name));
  for (const [name] of called) seen.add(name);
  return [command, ...called.map(([, script]) => unfold(script, scripts, seen))].join('\n');
}

function calls(command: string, name: string): boolean {
  const word = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (name.endsWith('.sh')) return new RegExp(`(?:^|[\\s/"'])${word}(?=$|[\\s"';&|)])`, 'm').test(command);
  return new RegExp(
    `\\b(?:npm|pnpm|yarn|bun)(?:\\s+(?:run|run-script|-s|--silent|-w))*\\s+${word}(?=$|[\\s"';&|)])`,
    'm',
  ).test(command);
}
