import { describe, expect, it } from 'vitest';
import { type Contexts, fill, references, shellParts, truth } from '../../src/text/expression.ts';

const contexts: Contexts = {
  inputs: {
    app: 'solserver',
    count: 3,
    sure: true,
    domains: ['a.example', 'b.example'],
    left: null,
    constructor: 'odd',
  },
  steps: {
    certificate: { outputs: { target: 'x.fly.dev', ready: 'false' }, outcome: 'done' },
    'point-dns': { outputs: {} },
  },
  run: { id: 'prod-1', date: '2026-11-22', operator: 'ann' },
  env: { HOME: '/home/ann' },
  secrets: { KEY: 'one', api: { KEY: 'two' } },
};
const value = (text: string) => {
  const filled = fill(text, contexts);
  return filled.ok ? filled.value : filled;
};
const missing = (...names: string[]) => ({ ok: false, missing: names });
const problem = (text: string) => {
  const filled = fill(text, contexts);
  return filled.ok ? undefined : filled.problem;
};

describe('filling in', () => {
  it('keeps the type of a value that is one expression', () => {
    expect(value('${{ inputs.count }}')).toBe(3);
    expect(value(' ${{ inputs.sure }}\n')).toBe(true);
    expect(value('${{ inputs.domains }}')).toEqual(['a.example', 'b.example']);
    expect(value('n=${{ inputs.count }}')).toBe('n=3');
  });

  it('goes into lists and maps and leaves keys and other values alone', () => {
    const filled = fill({ a: ['${{ inputs.app }}', 1, null], '${{ inputs.app }}': true }, contexts);
    expect(filled).toEqual({ ok: true, value: { a: ['solserver', 1, null], '${{ inputs.app }}': true } });
  });

  it('names every value that is not there, and never makes it an empty text', () => {
    const text = {
      a: '${{ steps.point-dns.outputs.target }}',
      b: 'x${{ inputs.nope }}',
      c: "${{ secrets['api'].NOPE }}",
    };
    expect(fill(text, contexts)).toEqual(missing('steps.point-dns.outputs.target', 'inputs.nope', 'secrets.api.NOPE'));
    expect(value('${{ steps.point-dns.outcome }}')).toEqual(missing('steps.point-dns.outcome'));
    expect(value('${{ env.NOPE }}')).toEqual(missing('env.NOPE'));
    expect(value("${{ secrets['my app'].KEY }}")).toEqual(missing("secrets['my app'].KEY"));
  });

  it('takes an input that was left empty for missing, unless the expression says what then', () => {
    expect(value('${{ inputs.left }}')).toEqual(missing('inputs.left'));
    expect(value('x${{ inputs.left }}')).toEqual(missing('inputs.left'));
    expect(value("${{ format('{0}', inputs.left) }}")).toEqual(missing('inputs.left'));
    expect(value("${{ inputs.left || 'default' }}")).toBe('default');
    expect(value('${{ inputs.left == null }}')).toBe(true);
  });

  it('does not ask for what is not looked at', () => {
    expect(value('${{ false && inputs.nope }}')).toBe(false);
    expect(value('${{ true && inputs.nope }}')).toEqual(missing('inputs.nope'));
  });

  it('reads secrets by name and by app and name, also by an app that is worked out', () => {
    expect(value('${{ secrets.KEY }}')).toBe('one');
    expect(value("${{ secrets['api'].KEY }}")).toBe('two');
    expect(value("${{ secrets[format('{0}', 'api')].KEY }}")).toBe('two');
  });

  it('makes no text of a list', () => {
    expect(problem('all: ${{ inputs.domains }}')).toContain('is a list');
    expect(value("all: ${{ join(inputs.domains, ' ') }}, first ${{ inputs.domains[0] }}")).toBe(
      'all: a.example b.example, first a.example',
    );
  });

  it('finds the end of an expression behind braces in its texts', () => {
    expect(value("${{ 'a}}b' }}${{ '{{' }}")).toBe('a}}b{{');
    expect(problem('x ${{ inputs.app')).toContain('not closed');
  });
});

describe('the guards around the library', () => {
  it('runs no function that it does not have', () => {
    for (const call of ["constructor('x')", '__proto__()', "toString('x')", "hasOwnProperty('x')", 'always()']) {
      expect(problem(`\${{ ${call} }}`)).toContain('unknown function');
    }
    expect(value("${{ ToJson('x') }}")).toBe('"x"');
  });

  it('reads every doubled apostrophe of a text', () => {
    expect(value("${{ 'it''s o''clock' }}")).toBe("it's o'clock");
  });

  it('says what is wrong for each of the three sorts of errors', () => {
    expect(problem('${{ "x" }}')).toContain('unexpected "x"');
    expect(problem('${{ inputs.app == }}')).toContain('ends too early');
    expect(problem("${{ fromJSON('{') }}")).toContain('cannot be worked out');
    expect(problem('${{ }}')).toContain('empty');
  });

  it('looks names up as they are written, also odd ones', () => {
    expect(value('${{ inputs.constructor }}')).toBe('odd');
    expect(value('${{ inputs.__proto__ }}')).toEqual(missing('inputs.__proto__'));
    expect(value('${{ inputs.toString }}')).toEqual(missing('inputs.toString'));
    expect(value('${{ inputs.App }}')).toEqual(missing('inputs.App'));
    expect(value('${{ inputs.app.length }}')).toEqual(missing('inputs.app.length'));
    expect(problem('${{ inputs }}')).toContain('no value');
  });

  it('answers at once for expressions made to take long', () => {
    expect(problem(`\${{ ${'!'.repeat(60)}true }}`)).toContain('50 deep');
    expect(value(`\${{ ${'join('.repeat(45)}'a'${')'.repeat(45)} }}`)).toBe('a');
    expect(problem(`\${{ '${'x'.repeat(22_000)}' }}`)).toContain('21,000');
  });
});

describe('conditions', () => {
  it('are the same with and without braces', () => {
    expect(truth("inputs.app == 'solserver'", contexts)).toEqual({ ok: true, value: true });
    expect(truth("${{ inputs.app != 'solserver' }}", contexts)).toEqual({ ok: true, value: false });
  });

  it('wait for a value that is missing instead of being false', () => {
    expect(truth("steps.point-dns.outputs.x == ''", contexts)).toEqual(missing('steps.point-dns.outputs.x'));
  });

  it('are never a text around an expression, which would always be true', () => {
    expect(truth("${{ inputs.app }} == 'x'", contexts)).toMatchObject({ ok: false, missing: [] });
  });
});

it('lists the names that a value uses', () => {
  const used = references({
    a: ["x ${{ steps.a-b.outputs['x y'] || inputs.app }}"],
    b: '${{ secrets[inputs.app].KEY }}',
  });
  expect(used.map(({ path }) => path)).toEqual([
    ['steps', 'a-b', 'outputs', 'x y'],
    ['inputs', 'app'],
    ['secrets', '*', 'KEY'],
    ['inputs', 'app'],
  ]);
});

it('moves the expressions of a command into the environment, each once', () => {
  expect(shellParts('a "${{ inputs.a }}/${{ inputs.b }}" "${{inputs.a}}" $X')).toEqual({
    command: 'a "${LAUNCH_VALUE_1}/${LAUNCH_VALUE_2}" "${LAUNCH_VALUE_1}" $X',
    env: { LAUNCH_VALUE_1: 'inputs.a', LAUNCH_VALUE_2: 'inputs.b' },
  });
});
