// Version, login, organizations, regions, tokens, doctor (facts/flyctl.md §3.1–3.4, §3.24, §3.26).
import { listOrgs, listRegions, login, showVersion, whoami } from '../account.ts';
import { app, appTokenFlags, bool, json, many, org, orgTokenFlags, value } from '../command-flags.ts';
import { doctor } from '../looks.ts';
import { listSizes } from '../more-commands.ts';
import { authToken, createToken, listTokens, revokeTokens } from '../tokens.ts';
import type { Commands } from './command.ts';

export const accountCommands: Commands = {
  version: { flags: [json], args: [0, 0], needs: 'nothing', run: showVersion },
  'auth whoami': { flags: [json], args: [0, 0], needs: 'session', run: whoami },
  'auth login': {
    flags: [bool('interactive', 'i'), value('email'), { name: 'password', type: 'text', secret: true }, value('otp')],
    args: [0, 0],
    needs: 'nothing',
    run: login,
  },
  'orgs list': { aliases: ['ls'], flags: [json], args: [0, 0], needs: 'session', run: listOrgs },
  'platform regions': { flags: [json], args: [0, 0], needs: 'session', run: listRegions },
  'auth token': { flags: [json, bool('quiet', 'q')], args: [0, 0], needs: 'session', run: authToken },
  'platform vm-sizes': { flags: [json], args: [0, 0], needs: 'session', run: listSizes },
  'tokens create deploy': {
    flags: appTokenFlags,
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: createToken('deploy'),
  },
  'tokens create ssh': { flags: appTokenFlags, args: [0, 0], needs: 'app', changes: true, run: createToken('ssh') },
  'tokens create machine-exec': {
    flags: appTokenFlags,
    args: [0, 0],
    needs: 'app',
    changes: true,
    run: createToken('machine-exec'),
  },
  'tokens create org': { flags: orgTokenFlags, args: [0, 0], needs: 'session', changes: true, run: createToken('org') },
  'tokens create readonly': {
    flags: orgTokenFlags,
    args: [0, 0],
    needs: 'session',
    changes: true,
    run: createToken('readonly'),
  },
  'tokens deploy': { flags: appTokenFlags, args: [0, 0], needs: 'app', changes: true, run: createToken('deploy') },
  'tokens list': {
    aliases: ['ls'],
    flags: [...app, org, value('scope', 's')],
    args: [0, 0],
    needs: 'app?',
    run: listTokens,
  },
  'tokens revoke': { flags: [], args: [0, many], needs: 'session', changes: true, run: revokeTokens },
  doctor: { flags: [...app, json, org, bool('verbose', 'v')], args: [0, 0], needs: 'app?', run: doctor },
};
