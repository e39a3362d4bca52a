// How the stand-in world is made so for each check that comes true by somebody's doing: a person at a web page, an app that answers.

import type { z } from 'zod';
import type { World } from '../system/world.ts';
import type { AppStoreFault } from './app-store-faults.ts';
import type { FaultPlayer } from './faults.ts';
import { haveRows } from './postgres.ts';
import { pretendAppStore } from './pretend-app-store.ts';
import { pretendFile } from './pretend-file.ts';
import { pretendFly } from './pretend-fly.ts';
import { pretendGit } from './pretend-git.ts';
import { pretendCors, pretendEvents, pretendHttp, pretendRateLimit } from './pretend-http.ts';
import * as want from './pretend-wants.ts';
import { pretendXcode } from './pretend-xcode.ts';
import type { StandIns } from './stand-ins.ts';
import { haveAnswered } from './twilio.ts';
import { archiveInfo } from './xcode-tools.ts';
import { canonical, type DnsState } from './zones.ts';

/** Makes it so; a sentence of what was done, '' when nothing had to be, undefined when nothing stands in for it. */
export type Maker = (
  wanted: unknown,
  standIns: StandIns,
  context: { readonly typedWrong: () => boolean; due(fault: AppStoreFault): boolean },
) => string | undefined | Promise<string | undefined>;

export function createPretend(standIns: StandIns, faults: FaultPlayer): NonNullable<World['pretend']> {
  return {
    makeSo: async (kind, wanted, step) => {
      const maker = makers[kind];
      if (!maker) return byItself.test(kind);
      if (faults.due('said-not-done', step)) return true;
      const done = await maker(wanted, standIns, {
        typedWrong: () => faults.due('dns-typed-wrong', step),
        due: (fault) => faults.due(fault, step),
      });
      if (done) standIns.called({ tool: 'pretend', argv: [kind, step], changed: done });
      return done !== undefined;
    },
  };
}

/** What acts of the run bring about in the stand-ins: never forced. */
const byItself = /^(fly|secrets|cloudflare)\//;

/** With the type that its schema gives. A `with` of another shape has no maker: the look itself will say what is wrong with it. */
function making<S extends z.ZodType>(
  schema: S,
  make: (
    wanted: z.output<S>,
    ...rest: Parameters<Maker> extends [unknown, ...infer R] ? R : never
  ) => ReturnType<Maker>,
): Maker {
  return (wanted, standIns, context) => {
    const parsed = schema.safeParse(wanted);
    return parsed.success ? make(parsed.data, standIns, context) : undefined;
  };
}

