import { expect, test } from 'vitest';
import { GroupIndex, GrowableColumn } from './row-metric.ts';

test('keeps what was appended, in order, over many growths', () => {
  const column = new GrowableColumn();
  for (let i = 0; i < 1000; i += 2) column.append(Float64Array.of(i, i + 1));
  expect([...column.values]).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});

test('a view stays as it was, also when the column is appended to itself or cleared', () => {
  const column = new GrowableColumn();
  column.append(Float64Array.of(1, 2));
  column.append(Float64Array.of(3));
  const view = column.values;
  column.append(view);
  expect([...column.values]).toEqual([1, 2, 3, 1, 2, 3]);
  column.clear();
  expect([...column.values]).toEqual([]);
  column.append(Float64Array.of(9, 9, 9, 9));
  expect([...view]).toEqual([1, 2, 3]);
});

test('two columns that start from the same array go their own ways', () => {
  const shared = Float64Array.of(1, 2);
  const [a, b] = [new GrowableColumn(), new GrowableColumn()];
  a.append(shared);
  b.append(a.values);
  a.append(Float64Array.of(3));
  b.append(Float64Array.of(4));
  expect([...a.values]).toEqual([1, 2, 3]);
  expect([...b.values]).toEqual([1, 2, 4]);
});

test('numbers groups as they appear and gives the keys back, 1 and "1" apart', () => {
  const index = new GroupIndex();
  index.append(['b', 1, 'b']);
  index.append(['1', 1]);
  expect([...index.indices()]).toEqual([0, 1, 0, 2, 1]);
  expect(index.keys()).toEqual(['b', 1, 'b', '1', 1]);
  expect(index.size).toBe(3);
  index.clear();
  expect([index.size, index.keys()]).toEqual([0, []]);
});
