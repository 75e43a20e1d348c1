import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseWrittenJson } from './written-json.ts';

const what = 'JSON in a.json';

test.each([
  ['{\n "a": 1,\n}', 'a comma after the last entry, at line 2, column 8. Remove it.'],
  ['{"a": [1, 2,\n\n]}', 'a comma after the last entry, at line 1, column 12. Remove it.'],
  [
    '{\n "a": 1\n "b": 2}',
    'text that is no JSON (comma expected), at line 3, column 2. Look at its commas, quotes and brackets.',
  ],
  ["{ 'a': 1 }", 'text that is no JSON (invalid symbol), at line 1, column 3.'],
  ['{"a": tru}', 'text that is no JSON (invalid symbol), at line 1, column 7.'],
  ['{"a": 01}', 'text that is no JSON (comma expected), at line 1, column 8.'],
  ['{"a": "x\ny"}', 'text that is no JSON (unexpected end of string), at line 1, column 7.'],
  ['{"a" 1}', 'text that is no JSON (colon expected), at line 1, column 6.'],
  ['{"a": {"b": 1}', 'a text that ends too early, at line 1, column 15. Write the rest of it.'],
  ['', 'a text that ends too early, at line 1, column 1.'],
  ['[1] 2', 'text that is no JSON (end of file expected), at line 1, column 5.'],
  [',', 'text that is no JSON (value expected), at line 1, column 1.'],
  ['// a\n{}', 'text that is no JSON (invalid comment token), at line 1, column 1.'],
  [
    '{\n "a": [{ "b": 1 }, { "b": 2 }],\n "a" : 3 }',
    'a key that the object already has, at line 3, column 2. Remove one.',
  ],
  [String.raw`{ "a\"": "a", "\u0061\u0022": 1 }`, 'a key that the object already has'],
  ['['.repeat(20_000), 'more than 200 levels of lists and objects, at line 1, column 201. Use fewer.'],
])('%s: %s', (text, message) => {
  for (const content of [text, `\uFEFF${text}`, new TextEncoder().encode(`\uFEFF${text}`)])
    expect(() => parseWrittenJson(content, what)).toThrow(`Expected ${what}, received ${message}`);
});

test('what JSON.parse reads comes back, and each cut of it is a text that ends too early or other text', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      for (const content of [text, `\uFEFF${text}`]) expect(parseWrittenJson(content, what)).toEqual(JSON.parse(text));
      if (text.startsWith('{'))
        expect(() => parseWrittenJson(text.slice(0, -1), what)).toThrow('a text that ends too early');
    }),
  );
});
