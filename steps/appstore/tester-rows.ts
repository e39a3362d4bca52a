// The testers of a group, by e-mail: their state, and the phones with the build that runs on them.
import { z } from 'zod';
import { list, type Ports, type Read, type Row } from './client.ts';

const Device = z.object({
  model: z.string().nullish(),
  osVersion: z.string().nullish(),
  appBuildVersion: z.string().nullish(),
});
const Tester = z.object({
  email: z.string().nullish(),
  state: z.string().nullish(),
  appDevices: z.array(Device).nullish(),
});
export type TesterRow = Row<z.output<typeof Tester>>;

/** Keys are e-mails in lower case. A tester by public link may have none and cannot be told. */
export async function readTesters(group: string, ports: Ports): Promise<Read<ReadonlyMap<string, TesterRow>>> {
  const read = await list(`/v1/betaGroups/${group}/betaTesters`, {}, Tester, ports);
  if (!read.ok) return read;
  return { ok: true, value: new Map(read.value.rows.map((row) => [(row.attributes.email ?? '').toLowerCase(), row])) };
}
