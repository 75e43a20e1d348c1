import { layoutOf, rowEncoder, type Schema } from '@polytask/core';
import { expect, it } from 'vitest';
import { mixedRows, mixedSchema, sequenceFeatures } from '../testing/rows.ts';
import { encodeForOnnx } from './feature-inputs.ts';

const rows = [
  {
    ...mixedRows(1)[0],
    age: 41.5,
    state: 'Iowa',
    genres: 'news|opera',
    words: ['a', 'b', 'c', 'd', 'e'],
    position: [1, 2],
  },
  { ...mixedRows(1)[0], age: null, state: 'Mars', genres: '', words: [], position: [3, 4] },
  {
    ...mixedRows(1)[0],
    age: '',
    state: null,
    genres: ['drama', 'sport', 'crime', 'news'],
    words: 'a b',
    position: [5, 6],
  },
];

it('gives numbers as they are, NaN where one is missing', () => {
  const { age, never_varied } = encodeForOnnx(mixedSchema, rows);
  expect(age).toEqual({ type: 'float32', shape: [3], data: Float32Array.of(41.5, NaN, NaN) });
  expect(never_varied!.data[0]).toBe(Math.fround(rows[0]!['never_varied' as 'age'] as number));
});

it('gives vectors row by row', () => {
  expect(encodeForOnnx(mixedSchema, rows)['position']).toEqual({
    type: 'float32',
    shape: [3, 2],
    data: Float32Array.of(1, 2, 3, 4, 5, 6),
  });
});

it("gives codes of each field's own: 0 unknown, 1 missing, 2 and up the vocabulary", () => {
  const { state, device } = encodeForOnnx(mixedSchema, rows);
  expect(state).toEqual({ type: 'int32', shape: [3], data: Int32Array.of(4, 0, 1) });
  expect(device!.data.every((code) => code >= 1 && code < 7)).toBe(true);
});

it('gives the last entries of a sequence, with raw numbers of its side columns and NaN in padding', () => {
  const film = { film: 'f1', last_watched: 'f0|f1|f2', searched: null, in_order: '', similar: 'f1|f0|f1|f2|f1' };
  const inputs = encodeForOnnx({ features: sequenceFeatures }, [
    { ...film, watched: 'f3|f0|nothing|', minutes_ago: [9, 1000, null, 1], studios: 's|s|s|' },
    { ...film, watched: ['f2'], minutes_ago: '5', studios: ['s'] },
  ]);
  expect(inputs['watched']).toEqual({ type: 'int32', shape: [2, 3], data: Int32Array.of(2, 0, 1, 4, -1, -1) });
  expect(inputs['minutes_ago']).toEqual({
    type: 'float32',
    shape: [2, 3],
    data: Float32Array.of(1000, NaN, 1, 5, NaN, NaN),
  });
  expect([...inputs['last_watched']!.data]).toEqual([3, 4, 3, 4]);
  expect([...inputs['searched']!.data]).toEqual(Array(8).fill(-1));
  expect([...inputs['similar']!.data]).toEqual([3, 3, 3, 3]); // the last two of three that match
});

it('gives codes of several values, and −1 in empty slots', () => {
  const { genres, words } = encodeForOnnx(mixedSchema, rows);
  expect(genres).toEqual({ type: 'int32', shape: [3, 3], data: Int32Array.of(4, 0, -1, -1, -1, -1, 2, 5, 3) });
  expect(words!.shape).toEqual([3, 4]);
  expect([...words!.data].map((code) => code < 0)).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
    true,
    true,
    false,
    false,
    true,
    true,
  ]);
});

it('has the codes that the model reads, but for the offset of each field', () => {
  const many = mixedRows(50);
  const layout = layoutOf(mixedSchema);
  const { ids } = rowEncoder(mixedSchema)(many);
  const inputs = encodeForOnnx(mixedSchema, many);
  for (const { name, form, column, offset } of layout.places) {
    if (form.type !== 'id') continue;
    inputs[name]!.data.forEach((code, row) => expect(code + offset).toBe(ids[row * layout.fields + column]));
  }
});

it('takes a schema from JSON, and no rows', () => {
  const schema = JSON.parse(JSON.stringify(mixedSchema)) as Schema;
  expect(encodeForOnnx(schema, rows)).toEqual(encodeForOnnx(mixedSchema, rows));
  expect(Object.values(encodeForOnnx(schema, [])).map(({ shape, data }) => [shape[0], data.length])).toEqual(
    Object.keys(schema.features).map(() => [0, 0]),
  );
});

it.each<[Record<string, unknown>, string]>([
  [{ age: 'old' }, 'Row 1: Expected a finite number, or null where it is missing for feature "age", received "old"'],
  [{ age: Infinity }, 'a finite number'],
  [{ position: [1] }, '2 numbers for feature "position"'],
  [{ state: { name: 'Utah' } }, 'a string, a number or null for feature "state"'],
])('says what is wrong with %o', (wrong, message) => {
  expect(() => encodeForOnnx(mixedSchema, [rows[0]!, { ...rows[1], ...wrong }])).toThrow(message);
});

it('says which feature a row lacks', () => {
  const { state: _, ...row } = rows[0]!;
  expect(() => encodeForOnnx(mixedSchema, [row])).toThrow('Row 0: Expected a value for feature "state"');
});

it.each([
  ['no features', {}, 'an object for the schema of'],
  [
    'another vocabulary',
    { features: { town: { kind: 'categorical', vocabulary: 'ab' } } },
    'town.vocabulary, received "ab"',
  ],
  [
    'an unknown key',
    { features: { age: { kind: 'numeric', mean: 1, deviation: 1, logs: true } } },
    '.age, received "logs"',
  ],
])('refuses a damaged schema: %s', (_, schema, message) => {
  expect(() => encodeForOnnx(schema as never, [])).toThrow(message);
});
