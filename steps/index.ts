// Which kinds there are. Each is loaded when a runbook uses it, never before.
import type { StepKind } from '../src/step.ts';

const loaders = {
  'appstore/app': async () => (await import('./appstore/app.ts')).app,
  'appstore/build': async () => (await import('./appstore/build.ts')).build,
  'appstore/build-in-group': async () => (await import('./appstore/build-in-group.ts')).buildInGroup,
  'appstore/bundle-id': async () => (await import('./appstore/bundle-id.ts')).bundleId,
  'appstore/compliance': async () => (await import('./appstore/compliance.ts')).compliance,
  'appstore/installed': async () => (await import('./appstore/installed.ts')).installed,
  'appstore/signing': async () => (await import('./appstore/signing.ts')).signing,
  'appstore/tester-group': async () => (await import('./appstore/tester-group.ts')).testerGroup,
  'appstore/testers': async () => (await import('./appstore/testers.ts')).testers,
  'cloudflare/record': async () => (await import('./cloudflare/record.ts')).record,
  'dns/record': async () => (await import('./dns/record.ts')).record,
  'file/content': async () => (await import('./file/content.ts')).content,
  'file/ignored': async () => (await import('./file/ignored.ts')).ignored,
  'fly/app': async () => (await import('./fly/app.ts')).app,
  'fly/certificate': async () => (await import('./fly/certificate.ts')).certificate,
  'fly/certificate-issued': async () => (await import('./fly/certificate-issued.ts')).certificateIssued,
  'fly/config': async () => (await import('./fly/config.ts')).config,
  'fly/console': async () => (await import('./fly/console.ts')).console,
  'fly/deploy': async () => (await import('./fly/deploy.ts')).deploy,
  'fly/health': async () => (await import('./fly/health.ts')).health,
  'fly/ips': async () => (await import('./fly/ips.ts')).ips,
  'fly/logs': async () => (await import('./fly/logs.ts')).logs,
  'fly/machines': async () => (await import('./fly/machines.ts')).machines,
  'fly/postgres': async () => (await import('./fly/postgres.ts')).postgres,
  'fly/proxy': async () => (await import('./fly/proxy.ts')).proxy,
  'fly/release': async () => (await import('./fly/release.ts')).release,
  'fly/scheduled-machine': async () => (await import('./fly/scheduled-machine.ts')).scheduledMachine,
  'fly/secrets-applied': async () => (await import('./fly/secrets-applied.ts')).secretsApplied,
  'fly/token': async () => (await import('./fly/token.ts')).token,
  'fly/volume': async () => (await import('./fly/volume.ts')).volume,
  'git/branch': async () => (await import('./git/branch.ts')).branch,
  'git/clean': async () => (await import('./git/clean.ts')).clean,
  'git/committed': async () => (await import('./git/committed.ts')).committed,
  'git/no-secrets': async () => (await import('./git/no-secrets.ts')).noSecrets,
  'git/pushed': async () => (await import('./git/pushed.ts')).pushed,
  'git/tag': async () => (await import('./git/tag.ts')).tag,
  'http/cors': async () => (await import('./http/cors.ts')).cors,
  'http/events': async () => (await import('./http/events.ts')).events,
  'http/poll': async () => (await import('./http/poll.ts')).poll,
  'http/rate-limit': async () => (await import('./http/rate-limit.ts')).rateLimit,
  'http/request': async () => (await import('./http/request.ts')).request,
  'http/response': async () => (await import('./http/response.ts')).response,
  'postgres/query': async () => (await import('./postgres/query.ts')).query,
  'record/write': async () => (await import('./record/write.ts')).write,
  'secrets/diff': async () => (await import('./secrets/diff.ts')).diff,
  'secrets/fill': async () => (await import('./secrets/fill.ts')).fill,
  'tls/certificate': async () => (await import('./tls/certificate.ts')).certificate,
  'twilio/message-answered': async () => (await import('./twilio/message-answered.ts')).messageAnswered,
  'twilio/webhook': async () => (await import('./twilio/webhook.ts')).webhook,
  'xcode/archive': async () => (await import('./xcode/archive.ts')).archive,
  'xcode/settings': async () => (await import('./xcode/settings.ts')).settings,
  'xcode/upload': async () => (await import('./xcode/upload.ts')).upload,
} satisfies Record<string, () => Promise<unknown>>;

/** Names of all kinds of the library, in alphabetical order. */
export const kindNames: readonly string[] = Object.keys(loaders);

/** The kind of that name; undefined where the library has none. */
export async function loadKind(name: string): Promise<StepKind | undefined> {
  if (!isName(name)) return undefined;
  // A parse boundary: whoever calls a kind has run its `with` over the author's text before, so its `want` has the shape it asks for.
  return (await loaders[name]()) as StepKind;
}

const isName = (name: string): name is keyof typeof loaders => Object.hasOwn(loaders, name);
