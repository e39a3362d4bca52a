// What `pretend` reads of each kind's `with`. The kinds' own schemas stay theirs: a rehearsal must not import the steps.
import { z } from 'zod';

export const DnsRecord = z.object({
  name: z.string(),
  type: z.string(),
  value: z.union([z.string(), z.array(z.string())]),
});

export const TlsCertificate = z.object({ host: z.string() });

export const JsonValue = z.json();
const Texts = z.union([z.string(), z.array(z.string())]).optional();

export const Http = z.object({
  url: z.string(),
  method: z.string().default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  'json-body': JsonValue.optional(),
  status: z.union([z.number(), z.array(z.number())]).optional(),
  json: JsonValue.optional(),
  contains: Texts,
  'expect-headers': z.record(z.string(), z.string()).default({}),
  'redirects-to': z.string().optional(),
  pending: z.array(z.number()).optional(),
  save: z.record(z.string(), z.string()).default({}),
});

export const Events = Http.extend({ event: z.string().optional(), contains: z.string().optional() });
export const Cors = z.object({
  url: z.string(),
  origin: z.string(),
  method: z.string().default('POST'),
  headers: z.array(z.string()).default([]),
  credentials: z.boolean().default(false),
  allowed: z.boolean().default(true),
});
export const RateLimit = Http.extend({ allowed: z.number(), status: z.number().default(429) });

export const TwilioWebhook = z.object({ sandbox: z.boolean().optional() });
export const MessageAnswered = z.object({
  number: z.string(),
  from: z.string().optional(),
  contains: z.string().optional(),
  say: z.string().default('hello'),
});

export const PostgresQuery = z.object({
  url: z.string().optional(),
  host: z.string().default('127.0.0.1'),
  port: z.number().default(5432),
  database: z.string().default(''),
  query: z.string(),
  value: z.union([z.string(), z.number()]).optional(),
  contains: z.array(z.string()).optional(),
  count: z.number().optional(),
  'at-least': z.number().optional(),
});

export const FileContent = z.object({
  path: z.string(),
  format: z.enum(['toml', 'json', 'yaml', 'plist', 'text']).optional(),
  key: z.union([z.string(), z.array(z.string())]).optional(),
  equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
  contains: z.string().optional(),
  matches: z.string().optional(),
  exists: z.boolean().optional(),
});

export const FlyProxy = z.object({ local: z.number().optional() });
export const FlyLogs = z.object({ app: z.string(), contains: z.array(z.string()).default([]) });

export const GitBranch = z.object({ name: z.string() });
export const Paths = z.object({ paths: z.array(z.string()) });
export const GitPushed = z.object({ remote: z.string().default('origin'), branch: z.string().optional() });
export const GitTag = z.object({
  name: z.string(),
  push: z.boolean().default(false),
  remote: z.string().default('origin'),
});

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

export const XcodeSettings = z.object({
  project: z.string(),
  configuration: z.string(),
  target: z.string().optional(),
  'bundle-id': z.string().optional(),
  version: z.union([z.string(), z.number()]).optional(),
  build: z.union([z.string(), z.number()]).optional(),
  signing: z.enum(['automatic', 'manual']).optional(),
  team: z.string().optional(),
  'minimum-ios-at-most': z.union([z.string(), z.number()]).optional(),
  'base-url': z.object({ key: z.string(), is: z.string() }).optional(),
  'transport-security': z.enum(['strict']).optional(),
  settings: z.record(z.string(), Scalar).default({}),
  plist: z.record(z.string(), Scalar).default({}),
});

export const BundleId = z.object({
  identifier: z.string(),
  name: z.string().optional(),
  platform: z.string().optional(),
});
export const AppStoreApp = z.object({
  'bundle-id': z.string(),
  name: z.string(),
  sku: z.string().optional(),
  locale: z.string().optional(),
});
export const AppStoreBuild = z.object({
  'bundle-id': z.string(),
  version: z.string().optional(),
  build: z.union([z.string(), z.number()]).optional(),
});
export const TesterGroup = z.object({ 'bundle-id': z.string(), name: z.string(), internal: z.boolean().default(true) });
export const Testers = z.object({ 'bundle-id': z.string(), group: z.string(), emails: z.array(z.string()) });
export const AppStoreSigning = z.object({ 'bundle-id': z.string(), style: z.enum(['automatic', 'manual']) });
export const Installed = z.object({
  'bundle-id': z.string(),
  group: z.string(),
  emails: z.array(z.string()),
  build: z.union([z.string(), z.number()]).optional(),
});
export const Compliance = AppStoreBuild.extend({ 'uses-non-exempt-encryption': z.boolean() });
export const BuildInGroup = AppStoreBuild.extend({ group: z.string() });
export const XcodeArchive = z.object({
  archive: z.string(),
  'bundle-id': z.string().default('com.example.app'),
  version: z.string().default('1.0.0'),
  build: z.string().default('1'),
});
