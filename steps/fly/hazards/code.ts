// What the code says about ports, routes and addresses, by light reading: patterns, no parser. It may miss; what it finds is there.

import type { Spot } from '../../../src/text/place.ts';
import { indexLines, type Lines, spotAt } from '../../../src/text/place.ts';

export interface CodeFacts {
  /** Every file of code was read. */
  readonly complete: boolean;
  /** The port taken when PORT is not set. */
  readonly fallbackPorts: readonly PortSeen[];
  /** The port written into a call that listens. */
  readonly fixedPorts: readonly PortSeen[];
  readonly readsPort: boolean;
  readonly listens: readonly { readonly loopback: boolean; readonly spot: Spot }[];
  /** Some call that declares a route was seen. */
  readonly routed: boolean;
  /** Routes may be made that a text does not show: by a regular expression. */
  readonly opaque: boolean;
  /** Texts that begin with a slash, and those of route calls with one put in front. */
  readonly paths: ReadonlySet<string>;
  /** Paths of the files, without their ends: routes of frameworks that go by files. */
  readonly files: readonly string[];
  readonly webhooks: readonly Spot[];
  readonly addresses: readonly Address[];
}

export interface PortSeen {
  readonly port: number;
  readonly spot: Spot;
}

/** An address on Fly's private network. */
export interface Address {
  readonly app: string;
  readonly network: 'internal' | 'flycast';
  /** `http`; undefined where none is written. */
  readonly scheme?: string;
  readonly port?: number;
  readonly spot: Spot;
}

export function readCode(file: string, source: string): CodeFacts {
  const text = source.replaceAll('\r\n', '\n');
  const lines = indexLines(file, text);
  const spots = (pattern: RegExp): readonly Seen[] => seenBy(pattern, lines);
  const ports = (pattern: RegExp) => spots(pattern).map(({ match, spot }) => ({ port: Number(match[1]), spot }));
  const routes = spots(ROUTE);
  return {
    complete: true,
    fallbackPorts: FALLBACKS.flatMap(ports),
    fixedPorts: FIXED.flatMap(ports),
    readsPort: READS_PORT.test(text),
    listens: spots(LISTENS).map(({ match, spot }) => ({ loopback: LOOPBACK.test(match[0]), spot })),
    routed: routes.length > 0,
    opaque: REGEX_ROUTE.test(text),
    paths: new Set([
      ...routes.map(({ match }) => withSlash(match[1] ?? match[2] ?? '')),
      ...[...text.matchAll(PATH)].map(([, path = '']) => path),
    ]),
    files: [`/${file.replace(/(\/(index|route|page|\+server|\+page))?(\.\w+)+$/, '')}`],
    webhooks: routes.filter(({ match }) => /webhook/i.test(match[0])).map(({ spot }) => spot),
    addresses: addressesIn(lines),
  };
}

export function addressesIn(lines: Lines): readonly Address[] {
  return seenBy(ADDRESS, lines).flatMap(({ match, spot }) => {
    const [, scheme, host = '', network, port] = match;
    const app = host.split('.').at(-1) ?? '';
    if (network !== 'internal' && network !== 'flycast') return [];
    if (FOREIGN.has(`${host}.${network}`) || app.startsWith('_')) return [];
    return [{ app, network, ...(scheme && { scheme }), ...(port && { port: Number(port) }), spot }];
  });
}

/** The facts of several files as one. */
export function joinCode(all: readonly CodeFacts[], complete: boolean): CodeFacts {
  return {
    complete,
    fallbackPorts: all.flatMap((one) => one.fallbackPorts),
    fixedPorts: all.flatMap((one) => one.fixedPorts),
    readsPort: all.some((one) => one.readsPort),
    listens: all.flatMap((one) => one.listens),
    routed: all.some((one) => one.routed),
    opaque: all.some((one) => one.opaque),
    paths: new Set(all.flatMap((one) => [...one.paths])),
    files: all.flatMap((one) => one.files),
    webhooks: all.flatMap((one) => one.webhooks),
    addresses: all.flatMap((one) => one.addresses),
  };
}

