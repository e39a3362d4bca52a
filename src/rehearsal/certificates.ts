// The certificate authority of one rehearsal: a root in its folder, a leaf for every host name that a stand-in serves.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { bits, bool, explicit, implicit, integer, octets, oid, printable, sequence, set, time, utf8 } from './der.ts';
import { readText, replaceFile } from './stand-in-file.ts';

export interface Authority {
  /** PEM of the root: what a client must trust. */
  readonly certificate: string;
  /** Path of that PEM. */
  readonly file: string;
  /** What a server shows for `host`. Made once a host. */
  contextFor(host: string): SecureContext;
  /** PEM of the leaf for `host`. */
  leaf(host: string): string;
}

const day = 86_400_000;

/**
 * Opens the authority kept in `folder`, or makes it there. Dates are real, never virtual (DESIGN §8), yet also hold at `virtualNow`.
 * ES256 by node:crypto, 0.24 ms a leaf (`facts/feasibility.md` §5). The issuer is called what Fly's certificates are issued by.
 */
export function openAuthority(folder: string, virtualNow: Date): Authority {
  const file = join(folder, 'ca.pem');
  const keyFile = join(folder, 'ca.key');
  const key = keyFrom(keyFile) ?? newKey(keyFile);
  const dates = validity([new Date(), virtualNow]);
  const certificate = readText(file) ?? writeRoot(file, key, dates);
  const leafKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const leaves = new Map<string, { pem: string; context: SecureContext }>();
  const made = (host: string) => {
    const known = leaves.get(host);
    if (known) return known;
    const pem = issue({
      subject: name(host),
      subjectKey: leafKey,
      issuerKey: key,
      ...dates,
      extensions: leafExtensions(host, leafKey, key),
    });
    const context = createSecureContext({ key: pemOf(leafKey), cert: `${pem}${certificate}` });
    leaves.set(host, { pem, context });
    return { pem, context };
  };
  return { certificate, file, contextFor: (host) => made(host).context, leaf: (host) => made(host).pem };
}

function keyFrom(file: string): KeyObject | undefined {
  const pem = readText(file);
  return pem === undefined ? undefined : createPrivateKey(pem);
}

function newKey(file: string): KeyObject {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  replaceFile(file, pemOf(key));
  return key;
}

const pemOf = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }));

function writeRoot(file: string, key: KeyObject, { from, to }: { from: Date; to: Date }): string {
  const root = issue({
    subject: issuerName,
    subjectKey: key,
    issuerKey: key,
    from,
    to: new Date(to.getTime() + 3650 * day),
    extensions: [
      extension(OID.basicConstraints, sequence(bool(true)), true),
      extension(OID.keyUsage, bits(Buffer.from([0x06]), 1), true),
      subjectKeyId(key),
    ],
  });
  replaceFile(file, root);
  return root;
}

/** 89 days, as a certificate of Let's Encrypt that was just made. */
function validity(instants: readonly Date[]): { from: Date; to: Date } {
  const times = instants.map((instant) => instant.getTime());
  return { from: new Date(Math.min(...times) - day), to: new Date(Math.max(...times) + 89 * day) };
}

interface Request {
  readonly subject: Buffer;
  readonly subjectKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly from: Date;
  readonly to: Date;
  readonly extensions: readonly Buffer[];
}

function issue(request: Request): string {
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ecdsaWithSha256,
    issuerName,
    sequence(time(request.from), time(request.to)),
    request.subject,
    publicKeyInfo(request.subjectKey),
    explicit(3, sequence(...request.extensions)),
  );
  const signed = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, request.issuerKey)));
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function leafExtensions(host: string, key: KeyObject, issuerKey: KeyObject): readonly Buffer[] {
  return [
    extension(OID.basicConstraints, sequence(), true),
    extension(OID.keyUsage, bits(Buffer.from([0x80]), 7), true),
    extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
    extension(OID.subjectAltName, sequence(implicit(2, Buffer.from(host)))),
    subjectKeyId(key),
    extension(OID.authorityKeyId, sequence(implicit(0, keyId(issuerKey)))),
  ];
}

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [bool(true)] : []), octets(value));

const subjectKeyId = (key: KeyObject): Buffer => extension(OID.subjectKeyId, octets(keyId(key)));

const publicKeyInfo = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

const keyId = (key: KeyObject): Buffer => createHash('sha256').update(publicKeyInfo(key)).digest().subarray(0, 20);

const attribute = (id: string, text: Buffer): Buffer => set(sequence(oid(id), text));

/** X.509 allows 64 characters in a common name; the full name always stands in the SAN. */
const name = (commonName: string): Buffer => sequence(attribute('2.5.4.3', utf8(commonName.slice(0, 64))));

const OID = {
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  subjectAltName: '2.5.29.17',
  subjectKeyId: '2.5.29.14',
  authorityKeyId: '2.5.29.35',
} as const;

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

const issuerName = sequence(
  attribute('2.5.4.6', printable('US')),
  attribute('2.5.4.10', utf8("Let's Encrypt")),
  attribute('2.5.4.3', utf8('Rehearsal stand-in')),
);
