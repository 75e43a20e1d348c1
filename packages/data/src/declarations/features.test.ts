import { describe, expect, it } from 'vitest';
import { categorical, hashed, multiValued, numeric, vector } from './kinds.ts';

describe('declarations of features', () => {
  it('are plain data with the options that were given and no others', () => {
    expect(numeric({ log: true })).toEqual({ kind: 'numeric', log: true });
    expect(multiValued({ values: hashed({ buckets: 10 }) })).toEqual({
      kind: 'multi-valued',
      values: { kind: 'hashed', buckets: 10 },
    });
    expect(vector({ columns: ['a', 'b', 'c'] })).toEqual({ kind: 'vector', width: 3, columns: ['a', 'b', 'c'] });
  });

  it.each([
    [() => categorical({ minCount: 0 }), /Expected a whole number, 1 or more, for categorical\.minCount, received 0\./],
    [() => categorical({ maxSize: 1.5 }), /categorical\.maxSize, received 1\.5/],
    [() => categorical({ vocabulary: ['a', 'b', 'a'] }), /different values, received "a" twice/],
    [() => hashed({ buckets: -1 }), /hashed\.buckets, received -1/],
    [() => hashed({} as { buckets: number }), /hashed\.buckets, received nothing/],
    [() => hashed({ buckets: 10, quotients: 6 }), /at most 5 quotients for the 10 buckets of hashed, received 6/],
    [() => multiValued({ separator: '' }), /a text for multiValued\.separator, received ""/],
    [() => multiValued({ maxLength: Infinity }), /multiValued\.maxLength, received Infinity/],
    [() => vector({ width: 0 }), /vector\.width, received 0/],
    [() => vector({ columns: [] }), /a list of 1 or more for vector\.columns, received \[\]/],
  ])('refuses what no table could be fitted with (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
