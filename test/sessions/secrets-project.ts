// A small project with code, a fly.toml and one runbook that declares secrets from an environment variable, a file and a default.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const runbookWith = ({ app = 'sol-prod', staging = 'sol-staging', extra = '' } = {}): string => `---
runbook: 1
title: Launch of Sol
inputs:
  app: { default: ${app} }
  unused: { description: Not needed for secrets }
secrets:
  "\${{ inputs.app }}":
    compare-with: ${staging}
    names:
      API_KEY: { from: { env: SOL_KEY } }
      PEM: { from: { file: keys/pem } }
      MODE: { secret: false, default: strict }
      DATABASE_URL: { set-by: later }
${extra}steps:
  - { id: later, manual: true }
---

# Launch

### Later
`;

export function emptyProject({ runbook = true, text = runbookWith() } = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-secrets-')));
  for (const name of ['src', 'keys', ...(runbook ? ['runbooks'] : [])]) mkdirSync(join(folder, name));
  writeFileSync(
    join(folder, 'src/server.ts'),
    'new OpenAI({ apiKey: process.env.API_KEY });\nconst mode = process.env.MODE ?? "strict";\n',
  );
  writeFileSync(join(folder, 'package.json'), '{ "scripts": { "start": "node dist/server.js" } }');
  writeFileSync(join(folder, 'keys/pem'), '-----BEGIN KEY-----\nabcdefgh#ij"kl\n-----END KEY-----\n');
  if (runbook) writeFileSync(join(folder, 'runbooks/prod.md'), text);
  return folder;
}
