// All that stands in for the world in one rehearsal, opened on its folder: what `pretend` and the servers work on.
import { join } from 'node:path';
import { AppStoreState as AppStoreSchema, type AppStoreState, emptyAppStore } from './app-store-state.ts';
import { appendCall, type Call } from './calls.ts';
import type { VirtualClock } from './clock.ts';
import { HttpState } from './expectations.ts';
import { type FlyStore, openFlyState } from './fly/state.ts';
import type { Overlay } from './overlay.ts';
import { PostgresState as PostgresSchema, type PostgresState } from './postgres.ts';
import type { Repository } from './repository.ts';
import { TlsState } from './sites.ts';
import { type StandInFile, standInFile } from './stand-in-file.ts';
import { emptyTwilio, TwilioState as TwilioSchema, type TwilioState } from './twilio.ts';
import type { Sites } from './web-server.ts';
import { DnsState } from './zones.ts';

export interface States {
  readonly fly: FlyStore;
  readonly dns: StandInFile<DnsState>;
  readonly http: StandInFile<HttpState>;
  readonly tls: StandInFile<TlsState>;
  readonly appStore: StandInFile<AppStoreState>;
  readonly twilio: StandInFile<TwilioState>;
  readonly postgres: StandInFile<PostgresState>;
}

export interface StandIns extends States {
  readonly clock: VirtualClock;
  readonly files: Overlay;
  readonly repository: Repository;
  readonly sites: Sites;
  called(call: Omit<Call, 'pid' | 'at'>): void;
}

/** `fly.json` must be there already. */
export function openStates(folder: string): States {
  return {
    fly: openFlyState(folder),
    dns: standInFile(join(folder, 'dns.json'), DnsState, () => ({ records: [] })),
    http: standInFile(join(folder, 'http.json'), HttpState, () => []),
    tls: standInFile(join(folder, 'tls.json'), TlsState, () => ({ hosts: [] })),
    postgres: standInFile(join(folder, 'postgres.json'), PostgresSchema, () => []),
    twilio: standInFile(join(folder, 'twilio.json'), TwilioSchema, emptyTwilio),
    appStore: standInFile(join(folder, 'asc.json'), AppStoreSchema, emptyAppStore),
  };
}

export const callLog =
  (folder: string, clock: VirtualClock): StandIns['called'] =>
  (call) =>
    appendCall(folder, { ...call, at: clock.now().getTime() });
