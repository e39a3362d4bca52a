// One rehearsal's world: the code of the real one, pointed at stand-ins on loopback. What nobody stands in for fails.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Face } from '../engine/face.ts';
import { readAim } from '../system/aim.ts';
import { createRealWorld } from '../system/real-world.ts';
import type { World } from '../system/world.ts';
import { createActor } from './actor.ts';
import { appStoreHost, createAppStoreConnect } from './app-store-connect.ts';
import { openAppStoreKey } from './app-store-key.ts';
import { createVirtualClock } from './clock.ts';
import { cloudflareHost, createCloudflare } from './cloudflare.ts';
import { createCommands } from './commands.ts';
import { canary, rehearsalEnvironment } from './environment.ts';
import { createFaultPlayer, parseFault } from './faults.ts';
import { ledOut } from './led-out.ts';
import { createLoopbackWorld } from './loopback-world.ts';
import { createOverlay, type Overlay } from './overlay.ts';
import { createPretend } from './pretend.ts';
import { createRepository } from './repository.ts';
import { type FlySeed, seedFly } from './seed.ts';
import { startServers } from './servers.ts';
import { createSites } from './sites.ts';
import { callLog, openStates, type StandIns } from './stand-ins.ts';
import { createTwilio, haveSender, twilioHosts } from './twilio.ts';
import { watched } from './watched.ts';
import type { ReadXcode } from './xcode-tools.ts';

export interface RehearsalOptions {
  /** The folder of the stand-in world: made if missing, gone on with if there. */
  readonly folder: string;
  readonly project: string;
  /** Packaged files of a shipped runbook, laid out as in its project. */
  readonly fixtures?: string;
  /** The stand-in fly. */
  readonly flyExecutable: string;
  /** The person's. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** When a new rehearsal begins. */
  readonly now: Date;
  /** `NAME[!][@STEP]`, as `parseFault` takes it. */
  readonly fault?: string;
  /** `accounts` of the runbook. */
  readonly accounts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Apps that are there before the launch: those that secrets are compared with. */
  readonly apps?: FlySeed['apps'];
  /** WhatsApp senders that the Twilio account has. */
  readonly senders?: readonly string[];
  /** Names of environment variables that the runbook reads: each gets a canary in place of what it holds. */
  readonly canaries?: readonly string[];
  /** Reads Xcode projects, which this room cannot: without it nothing is archived. */
  readonly readXcode?: ReadXcode;
}

export interface Rehearsal {
  readonly world: World & { readonly files: Overlay };
  /** LAUNCH_* variables that aim a real run at these stand-ins. */
  readonly aim: Readonly<Record<string, string>>;
  /** The environment of the rehearsal: the person's without tokens, with the keys of the stand-ins. For `env` in expressions. */
  readonly environment: Readonly<Record<string, string>>;
  /** Around the face of a person: while they are asked, time is real. */
  watch(face: Face): Face;
  /** A face that answers by itself and shows everything on `shown`. */
  actor(options: { readonly shown: Face; readonly answers: Readonly<Record<string, string>> }): Face;
  /** Files that the project lacked and the fixtures had, so far. */
  borrowed(): readonly string[];
  /** The fault that nothing has come to so far. */
  unmet(): string | undefined;
  close(): Promise<void>;
}

/** Throws a sentence for a fault that does not exist. */
export async function openRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { folder, project, fixtures, flyExecutable } = options;
  const fault = options.fault === undefined ? undefined : parseFault(options.fault);
  if (fault && 'problem' in fault) throw new Error(fault.problem);
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  /** The step at work. */
  let current: string | undefined;
  const clock = createVirtualClock(folder, options.now);
  seedFly(folder, { account: options.accounts?.fly ?? {}, apps: options.apps ?? [] }, clock.now());
  const states = openStates(folder);
  const called = callLog(folder, clock);
  const key = openAppStoreKey(folder);
  const faults = createFaultPlayer(folder, fault);
  const environment = rehearsalEnvironment(options.env, {
    canaries: options.canaries,
    standIns: { ...key.environment, ...logins },
  });
  const repository = createRepository({ folder, project, fixtures, env: environment, now: () => clock.now() });
  const provider = (tool: string) => ({
    now: () => clock.now(),
    changed: (what: string): void => called({ tool, argv: [], changed: what }),
    due: (name: string): boolean => current !== undefined && faults.due(name, current),
  });
  const twilio = createTwilio({ state: states.twilio, login: twilioLogin, ...provider('twilio') });
  states.twilio.change((state) => {
    for (const sender of options.senders ?? []) haveSender(state, sender);
  });
  const providers = {
    [appStoreHost]: createAppStoreConnect({ state: states.appStore, key, ...provider('asc') }),
    [cloudflareHost]: createCloudflare({
      dns: states.dns,
      token: logins.CLOUDFLARE_API_TOKEN,
      ...provider('cloudflare'),
    }),
    ...Object.fromEntries(twilioHosts.map((host) => [host, twilio])),
  };
  const sites = createSites({ ...states, providers });

  const servers = await startServers({ folder, states, sites, clock });
  const aim = { LAUNCH_FLY: join(folder, 'bin', 'fly'), ...servers.aim };
  const real = createRealWorld({ project, aim: readAim(aim), env: environment });
  const files = createOverlay({ project, real: real.files, folder: join(folder, 'files'), fixtures });
  const standIns: StandIns = { ...states, clock, files, repository, sites, called };

  const at = (step: string): void => {
    current = step;
  };
  const { web } = servers;
  const processes = createCommands({
    folder,
    project,
    env: environment,
    flyExecutable,
    web,
    standIns,
    faults,
    ...(options.readXcode && { readXcode: options.readXcode }),
    step: () => current,
  });
  const pretend = createPretend(standIns, faults);
  const world = createLoopbackWorld({ real, standIns, processes, pretend, environment, keyFiles: key.environment });

  const { mend, mendAppStore } = faults.sort ?? {};
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => clock.sleep(ms, signal);
  const mended = {
    mend: () => {
      if (mend) states.fly.change((state) => mend(state, clock.now().getTime()));
      if (mendAppStore) states.appStore.change((state) => mendAppStore.how(state));
    },
  };
  return {
    world,
    aim,
    environment,
    watch: (face) => watched(ledOut(face, { faults, ...mended }), { clock, at }),
    actor: ({ shown, answers }) => watched(createActor({ shown, answers, faults, sleep, ...mended }), { at }),
    borrowed: () => [...files.borrowed],
    unmet: () => (faults.fired() ? undefined : faults.fault?.name),
    close: () => servers.close(),
  };
}

/** Logins that the stand-ins of providers know. */
const twilioLogin = { sid: `AC${'0'.repeat(32)}`, token: canary('TWILIO_AUTH_TOKEN') };
const logins = {
  CLOUDFLARE_API_TOKEN: canary('CLOUDFLARE_API_TOKEN'),
  TWILIO_ACCOUNT_SID: twilioLogin.sid,
  TWILIO_AUTH_TOKEN: twilioLogin.token,
};
