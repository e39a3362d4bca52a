// `launch schema`: the JSON Schema of the front matter, for editors.
import { runbookJsonSchema } from '../runbook/schema.ts';
import type { Call } from './main.ts';

export async function schema({ io }: Call): Promise<number> {
  io.stdout.json(runbookJsonSchema(), 2);
  return 0;
}
