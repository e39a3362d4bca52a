// A certificate from the asking to the issuing, by the built program, with all that can hold it up: it is asked for once, and Fly is made to validate rarely.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch, made, projectOf, rehearsalOf, runbookOf } from './launching.ts';

const steps = `accounts: { fly: { org: sollabs } }
steps:
  - { id: app, uses: fly/app, with: { name: sol, org: sollabs } }
  - { id: addresses, uses: fly/ips, with: { app: sol } }
  - { id: certificate, uses: fly/certificate, with: { app: sol, hostname: api.example.com } }
  - id: point-dns
    manual: true
    copy: { Target: "\${{ steps.certificate.outputs.target }}" }
    verify: [{ uses: dns/record, with: { name: api.example.com, type: CNAME, value: "\${{ steps.certificate.outputs.target }}" }, within: 1h }]
  - { id: issued, uses: fly/certificate-issued, with: { app: sol, hostname: api.example.com }, every: 5m, within: 6h }`;

/** The virtual times at which Fly was made to validate. */
function validations(project: string): readonly number[] {
  const calls = readFileSync(join(rehearsalOf(project), 'world/calls.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return calls
    .map((line): { at: number; argv?: readonly string[]; exit?: number } => JSON.parse(line))
    .filter(({ argv, exit }) => exit !== undefined && argv?.[0] === 'certs' && argv[1] === 'check')
    .map(({ at }) => at);
}

test.each([undefined, 'pending', 'rate-limited', 'caa', 'proxied'])(
  'held up by %s it is issued in the end, asked for once, and Fly validates at most five times an hour',
  async (held) => {
    const project = projectOf({
      'runbooks/small.md': runbookOf(steps, 'app', 'addresses', 'certificate', 'point-dns', 'issued'),
    });
    const ran = await launch(project, [
      'rehearse',
      'small',
      '--auto',
      ...(held ? ['--fault', `certificate-${held}@issued`] : []),
    ]);
    expect({ exit: ran.exit, stderr: ran.exit === 0 ? '' : ran.stderr.slice(-2_000) }).toEqual({ exit: 0, stderr: '' });
    expect(made(project).filter((one) => one.startsWith('certificate added'))).toHaveLength(1);
    const times = validations(project);
    for (const from of times)
      expect(times.filter((at) => at >= from && at < from + 3_600_000).length).toBeLessThanOrEqual(5);
  },
  120_000,
);
