import { describe, expect, it } from 'vitest';
import { closest, didYouMean } from '../../src/text/closest.ts';
import { formatDuration, parseDuration } from '../../src/text/duration.ts';
import { findingAt, indexLines, placeAt } from '../../src/text/place.ts';
import { renderFinding } from '../../src/text/render-finding.ts';

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['5', '5 m', '5min', '-1s', '1.5h', '1h30m', 's', '', '123456s', '5M'])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [0, '0s'],
    [400, '0s'],
    [1_000, '1s'],
    [250_000, '4m 10s'],
    [3_600_000, '1h'],
    [3_605_000, '1h'],
    [93_600_000, '1d 2h'],
    [-5, '0s'],
  ])('%d ms read as "%s"', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('the word that was meant', () => {
  it.each([
    ['http/respnse', ['http/response', 'http/request'], 'http/response'],
    ['wbe', ['api', 'web'], 'web'],
    ['app', ['fly/app', 'fly/ips'], 'fly/app'],
    ['Deploy', ['deploy'], 'deploy'],
    ['verfiy', ['verify', 'within'], 'verify'],
  ])('%s of %j is %s', (word, candidates, meant) => {
    expect(closest(word, candidates)).toBe(meant);
  });

  it('is none where nothing is near', () => {
    expect(closest('zebra', ['verify', 'deploy'])).toBeUndefined();
    expect(closest('x', ['y'])).toBeUndefined();
    expect(didYouMean('x', [])).toBeUndefined();
  });
});

describe('places', () => {
  const lines = indexLines('a.md', 'one\ntwo three\n\nfour');

  it('count lines and columns from 1 and stay on their line', () => {
    expect(placeAt(lines, 0)).toEqual({ file: 'a.md', line: 1, column: 1, length: 1 });
    expect(placeAt(lines, 8, 5)).toEqual({ file: 'a.md', line: 2, column: 5, length: 5 });
    expect(placeAt(lines, 8, 50)).toEqual({ file: 'a.md', line: 2, column: 5, length: 5 });
    expect(placeAt(lines, 14, 2)).toEqual({ file: 'a.md', line: 3, column: 1, length: 1 });
    expect(placeAt(lines, 19)).toEqual({ file: 'a.md', line: 4, column: 5, length: 1 });
  });

  it('are shown with the line, underlined, and the remedy behind', () => {
    const finding = findingAt(
      lines,
      { offset: 8, length: 5 },
      { code: 'x', message: 'not a number', remedy: 'did you mean "tree"?' },
    );
    expect(renderFinding(finding)).toBe(
      ['a.md:2:5  not a number', '  2 | two three', '    |     ^^^^^  did you mean "tree"?'].join('\n'),
    );
    expect(renderFinding({ ...finding, severity: 'warning', remedy: undefined })).toBe(
      ['a.md:2:5  warning: not a number', '  2 | two three', '    |     ^^^^^'].join('\n'),
    );
  });

  it('are underlined where they are seen, behind wide letters, combining ones and tabs', () => {
    const wide = indexLines('b.md', '日本 é😀\tx');
    const at = wide.text.indexOf('x');
    const [, line, mark] = renderFinding(findingAt(wide, { offset: at }, { code: 'x', message: 'm' })).split('\n');
    expect(line).toBe('  1 | 日本 é😀 x');
    expect(mark).toBe(`    | ${' '.repeat(2 + 2 + 1 + 1 + 2 + 1)}^`);
  });

  it('are cut out of long lines', () => {
    const long = indexLines('c.md', `${'a'.repeat(5000)}HERE${'b'.repeat(5000)}`);
    const [, line = '', mark = ''] = renderFinding(
      findingAt(long, { offset: 5000, length: 4 }, { code: 'x', message: 'm' }),
    ).split('\n');
    expect(line.length).toBeLessThan(130);
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('HERE');
  });
});
