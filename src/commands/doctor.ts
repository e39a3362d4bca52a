// `launch doctor [runbook]`: what is missing on this machine for a runbook, and how to get it. Looks only.
import { wantOf } from '../engine/look.ts';
import { isOlder, loginsOf, lookAtLogin, lookAtTool, toolsOf } from '../engine/needs.ts';
import { withoutSecrets } from '../engine/redacted-fact.ts';
import type { Sitting } from '../engine/sitting.ts';
import { Stop } from '../engine/stop.ts';
import type { Runbook } from '../runbook/model.ts';
import type { Requirement } from '../step.ts';
import { isWritable, listRunbooks, nodeVersion } from '../system/project.ts';
import { isTrusted } from '../system/settings.ts';
import { fill, references } from '../text/expression.ts';
import { count } from '../ui/outline.ts';
import { lookingSitting } from './looking.ts';
import type { Call } from './main.ts';
import { isOwnKind, readRunbook, runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';

/** As in package.json. */
const NODE = '20.19.0';

/** One thing that is needed. `unknown`: it could not be looked at, which is not taken for there. */
interface Need {
  readonly what: 'node' | 'folder' | 'tool' | 'login' | 'environment' | 'file' | 'kind';
  readonly name: string;
  readonly is: 'there' | 'missing' | 'unknown';
  /** What was seen; or what is wrong, and how to get it. */
  readonly says: string;
}

export async function doctor(call: Call): Promise<number> {
  const { io, flags, names } = call;
  const project = projectFolder(io, flags);
  const needs: Need[] = [node(), stateFolder(project)];
  for (const name of names.length > 0 ? names : listRunbooks(project)) {
    const runbook = await readRunbook(io, project, runbookFile(io, flags, project, name), flags);
    const sitting = await lookingSitting(call, { project, runbook, trusted: false });
    for (const need of await needsOf(sitting, isTrusted(runbook.digest, io.env)))
      if (!needs.some((known) => known.what === need.what && known.name === need.name && known.says === need.says))
        needs.push(need);
  }
  const lacking = needs.filter(({ is }) => is !== 'there');
  const text = (one: string): string => io.redactor.text(one);
  if (flags.json) io.stdout.json(withoutSecrets(needs, text, { what: 'whole', name: 'whole', is: 'whole' }), 2);
  else io.stdout.write(text(`${shown(needs, lacking.length).join('\n')}\n`));
  return lacking.length > 0 ? 1 : 0;
}

function shown(needs: readonly Need[], lacking: number): readonly string[] {
  const lines = needs.map(
    ({ what, name, is, says }) =>
      `${is.padEnd(7)}  ${what.padEnd(11)}  ${says.startsWith(name) ? says : `${name}: ${says}`}`,
  );
  return [...lines, '', lacking === 0 ? 'Nothing is missing.' : `${count(lacking, 'thing')} to see to.`];
}

function node(): Need {
  const version = nodeVersion();
  const old = isOlder(version, NODE);
  const says = old
    ? `${version} is too old: ${NODE} is needed. Get it from nodejs.org, or with your version manager`
    : version;
  return { what: 'node', name: 'Node.js', is: old ? 'missing' : 'there', says };
}

function stateFolder(project: string): Need {
  const name = `${project}/.launch`;
  return isWritable(name)
    ? { what: 'folder', name, is: 'there', says: 'runs can be kept there' }
    : {
        what: 'folder',
        name,
        is: 'missing',
        says: 'runs cannot be kept there: give yourself the right to write (ls -ld shows whose it is)',
      };
}

async function needsOf(sitting: Sitting, trusted: boolean): Promise<readonly Need[]> {
  const needs: Need[] = [];
  for (const tool of allTools(sitting)) {
    const look = await lookAtTool(sitting, tool);
    needs.push({ what: 'tool', name: tool.tool, ...('wrong' in look ? missing(look.wrong) : there(look.seen)) });
  }
  for (const login of loginsOf(sitting)) {
    const look = await lookAtLogin(sitting, login).catch((error: unknown) => {
      if (error instanceof Stop) return { unknown: error.message };
      throw error;
    });
    const found =
      'unknown' in look
        ? { is: 'unknown' as const, says: look.unknown }
        : 'wrong' in look
          ? missing(look.wrong)
          : there(look.seen);
    needs.push({ what: 'login', name: login.account, ...found });
  }
  return [...needs, ...environment(sitting), ...(await files(sitting)), ...(trusted ? [] : unloaded(sitting.runbook))];
}

const there = (says: string) => ({ is: 'there', says }) as const;
const missing = (says: string) => ({ is: 'missing', says }) as const;

/** With those that the runbook's own commands and secrets call. */
function allTools(sitting: Sitting): readonly Requirement[] {
  const { runbook } = sitting;
  const tools = [...toolsOf(sitting, runbook.steps)];
  const add = (tool: string, get: string) => {
    if (!tools.some((known) => known.tool === tool)) tools.push({ tool, get });
  };
  if (runbook.steps.some(({ form }) => form.form === 'run'))
    add('bash', 'install bash: commands of a runbook are run with it');
  for (const { name, from, keep } of secretsOf(runbook)) {
    if ((from && 'op' in from) || keep?.startsWith('op://'))
      add('op', `install the 1Password CLI: ${name} is kept there`);
    const [command] = from && 'command' in from ? from.command : [];
    if (command !== undefined) add(command, `install ${command}: the value of ${name} comes from it`);
  }
  return tools;
}

const secretsOf = ({ secrets }: Runbook) => secrets.flatMap(({ names }) => names);

/** What the front matter reads by `env`, and where secrets come from. Only whether it is set: never its value. */
function environment(sitting: Sitting): readonly Need[] {
  const { source } = sitting.runbook;
  const [, definitions = ''] = source.split(/^---\s*$/m);
  const reasons = new Map<string, string>();
  for (const { path } of references(definitions))
    if (path[0] === 'env' && path[1] !== undefined && path[1] !== '*') reasons.set(path[1], 'the runbook reads it');
  for (const { name, from } of secretsOf(sitting.runbook))
    if (from && 'env' in from) reasons.set(from.env, `the value of ${name} comes from it`);
  return [...reasons].map(([name, why]) => ({
    what: 'environment',
    name,
    ...((sitting.environment[name] ?? '') === ''
      ? missing(`is not set, and ${why}: export ${name}=…`)
      : there('is set')),
  }));
}

/** Files that steps and secrets read, as far as their names are known before the start. */
async function files(sitting: Sitting): Promise<readonly Need[]> {
  const paths = new Map<string, string>();
  for (const { id, form } of sitting.runbook.steps) {
    if (form.form !== 'uses') continue;
    const kind = sitting.kinds.get(form.kind);
    const want = kind && wantOf(kind, fill(form.with, sitting.contexts()));
    if (want && 'value' in want)
      for (const path of kind?.reads?.(want.value) ?? []) paths.set(path, `step ${id} reads it`);
  }
  for (const { name, from } of secretsOf(sitting.runbook))
    if (from && 'file' in from) paths.set(from.file, `the value of ${name} comes from it`);
  return Promise.all([...paths].map(([path, why]) => file(sitting, path, why)));
}

async function file({ world }: Sitting, path: string, why: string): Promise<Need> {
  const need = { what: 'file', name: path } as const;
  try {
    const text = await world.files.read(path);
    return { ...need, ...(text === undefined ? missing(`is not in the project, and ${why}`) : there('is there')) };
  } catch (error) {
    return { ...need, is: 'unknown', says: error instanceof Error ? error.message : String(error) };
  }
}

/** Kinds of the project say what they need only where they may be loaded. */
function unloaded({ name, steps }: Runbook): readonly Need[] {
  const kinds = new Set(steps.flatMap(({ form }) => (form.form === 'uses' && isOwnKind(form.kind) ? [form.kind] : [])));
  const says = `what it needs is not known before it is trusted: launch trust ${name}`;
  return [...kinds].map((kind) => ({ what: 'kind', name: kind, is: 'unknown', says }));
}