const makers: Readonly<Record<string, Maker>> = {
  'dns/record': making(want.DnsRecord, ({ name, type, value }, { dns, clock }, { typedWrong }) => {
    const values = [value].flat();
    const typed = typedWrong() ? values.map((one) => mistyped(type, one)) : values;
    dns.change((state) => writeRecords(state, { name, type, values: typed, at: clock.now().getTime() }));
    return `${name} ${type} ${typed.join(', ')}`;
  }),
  'tls/certificate': making(want.TlsCertificate, ({ host }, { tls, sites }) => {
    if (sites.hostState(host) !== 'unknown') return '';
    tls.change((state) => state.hosts.push(canonical(host)));
    return `${host} shows a certificate`;
  }),
  'http/cors': making(want.Cors, pretendCors),
  'http/events': making(want.Events, pretendEvents),
  'http/rate-limit': making(want.RateLimit, pretendRateLimit),
  'http/response': making(want.Http, pretendHttp),
  'http/poll': making(want.Http, (wanted, standIns) =>
    pretendHttp({ ...wanted, worksFirst: wanted.pending?.[0] }, standIns),
  ),
  'http/request': making(want.Http, pretendHttp),
  'file/content': making(want.FileContent, pretendFile),
  // A tunnel runs in a command of the runbook, which a rehearsal does not execute: its end on this machine is played.
  'fly/proxy': making(want.FlyProxy, ({ local }, standIns) =>
    local === undefined ? '' : pretendHttp(want.Http.parse({ url: `http://127.0.0.1:${local}/` }), standIns),
  ),
  'fly/logs': making(want.FlyLogs, pretendFly),
  'postgres/query': making(want.PostgresQuery, (wanted, { postgres }) => {
    postgres.change((state) => haveRows(state, wanted));
    return `${wanted.database} answers a query`;
  }),
  'git/clean': pretendGit.clean,
  'git/branch': making(want.GitBranch, pretendGit.branch),
  'git/pushed': making(want.GitPushed, pretendGit.pushed),
  'git/committed': making(want.Paths, pretendGit.committed),
  'git/no-secrets': pretendGit.noSecrets,
  'file/ignored': making(want.Paths, pretendGit.ignored),
  'git/tag': making(want.GitTag, pretendGit.tag),
  // The settings of the sandbox can be seen by no program: nothing stands in for them.
  'twilio/webhook': making(want.TwilioWebhook, ({ sandbox }) => (sandbox ? undefined : '')),
  'twilio/message-answered': making(want.MessageAnswered, ({ number, from, contains, say }, { twilio, clock }) => {
    const person = from ?? (number.startsWith('whatsapp:') ? 'whatsapp:+15550199' : '+15550199');
    const reply = contains ?? `You said: ${say}`;
    twilio.change((state) => haveAnswered(state, { number, from: person, say, reply, at: clock.now().getTime() }));
    return `${number} answers a message`;
  }),
  'xcode/settings': making(want.XcodeSettings, pretendXcode),
  'xcode/archive': making(want.XcodeArchive, async (wanted, { files, clock }) => {
    const { archive, 'bundle-id': bundleId, version, build } = wanted;
    await files.write(`${archive}/Info.plist`, archiveInfo({ bundleId, version, number: build }, clock.now()));
    return `${archive} was made`;
  }),
  'xcode/upload': making(want.AppStoreBuild, pretendAppStore.build),
  'appstore/bundle-id': making(want.BundleId, pretendAppStore.bundleId),
  'appstore/app': making(want.AppStoreApp, pretendAppStore.app),
  'appstore/build': making(want.AppStoreBuild, pretendAppStore.build),
  'appstore/signing': making(want.AppStoreSigning, pretendAppStore.signing),
  'appstore/installed': making(want.Installed, pretendAppStore.installed),
  'appstore/compliance': making(want.Compliance, pretendAppStore.compliance),
  'appstore/build-in-group': making(want.BuildInGroup, pretendAppStore.buildInGroup),
  'appstore/tester-group': making(want.TesterGroup, pretendAppStore.testerGroup),
  'appstore/testers': making(want.Testers, pretendAppStore.testers),
};

/** In place of what stood there under this name and type; a CNAME stands alone. */
function writeRecords(
  state: DnsState,
  { name, type, values, at }: { name: string; type: string; values: readonly string[]; at: number },
): void {
  const host = canonical(name);
  const here = state.records.filter((record) => canonical(record.name) === host);
  const same = here.filter((record) => record.type === type).map((record) => canonical(record.value));
  const wanted = values.map(canonical);
  if (same.length === wanted.length && wanted.every((value) => same.includes(value))) return;
  const replaced = (record: DnsState['records'][number]): boolean =>
    canonical(record.name) === host &&
    (record.type === type || record.type === 'CNAME' || (type === 'CNAME' && ['A', 'AAAA'].includes(record.type)));
  const kept = state.records.filter((record) => !replaced(record));
  const made = values.map((value) => ({ name: host, type, value, ttl: 300, at }));
  state.records.splice(0, state.records.length, ...kept, ...made);
}

/** An address of nobody, a letter too many: what people type. */
function mistyped(type: string, value: string): string {
  if (type === 'A') return '192.0.2.1';
  if (type === 'AAAA') return '2001:db8::1';
  return `x${value}`;
}
