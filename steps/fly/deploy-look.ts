// Does the new release stand: complete, on every machine, healthy, and is nothing left out that a first deploy makes?
import type { Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { notSeen, readFly } from './client.ts';
import type { Since, Want } from './deploy.ts';
import { goBack } from './go-back.ts';
import { ipsShape, type Machine, type Release, statusShape } from './shapes.ts';
import { groupOf, lookAtMachines } from './standing.ts';

/** Is the newest release the one we wait for, and does it run? */
export async function lookAtNewest(
  want: Want,
  releases: readonly Release[],
  { since, expected }: { readonly since?: Since; readonly expected: string },
  ports: Use<'processes'>,
): Promise<Look> {
  const [newest] = releases;
  if (!newest) return { is: 'not-so', expected, seen: `${want.app} has no release` };
  if (since && newest.Version <= since.version)
    return { is: 'not-so', expected, seen: `no release since ${since.version}` };
  const seen = `release ${newest.Version} is ${newest.Status}, ${newest.ImageRef}`;
  const theOne = isComplete(newest) && (want.image ? sameImage(want.image, newest.ImageRef) : since !== undefined);
  if (!theOne) return { is: 'not-so', expected, seen, ...(since && wayOn(want, newest, releases)) };
  const status = await readFly(['status', '-a', want.app, '--json'], statusShape, ports);
  if (!status.ok) return notSeen(status.problem, { app: want.app, expected });
  const look = lookAtMachines(status.value.Machines, {
    app: want.app,
    expected,
    releases: releasesInUse(want, releases, newest, since),
  });
  if (look.is !== 'so') return look;
  const warnings = [
    ...(look.warning ? [look.warning] : []),
    ...othersBetween(releases, newest, since),
    ...(since?.image === '' ? await leftOut(want, status.value.Machines, ports) : []),
  ];
  return {
    is: 'so',
    seen: `${seen}; ${look.seen}`,
    outputs: { version: String(newest.Version), image: newest.ImageRef },
    ...(warnings.length > 0 && { warning: warnings.join('; ') }),
  };
}

/** Somebody else deployed meanwhile: which of the two runs now is for a person to say. */
function othersBetween(releases: readonly Release[], newest: Release, since: Since | undefined): readonly string[] {
  const others = releases.filter(
    (one) =>
      since && one.Version > since.version && one !== newest && isComplete(one) && one.ImageRef !== newest.ImageRef,
  );
  return others.map(
    ({ Version, ImageRef }) =>
      `another deploy came between: release ${Version}, ${ImageRef}; is the newest the one meant?`,
  );
}

/** A first deploy that broke off is no first one when it is made again: spare machines and addresses do not come (facts/flyctl.md §3.11.3). */
async function leftOut(
  { app, ha, 'public-ips': open, flycast }: Want,
  machines: readonly Machine[],
  ports: Use<'processes'>,
): Promise<readonly string[]> {
  const served = machines.filter(({ config }) => config && config.services.length > 0);
  const alone = served.filter(
    (one) =>
      one.config?.mounts.length === 0 && machines.filter((other) => groupOf(other) === groupOf(one)).length === 1,
  );
  const counts = alone.map((one) => `${groupOf(one)}=2`).join(' ');
  const spare = ha && alone.length > 0;
  // Where the list cannot be read nothing is said: it is a remark only.
  const ips =
    served.length > 0 && open && !flycast
      ? await readFly(['ips', 'list', '-a', app, '--json'], ipsShape, ports)
      : undefined;
  return [
    ...(spare ? [`no spare machine was made: \`fly scale count ${counts} -a ${app} --yes\` makes it`] : []),
    ...(ips?.ok && ips.value.length === 0
      ? [`${app} has no address: nobody reaches it; a step fly/ips makes them`]
      : []),
  ];
}

/** With `groups` each has its own release: any that came since, is complete and has the image of the newest. */
const releasesInUse = (want: Want, releases: readonly Release[], newest: Release, since?: Since): readonly number[] =>
  releases
    .filter(
      (one) =>
        one === newest ||
        (want.groups && since && one.Version > since.version && isComplete(one) && one.ImageRef === newest.ImageRef),
    )
    .map(({ Version }) => Version);

/** What to do about a new release that is not complete. */
function wayOn(
  want: Want,
  { Status }: Release,
  releases: readonly Release[],
): { readonly final?: true; readonly hint?: string } {
  if (Status === 'running')
    return {
      hint: 'a deploy that was killed leaves its release `running` for ever; its hold on the machines ends after 15 s: then deploy again',
    };
  if (Status !== 'failed' && Status !== 'interrupted') return {};
  const good = releases.find(isComplete);
  return {
    final: true,
    hint: `\`fly logs -a ${want.app}\` may say why; ${good ? goBack(want, good.ImageRef) : 'there is no earlier release to go back to'}`,
  };
}

export const isComplete = ({ Status }: Release): boolean => Status === 'complete';

/** `ImageRef` is a full reference; the one asked for may lack the registry, or have a digest the other lacks. */
function sameImage(asked: string, runs: string): boolean {
  const [a, b] = [asked, runs].map((image) => image.replace(/(?<=:[^/]*)@sha256:[0-9a-f]+$/, ''));
  return a === b || (b ?? '').endsWith(`/${a}`);
}
