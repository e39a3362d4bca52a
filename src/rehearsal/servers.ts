// The servers of a rehearsal on loopback, at the same ports from one sitting to the next, and the variables that aim a run at them.
import { join } from 'node:path';
import { z } from 'zod';
import { openAuthority } from './certificates.ts';
import type { VirtualClock } from './clock.ts';
import { startDnsServer } from './dns-server.ts';
import { flyRecords } from './sites.ts';
import { standInFile } from './stand-in-file.ts';
import type { States } from './stand-ins.ts';
import { type Sites, startWebServer } from './web-server.ts';
import { answerOfOwner, answerOfResolver, ResolverState, type ZoneQuestion } from './zones.ts';

export interface Servers {
  readonly aim: Readonly<Record<'LAUNCH_DNS' | 'LAUNCH_HTTP_HOSTS' | 'LAUNCH_CA_FILE', string>>;
  readonly web: { readonly port: number; readonly caFile: string };
  close(): Promise<void>;
}

export interface ServersOptions {
  readonly folder: string;
  readonly states: Pick<States, 'fly' | 'dns'>;
  readonly sites: Sites;
  readonly clock: VirtualClock;
}

/** `W/ports.json`. A port that is taken meanwhile is replaced by a free one. */
const Ports = z.object({ resolver: z.number(), owner: z.number(), web: z.number() });

export async function startServers({ folder, states, sites, clock }: ServersOptions): Promise<Servers> {
  const owner = (question: ZoneQuestion) =>
    answerOfOwner([...flyRecords(states.fly), ...states.dns.read().records], question);
  const cache = standInFile(join(folder, 'resolver.json'), ResolverState, () => ({}));
  const resolver = (question: ZoneQuestion) =>
    cache.change((known) => answerOfResolver(known, owner, question, clock.now().getTime()));
  const authority = openAuthority(folder, clock.now());
  const ports = standInFile(join(folder, 'ports.json'), Ports, () => ({ resolver: 0, owner: 0, web: 0 }));
  const wanted = ports.read();
  const [recursive, authoritative, web] = await Promise.all([
    startDnsServer({ as: 'resolver', answer: resolver, port: wanted.resolver }),
    startDnsServer({ as: 'owner', answer: owner, port: wanted.owner }),
    startWebServer({ authority, sites, port: wanted.web }),
  ]);
  const got = { resolver: recursive.port, owner: authoritative.port, web: web.port };
  ports.change((state) => Object.assign(state, got));
  return {
    aim: {
      LAUNCH_DNS: `recursive=127.0.0.1:${got.resolver},*=127.0.0.1:${got.owner}`,
      LAUNCH_HTTP_HOSTS: `*=127.0.0.1:${got.web}`,
      LAUNCH_CA_FILE: authority.file,
    },
    web: { port: got.web, caFile: authority.file },
    close: async () => {
      await Promise.all([recursive.close(), authoritative.close(), web.close()]);
    },
  };
}
