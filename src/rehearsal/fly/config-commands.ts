// fly config show, validate (facts/flyctl.md §3.12).
import type { Call } from './call.ts';
import { problemsOf, unknownKeys } from './config-rules.ts';
import type { Definition } from './definition.ts';
import { currentConfig } from './deploy.ts';
import { FlyError, NoStandIn } from './errors.ts';
import { goJson } from './output.ts';

/** JSON by default, with two spaces. */
export async function showConfig(call: Call): Promise<void> {
  const { flags } = call;
  if (flags.is('local') && !call.config) throw new FlyError('No local fly.toml found');
  const config = flags.is('local') && call.config ? call.config.definition : serverConfig(call);
  if (flags.is('yaml')) throw new NoStandIn('fly config show --yaml');
  if (!flags.is('toml')) return call.out(goJson(config, 2));
  const { stringify } = await import('smol-toml');
  call.out(stringify(config) + '\n');
}

export async function validateConfig(call: Call): Promise<void> {
  const config = call.config?.definition ?? serverConfig(call);
  if (call.config) call.out(`Validating ${call.config.path}\n`);
  const problems = problemsOf(config);
  for (const problem of problems) call.out(`\u001b[31m✘\u001b[0m ${problem}\n`);
  if (problems.length > 0) throw new FlyError('App configuration is not valid');
  const unknown = call.flags.is('strict') ? unknownKeys(config) : [];
  for (const key of unknown) call.out(`\u001b[31m✘\u001b[0m unknown key or section: ${key}\n`);
  if (unknown.length > 0) throw new FlyError('strict validation failed');
  call.out('\u001b[32m✓\u001b[0m Configuration is valid\n');
}

function serverConfig(call: Call): Definition {
  const app = call.app(call.read());
  const config = currentConfig(app);
  if (!config) throw new FlyError(`failed to fetch app config: no machines configured for app ${app.name}`);
  return { app: app.name, ...config };
}
