// fly version, auth, orgs, platform: who and where (facts/flyctl.md §3.1–3.4).
import { arch, platform } from 'node:os';
import type { Call } from './call.ts';
import { FlyError } from './errors.ts';
import type { Org } from './model.ts';
import { table } from './output.ts';
import { regions } from './regions.ts';
import { logIn } from './state.ts';

export async function showVersion(call: Call): Promise<void> {
  const { version } = call.read();
  const [os, architecture] = [platform(), arch() === 'x64' ? 'amd64' : arch()];
  const facts = {
    Name: 'fly',
    Version: version,
    Commit: '0a1b2c3',
    BranchName: '',
    BuildDate: '2026-08-21T09:30:00Z',
    OS: os,
    Architecture: architecture,
    Environment: 'production',
  };
  if (call.wantsJson) call.out(JSON.stringify(facts) + '\n');
  else call.out(`${versionLine(version)}\n`);
}

export const versionLine = (version: string): string =>
  `fly v${version} ${platform()}/${arch() === 'x64' ? 'amd64' : arch()} Commit: 0a1b2c3 BuildDate: 2026-08-21T09:30:00Z`;

export async function whoami(call: Call): Promise<void> {
  const { email } = call.identity;
  if (call.wantsJson) call.json({ email });
  else call.out(email + '\n');
}

/** The real one opens a browser unless it gets both; a stand-in has no browser. */
export async function login(call: Call): Promise<void> {
  const email = call.flags.text('email');
  if (!email || !call.flags.text('password')) throw new FlyError('prompt: non interactive');
  call.change((state) => {
    state.session ??= { email, lastLogin: 0 };
    logIn(state, call.now());
  });
  call.out(`successfully logged in as ${email}\n`);
}

export async function listOrgs(call: Call): Promise<void> {
  const orgs = [...visibleOrgs(call)].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  if (call.wantsJson) return call.json(Object.fromEntries(orgs.map(({ slug, name }) => [slug, name])));
  call.out(
    table(
      ['Name', 'Slug', 'Type'],
      orgs.map(({ name, slug, type }) => [name, slug, type]),
    ),
  );
}

export async function listRegions(call: Call): Promise<void> {
  const sorted = [...regions].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (call.wantsJson) return call.json(sorted);
  call.out(
    table(
      ['Name', 'Code', 'Gateway', 'Launch Plan + Only'],
      sorted.map((one) => [one.name, one.code, one.gateway_available ? '✓' : '', one.requires_paid_plan ? '✓' : '']),
    ),
  );
}

/** `--org`, `FLY_ORG`, or the only and personal one; else an error, as nobody can be asked. */
export function resolveOrg(call: Call): Org {
  const orgs = visibleOrgs(call);
  const slug = call.flags.text('org') || call.env.FLY_ORG || call.env.FLY_ORGANIZATION;
  if (slug) {
    const org = orgs.find((one) => one.slug === slug);
    if (!org) throw new FlyError(`organization ${slug} not found`);
    return org;
  }
  const [only] = orgs;
  if (orgs.length !== 1 || only?.type !== 'PERSONAL')
    throw new FlyError('org slug must be specified when not running interactively');
  call.err(`automatically selected ${only.type.toLowerCase()} organization: ${only.name}\n`);
  return only;
}

/** `--region` or `FLY_REGION`, checked against the regions there are and the plan of the app's organisation. */
export function resolveRegion(call: Call): string {
  const code = call.flags.text('region') || call.env.FLY_REGION;
  if (!code) throw new FlyError('region code must be specified when not running interactively');
  const region = regions.find((one) => one.code === code);
  if (!region) throw new FlyError(`region ${code} not found`);
  const state = call.read();
  const paid = state.orgs.find(({ slug }) => slug === call.app(state).org)?.paidPlan;
  if (region.requires_paid_plan && !paid)
    throw new FlyError(`region ${code} requires an organization with a Launch plan or higher`);
  return code;
}

const visibleOrgs = (call: Call): Org[] =>
  call.read().orgs.filter(({ slug }) => !call.identity.org || slug === call.identity.org);
