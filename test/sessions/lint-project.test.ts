// `launch lint --project` of the built program: the three forms, the exit codes, a project without runbooks.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch, projectWith } from './launching.ts';

function spoiled(): string {
  const project = projectWith('prod');
  const file = join(project, 'fly.prod.toml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('PORT = "8080"', 'PORT = "3000"').replace('path = "/health"', 'path = "/up"'),
  );
  return project;
}

test('a sound project: no error, and lint without --project says nothing of it', async () => {
  const project = projectWith('prod');
  const { exit, stdout } = await launch(project, ['lint', '--project']);
  expect({ exit, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
    exit: 0,
    last: expect.stringMatching(/^3 files: 0 errors/),
  });
  expect((await launch(spoiled(), ['lint'])).exit).toBe(0);
});

test('hazards are told with line, reason and remedy, also against what the runbook relies on', async () => {
  const { exit, stdout } = await launch(spoiled(), ['lint', '--project']);
  expect(exit).toBe(3);
  expect(stdout).toContain(`fly.prod.toml:9:3  PORT is 3000 in [env], internal_port is 8080
  9 |   PORT = "3000"
    |   ^^^^  write the same port in both
  the proxy finds nobody on internal_port: health checks fail, the deploy waits for its whole time-out and gives up
`);
  expect(stdout).toContain(
    'fly.prod.toml:33:5  the step config expects a health check of /health; the file says: health checks of /up',
  );
});

test('json and github say the same', async () => {
  const project = spoiled();
  const json = JSON.parse((await launch(project, ['lint', '--project', '--format', 'json'])).stdout);
  expect(json).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      code: 'port-differs',
      why: expect.any(String),
      remedy: 'write the same port in both',
      place: { file: 'fly.prod.toml', line: 9, column: 3, length: 4 },
    }),
  );
  const github = (await launch(project, ['lint', '--project', '--format', 'github'])).stdout;
  expect(github.split('\n')[0]).toMatch(
    /^::error file=fly\.prod\.toml,line=9,col=3::PORT is 3000 in \[env\], internal_port is 8080\. .* write the same port in both$/,
  );
  expect(github.trimEnd().split('\n').length).toBe(json.length);
});

test('a project without runbooks has hazards too; a runbook that names a missing file is told', async () => {
  const bare = spoiled();
  rmSync(join(bare, 'runbooks'), { recursive: true });
  expect((await launch(bare, ['lint', '--project'])).stdout).toContain('PORT is 3000');
  expect((await launch(bare, ['lint'])).exit).toBe(2);
  const without = projectWith('prod');
  rmSync(join(without, 'fly.prod.toml'));
  const { exit, stdout } = await launch(without, ['lint', '--project']);
  expect(exit).toBe(3);
  expect(stdout).toMatch(/^runbooks\/prod\.md:\d+:\d+ {2}the step config uses fly\.prod\.toml, which is not there$/m);
});
