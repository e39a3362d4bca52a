// Nothing but printable text, newlines and tabs gets through.
import { describe, expect, test } from 'vitest';
import { safe, safeJson, safeLine } from '../../src/text/escape.ts';

describe('safe', () => {
  test('plain text, newlines, tabs, letters of any script and emoji stay as they are', () => {
    const text = 'Deploy\tdone\nGrüße, Καλημέρα, こんにちは, é, ⚠️, 🚀\u00a0.';
    expect(safe(text)).toBe(text);
  });

  test('each character by itself: it stays, or what Unicode calls unprintable is made visible', () => {
    const stays = (text: string) =>
      ['\n', '\t', '\ufe0e', '\ufe0f'].includes(text) || !/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u.test(text);
    const wrong = Array.from({ length: 0x20000 }, (_, code) => String.fromCodePoint(code)).filter(
      (one) => (safe(one) === one) !== stays(one) || (safe(`«${one}»`) === `«${one}»`) !== stays(one),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ['\x1b[31mred\x1b[0m', '^[[31mred^[[0m'],
    ['\x1b]52;c;c2VjcmV0\x07', '^[]52;c;c2VjcmV0^G'],
    ['\x1bPq\x1b\\', '^[Pq^[\\'],
    ['prod\rstaging', 'prod^Mstaging'],
    ['a\bb\0c\x7fd', 'a^Hb^@c^?d'],
    ['\x9b2J\x9d0;title\x9c', '\\u{9b}2J\\u{9d}0;title\\u{9c}'],
    ['user\u202egnp.exe', 'user\\u{202e}gnp.exe'],
    ['\u2066isolate\u2069', '\\u{2066}isolate\\u{2069}'],
    ['pay\u200bpal\ufeff', 'pay\\u{200b}pal\\u{feff}'],
    ['tag\u{e0041}\u{e007f}', 'tag\\u{e0041}\\u{e007f}'],
    ['\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['\u3164filler', '\\u{3164}filler'],
    ['lone \ud83d half', 'lone \\u{d83d} half'],
    ['\ue000', '\\u{e000}'],
  ])('%j is shown as %j', (hostile, shown) => {
    expect(safe(hostile)).toBe(shown);
  });

  test('no control, format or surrogate of any kind is left, whatever comes in', () => {
    let all = '';
    for (let code = 0; code < 0x110000; code += code < 0x3000 || (code >= 0xd000 && code < 0x10000) ? 1 : 97)
      all += String.fromCodePoint(code);
    expect(safe(all).replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u);
  });

  test('CR LF is a newline', () => {
    expect(safe('a\r\nb\r\n')).toBe('a\nb\n');
  });
});

test('safeLine keeps a text on one line', () => {
  expect(safeLine('first\r\n\n\tsecond\x1b[A')).toBe('first second^[[A');
});

test('JSON for a terminal is the same value, with nothing in it that a terminal obeys', () => {
  const value = { text: 'a\u001b]0;x\u0007 \u009b6n \u202e \ud83d\udd11 \u{e0041} ⚠️ é\n', list: [1, null] };
  const text = safeJson(value, 2);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u0080-\u009f\u202e]|\u{e0041}/u);
  expect(text).toContain('⚠️ é');
});
