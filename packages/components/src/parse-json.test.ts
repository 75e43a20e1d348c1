import { expect, test } from 'vitest';
import { PolytaskError } from './errors.ts';
import { parseJson } from './parse-json.ts';

const what = 'a suite as JSON in s.json';
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('is the value of JSON, as text and as bytes', () => {
  const text = String.raw`{ "a": ["[[[", "\"{", { "__proto__": 1, "b": "b", "\\": "a" }], "b": { "a": ":", "c\\": 1 } }`;
  expect(parseJson(text, what)).toEqual(JSON.parse(text));
  expect(parseJson(new TextEncoder().encode(`\uFEFF${text}`), what)).toEqual(JSON.parse(text));
  expect(parseJson(nested(200), what)).toEqual(JSON.parse(nested(200)));
});

test.each([
  ['another file', 'root:x:0:0:root:/root', 'received other text. Look at'],
  ['a comma too many', '{\n "a": 1,\n}', 'received other text, at line 3, column 1.'],
  ['a cut', '{ "secret": "root', 'received other text'],
  ['bytes', Uint8Array.of(0x22, 0xff, 0x22), 'received bytes that are not UTF-8'],
  ['deep lists', nested(20_000), 'received 20000 levels of lists and objects, where 200 are the most'],
  ['deep objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 'received 20000 levels'],
  [
    'a repeated key',
    '{\n "root": [{ "a": 1 }, { "a": 2 }],\n "root" : 3 }',
    'received a key for the second time in one object, at line 3, column 2.',
  ],
  [
    'a key that is written in two ways',
    String.raw`{ "a\"": "a", "\u0061\u0022": 1 }`,
    'received a key for the second time',
  ],
])('%s: an error with the place, and without the text', (_, content, message) => {
  const parse = () => parseJson(content, what);
  expect(parse).toThrow(PolytaskError);
  expect(parse).toThrow(`Expected ${what}, ${message}`);
  expect(parse).not.toThrow('root');
});
