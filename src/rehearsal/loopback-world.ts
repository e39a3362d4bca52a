// The world as the engine is given it in a rehearsal: the real ports, aimed at loopback, closed where nobody stands in, in virtual time.
import type { HttpAnswer } from '../system/ports.ts';
import type { RealWorld } from '../system/real-world.ts';
import type { World } from '../system/world.ts';
import type { Overlay } from './overlay.ts';
import { answerQuery } from './postgres.ts';
import { readText } from './stand-in-file.ts';
import type { StandIns } from './stand-ins.ts';

export interface LoopbackOptions {
  /** Aimed at the stand-ins. */
  readonly real: RealWorld;
  readonly standIns: StandIns;
  readonly processes: World['processes'];
  readonly pretend: NonNullable<World['pretend']>;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of stand-ins, some of which name a file. */
  readonly keyFiles: Readonly<Record<string, string>>;
}

export function createLoopbackWorld(options: LoopbackOptions): World & { readonly files: Overlay } {
  const { real, standIns, processes, pretend, environment, keyFiles } = options;
  const { clock, files, called } = standIns;
  return {
    project: real.project,
    processes,
    http: {
      exchange: (request, signal) =>
        clock.during(async (): Promise<HttpAnswer> => {
          const failed = URL.canParse(request.url) ? whyNobody(new URL(request.url).hostname, standIns) : undefined;
          if (failed === undefined) return real.http.exchange(request, signal);
          return { status: 0, headers: {}, body: '', url: request.url, failed };
        }),
    },
    dns: { ask: (question) => clock.during(() => real.dns.ask(question)) },
    tls: {
      handshake: (to) =>
        clock.during(async () => {
          const failed = whyNobody(to.host, standIns);
          if (failed === undefined) return real.tls.handshake(to);
          return { trusted: false, issuer: '', subject: '', names: [], from: '', to: '', failed };
        }),
    },
    postgres: { ask: async (question) => answerQuery(standIns.postgres.read(), question) },
    files,
    clock,
    env: {
      get: (name) => environment[name],
      // Key files of stand-ins only: a real one has no business here.
      file: async (name) => (Object.hasOwn(keyFiles, name) ? readText(keyFiles[name] ?? '') : undefined),
    },
    urls: real.urls,
    zx: real.zx,
    pause: (ms) => real.pause(ms),
    scratch: () => real.scratch(),
    // Shown by the face, opened and copied by nobody.
    open: async (url) => {
      called({ tool: 'open', argv: [url] });
      return false;
    },
    copy: async () => {
      called({ tool: 'copy', argv: [] });
      return false;
    },
    ...(real.shell && { shell: real.shell }),
    random: (bytes) => real.random(bytes),
    pretend,
  };
}

/** Why a host is not even asked; undefined: somebody stands in for it. */
function whyNobody(host: string, { sites }: Pick<StandIns, 'sites'>): string | undefined {
  const state = sites.hostState(host);
  if (state === 'unknown') return `no stand-in for ${host}`;
  return state === 'nameless' ? `ENOTFOUND: ${host} has no address` : undefined;
}
