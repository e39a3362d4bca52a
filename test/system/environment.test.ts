// What children get to see, and which file a command is.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program, temporaryFolder } from './folder.ts';
import { ENV, person, processesIn } from './processes.ts';

describe('the environment of children', () => {
  const env = {
    ...ENV,
    LANG: 'C',
    LC_ALL: 'C',
    STRIPE_KEY: 'sk',
    FLY_API_TOKEN: 'fo1',
    GIT_AUTHOR_NAME: 'ann',
    OP_SESSION_x: 'op',
  };
  const show = ['bash', '-c', 'echo "$STRIPE_KEY|$FLY_API_TOKEN|$GIT_AUTHOR_NAME|$OP_SESSION_x|$EXTRA|$LANG"'] as const;

  test('of a kind is an allow-list, with the token only for its own tool', async () => {
    const project = temporaryFolder();
    program(project, 'bin/fly', 'echo "$STRIPE_KEY|$FLY_API_TOKEN|$OP_SESSION_x"');
    const { look } = processesIn(project, { env: { ...env, PATH: `${join(project, 'bin')}:${ENV.PATH}` } });
    expect((await look(show, { env: { EXTRA: 'more', LANG: undefined } })).stdout).toBe('||ann||more|\n');
    expect((await look(['fly'])).stdout).toBe('|fo1|\n');
  });

  test('of what the person wrote is theirs, without the names that are known as secret', async () => {
    const { hold } = processesIn(temporaryFolder(), { env });
    const child = await hold(show, { ...person, without: ['STRIPE_KEY', 'EXTRA'], env: { EXTRA: 'named' } });
    child.go();
    expect((await child.ended).stdout).toBe('|fo1|ann|op|named|C\n');
  });

  test('the start file of bash is read by the command, not by the shell that holds it', async () => {
    const project = temporaryFolder();
    writeFileSync(join(project, 'start.sh'), 'echo started');
    const { hold } = processesIn(project, { env: { ...ENV, BASH_ENV: join(project, 'start.sh') } });
    const child = await hold(['bash', '-c', 'echo body'], person);
    child.go();
    expect((await child.ended).stdout).toBe('started\nbody\n');
  });

  test('of neither the shell that holds it nor the command does bash read the start file of a login, whatever the input is', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, '.bashrc'), 'echo "read by $0" >> "$HOME/read"');
    const { hold } = processesIn(home, { env: { PATH: ENV.PATH, HOME: home, SSH_CLIENT: '192.0.2.1 1 22' } });
    const child = await hold(['bash', '-c', 'cat'], { ...person, stdin: 'x' });
    child.go();
    expect((await child.ended).stdout).toBe('x');
    expect(existsSync(join(home, 'read'))).toBe(false);
  });
});

describe('executables', () => {
  test('fly is the file it is aimed at, else fly, else flyctl', async () => {
    const project = temporaryFolder();
    program(project, 'a/flyctl', 'echo flyctl');
    const env = { ...ENV, PATH: `${join(project, 'a')}:${ENV.PATH}` };
    expect((await processesIn(project, { env }).look(['fly'])).stdout).toBe('flyctl\n');
    program(project, 'b/fly', 'echo fly');
    env.PATH += `:${join(project, 'b')}`;
    expect((await processesIn(project, { env }).look(['fly'])).stdout).toBe('fly\n');
    const aimed = program(project, 'c/other', 'echo aimed');
    expect((await processesIn(project, { env, executables: { fly: aimed } }).look(['fly'])).stdout).toBe('aimed\n');
  });

  test('what lies in the project folder is not run by its bare name', async () => {
    const project = temporaryFolder();
    program(project, 'tool', 'echo mine');
    const { look } = processesIn(project, { env: { ...ENV, PATH: `:.:${ENV.PATH}` } });
    expect(await look(['tool'])).toMatchObject({ exit: 127, missing: true });
    expect((await look(['./tool'])).stdout).toBe('mine\n');
  });

  test('a world that refuses names says why and starts nothing', async () => {
    const project = temporaryFolder();
    const { look, hold } = processesIn(project, {
      executables: { git: '/bin/echo' },
      refuse: (name) => `no stand-in for ${name}`,
    });
    expect(await look(['psql'])).toEqual({ exit: 127, missing: true, stdout: '', stderr: 'no stand-in for psql' });
    expect((await (await hold(['psql'], person)).ended).stderr).toBe('no stand-in for psql');
    expect((await look(['git', 'x'])).stdout).toBe('x\n');
  });
});
