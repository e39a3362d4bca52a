import { expect, test } from 'vitest';
import { jsonValues } from '../../../steps/fly/noisy-json.ts';

test.each([
  ['nothing', '', []],
  ['text without JSON', 'No postgres clusters found\n', []],
  ['one object over lines', '{\n    "a": "}",\n    "b": [1]\n}\n', [{ a: '}', b: [1] }]],
  ['an empty list', '[]\n', [[]]],
  ['a list that the API left out', 'null\n', [null]],
  ['a coloured warning before it', '\u001b[33mWARN\u001b[0m failed to {release}\n{"a":1}\n', [{ a: 1 }]],
  ['a bracket that begins no JSON', '[WARNING] an env name looks like a secret\n[{"a":1}]\n', [[{ a: 1 }]]],
  ['a human line after it', '[1]\nThere are more than 50 hostnames\n', [[1]]],
  [
    'objects one after another',
    '{\n    "message": "a \\"quoted\\" {"\n}\n{\n    "message": "b"\n}\n',
    [{ message: 'a "quoted" {' }, { message: 'b' }],
  ],
  ['an object cut off in the middle', '{"message":"a"}\n{\n    "mess', [{ message: 'a' }]],
  ['carriage returns', '{\r\n  "a": 1\r\n}\r\nnull\r\n', [{ a: 1 }, null]],
])('%s', (_, text, values) => {
  expect([...jsonValues(text)]).toEqual(values);
});

test('lines that open brackets and close none are given up, and not read again for each of them', () => {
  expect([...jsonValues(`{"a":1}\n${'[\n'.repeat(300_000)}`)]).toEqual([{ a: 1 }]);
  expect([...jsonValues(`${'[WARNING never closed\n'.repeat(15)}{"a":1}\n`)]).toEqual([{ a: 1 }]);
});
