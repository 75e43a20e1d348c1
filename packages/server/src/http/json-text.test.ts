import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from './request-body.ts';

const parse = (text: string) => parseJson(Buffer.from(text));

it('reads JSON as JSON.parse does, whatever its texts hold', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
  for (const text of [
    '{"a\\"b:":{"c\\\\":[":{["]},"__proto__":{}}',
    ' { "a" : { "a" : [ { "a" : 1 } , { "a" : 2 } ] } } ',
    '"é:"',
  ]) {
    expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
  }
});

it('names a key that an object has twice, and its place', () => {
  for (const [text, key, at] of [
    ['{"age":1,"age":2}', '"age"', 9],
    ['[{"a":1},{"a":1,"b":[{"a":1}],"a":1}]', '"a"', 30],
    ['{"é":1,"\\u00e9":1}', '"é"', 8],
    ['{"__proto__":1,"__proto__":1}', '"__proto__"', 15],
    ['{"a":{"b":{"c":1}},"x":{"b":1}, "a" : 3}', '"a"', 32],
    [`{"a":1,"a":"${'\\n'.repeat(1e6)}"}`, '"a"', 7],
  ] as const) {
    expect(() => parse(text)).toThrow(`Expected a key once in an object, received ${key} again at byte ${at}.`);
  }
});

it('refuses more than 32 levels before it reads them', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  expect(parse(nested(32))).toHaveLength(1);
  for (const text of [nested(33), '{"a":'.repeat(33), '['.repeat(33)]) {
    expect(() => parse(text)).toThrow('at most 32 levels, received 33 levels');
  }
  expect(() => parse(nested(300_000))).toThrow('received 300000 levels');
  expect(parse(`["${'['.repeat(99)}"]`)).toHaveLength(1);
});

it('refuses what is no JSON', () => {
  for (const text of ['', '{"a":1', '"', '"\\', '{"a":1}}', '{:}', "{'a':1}"]) {
    expect(() => parse(text)).toThrow('Expected a body of JSON in UTF-8: ');
  }
});

it('keeps the digits of large integers, and counts the keys beside them', () => {
  expect(parse('[{"user":1234567890123456789,"age":41}]')).toEqual([{ user: 1234567890123456789n, age: 41 }]);
  expect(() => parse('[{"user":1234567890123456789,"user":1}]')).toThrow('received "user" again');
});
