import { expect, test } from 'vitest';
import { htmlText, mapTexts, markdownText, printable, printableLine, xmlText } from './safe-text.ts';

test.each([
  [printable, 'a\u001b[31m\u009b2J\r\u007f\u202eb\t\n', 'a\\u001b[31m\\u009b2J\\u000d\\u007f\\u202eb\t\n'],
  [printableLine, 'never_married\t\n', 'never_married\\u0009\\u000a'],
  [htmlText, '<b a="1">&\u0000\u202e', '&lt;b a=&quot;1&quot;&gt;&amp;\ufffd\\u202e'],
  [xmlText, 'a\u0000\u001b\ud800b\ufffe\n', 'a\ufffd\ufffd\ufffdb\ufffd\n'],
  [markdownText, '<img>`a`\\|[x](y) [z]\n# h', '&lt;img>&#96;a&#96;&#92;|[x&#93;(y) [z] # h'],
  [markdownText, 'a\u001b[2J\u202eb', 'a&#92;u001b[2J&#92;u202eb'],
])('%o', (sanitizer, text, expected) => expect(sanitizer(text)).toBe(expected));

test('texts of plain data are mapped wherever they are, and nothing else', () => {
  const data = { 'a\n': [1, NaN, null, { b: ['c\n'], __proto__: null }], d: undefined, e: Float32Array.of(1) };
  expect(mapTexts(data, (text) => text.trim())).toEqual({
    a: [1, NaN, null, { b: ['c\n'], __proto__: null }],
    d: undefined,
    e: Float32Array.of(1),
  });
  expect(Object.keys(mapTexts(JSON.parse('{ "__proto__": "x" }') as object, (text) => text))).toEqual(['__proto__']);
});
