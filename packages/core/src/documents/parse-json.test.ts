import { expect, test } from 'vitest';
import { PolytaskError } from '../errors/errors.ts';
import { parseJson } from './parse-json.ts';

const what = 'a suite as JSON in s.json';
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('is the value of JSON, as text and as bytes', () => {
  const text = '{ "a": ["[[[", "\\"{", { "__proto__": 1 }] }';
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
  ['deep objects', '{"a":'.repeat(20_000), 'received 20000 levels'],
])('%s: an error with the place, and without the text', (_, content, message) => {
  const parse = () => parseJson(content, what);
  expect(parse).toThrow(PolytaskError);
  expect(parse).toThrow(`Expected ${what}, ${message}`);
  expect(parse).not.toThrow('root');
});
