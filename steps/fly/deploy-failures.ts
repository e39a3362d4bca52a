// Why a deploy failed, in words for someone at 2 a.m., and what to do next (facts/flyctl.md §2.12, §3.11, §6.5).
import type { Known } from './trouble.ts';

/** Ends of a deploy that are known: it is over, and it did not do what was asked. `back`: how to return to what ran before. */
export function deployFailures(app: string, back: string): readonly Known[] {
  const known = (says: string | RegExp, why: string, hint: string): Known => ({ says, sort: 'refused', why, hint });
  const logs = `\`fly logs -a ${app}\` and \`fly checks list -a ${app}\``;
  return [
    known(
      'could not get all green machines',
      'the new set of machines did not come up (bluegreen); Fly took it away again, and what ran before runs on',
      `${logs} say why; those of machines that are gone: \`fly logs -a ${app} --no-tail\``,
    ),
    known(
      'failed to create green machines',
      'the new set of machines could not be made (bluegreen); Fly took away what was there of it, and what ran before runs on',
      'a bluegreen deploy needs room for twice the machines, and no volume: `strategy: rolling` needs neither',
    ),
    known(
      'release command failed',
      'the release command failed; no machine of the app was changed',
      `its last lines stand above; what it did to a database stays`,
    ),
    known(
      'the app appears to be crashing',
      'the new machine starts and ends again (smoke check)',
      `${logs} say why; machines not yet updated run the release before; ${back}`,
    ),
    known(
      'timeout reached waiting for health checks to pass',
      'the health checks did not pass in time; machines may be on both releases, Fly takes nothing back',
      `does the app listen on 0.0.0.0 at internal_port, and does the check's path answer 200 without a redirect? ${logs} say more; ${back}`,
    ),
    known(
      "timeout reached waiting for machine's state to change",
      'a machine did not start in time',
      `${logs} say why; ${back}`,
    ),
    known(
      'failed to fetch an image or build from source',
      'there is no image: the build failed, or there was nothing to build; nothing was deployed',
      "the builder's log stands above; a stuck builder is replaced by `fly deploy --recreate-builder`",
    ),
    known(
      'needs an unattached volume named',
      'there is no free volume of that name in the region of the machine',
      `volumes are pinned to their region: \`fly volumes list -a ${app}\``,
    ),
    known(
      /requires an unattached|needs volumes with name/,
      'a process group with a mount has no free volume; deploys make volumes only the first time',
      `one for each machine: \`fly volumes create NAME -r REGION -a ${app}\``,
    ),
    known(
      "can't update the attached volume",
      'the name of a mounted volume (`source`) was changed',
      'put the old name back, or make new machines with new volumes',
    ),
    known(
      'is in the wrong region',
      'the volume is not in the region of the machine',
      'primary_region and the region of the volume must be the same',
    ),
    known(
      /yes flag must be specified/,
      'a machine has a volume, but the fly.toml has no mount for it any more; fly wants to ask, and `--yes` does not answer it',
      'put the mount back, or destroy that machine by hand first',
    ),
    known(
      /insufficient resources|could not reserve resource/,
      'the host of the volume has no room for the machine',
      'a smaller [[vm]], or a new volume on another host',
    ),
    known(
      /failed to get lease on VM|lease currently held/,
      'another deploy holds the machines',
      'wait until it has ended; what a killed one holds is free after 15 s, a machine it had just made after 5 minutes',
    ),
    known(
      'found multiple image versions',
      'machines with another image are there, as a bluegreen deploy that broke off leaves them; it was not begun',
      `\`fly machine list -a ${app}\` shows the images, \`fly releases --image -a ${app}\` which was the last complete one: \`fly machine destroy ID --force -a ${app}\` for each other, then try again`,
    ),
    known(
      'app not in valid state for bluegreen',
      'a bluegreen deploy needs a health check',
      'add `[[http_service.checks]]` to the fly.toml, or use the rolling strategy',
    ),
    known(
      /bluegreen deployment can't safely continue|can't undergo bluegreen deployment/,
      'a bluegreen deploy cannot be made of what runs now',
      'use the rolling strategy once',
    ),
  ];
}
