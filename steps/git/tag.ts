// A tag names the commit that was launched, here and, where asked, on the remote. It is made once and never moved.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { Use, UseToAct } from '../../src/system/ports.ts';
import { commitOf, GIT_ENV, git, gitTool, reasonOf, short, unseen } from './client.ts';

const Name = z
  .string()
  .regex(/^[A-Za-z0-9](?!.*(\.\.|@\{|\/\/|\.lock$))[\w./+-]*[\w+-]$|^[A-Za-z0-9]$/, 'a tag name such as v1.0.0');

const With = z.strictObject({
  name: Name,
  push: z.boolean().default(false),
  remote: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'the name of a remote, such as origin')
    .default('origin'),
  /** The commit it must name; left out, the one that is checked out when it is made. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,40}$/, 'a commit hash')
    .optional(),
  message: z.string().min(1).optional().describe('Makes an annotated tag'),
});
type Want = z.output<typeof With>;

export const tag = defineStep({
  name: 'git/tag',
  summary: 'Tag the commit, and push the tag',
  example: 'with: { name: v1.0.0, push: true }',
  with: With,
  outputs: z.object({ commit: z.string() }),
  describe: ({ name, push, remote }) => `tag ${name}${push ? ` here and on ${remote}` : ''}`,
  commands: (want) => [make(want), ...(want.push ? [send(want)] : [])],
  requires: [gitTool],
  verify: look,
  act: async (want, ports) => {
    const here = await commitOf(`refs/tags/${want.name}`, ports);
    if ('unseen' in here) return refused(here.unseen);
    if (here.commit === undefined) {
      const made = await ports.processes.act(make(want), { env: GIT_ENV });
      if (made.exit !== 0)
        return {
          ended: made.exit === null ? 'unclear' : 'failed',
          why: `the tag ${want.name} was not made: ${reasonOf(made)}`,
        };
    }
    return want.push ? push(want, ports) : { ended: 'ok' };
  },
  undo: {
    describe: ({ name, push: pushed, remote }) =>
      `the tag ${name} is deleted here${pushed ? ` and on ${remote}` : ''}; the commit stays`,
    act: async (want, ports, { outputs }) => takeBack(want, ports, outputs.commit),
    verify: isGone,
  },
  checkedAgainst: 'real',
});

async function look(want: Want, ports: Use<'processes'>): Promise<Look> {
  const { name } = want;
  const [here, head] = [await commitOf(`refs/tags/${name}`, ports), await commitOf(want.commit ?? 'HEAD', ports)];
  if ('unseen' in here) return here.unseen;
  if ('unseen' in head) return head.unseen;
  const expected = `tag ${name}${want.push ? ` here and on ${want.remote}` : ''}`;
  if (here.commit === undefined) return { is: 'not-so', expected, seen: `no tag ${name}` };
  if (want.commit !== undefined && here.commit !== head.commit) {
    const hint = 'A tag that others may have is not moved: choose another name.';
    return {
      is: 'not-so',
      expected: `${expected} at ${short(want.commit)}`,
      seen: `${name} is at ${short(here.commit)}`,
      hint,
      final: true,
    };
  }
  const remote = want.push ? await lookAtRemote(want, here.commit, ports) : undefined;
  if (remote !== undefined && remote.is !== 'so') return remote;
  const warning =
    head.commit === here.commit
      ? undefined
      : `${name} was made before: it is at ${short(here.commit)}, and ${short(head.commit ?? '')} is checked out`;
  const seen = `${name} at ${short(here.commit)}${want.push ? `, also on ${want.remote}` : ''}`;
  return { is: 'so', seen, outputs: { commit: here.commit }, ...(warning !== undefined && { warning }) };
}

async function lookAtRemote({ name, remote }: Want, commit: string, ports: Use<'processes'>): Promise<Look> {
  const there = await remoteCommit({ name, remote }, ports);
  if ('unseen' in there) return there.unseen;
  const expected = `${name} on ${remote} at ${short(commit)}`;
  if (there.commit === undefined) return { is: 'not-so', expected, seen: `no tag ${name} on ${remote}` };
  if (there.commit === commit) return { is: 'so', seen: expected };
  const hint = 'Someone else made that tag. It is not moved: choose another name, or delete one of the two.';
  return { is: 'not-so', expected, seen: `${name} on ${remote} is at ${short(there.commit)}`, hint, final: true };
}

/** The commit behind a remote tag: an annotated one is listed twice, and its `^{}` line has the commit. */
async function remoteCommit(
  { name, remote }: Pick<Want, 'name' | 'remote'>,
  ports: Use<'processes'>,
): Promise<{ readonly commit: string | undefined } | { readonly unseen: Look }> {
  const ended = await git(['ls-remote', '--tags', remote, `refs/tags/${name}`, `refs/tags/${name}^{}`], ports);
  if (ended.exit !== 0) return { unseen: unseen(ended) };
  const refs = new Map(ended.stdout.split('\n').map((line) => [line.split('\t')[1], line.split('\t')[0]]));
  return { commit: refs.get(`refs/tags/${name}^{}`) ?? refs.get(`refs/tags/${name}`) };
}

async function push(want: Want, ports: UseToAct<'processes'>): Promise<Acted> {
  const ended = await ports.processes.act(send(want), { env: GIT_ENV, timeout: PUSH_TIMEOUT });
  if (ended.exit === 0) return { ended: 'ok' };
  const why = `${want.name} was not pushed to ${want.remote}: ${reasonOf(ended)}`;
  const lost = ended.exit === null || /hung up|timed out|reset by peer|broken pipe/i.test(ended.stderr);
  return lost ? { ended: 'unclear', why } : { ended: 'failed', why };
}

async function takeBack(want: Want, ports: UseToAct<'processes'>, commit: string | undefined): Promise<Acted> {
  const here = await commitOf(`refs/tags/${want.name}`, ports);
  if ('unseen' in here) return refused(here.unseen);
  if (here.commit !== undefined && commit !== undefined && here.commit !== commit) {
    return {
      ended: 'failed',
      why: `${want.name} is at ${short(here.commit)} now, not at ${short(commit)} as this step left it: it is not deleted`,
    };
  }
  const there = want.push ? await remoteCommit(want, ports) : { commit: undefined };
  if ('unseen' in there) return refused(there.unseen);
  const commands = [
    ...(there.commit === undefined ? [] : [['git', 'push', want.remote, `:refs/tags/${want.name}`]]),
    ...(here.commit === undefined ? [] : [['git', 'tag', '-d', want.name]]),
  ];
  for (const argv of commands) {
    const ended = await ports.processes.act(argv, { env: GIT_ENV, timeout: PUSH_TIMEOUT });
    if (ended.exit !== 0)
      return { ended: ended.exit === null ? 'unclear' : 'failed', why: `${argv.join(' ')}: ${reasonOf(ended)}` };
  }
  return { ended: 'ok' };
}

async function isGone(want: Want, ports: Use<'processes'>): Promise<Look> {
  const here = await commitOf(`refs/tags/${want.name}`, ports);
  if ('unseen' in here) return here.unseen;
  const there = want.push ? await remoteCommit(want, ports) : { commit: undefined };
  if ('unseen' in there) return there.unseen;
  const left = [
    ...(here.commit === undefined ? [] : ['here']),
    ...(there.commit === undefined ? [] : [`on ${want.remote}`]),
  ];
  if (left.length === 0) return { is: 'so', seen: `no tag ${want.name}` };
  return { is: 'not-so', expected: `no tag ${want.name}`, seen: `${want.name} is ${left.join(' and ')}` };
}

function make({ name, message, commit }: Want): readonly string[] {
  return [
    'git',
    'tag',
    ...(message === undefined ? [] : ['-a', '-m', message]),
    name,
    ...(commit === undefined ? [] : [commit]),
  ];
}
const send = ({ name, remote }: Want): readonly string[] => ['git', 'push', remote, `refs/tags/${name}`];

const refused = (look: Look): Acted => ({
  ended: 'failed',
  why: look.is === 'unknown' ? look.why : 'git did not tell',
});

/** Milliseconds: a push that takes longer has lost its connection. */
const PUSH_TIMEOUT = 120_000;