/** Routers are put below each other, so a route of the code is the end of a path that is asked: `/health` serves `/api/health`. */
export function serves({ paths, files }: CodeFacts, path: string): boolean {
  const wanted = segments(path);
  const fits = (route: string): boolean => {
    const pieces = segments(route);
    if (pieces.length === 0 || pieces.length > wanted.length) return wanted.length === 0 && route === '/';
    const end = wanted.slice(-pieces.length);
    return pieces.every((piece, index) => piece === end[index] || /^[:[{*]/.test(piece));
  };
  return [...paths].some(fits) || files.some((file) => file.endsWith(`/${wanted.join('/')}`));
}

interface Seen {
  readonly match: RegExpExecArray;
  readonly spot: Spot;
}

function seenBy(pattern: RegExp, lines: Lines): readonly Seen[] {
  return [...lines.text.matchAll(pattern)].map((match) => {
    const lead = /^\s*/.exec(match[0])?.[0].length ?? 0;
    return { match, spot: spotAt(lines, match.index + lead, match[0].length - lead) };
  });
}

const segments = (path: string): readonly string[] =>
  path
    .replace(/[?#].*$/, '')
    .split('/')
    .filter(Boolean);
const withSlash = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

/** `process.env.PORT ?? 3000`, `os.getenv("PORT", "8080")`, `ENV.fetch("PORT") { 3000 }`; `PORT: z.coerce.number().default(8080)`. */
const FALLBACKS: readonly RegExp[] = [
  /\bPORT\b["'\])]{0,3}\s{0,3}(?:\|\||\?\?|,|\{)\s{0,3}["']?(\d{2,5})\b/g,
  /\bPORT["']?\s?:[^\n,;]{0,80}?\bdefault["']?[(:]\s?["']?(\d{2,5})\b/g,
];
const FIXED: readonly RegExp[] = [
  /\.listen\(\s*(\d{2,5})\b/g,
  /\.listen\(\s*\{[^}]{0,120}?\bport:\s*(\d{2,5})\b/g,
  /\.run\([^)\n]{0,120}?\bport\s?=\s?(\d{2,5})\b/g,
  /ListenAndServe\(\s*"[^":]{0,60}:(\d{2,5})"/g,
];
const READS_PORT =
  /(?:env|ENV|environ|getenv|get_env|fetch|Getenv)[\w.]{0,6}[.([]{0,2}["']?PORT\b|\bPORT["']?\s?:\s?\w+[.(]/;
const LISTENS = /(?:\.listen\(|\.run\(|ListenAndServe\()[^;\n]{0,160}(?:\n[^;\n)]{0,80}){0,4}/g;
const LOOPBACK = /["'`](?:127\.0\.0\.1|localhost|::1)(?::\d+)?["'`]/;
/** Calls and decorators that name a route, in the usual frameworks; where maps are asked in the same way, a route begins with a slash. */
const ROUTE =
  /(?:\.(?:get|post|put|all|use|route|head|mount|register)\(|\b(?:url|path):|\b(?:get|post|HandleFunc|Handle)\(?)\s{0,3}["'`](\/[\w\-./:[\]{}*]+)["'`]|(?:@(?:Get|Post|All|Controller|GetMapping|RequestMapping)|\bpath)\(\s{0,3}["'`]([\w\-./:[\]{}*]+)["'`]/g;
const REGEX_ROUTE = /\.(?:get|all|use)\(\s?\/(?![/*])/;
const PATH = /["'`}](\/[\w\-./:[\]{}*]*)(?=["'`$?])/g;
const ADDRESS =
  /(?:\b([a-z][a-z0-9+]{1,20}):\/\/)?(?:[^\s"'`/@]{1,100}@)?\b([a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,3})\.(internal|flycast)\b(?::(\d{2,5}))?/g;
/** Names of other platforms that end so. */
const FOREIGN: ReadonlySet<string> = new Set([
  'host.docker.internal',
  'gateway.docker.internal',
  'metadata.google.internal',
  'kubernetes.docker.internal',
]);
