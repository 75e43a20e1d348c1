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
  ['a comma too many', '{\n "a": 1,\n}', 'received other text.'],
  ['a cut', '{ "secret": "root', 'received other text'],
  ['bytes', Uint8Array.of(0x22, 0xff, 0x22), 'received bytes that are not UTF-8'],
  ['a level too many', nested(201), 'received more than 200 levels of lists and objects'],
  ['deep lists', nested(20_000), 'received more than 200 levels'],
  ['deep objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 'received more than 200 levels'],
])('%s: an error without the text', (_, content, message) => {
  const parse = () => parseJson(content, what);
  expect(parse).toThrow(PolytaskError);
  expect(parse).toThrow(`Expected ${what}, ${message}`);
  expect(parse).not.toThrow('root');
});
