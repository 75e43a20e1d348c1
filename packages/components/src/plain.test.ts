import { describe, expect, it } from 'vitest';
import { plainCopy } from './registry.ts';

describe('plainCopy', () => {
  it('copies what JSON can hold, and leaves out what is undefined', () => {
    const value = { a: [1, 'two', true, null, { b: -0.5 }], c: undefined, d: {} };
    const copy = plainCopy(value, 'it');
    expect(copy).toEqual({ a: [1, 'two', true, null, { b: -0.5 }], d: {} });
    expect(Object.keys(copy)).toEqual(['a', 'd']);
    expect(JSON.parse(JSON.stringify(copy))).toEqual(copy);
    expect(copy.a).not.toBe(value.a);
  });

  it('takes an object without a prototype', () => {
    expect(plainCopy(Object.assign(Object.create(null) as object, { a: 1 }), 'it')).toEqual({ a: 1 });
  });

  it.each<[string, unknown, string]>([
    [
      'a function',
      { init: () => 1 },
      'Expected plain JSON for it.init, because it is saved with the model, received the function init.',
    ],
    ['NaN', [1, NaN], 'for it[1], because it is saved with the model, received NaN.'],
    ['infinity', { a: { b: -Infinity } }, 'for it.a.b, because it is saved with the model, received -Infinity.'],
    ['a typed array', { a: Float32Array.of(1) }, 'received a Float32Array.'],
    ['a date', new Date(0), 'received a Date.'],
    ['a map', { a: new Map() }, 'received a Map.'],
    ['a hole', [undefined], 'for it[0], because it is saved with the model, received nothing.'],
    ['a bigint', { a: 1n }, 'received 1.'],
    ['a symbol', { a: Symbol('s') }, 'received Symbol(s).'],
  ])('refuses %s', (_, value, message) => {
    expect(() => plainCopy(value, 'it')).toThrow(message);
  });
});
