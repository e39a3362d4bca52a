// Who answers for a host in the stand-in world: an app on Fly, a provider's API, or what `pretend` put there. Nobody else.
import { z } from 'zod';
import { answerExpected, type HttpState, type WebAnswer, type WebRequest } from './expectations.ts';
import { requirements } from './fly/certificates.ts';
import { appOf, type FlyStore } from './fly/state.ts';
import type { StandInFile } from './stand-in-file.ts';
import type { HostState, Sites } from './web-server.ts';
import { canonical, type DnsState, type ZoneRecord } from './zones.ts';

/** `W/tls.json`: hosts outside of Fly that show a certificate. */
export const TlsState = z.object({ hosts: z.array(z.string()) });
export type TlsState = z.output<typeof TlsState>;

export interface SitesOptions {
  readonly fly: FlyStore;
  readonly dns: StandInFile<DnsState>;
  readonly http: StandInFile<HttpState>;
  readonly tls: StandInFile<TlsState>;
  /** Providers by host name. */
  readonly providers: Readonly<Record<string, (request: WebRequest) => WebAnswer>>;
}

export function createSites({ fly, dns, http, tls, providers }: SitesOptions): Sites {
  const hostState = (name: string): HostState => {
    const host = canonical(name);
    if (Object.hasOwn(providers, host)) return 'served';
    const app = appOf(fly.read(), host);
    if (app) return !app.reachable || !resolves(host, dns.read()) ? 'nameless' : app.certificate ? 'served' : 'bare';
    if (host.endsWith('.fly.dev')) return 'nameless';
    const known = tls.read().hosts.includes(host) || http.read().some((one) => one.host === host);
    return known ? 'served' : 'unknown';
  };
  return {
    hostState,
    answer: (request) => {
      const provider = Object.hasOwn(providers, request.host) ? providers[request.host] : undefined;
      if (provider) return provider(request);
      const app = appOf(fly.read(), request.host);
      if (app && !app.started) return answer(503, 'no machine of the app is started\n');
      const expected = http.change((state) => answerExpected(state, request));
      if (expected) return expected;
      if (request.scheme === 'http')
        return { status: 301, headers: { location: `https://${request.host}${request.path}` }, body: '' };
      return answer(404, `no step of the runbook expects ${request.method} ${request.path} of ${request.host}\n`);
    },
  };
}

const answer = (status: number, body: string): WebAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', server: 'stand-in' },
  body,
});

/** A name of its own must lead somewhere; `NAME.fly.dev` always does. */
function resolves(host: string, { records }: DnsState): boolean {
  return (
    host.endsWith('.fly.dev') ||
    records.some((record) => canonical(record.name) === host && ['A', 'AAAA', 'CNAME'].includes(record.type))
  );
}

/** The names that Fly itself publishes: each app's, and the target that its certificates are pointed at by. */
export function flyRecords(fly: FlyStore): readonly ZoneRecord[] {
  return fly.read().apps.flatMap((app) => {
    const { a, aaaa, cname } = requirements(app, 'any.invalid');
    const addresses = [...a.map((value) => ({ type: 'A', value })), ...aaaa.map((value) => ({ type: 'AAAA', value }))];
    return [`${app.name}.fly.dev`, cname].flatMap((name) =>
      addresses.map((record) => ({ ...record, name, ttl: 300, at: 0 })),
    );
  });
}
