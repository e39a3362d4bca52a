// A command of the project is not run in a rehearsal; what it would bring about, the stand-ins can.
import { afterEach, expect, it } from 'vitest';
import { forms } from '../../src/runbook/schema-step.ts';
import { closeAll, folderWith } from './rehearsing.ts';
import { check, rehearseRunbook, runbookOf, uses } from './sessions.ts';

afterEach(closeAll);

const toml = 'app = "sol"\nprimary_region = "sjc"\n[build]\nimage = "nginx"\n[http_service]\ninternal_port = 8080\n';
const deploying = (instead: readonly (readonly string[])[]) =>
  runbookOf([
    { id: 'create-app', form: uses('fly/app', { name: 'sol', org: 'personal' }) },
    {
      id: 'deploy',
      form: { form: 'run', command: 'make fly-deploy' },
      rehearse: { instead },
      verify: [check('fly/machines', { app: 'sol', count: 1 })],
    },
  ]);

it('the stand-in fly deploys in place of make, and the checks look at what it made', async () => {
  const instead = [['fly', 'deploy', '--config', 'fly.toml', '-a', 'sol', '--ha=false', '--yes']];
  const session = await rehearseRunbook(deploying(instead), { project: folderWith({ 'fly.toml': toml }) });
  expect(session.end).toMatchObject({ finished: 'done' });
  expect(session.events.find((event) => event.type === 'step.done' && event.step === 'deploy')).toMatchObject({
    how: 'verified',
    evidence: { note: 'carried out by stand-ins' },
  });
});

it('a command that fails fails the step, with its exit code', async () => {
  const session = await rehearseRunbook(deploying([['fly', 'deploy', '-a', 'another']]));
  expect(session.events.find((event) => event.type === 'step.ended' && event.step === 'deploy')).toMatchObject({
    result: 'failed',
    why: expect.stringMatching(/^fly deploy ended with exit code \d/),
  });
});

it.each(['crash-loop', 'machine-not-starting', 'health-failing'])('a deploy is led out of %s', async (fault) => {
  const instead = [['fly', 'deploy', '--config', 'fly.toml', '-a', 'sol', '--ha=false', '--yes']];
  const checked = `${toml}[[http_service.checks]]\npath = "/health"\ninterval = "10s"\n`;
  const session = await rehearseRunbook(deploying(instead), { project: folderWith({ 'fly.toml': checked }), fault });
  expect(session.events.some((event) => event.type === 'step.ended' && event.result === 'failed')).toBe(true);
  expect(session.end).toMatchObject({ finished: 'done' });
});

it('nothing but fly and git stands there', () => {
  const step = (instead: unknown) => ({ id: 'deploy', run: 'make', rehearse: { instead } });
  expect(forms.run.safeParse(step([['fly', 'deploy']])).success).toBe(true);
  expect(forms.run.safeParse(step([['bash', '-c', 'rm -rf /']])).success).toBe(false);
});
