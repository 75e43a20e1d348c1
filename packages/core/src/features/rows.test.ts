import { expect, test } from 'vitest';
import { decodeFeatures, rowEncoder } from './rows.ts';
import type { Row, Schema } from './schema.ts';

const item = { kind: 'categorical', vocabulary: ['tea', 'milk', 'salt'] } as const;
const { features }: Pick<Schema, 'features'> = {
  features: {
    age: { kind: 'numeric', mean: 40, deviation: 10, indicator: true },
    income: { kind: 'numeric', mean: 3, deviation: 2, log: true },
    place: { kind: 'vector', width: 2 },
    item,
    street: { kind: 'hashed', buckets: 5 },
    last: { kind: 'shared', with: 'item' },
    tags: { kind: 'multi-valued', values: item, separator: '|', maxLength: 3, pooling: 'mean' },
    history: {
      kind: 'id-sequence',
      values: { kind: 'shared', with: 'item' },
      separator: ' ',
      maxLength: 3,
      pooling: 'last',
    },
    days: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 8, deviation: 4 }, separator: ' ' },
  },
};
const rows: Row[] = [
  {
    ...{ age: 41, income: 20, place: [0.5, -2], item: 'milk', street: null, last: 'tea' },
    ...{ tags: 'tea|salt', history: 'tea milk salt', days: '16 12 4' },
  },
  {
    age: null,
    income: 0,
    place: [1, 3],
    item: null,
    street: null,
    last: 'beer',
    tags: null,
    history: 'wine',
    days: '8',
  },
];

test('decoding gives the values that were encoded', () => {
  const columns = decodeFeatures(rowEncoder({ features })(rows), { features });
  const values = Object.fromEntries(columns.map((column) => [column.name, column.values]));
  expect(values['income']!.map((value) => Number(value).toFixed(4))).toEqual(['20.0000', '0.0000']);
  expect((values['age']![0] as number).toFixed(4)).toBe('41.0000');
  expect({ ...values, income: undefined, age: values['age']![1] }).toEqual({
    age: null, // it has an indicator
    income: undefined,
    'place[0]': [0.5, 1],
    'place[1]': [-2, 3],
    item: ['milk', null],
    street: [null, null],
    last: ['tea', '(other)'],
    tags: ['tea|salt', ''],
    history: ['tea milk salt', '(other)'],
    days: ['16 12 4', '8'],
  });
  expect(columns.map(({ kind }) => kind)).toEqual([
    'number',
    'number',
    'number',
    'number',
    ...Array<string>(6).fill('text'),
  ]);
});

test('encoding the decoded values again gives the same batch', () => {
  const encode = rowEncoder({ features });
  const batch = encode(rows);
  const columns = decodeFeatures(batch, { features });
  const cell = (name: string, row: number) => columns.find((column) => column.name === name)!.values[row];
  const again = rows.map((_, row) => ({
    ...Object.fromEntries(columns.map(({ name }) => [name, cell(name, row)])),
    place: [cell('place[0]', row), cell('place[1]', row)],
  }));
  const { numeric, ...others } = encode(again);
  expect(others).toEqual({ ...batch, numeric: undefined });
  numeric.forEach((value, i) => expect(value).toBeCloseTo(batch.numeric[i]!, 6));
});

test('a hashed value is its bucket, also where two rows make its vector', () => {
  const plain = { x: { kind: 'hashed', buckets: 11 } } as const;
  const composed = { x: { ...plain.x, quotients: 3 } } as const;
  const values = Array.from({ length: 40 }, (_, i) => ({ x: i === 7 ? null : `value ${i}` }));
  const [expected, received] = [plain, composed].map((features) =>
    decodeFeatures(rowEncoder({ features })(values), { features }),
  );
  expect(received).toEqual(expected);
  expect(new Set(expected![0]!.values).size).toBeGreaterThan(8);
});
