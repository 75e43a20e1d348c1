import { expect, test } from 'vitest';
import { BinnedColumns, boost, boostInRounds } from '../index.ts';
import { madeTable } from '../testing/tables.ts';

const { columns, number } = madeTable(1, 500);
const options = { objective: 'regression', numIterations: 6, labels: number } as const;

test('columns that were binned before give the same model, and predict the same', () => {
  const binned = BinnedColumns.of(columns);
  const [model, expected] = [boost({ ...options, columns: binned }), boost({ ...options, columns })];
  expect(JSON.stringify(model)).toBe(JSON.stringify(expected));
  expect(model.predict(binned)).toEqual(expected.predict(columns));
  const others = madeTable(2, 100).columns;
  expect(model.predict(binned.like(others))).toEqual(expected.predict(others));
  expect(binned.rows).toBe(500);
});

test('selected rows are those of a smaller table with the same bins', () => {
  const binned = BinnedColumns.of({ x: [5, 1, 4, 2, 3, 6] });
  const few = binned.select(Uint32Array.of(3, 0));
  expect([...few.table.subarray(0, 2)]).toEqual([1, 4]);
  expect(few.bins).toBe(binned.bins);
  const rows = { columns: few, labels: [1, 9] };
  const model = boost({ objective: 'regression', ...rows, minDataInLeaf: 1, learningRate: 1, numIterations: 1 });
  expect([...model.predict({ x: [1, 2, 3, 6] })].map(Math.round)).toEqual([1, 1, 9, 9]);
});

test('columns may come one at a time', () => {
  let alive = 0;
  function* each() {
    for (const [name, column] of Object.entries(columns)) {
      expect(alive++).toBe(0);
      yield [name, column] as const;
      alive--;
    }
  }
  expect(BinnedColumns.of(each()).table).toEqual(BinnedColumns.of(columns).table);
});

test('other bins, other lengths and bad options are errors', () => {
  const binned = BinnedColumns.of(columns);
  const model = boost({ ...options, columns: binned });
  expect(() => model.predict(BinnedColumns.of(columns))).toThrow('received other bins');
  const validation = { columns: BinnedColumns.of(columns), labels: number };
  expect(() => boost({ ...options, columns: binned, validation })).toThrow('received other bins');
  expect(() => BinnedColumns.of({ a: [1, 2], b: [1] })).toThrow('received 1 values of "b"');
  expect(() => BinnedColumns.of({})).toThrow('at least one column');
  expect(() => BinnedColumns.of({ a: [1] }, { maxBin: 300 })).toThrow('a whole number in [2, 255] for maxBin');
});

test('a threshold lies between two values, also where a quantile is one of them', () => {
  const x = Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? row : 7)); // 7 is several quantiles
  const { bins } = BinnedColumns.of({ x }, { maxBin: 8 });
  const { thresholds } = bins[0] as { thresholds: Float64Array };
  expect(thresholds.length).toBeGreaterThan(1);
  for (const threshold of thresholds) expect(x).not.toContain(threshold);
});

test('in rounds the training can be watched, and ends with the model', () => {
  const rounds = boostInRounds({ ...options, columns });
  const seen: number[] = [];
  let next = rounds.next();
  for (; !next.done; next = rounds.next()) seen.push(next.value);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  expect(JSON.stringify(next.value)).toBe(JSON.stringify(boost({ ...options, columns })));
});

test('numClass leaves room for classes that no row has', () => {
  const rows = { columns: { x: [1, 2, 3, 4] }, labels: [0, 0, 2, 2] };
  const model = boost({ objective: 'multiclass', numClass: 4, ...rows, minDataInLeaf: 1 });
  expect(model.width).toBe(4);
  const [, second, , last] = model.predict({ x: [1] });
  expect([second, last]).toEqual([expect.closeTo(0, 10), expect.closeTo(0, 10)]);
  expect(() => boost({ objective: 'multiclass', numClass: 2, ...rows })).toThrow('below 2 for each label, received 2');
  expect(() => boost({ objective: 'binary', numClass: 2, ...rows })).toThrow(
    'numClass with the objective "multiclass" only',
  );
});
