import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseWrittenJson } from './parse-json.ts';

const what = 'JSON in a.json';

test.each([
  ['{\n "a": 1,\n}', 'a comma after the last entry, at line 2, column 8. Remove it.'],
  ['{"a": [1, 2,\n\n]}', 'a comma after the last entry, at line 1, column 12. Remove it.'],
  ['{\n "a": 1\n "b": 2}', 'other text, at line 3, column 2. Look at its commas, quotes and brackets.'],
  ["{ 'a': 1 }", 'other text, at line 1, column 3.'],
  ['{"a": tru}', 'other text, at line 1, column 7.'],
  ['{"a": 01}', 'other text, at line 1, column 7.'],
  ['{"a": "x\ny"}', 'other text, at line 1, column 7.'],
  ['{"a" 1}', 'other text, at line 1, column 6.'],
  ['{"a": {"b": 1}', 'a text that ends too early, at line 1, column 15. Write the rest of it.'],
  ['', 'a text that ends too early, at line 1, column 1.'],
  ['[1] 2', 'other text, at line 1, column 5.'],
  [',', 'other text, at line 1, column 1.'],
])('%s: %s', (text, message) => {
  for (const content of [text, new TextEncoder().encode(`\uFEFF${text}`)])
    expect(() => parseWrittenJson(content, what)).toThrow(`Expected ${what}, received ${message}`);
});

test('what JSON.parse reads comes back, and each cut of it is a text that ends too early or other text', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseWrittenJson(text, what)).toEqual(JSON.parse(text));
      if (text.startsWith('{'))
        expect(() => parseWrittenJson(text.slice(0, -1), what)).toThrow('a text that ends too early');
    }),
  );
});
