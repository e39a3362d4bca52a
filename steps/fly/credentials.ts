// Credentials in what fly prints (facts/flyctl.md §3.21, §3.22, §3.24): known before anything of it is shown.
import { stripVTControlCharacters } from 'node:util';
import type { Ended } from '../../src/system/ports.ts';

/** Connection strings, passwords and tokens, by name. undefined where output speaks of one that is none of these. */
export function credentialsIn({
  stdout,
  stderr,
}: Pick<Ended, 'stdout' | 'stderr'>): Readonly<Record<string, string>> | undefined {
  const text = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const found = new Map<string, string>();
  for (const url of connectionsIn(text)) {
    found.set(`connection string ${found.size + 1}`, url);
    const password = /:\/\/[^:@/\s]*:([^@\s]+)@/.exec(url)?.[1];
    if (password !== undefined)
      found.set(`password ${found.size + 1}`, decoded(password)).set(`password as written ${found.size + 1}`, password);
  }
  for (const [, password = ''] of text.matchAll(/^\s*Password:\s+(\S+)\s*$/gim))
    found.set(`password ${found.size + 1}`, password);
  for (const [token] of text.matchAll(/(?:FlyV1 )?fm(?:1r|1a|2)_[\w+/=.,-]+/g)) {
    found
      .set(`token ${found.size + 1}`, token)
      .set(`token without its scheme ${found.size + 1}`, token.replace(/^FlyV1 /, ''));
  }
  let rest = text;
  for (const value of found.values()) rest = rest.replaceAll(value, '');
  return suspicious.test(rest) ? undefined : Object.fromEntries(found);
}

/** `postgres://USER:PASSWORD@HOST…` as it stands there. */
export const connectionsIn = (text: string): readonly string[] =>
  [...text.matchAll(/postgres(?:ql)?:\/\/[^\s"'<>]+/g)].flatMap(([url]) => (/:\/\/[^/\s]*@/.test(url) ? [url] : []));

/** A password or token that stands there in a form we do not know. */
const suspicious = /\bpassword["']?\s*[:=]\s*["']?[^\s"']{6,}|:\/\/[^\s/@]+:[^\s/@]+@|"token":\s*"[^"]+"|\bFlyV1\s+\S/i;

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password; // not percent-encoded after all
  }
}
