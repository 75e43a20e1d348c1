import { describe, expect, it } from 'vitest';
import { binary } from '@polytask/core';
import { parseCsv } from '../csv/read-csv.ts';
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
    [
      () => categorical({ minCount: 0 }),
      /Expected a whole number of 1 or more for categorical\.minCount, received 0\./,
    ],
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

it('tables take features and tasks as a data set file has them', () => {
  const described = JSON.parse(
    '{"features": {"age": "numeric", "tags": {"kind": "multi-valued", "values": "categorical"}, "xy": {"kind": "vector", "columns": ["x", "y"]}}, "tasks": {"buys": "binary"}}',
  ) as never;
  const text = 'age,tags,x,y,buys\n41,a|b,1,2,1\n17,,3,4,0\n';
  const declared = {
    features: { age: numeric(), tags: multiValued({ values: categorical() }), xy: vector({ columns: ['x', 'y'] }) },
    tasks: { buys: binary() },
  };
  const { features, tasks, columns } = parseCsv(text, described);
  expect({ features, tasks }).toEqual(declared);
  expect(columns).toEqual(parseCsv(text, declared).columns);
  expect(parseCsv(text, { features, tasks }).columns).toEqual(columns); // declarations of a table are read again
  const read = (age: unknown) => () => parseCsv(text, { features: { age }, tasks: {} } as never);
  expect(read('numerci')).toThrow('a kind for parseCsv.features.age, received "numerci". Did you mean "numeric"?');
  expect(read({ kind: 'numeric', logg: true })).toThrow(
    'an option of parseCsv.features.age, received "logg". Did you mean "log"?',
  );
});
