// What belongs to an app: addresses, volumes, secrets, certificates (facts/flyctl.md §3.8–3.10, §3.14).
import { allocateV4, allocateV6, listIps, releaseIps } from '../addresses.ts';
import { addCertificate, checkCertificate, listCertificates, removeCertificate, setUpCertificate } from '../certs.ts';
import { app, bool, int, json, many, on, org, region, secretFlags, value, volumeFlags, yes } from '../command-flags.ts';
import { importCertificate, listPrivateIps, listSecretKeys } from '../more-commands.ts';
import { deploySecrets, importSecrets, listSecrets, setSecrets, syncSecrets, unsetSecrets } from '../secrets.ts';
import { createSnapshot, extendVolume, listSnapshots, updateVolume } from '../snapshots.ts';
import { createVolume, destroyVolumes, listVolumes, showVolume } from '../volumes.ts';
import type { Commands } from './command.ts';

export const resourceCommands: Commands = {
  'ips list': { aliases: ['ls'], flags: [...app, json], args: [0, 0], needs: 'app', run: listIps },
  'ips allocate-v4': {
    flags: [...app, bool('shared'), yes, region],
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: allocateV4,
  },
  'ips allocate-v6': {
    flags: [...app, bool('private'), org, value('network'), region],
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: allocateV6,
  },
  'ips release': { flags: app, args: [1, many], needs: 'app', changes: true, run: releaseIps },
  'volumes create': { flags: volumeFlags, args: [1, 1], needs: 'app', changes: true, run: createVolume },
  'volumes list': { aliases: ['ls'], flags: [...app, json, bool('all')], args: [0, 0], needs: 'app', run: listVolumes },
  'volumes show': { flags: [...app, json], args: [0, 1], needs: 'app?', run: showVolume },
  'volumes destroy': {
    aliases: ['delete', 'rm'],
    flags: [...app, yes],
    args: [0, many],
    needs: 'app?',
    changes: true,
    run: destroyVolumes,
  },
  'secrets list': { aliases: ['ls'], flags: [...app, json], args: [0, 0], needs: 'app', run: listSecrets },
  'secrets set': { flags: secretFlags, args: [1, many], needs: 'app', changes: true, run: setSecrets },
  'secrets import': { flags: secretFlags, args: [0, 0], needs: 'app', changes: true, run: importSecrets },
  'secrets unset': { flags: secretFlags, args: [1, many], needs: 'app', changes: true, run: unsetSecrets },
  'secrets deploy': {
    flags: [...app, bool('detach'), on('dns-checks')],
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: deploySecrets,
  },
  'secrets sync': { flags: secretFlags, args: [0, 0], needs: 'app', run: syncSecrets },
  'certs add': {
    aliases: ['create'],
    flags: [...app, json],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: addCertificate,
  },
  'certs list': { flags: [...app, json], args: [0, 0], needs: 'app', run: listCertificates },
  'certs check': { aliases: ['show'], flags: [...app, json], args: [1, 1], needs: 'app', run: checkCertificate },
  'certs remove': {
    aliases: ['delete'],
    flags: [...app, yes, bool('custom'), bool('acme')],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: removeCertificate,
  },
  'ips private': { flags: [...app, json], args: [0, 0], needs: 'app', run: listPrivateIps },
  'volumes extend': {
    flags: [...app, value('size', 's'), yes, json],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: extendVolume,
  },
  'volumes update': {
    flags: [...app, int('snapshot-retention'), on('scheduled-snapshots'), json],
    args: [1, 1],
    needs: 'app?',
    changes: true,
    run: updateVolume,
  },
  'volumes snapshots list': {
    aliases: ['ls'],
    flags: [...app, json, bool('all')],
    args: [1, 1],
    needs: 'app?',
    run: listSnapshots,
  },
  'volumes snapshots create': {
    flags: [...app, json],
    args: [1, 1],
    needs: 'app?',
    changes: true,
    run: createSnapshot,
  },
  'secrets keys list': { aliases: ['ls'], flags: [...app, json], args: [0, 0], needs: 'app', run: listSecretKeys },
  'certs setup': { flags: [...app, json], args: [1, 1], needs: 'app', run: setUpCertificate },
  'certs import': {
    flags: [...app, value('fullchain'), value('private-key'), json],
    args: [1, 1],
    needs: 'app',
    changes: true,
    run: importCertificate,
  },
};
