import { expect, it } from 'vitest';
import { tinySchema } from '../testing/tiny.ts';
import {
  arraysOf,
  batchArrays,
  emptyBatch,
  joinBatches,
  labelsInOrder,
  labelsOf,
  padBatch,
  sliceBatch,
  type Batch,
} from './batch.ts';
import { BATCH_PARTS, layoutOf, presentParts, type BatchPart } from './layout.ts';
import { readable } from '../model/predictions.ts';
import { denseSchema } from './schema.ts';

const layout = layoutOf(tinySchema);
const tasks = ['a', 'b'];

/** Every number of every array is another one. */
function countedBatch(size: number): Batch {
  const batch = emptyBatch(size, layout, tasks);
  batchArrays(layout, tasks).forEach(({ of }, k) => of(batch)!.forEach((_, i, all) => (all[i] = 1000 * k + i)));
  return batch;
}

/** The numbers of a row in all arrays. */
const rowOf = (batch: Batch, row: number) =>
  batchArrays(layout, tasks).map(({ name, width, of }) => [
    name,
    [...of(batch)!.subarray(row * width, (row + 1) * width)],
  ]);

it('declares each part once: its type and its width in a layout', () => {
  const { numeric, fields, slots } = layout;
  expect(presentParts(layout)).toEqual([
    { name: 'numeric', dtype: 'float32', width: numeric },
    { name: 'ids', dtype: 'int32', width: fields },
    { name: 'bagIds', dtype: 'int32', width: slots },
    { name: 'bagWeights', dtype: 'float32', width: slots },
  ]);
  expect(presentParts(layoutOf(denseSchema(3, {}))).map(({ name }) => name)).toEqual(['numeric']);
});

it('has an array of the declared type and length for each part, and for labels and weights of each task', () => {
  const batch = emptyBatch(3, layout, tasks);
  for (const [name, { dtype, width }] of Object.entries(BATCH_PARTS)) {
    const length = 3 * width(layout);
    expect(batch[name as BatchPart]).toEqual(dtype === 'int32' ? new Int32Array(length) : new Float32Array(length));
  }
  expect(batchArrays(layout, tasks).map(({ name }) => name)).toEqual([
    ...Object.keys(BATCH_PARTS),
    'labels.a',
    'labels.b',
    'weights.a',
    'weights.b',
  ]);
  const shapes = (list: ReturnType<typeof arraysOf>) => list.map(({ name, width }) => [name, width]);
  expect(shapes(arraysOf(batch))).toEqual(shapes(batchArrays(layout, tasks)));
  expect(emptyBatch(3, layout)).toMatchObject({ size: 3, tasks: [], labels: new Float32Array(0) });
});

it('has the labels of all tasks in one array, and gives views of one task, or those of some in another order', () => {
  const batch = emptyBatch(2, layout, tasks);
  labelsOf(batch, 'b').labels.set([3, 4]);
  labelsOf(batch, 'a').weights.set([0.5, 1]);
  expect([...batch.labels]).toEqual([0, 0, 3, 4]);
  expect([...batch.weights]).toEqual([0.5, 1, 0, 0]);
  expect(labelsInOrder(batch, tasks)).toBe(batch);
  const turned = labelsInOrder(batch, ['b', 'a']);
  expect([...turned.labels]).toEqual([3, 4, 0, 0]);
  expect([...turned.weights]).toEqual([0, 0, 0.5, 1]);
  expect(() => labelsOf(batch, 'c')).toThrow('Expected labels of task "c" in the batch, received those of ["a","b"]');
});

it('slices all arrays, and gives a whole batch as it is', () => {
  const batch = countedBatch(5);
  const part = sliceBatch(batch, 1, 4);
  expect(part.size).toBe(3);
  for (const row of [0, 1, 2]) expect(rowOf(part, row)).toEqual(rowOf(batch, row + 1));
  expect(sliceBatch(batch, 0, 5)).toBe(batch);
  expect(part.numeric.buffer).toBe(batch.numeric.buffer); // predictions slice large batches
});

it('pads all arrays with zeros, in memory of its own', () => {
  const batch = countedBatch(2);
  const padded = padBatch(batch, 4);
  expect(padded.size).toBe(4);
  for (const row of [0, 1]) expect(rowOf(padded, row)).toEqual(rowOf(batch, row));
  for (const row of [2, 3]) expect(rowOf(padded, row)).toEqual(rowOf(emptyBatch(4, layout, tasks), row));
  padded.numeric[0] = -1;
  expect(batch.numeric[0]).toBe(0);
});

it('reads a batch, a table and rows as objects alike', () => {
  const batch = countedBatch(4);
  const table = { schema: tinySchema, size: 4, batch: (rows: ArrayLike<number>) => sliceBatch(batch, rows[0]!, 4) };
  const encode = () => sliceBatch(batch, 2, 4);
  for (const rows of [batch, table, [{}, {}, {}, {}]]) {
    const all = readable(rows, encode);
    expect(all.size).toBe(4);
    expect(rowOf(all.slice(2, 4), 0)).toEqual(rowOf(batch, 2));
  }
});

it('joins batches row by row, without their labels', () => {
  const whole = { ...countedBatch(5), ...labelsInOrder(countedBatch(5), []) };
  const parts = [sliceBatch(whole, 0, 1), sliceBatch(whole, 1, 4), sliceBatch(whole, 4, 5)];
  expect(joinBatches(parts, layout)).toEqual(whole);
  expect(joinBatches([], layout)).toEqual(emptyBatch(0, layout));
});

it('refuses a width that fills the memory, such as a mistaken maxLength', () => {
  expect(() => emptyBatch(60, layoutOf(denseSchema(1e9, {})))).toThrow('received 60 rows of 1000000000');
});
