// No secret is in the repository: neither files that hold nothing else, nor keys and tokens by their shape. What is found is named, never shown.

import { z } from 'zod';
import { KEY_SHAPES } from '../../src/secrets/key-shapes.ts';
import { defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { fewOf } from '../../src/text/few.ts';
import { git, gitTool, unseen } from './client.ts';

const With = z.strictObject({
  history: z
    .boolean()
    .default(true)
    .describe('Also files that were committed once and deleted since: they are in every clone'),
  except: z.array(z.string().min(1)).default([]).describe('Paths, or folders ending with `/`, that hold examples'),
});
type Want = z.output<typeof With>;

export const noSecrets = defineStep({
  name: 'git/no-secrets',
  summary: 'Check that no secret is committed',
  example: 'with: { except: [test/fixtures/] }',
  with: With,
  describe: ({ history }) =>
    `no secret is committed${history ? ', nor ever was' : ''} (files and tokens by their shape)`,
  requires: [gitTool],
  verify: async (want, ports) => {
    const files = await filesOf(want, ports);
    if ('unseen' in files) return files.unseen;
    const tokens = await tokensOf(want, ports);
    if ('unseen' in tokens) return tokens.unseen;
    const found = [...files.found, ...tokens.found];
    if (found.length === 0) return { is: 'so', seen: 'no file and no text that looks like a secret' };
    return {
      is: 'not-so',
      expected: 'no secret in the repository',
      seen: fewOf(found, { most: SHOWN, between: '; ' }),
      hint: 'Whoever has a clone has it: change the secret first, then take it out. An example that is none: name it under `except`.',
    };
  },
  lasts: false,
  checkedAgainst: 'real',
});

type Found = { readonly found: readonly string[] } | { readonly unseen: Look };

async function filesOf(want: Want, ports: Use<'processes'>): Promise<Found> {
  const tracked = await git(['ls-files', '-z'], ports);
  if (tracked.exit !== 0) return { unseen: unseen(tracked) };
  const now = pathsIn(tracked.stdout, want);
  if (!want.history) return { found: now.map((path) => `${path} is committed`) };
  const log = await git(['log', '--all', '--diff-filter=A', '--name-only', '--format=', '-z'], ports);
  // A repository without a commit has no history.
  if (log.exit !== 0 && !/does not have any commits/.test(log.stderr)) return { unseen: unseen(log) };
  const once = pathsIn(log.stdout, want).filter((path) => !now.includes(path));
  return { found: [...now.map((path) => `${path} is committed`), ...once.map((path) => `${path} was committed once`)] };
}

function pathsIn(listed: string, want: Want): readonly string[] {
  const paths = listed.split('\0').map((path) => path.trim());
  return [...new Set(paths)].filter(
    (path) => SECRET_FILES.some((shape) => shape.test(path)) && !isExcepted(path, want),
  );
}

/** One pass over all files for all shapes: git takes seconds for each in a large repository. */
async function tokensOf(want: Want, ports: Use<'processes'>): Promise<Found> {
  const shapes = KEY_SHAPES.flatMap(({ shape }) => ['-e', shape]);
  const ended = await git(['grep', '-I', '-n', '-z', '--cached', '-E', ...shapes], ports);
  // Exit 1, quietly: not one.
  if (ended.exit === 1 && ended.stderr.trim() === '') return { found: [] };
  if (ended.exit !== 0) return { unseen: unseen(ended) };
  return { found: ended.stdout.split('\n').flatMap((line) => (line === '' ? [] : tokenIn(line, want))) };
}

/** Path, number and text of a line, as `git grep -z` parts them. */
function tokenIn(line: string, want: Want): readonly string[] {
  const [path = '', number = '', ...rest] = line.split('\0');
  const text = rest.join('\0');
  if (isExcepted(path, want)) return [];
  const kinds = KEY_SHAPES.filter(({ shape, unless }) => new RegExp(shape).test(text) && !unless?.test(text));
  return kinds.map(({ what }) => `${path}:${number} looks like ${what}`);
}

const isExcepted = (path: string, { except }: Want): boolean =>
  except.some((one) => path === one || (one.endsWith('/') && path.startsWith(one)));

const SECRET_FILES: readonly RegExp[] = [
  /(^|\/)\.env(\.(?!example$|sample$|template$|dist$|defaults$)[^/]+)?$/,
  /\.(p8|p12|pfx|jks|keystore|mobileprovision)$/,
  /(^|\/)id_(rsa|dsa|ecdsa|ed25519)$/,
  /(^|\/)(service-account[^/]*|credentials)\.json$/,
];

const SHOWN = 6;
