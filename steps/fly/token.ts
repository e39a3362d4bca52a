// A token for programs. Each `tokens create` makes another valid one and shows it once: it is caught before anything sees it, and handed over.
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { Ended, Use } from '../../src/system/ports.ts';
import { actFly, explain, findJson, flyLogin, flyTool, lookFly, notSeen, notTried } from './client.ts';
import { credentialsIn } from './credentials.ts';
import { appName, slug } from './fields.ts';
import { tokenShape } from './shapes.ts';
import type { Problem } from './trouble.ts';

const wanted = z
  .strictObject({
    kind: z.enum(['deploy', 'ssh', 'machine-exec', 'org', 'readonly']).default('deploy'),
    app: appName.optional().describe('For deploy, ssh and machine-exec'),
    org: slug.optional().describe('For org and readonly'),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,60}$/, 'letters, digits, spaces, dots and dashes')
      .describe('By this name it is known'),
    days: z.int().min(1).max(7300).default(365).describe('How long it is valid; fly would say 20 years'),
  })
  .refine(
    ({ kind, app, org }) => (ofOrg(kind) ? org !== undefined : app !== undefined),
    'say `app:` (deploy, ssh, machine-exec) or `org:` (org, readonly)',
  );
type Want = z.output<typeof wanted>;

export const token = defineStep({
  name: 'fly/token',
  summary: 'There is a token of that name for programs',
  example: 'with: { kind: deploy, app: solserver-prod, name: github-actions, days: 365 }',
  with: wanted,
  outputs: z.object({ id: z.string() }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '5 s',
  describe: (want) => `${ownerOf(want)} has a ${want.kind} token "${want.name}"`,
  commands: (want) => [['fly', ...create(want)]],
  verify: async (want, ports) => {
    const rows = await rowsOf(want, ports);
    return 'problem' in rows
      ? notSeen(rows.problem, { app: ownerOf(want), expected: phrase(want) })
      : compare(want, rows.ids);
  },
  act: async (want, ports): Promise<Acted> => {
    const rows = await rowsOf(want, ports);
    if ('problem' in rows) return notTried(rows.problem);
    if (rows.ids.length > 0) return { ended: 'ok', seen: `there is one already (${rows.ids.join(', ')})` };
    let acted: Acted = { ended: 'failed', why: 'nothing was made: nobody was there to keep the token' };
    await ports.secrets.receive({ app: ownerOf(want), name: want.name }, async () => {
      const made = await actFly(create(want), ports, { credentials: credentialsIn });
      const value = findJson(made.stdout, tokenShape)?.token;
      acted =
        made.acted.ended === 'ok' && value === undefined
          ? { ended: 'unclear', why: 'fly ended well but printed no token' }
          : made.acted;
      return value;
    });
    return acted;
  },
  undo: {
    describe: (want) => `revokes the token "${want.name}" of ${ownerOf(want)}: what uses it is locked out`,
    act: async (want, ports) => {
      const rows = await rowsOf(want, ports);
      if ('problem' in rows) return notTried(rows.problem);
      if (rows.ids.length === 0) return { ended: 'ok', seen: 'it is not there' };
      // A failure is printed with exit 0 (`tokens revoke` goes on to the next): the look says what is so.
      const { acted } = await actFly(['tokens', 'revoke', ...rows.ids], ports);
      return acted;
    },
    verify: async (want, ports): Promise<Look> => {
      const rows = await rowsOf(want, ports);
      if ('problem' in rows) return { is: 'unknown', why: rows.problem.why, hint: rows.problem.hint };
      if (rows.ids.length === 0) return { is: 'so', seen: `${ownerOf(want)} has no token "${want.name}"` };
      return { is: 'not-so', expected: 'the token is revoked', seen: `${rows.ids.join(', ')} is there` };
    },
  },
});

const ofOrg = (kind: string): boolean => kind === 'org' || kind === 'readonly';
const ownerOf = ({ kind, app, org }: Want): string => (ofOrg(kind) ? org : app) ?? '';
const scopeOf = (want: Want): string[] => (ofOrg(want.kind) ? ['-o', ownerOf(want)] : ['-a', ownerOf(want)]);

function create(want: Want): string[] {
  return ['tokens', 'create', want.kind, ...scopeOf(want), '-n', want.name, '-x', `${want.days * 24}h`, '--json'];
}

/** The list is text only (facts/flyctl.md §3.24): a row is known by a whole cell with the name. Never the token itself. */
async function rowsOf(
  want: Want,
  ports: Use<'processes'>,
): Promise<{ readonly ids: readonly string[] } | { readonly problem: Problem }> {
  const ended: Ended = await lookFly(
    ['tokens', 'list', ...scopeOf(want), ...(ofOrg(want.kind) ? ['--scope', 'org'] : [])],
    ports,
  );
  if (ended.exit !== 0) return { problem: explain(ended) };
  const rows = stripVTControlCharacters(ended.stdout)
    .split('\n')
    .map((line) => line.split(/\s*[│|\t]\s*|\s{2,}/).map((cell) => cell.trim()));
  if (!rows.some((cells) => cells.includes('ID') && cells.includes('NAME')))
    return {
      problem: {
        sort: 'unreadable',
        why: '`fly tokens list` printed no list of the shape we know',
        hint: 'see it by hand',
      },
    };
  return { ids: rows.filter((cells) => cells.includes(want.name)).map(([id = '']) => id) };
}

function compare(want: Want, ids: readonly string[]): Look {
  const [id, ...more] = ids;
  if (id === undefined)
    return { is: 'not-so', expected: phrase(want), seen: `${ownerOf(want)} has no token "${want.name}"` };
  const once = `it was shown once: where nobody kept it, \`fly tokens revoke ${id}\` and make another`;
  const warning = more.length > 0 ? `${ids.length} tokens of that name (${ids.join(', ')})` : once;
  return { is: 'so', seen: `${ownerOf(want)} has the token "${want.name}" (${id})`, outputs: { id }, warning };
}

const phrase = (want: Want): string => `a ${want.kind} token "${want.name}" of ${ownerOf(want)}`;
