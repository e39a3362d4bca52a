// The app has asked for a certificate for the host name; its outputs are the DNS records that prove the name is ours.
import { z } from 'zod';
import { type Acted, defineStep } from '../../src/step.ts';
import { checkCertificate, findCertificate, type Host, recordsOf } from './certificates.ts';
import { actFly, findJson, flyLogin, flyTool, goneWithApp, notSeen, notThere, notTried } from './client.ts';
import { appName, hostName } from './fields.ts';
import { certificateShape } from './shapes.ts';

export const certificate = defineStep({
  name: 'fly/certificate',
  summary: 'A certificate for the host name is asked for; gives the DNS records',
  example: 'with: { app: solserver-prod, hostname: api.sollabs.com }',
  with: z.strictObject({ app: appName, hostname: hostName }),
  outputs: z.object({
    target: z.string().optional().describe('For a CNAME'),
    a: z.string().optional(),
    aaaa: z.string().optional(),
    ownership_name: z.string().optional().describe('Of a TXT record, for names behind a proxy'),
    ownership_value: z.string().optional(),
  }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '5 s',
  describe: ({ app, hostname }) => `${app} has a certificate asked for ${hostname}`,
  commands: (want) => [['fly', ...add(want)]],
  verify: async (want, ports) => {
    const found = await findCertificate(want, ports);
    const expected = `a certificate for ${want.hostname} is asked for`;
    if (!found.ok) return notSeen(found.problem, { app: want.app, expected });
    if (!found.value) return { is: 'not-so', expected, seen: `${want.app} has none for ${want.hostname}` };
    // The list does not hold the records. One check more or less is harmless; this look ends with it.
    const known = found.value.checked;
    const checked = known ? { ok: true as const, value: known } : await checkCertificate(want, ports);
    if (!checked.ok)
      return {
        is: 'unknown',
        why: `the certificate is there, but its DNS records are not known: ${checked.problem.why}`,
        hint: checked.problem.hint,
      };
    const outputs = recordsOf(checked.value);
    const warning = outputs.aaaa
      ? undefined
      : 'the app has no IPv6 address: without an AAAA, _acme-challenge or _fly-ownership record nothing is issued';
    return {
      is: 'so',
      seen: `${want.hostname} is there, ${checked.value.status || 'status unknown'}`,
      outputs,
      warning,
    };
  },
  act: async (want, ports): Promise<Acted> => {
    const found = await findCertificate(want, ports);
    if (!found.ok) return notTried(found.problem);
    if (found.value) return { ended: 'ok', seen: `${want.hostname} is there already` };
    const { acted, stdout } = await actFly(add(want), ports);
    const there = acted.ended !== 'ok' && acted.why.includes('Hostname already exists on app');
    if (there) return { ended: 'ok', seen: `${want.hostname} is there already` };
    const made = findJson(stdout, certificateShape);
    return acted.ended === 'ok' && made ? { ...acted, outputs: recordsOf(made) } : acted;
  },
  undo: {
    describe: ({ app, hostname }) =>
      `removes the certificate for ${hostname} from ${app}: https there stops; asking again counts as new at Let's Encrypt (few a week)`,
    act: async (want, ports) => {
      const found = await findCertificate(want, ports);
      if (!found.ok) return notThere(found.problem, want.app);
      if (!found.value) return { ended: 'ok', seen: `${want.app} has none for ${want.hostname}` };
      return (await actFly(['certs', 'remove', want.hostname, '-a', want.app, '--yes'], ports)).acted;
    },
    verify: async (want, ports) => {
      const found = await findCertificate(want, ports);
      if (!found.ok) return goneWithApp(found.problem, want.app);
      if (!found.value) return { is: 'so', seen: `${want.app} has none for ${want.hostname}` };
      return {
        is: 'not-so',
        expected: 'the certificate is removed',
        seen: `${want.app} still has one for ${want.hostname}`,
      };
    },
  },
});

const add = ({ app, hostname }: Host): string[] => ['certs', 'add', hostname, '-a', app, '--json'];
