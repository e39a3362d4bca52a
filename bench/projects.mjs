// Projects to measure on: real files in temporary folders, trusted, with runs that were really carried out.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function projectOf(runbooks) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-bench-')));
  mkdirSync(join(folder, 'runbooks'));
  for (const [name, text] of Object.entries(runbooks)) writeFileSync(join(folder, 'runbooks', `${name}.md`), text);
  return folder;
}

export function runbookOf(steps, title = 'Measured') {
  const sections = steps.map(({ id }) => `### Step ${id} <!-- ${id} -->\n\nWhat ${id} is for, in a sentence or two.\n`);
  const lines = steps.map((step) => `  - ${JSON.stringify(step)}`);
  return `---\nrunbook: 1\ntitle: ${title}\nsteps:\n${lines.join('\n')}\n---\n\n## All\n\n${sections.join('\n')}`;
}

/** Of a runbook in a project, as `launch trust` says it. */
export function digestOf(launch, project, name) {
  const { stdout } = spawnSync(process.execPath, [launch, 'trust', name], {
    cwd: project,
    env: envOf(project),
    encoding: 'utf8',
  });
  return /Digest: ([0-9a-f]{64})/.exec(stdout)[1];
}

export function envOf(project) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return { ...env, LAUNCHBOOK_CONFIG_DIR: join(project, '.config') };
}
