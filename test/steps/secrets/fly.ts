// A small fly for the tests of the secrets kinds: lists, and imports by the real grammar. Strict: any other command fails the test.
import { expect } from 'vitest';
import type { ActPorts, Ended, ProcessOptions, SecretSpec, SinceSent } from '../../../src/system/ports.ts';
import { importSecrets } from '../../secrets/import-grammar.ts';

export interface FlyApp {
  readonly name: string;
  secrets: { readonly name: string; readonly digest: string; readonly status: string }[];
}

const ended = (exit: number | null, stdout = '', stderr = '', more: Partial<Ended> = {}): Ended => ({
  exit,
  stdout,
  stderr,
  ...more,
});

/** `trouble` decides what happens to the import: nothing, its reply lost after or before it was done, or names dropped on the way. */
export function fly(
  apps: readonly FlyApp[],
  { trouble }: { readonly trouble?: 'reply-lost' | 'never-arrived' | 'drops-one' } = {},
) {
  const calls: { readonly argv: readonly string[]; readonly stdin?: string }[] = [];
  const stored = new Map<string, string>();
  const run = async (argv: readonly string[], options: ProcessOptions = {}): Promise<Ended> => {
    calls.push({ argv, ...(options.stdin !== undefined && { stdin: options.stdin }) });
    const command = argv.slice(0, 3).join(' ');
    const app = apps.find(({ name }) => name === argv[argv.indexOf('-a') + 1]);
    if (app === undefined) return ended(1, '', 'Error: Could not find App "nope"\n');
    if (command === 'fly secrets list') return ended(0, JSON.stringify(app.secrets));
    expect(argv).toEqual(['fly', 'secrets', 'import', '--stage', '-a', app.name]);
    if (trouble === 'never-arrived') return ended(null, '', '', { timedOut: true });
    const imported = importSecrets(options.stdin ?? '');
    if (!('stored' in imported))
      return ended(imported.exit, '', `Error: Failed to parse secrets from stdin: ${imported.why}\n`);
    const names = [...imported.stored.keys()].slice(trouble === 'drops-one' ? 1 : 0);
    for (const name of names) {
      stored.set(name, imported.stored.get(name) ?? '');
      app.secrets = [...app.secrets.filter((one) => one.name !== name), { name, digest: 'd', status: 'Staged' }];
    }
    if (trouble === 'reply-lost') return ended(null, '', '', { timedOut: true });
    return ended(
      0,
      'Secrets have been staged, but not set on VMs. Deploy or update machines in this app for the secrets to take effect.\n',
    );
  };
  return {
    processes: { look: run, act: run },
    calls,
    stored,
    imports: () => calls.filter(({ argv }) => argv[2] === 'import'),
  };
}

export const spec = (name: string, more: Partial<SecretSpec> = {}): SecretSpec => ({
  app: 'prod',
  name,
  secret: true,
  required: true,
  absent: false,
  to: 'fly-secret',
  sameAsStaging: 'warn',
  ...more,
});

/** A secrets port with these names declared and these values to be had; what happened is listed in order, without values. */
export function secrets(
  names: readonly SecretSpec[],
  values: Readonly<Record<string, string>>,
  {
    compareWith,
    since = {},
  }: { readonly compareWith?: string; readonly since?: Readonly<Record<string, SinceSent>> } = {},
) {
  const happened: string[] = [];
  const port: ActPorts['secrets'] = {
    declared: (app) => ({ names: app === 'prod' ? names : [], ...(compareWith !== undefined && { compareWith }) }),
    sinceSent: async ({ name }) => since[name] ?? { is: 'unknown' },
    obtain: async ({ name }) => {
      happened.push(`obtained ${name}`);
      const value = values[name];
      return value === undefined ? { why: `there is no value for ${name}` } : { value };
    },
    kept: async ({ name }, value, where) => {
      expect(value).toBe(values[name]);
      happened.push(`kept ${name}: ${where}`);
    },
    learn: () => {},
    remember: () => {},
    receive: async () => {},
  };
  return { port, happened };
}
