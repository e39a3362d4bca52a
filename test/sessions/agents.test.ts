// docs/agents.md: its commands, carried out in its order by a program, end as the page says.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { launchFile } from './launching.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/agents.md'), 'utf8');

interface Command {
  readonly line: string;
  readonly exit: number;
  /** Lines that it writes, among others; `...` stands for anything. */
  readonly writes: readonly string[];
}

const commands = [...page.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) => {
  const list: { line: string; exit: number; writes: string[] }[] = [];
  for (const line of block.trimEnd().split('\n')) {
    const [, command, exit] = /^\$ (.*?)(?:\s{2,}# (\d+))?$/.exec(line) ?? [];
    if (command !== undefined) list.push({ line: command, exit: Number(exit ?? 0), writes: [] });
    else if (line !== '...') list.at(-1)?.writes.push(line);
  }
  return list;
});

/** A folder with the files of the page, and `launch` on PATH. */
function prepare(): { readonly cwd: string; readonly env: Record<string, string> } {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-agents-')));
  for (const [, path = '', text = ''] of page.matchAll(/<!-- file: (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  mkdirSync(join(cwd, '.bin'));
  writeFileSync(join(cwd, '.bin/launch'), `#!/bin/sh\nexec '${process.execPath}' '${launchFile}' "$@"\n`);
  chmodSync(join(cwd, '.bin/launch'), 0o755);
  const path = `${join(cwd, '.bin')}:${process.env.PATH}`;
  const { TMPDIR = '/tmp' } = process.env;
  return { cwd, env: { PATH: path, TMPDIR, HOME: cwd, LAUNCHBOOK_CONFIG_DIR: join(cwd, '.config') } };
}

/** In one shell, as they stand one after the other on the page. */
function carryOut(list: readonly Command[]): readonly { readonly exit: number; readonly output: string }[] {
  const script = list.map(({ line }, index) => `{ ${line}\n} > out-${index} 2>&1; echo $? > exit-${index}`).join('\n');
  const { cwd, env } = prepare();
  spawnSync('bash', ['-c', script], { cwd, env, stdio: 'ignore' });
  return list.map((_command, index) => ({
    exit: Number(readFileSync(join(cwd, `exit-${index}`), 'utf8')),
    output: readFileSync(join(cwd, `out-${index}`), 'utf8'),
  }));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\.\\.\\.', '.*');

test('each command ends with the exit code of the page, and writes what stands there', () => {
  const ran = carryOut(commands);
  expect(commands.length).toBeGreaterThan(15);
  commands.forEach(({ line, exit, writes }, index) => {
    expect({ line, exit: ran[index]?.exit, output: ran[index]?.output }).toMatchObject({ line, exit });
    for (const words of writes) expect(ran[index]?.output, line).toMatch(new RegExp(escaped(words)));
  });
  // Thirty launches, one after the other.
}, 300_000);

test('the page names every exit code of the design, and every event that it names is one', () => {
  const journal = readFileSync(join(import.meta.dirname, '../../src/engine/events.ts'), 'utf8');
  const section = /## Events\n([\s\S]*?)## Exit codes/.exec(page)?.[1] ?? '';
  const named = [...section.matchAll(/`((?:run|step)\.[a-z-]+)`/g)].map(([, type]) => type);
  expect(named.length).toBeGreaterThan(7);
  for (const type of named) expect(journal).toContain(`'${type}'`);
  for (const code of [0, 1, 2, 3, 4, 5, 7, 8, 70, 129, 130, 143])
    expect(page).toMatch(new RegExp(`\\| .*\\b${code}\\b.* \\|`));
});
