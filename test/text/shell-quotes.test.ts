import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fill, shellParts } from '../../src/text/expression.ts';
import { unquotedExpressions } from '../../src/text/shell-quotes.ts';

const why = (command: string) =>
  unquotedExpressions(command).map((one) => `${command.slice(one.at, one.at + one.length)} ${one.why}`);

describe('an expression in a command', () => {
  it.each([
    'echo "${{ x }}"',
    'npm run smoke -- --url "https://${{ x }}/health"',
    'echo "$(basename "${{ x }}")"',
    'echo "a `date` ${{ x }}"',
    '# it\'s a comment\necho "${{ x }}"',
    'echo it\\\'s "${{ x }}"',
    'echo a#b \'c\' "${{ x }}"',
    "echo $'it\\'s' \"${{ x }}\"",
    'echo "${Y:-it\'s}" "${{ x }}"',
    'grep x <<< "${{ x }}"',
    'cat <<-EOF\n\tit\'s " quoted\n\tEOF\necho "${{ x }}"',
    'echo "$((1 << 2))" "${{ x }}"',
    '[[ "${{ x }}" == y ]] && (cd z; echo "${{ x }}")',
    'echo "${{ \'a"b\' }}"',
  ])('is fine inside double quotes: %s', (command) => {
    expect(why(command)).toEqual([]);
  });

  it.each([
    ['echo ${{ x }}', 'bare'],
    ['echo "a"${{ x }}', 'bare'],
    ['echo "$(basename ${{ x }})"', 'bare'],
    ['echo "`basename ${{ x }}`"', 'bare'],
    ['echo "$(( ${{ x }} + 1 ))"', 'bare'],
    ['echo "\\${{ x }}"', 'bare'],
    ['echo "${Y:-${{ x }}}"', 'bare'],
    ["echo '${{ x }}'", 'single'],
    ['echo it\'s "${{ x }}"', 'single'],
    ['cat <<\'EOF\'\n"${{ x }}"\nEOF\n', 'heredoc'],
    ['cat <<EOF\n"${{ x }}"\nEOF\n', 'heredoc'],
    ['bash -c "echo ${{ x }}"', 'code'],
    ['sh -ec "${{ x }}"', 'code'],
    ['eval "${{ x }}"', 'code'],
    ['[[ "${{ x }}" -eq 1 ]]', 'code'],
  ])('is refused elsewhere: %s', (command, reason) => {
    expect(why(command)).toEqual([`\${{ x }} ${reason}`]);
  });

  it('is told apart from others in the same command', () => {
    expect(why('a "${{ x }}" ${{ y }} \'${{ z }}\'')).toEqual(['${{ y }} bare', '${{ z }} single']);
  });
});

it('reads a long command in one pass', () => {
  const started = performance.now();
  expect(unquotedExpressions('echo "${{ x }}" \'a\' $(b)\n'.repeat(20_000))).toEqual([]);
  expect(unquotedExpressions("$'".repeat(50_000))).toEqual([]);
  expect(performance.now() - started).toBeLessThan(5000);
});

it('gives bash the very bytes of a value, whatever is in it', () => {
  const hostile = [
    'plain',
    "it's",
    '"',
    '$(touch x)',
    '`touch x`',
    '${HOME}',
    '$HOME',
    '\\',
    'a\\',
    'a\nb',
    ' ',
    '',
    '*',
    '~',
    '!!',
    '; echo no',
    '&& echo no',
    '| cat',
    '> x',
    "'; echo no; '",
    '"; echo no; "',
    '${LAUNCH_VALUE_2}',
    '%s',
    '-n',
    'é😀',
    '\u0007\u001b[31m',
    '{a,b}',
    '$((1+1))',
    '#',
    'a\tb',
  ];
  const { command, env } = shellParts(
    hostile.map((_, index) => `printf '%s\\0' "\${{ inputs.v${index} }}" "<\${{ inputs.v${index} }}>"`).join('\n'),
  );
  const inputs = Object.fromEntries(hostile.map((text, index) => [`v${index}`, text]));
  const contexts = { inputs, steps: {}, run: { id: '', date: '', operator: '' }, env: {}, secrets: {} };
  const filled = Object.entries(env).map(([name, source]) => {
    const { ok, ...rest } = fill(`\${{ ${source} }}`, contexts);
    return [name, ok && 'value' in rest ? String(rest.value) : ''];
  });
  const said = execFileSync('bash', ['--norc', '-euo', 'pipefail', '-c', command], {
    env: { PATH: process.env.PATH, ...Object.fromEntries(filled) },
  });
  expect(said.toString()).toBe(hostile.map((text) => `${text}\0<${text}>\0`).join(''));
});
