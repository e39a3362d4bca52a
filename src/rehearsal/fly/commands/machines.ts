// Machines, and the ways into them (facts/flyctl.md §3.15, §3.19, §3.20).
import { app, bool, consoleFlags, int, json, machineRunFlags, many, org, value } from '../command-flags.ts';
import { proxy, sshConsole } from '../console.ts';
import { listMachines } from '../looks.ts';
import { destroyMachines, execInMachine, showMachine, startMachines, stopMachines } from '../machine-commands.ts';
import { runMachine } from '../machine-run.ts';
import type { Commands } from './command.ts';

export const machineCommands: Commands = {
  'machine list': {
    aliases: ['ls'],
    flags: [...app, json, bool('quiet', 'q')],
    args: [0, 0],
    needs: 'app',
    run: listMachines,
  },
  'machine run': { flags: machineRunFlags, args: [1, many], needs: 'app?', changes: true, run: runMachine },
  'machine exec': {
    flags: [...app, bool('select', 's'), int('timeout'), value('container')],
    args: [1, 2],
    needs: 'app?',
    changes: true,
    run: execInMachine,
  },
  'machine status': { flags: [...app, bool('display-config', 'd')], args: [0, 1], needs: 'app?', run: showMachine },
  'machine start': { flags: app, args: [0, many], needs: 'app?', changes: true, run: startMachines },
  'machine stop': {
    flags: [...app, value('signal', 's'), int('timeout'), value('wait-timeout', 'w')],
    args: [0, many],
    needs: 'app?',
    changes: true,
    run: stopMachines,
  },
  'machine destroy': {
    aliases: ['remove', 'rm'],
    flags: [...app, bool('force', 'f'), value('image')],
    args: [0, many],
    needs: 'app?',
    changes: true,
    run: destroyMachines,
  },
  'ssh console': { flags: consoleFlags, args: [0, 0], needs: 'app', changes: true, run: sshConsole },
  proxy: {
    flags: [...app, org, value('bind-addr', 'b'), bool('quiet', 'q'), bool('watch-stdin'), bool('select', 's')],
    args: [1, 2],
    needs: 'app?',
    run: proxy,
  },
};
