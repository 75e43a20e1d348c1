import { labelsOf, binary, denseSchema, emptyBatch, layoutOf, type Batch } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { categorical, multiValued, numeric } from '../declarations/kinds.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { batches } from './batches.ts';
import { encodedTable, type EncodedTable } from './encoded-table.ts';
import { shuffle, split } from '../fitting/split.ts';
import { splitRows } from '../fitting/row-split.ts';
import { toTfDataset } from './to-tf-dataset.ts';

const declaration = {
  features: { n: numeric({ standardize: false }), c: categorical(), l: multiValued(), m: numeric({ from: 'n' }) },
  tasks: { y: binary(), z: binary() },
  keep: ['user'],
};
const people = (size: number) =>
  fromRows(
    Array.from({ length: size }, (_, i) => ({
      n: i,
      c: `c${i % 7}`,
      l: ['a', 'b', 'c'].slice(i % 4),
      y: i % 2,
      z: i % 3 === 0 ? null : 1,
      user: `u${i % 10}`,
    })),
    declaration,
  );
const encoded = (size: number) => {
  const table = people(size);
  return encode(table, fitSchema(table));
};
/** The rows of a batch, told apart by their first number. */
const rowsIn = (batch: Batch): number[] => Array.from({ length: batch.size }, (_, r) => batch.numeric[r * 2]!);

describe('encoded tables', () => {
  it('give any rows in any order, as the whole has them', () => {
    const table = encoded(30);
    const { numeric: numbers, fields, slots } = layoutOf(table.schema);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 29 })), (rows) => {
        const batch = table.batch(rows);
        const part = <A extends Float32Array | Int32Array>(array: A, width: number) =>
          rows.flatMap((row) => Array.from(array.subarray(row * width, (row + 1) * width)));
        expect(batch.size).toBe(rows.length);
        expect(Array.from(batch.numeric)).toEqual(part(table.arrays.numeric, numbers));
        expect(Array.from(batch.ids)).toEqual(part(table.arrays.ids, fields));
        expect(Array.from(batch.bagIds)).toEqual(part(table.arrays.bagIds, slots));
        expect(Array.from(batch.bagWeights)).toEqual(part(table.arrays.bagWeights, slots));
        for (const task of ['y', 'z']) {
          expect(Array.from(labelsOf(batch, task).labels)).toEqual(part(labelsOf(table.arrays, task).labels, 1));
          expect(Array.from(labelsOf(batch, task).weights)).toEqual(part(labelsOf(table.arrays, task).weights, 1));
        }
      }),
    );
  });

  it('give subsets of subsets, and copies that can be written to', () => {
    const table = encoded(10);
    expect(rowsIn(table.subset([9, 8, 7]).subset([2, 0]).batch([0, 1]))).toEqual([7, 9]);
    table.batch([3]).numeric.fill(-1);
    expect(rowsIn(table.batch([3]))).toEqual([3]);
  });

  it('refuse rows that are none, and arrays of the wrong length', () => {
    const table = encoded(3);
    expect(() => table.batch([0, 3])).toThrow('Expected row numbers from 0 to 2, received 3 at place 1.');
    const schema = denseSchema(2, { y: binary() });
    const arrays = emptyBatch(3, layoutOf(schema), ['y']);
    expect(encodedTable(schema, arrays).size).toBe(3);
    expect(() => encodedTable(schema, { ...arrays, numeric: new Float32Array(5) })).toThrow(
      /numeric to hold 3 × 2 numbers, received 5/,
    );
    expect(() => encodedTable(schema, { ...arrays, weights: new Float32Array(2) })).toThrow(
      /weights\.y to hold 3 × 1 numbers, received 2/,
    );
  });
});

describe('splitRows', () => {
  it('deals every row out once, in the asked shares, and again so for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 300 }),
        fc.constantFrom(0, 0.1, 0.3),
        fc.constantFrom(0, 0.2),
        fc.nat(),
        (size, validation, test, seed) => {
          const parts = splitRows(size, { validation, test, seed });
          expect([...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b)).toEqual(
            Array.from({ length: size }, (_, i) => i),
          );
          expect(parts.validation.length).toBe(Math.round(size * validation));
          expect(parts.test.length).toBe(Math.round(size * test));
          for (const part of Object.values(parts)) expect(part).toEqual(part.toSorted());
          expect(splitRows(size, { validation, test, seed })).toEqual(parts);
        },
      ),
    );
  });

  it('is another one for another seed', () => {
    expect(splitRows(100, { test: 0.5, seed: 1 }).test).not.toEqual(splitRows(100, { test: 0.5, seed: 2 }).test);
  });

  it('keeps groups together, near the asked shares', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 20, maxLength: 40 });
    fc.assert(
      fc.property(sizes, fc.nat(), (sizes, seed) => {
        const groups = sizes
          .flatMap((size, g) => Array.from({ length: size }, () => g * 3))
          .sort((a, b) => (a % 5) - (b % 5));
        const parts = splitRows(groups.length, { validation: 0.2, test: 0.3, seed, groups });
        const together = Object.values<Uint32Array>({ ...parts }).flatMap((rows) => [
          ...new Set(Array.from(rows, (row) => groups[row]!)),
        ]);
        expect(together.toSorted((a, b) => a - b)).toEqual(sizes.map((_, g) => g * 3));
        expect(parts.train.length + parts.validation.length + parts.test.length).toBe(groups.length);
        const half = Math.max(...sizes) / 2 + 0.5; // a half more for the rounded target
        expect(Math.abs(parts.test.length - 0.3 * groups.length)).toBeLessThanOrEqual(half);
        expect(Math.abs(parts.validation.length - 0.2 * groups.length)).toBeLessThanOrEqual(half);
      }),
    );
  });

  it.each([
    [{ test: 1 }, 'a number in [0, 1) for splitRows.test, received 1.'],
    [{ validation: -0.1 }, 'a number in [0, 1) for splitRows.validation, received -0.1'],
    [{ validation: NaN }, /received NaN/],
    [{ validation: 0.6, test: 0.5 }, 'a number in [0, 1) for validation + test'],
    [{ validation: 0.01 }, /enough rows for the validation part to have some, received 10 rows/],
    [
      { test: 0.5, groups: Array(10).fill(1) as number[] },
      /enough groups for the (train|test) part .* received 10 rows in 1 groups/,
    ],
  ])('refuses %j', (options, message) => {
    expect(() => splitRows(10, options)).toThrow(message);
  });
});

describe('split', () => {
  it('fits on the training rows alone', () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ n: i ** 2, c: `only ${i}`, l: [], y: 1, z: 0, user: i }));
    const table = fromRows(rows, declaration);
    const { train, validation, test } = split(table, { validation: 0.2, test: 0.3, seed: 7 });
    expect([train.size, validation.size, test.size]).toEqual([100, 40, 60]);
    expect(train.schema).toBe(test.schema);

    // every value stands in one row: none of the other parts' may be known
    const offset = layoutOf(train.schema).places.find(({ name }) => name === 'c')!.offset;
    expect(Array.from(train.arrays.ids).every((id) => id >= offset + 2)).toBe(true);
    expect(Array.from(validation.arrays.ids).every((id) => id === offset)).toBe(true);
    expect(Array.from(test.arrays.ids).every((id) => id === offset)).toBe(true);

    const mean = rowsIn(train.arrays).reduce((a, b) => a + b, 0) / 100;
    expect((train.schema.features['m'] as { mean: number }).mean).toBeCloseTo(mean, 6);
  });

  it('keeps rows of one value together', () => {
    const table = people(100);
    const parts = split(table, { test: 0.3, seed: 1, groupBy: 'user' });
    const users = (part: EncodedTable) => new Set(rowsIn(part.arrays).map((row) => row % 10));
    expect(users(parts.train).size + users(parts.test).size).toBe(10);
    expect(parts.test.size).toBe(30);
    expect(split(table, { test: 0.3, groupBy: 'n' }).test.size).toBe(30);
  });

  it('says which column it can not split by, and why', () => {
    expect(() => split(people(20), { test: 0.5, groupBy: 'usr' })).toThrow(
      /column "usr" in the table.*Did you mean "user"\?.*keep: \["usr"\]/,
    );
    expect(() => split(people(20), { test: 0.5, groupBy: 'z' })).toThrow(
      /a value in every row of column "z".*received none in row 0/,
    );
    const gap = fromRows(
      [
        { n: 1, y: 1 },
        { n: null, y: 0 },
      ],
      { features: { n: numeric() }, tasks: { y: binary() } },
    );
    expect(() => split(gap, { test: 0.5, groupBy: 'n' })).toThrow(/received none in row 1/);
  });

  it('knows the tasks by name', () => {
    const { train } = split(people(20), { test: 0.5 });
    expectTypeOf<keyof typeof train.schema.tasks>().toEqualTypeOf<'y' | 'z'>();
    expect(train.arrays.tasks).toEqual(['y', 'z']);
  });
});

describe('shuffle', () => {
  it('gives the same rows in an order of the seed, raw or encoded', () => {
    const order = rowsIn(shuffle(encoded(50), 3).arrays);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(Array.from(shuffle(people(50), 3).columns.numbers['n']!)).toEqual(order);
    expect(rowsIn(shuffle(encoded(50), 4).arrays)).not.toEqual(order);
  });
});

describe('batches', () => {
  const order = (options: Parameters<typeof batches>[1]) => [...batches(encoded(10), options)].map(rowsIn);

  it('are all rows in order, the last ones fewer or left out', () => {
    expect(order({ batchSize: 4 })).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(order({ batchSize: 4, dropRemainder: true })).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(order({})).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
  });

  it('are all rows in another order for each seed and epoch, and in the same one again', () => {
    const epochs = [0, 1, 2].map((epoch) => order({ batchSize: 3, seed: 5, epoch }).flat());
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map(String)).size).toBe(3);
    expect(order({ batchSize: 3, seed: 5, epoch: 1 }).flat()).toEqual(epochs[1]);
    expect(order({ batchSize: 3, seed: 6 }).flat()).not.toEqual(epochs[0]);
  });

  it.each([0, -1, 1.5, NaN])('refuse a size of %d at once', (batchSize) => {
    expect(() => batches(encoded(3), { batchSize })).toThrow('a whole number of 1 or more for batches.batchSize');
  });
});

describe('toTfDataset', () => {
  it('gives the batches as tensors, in another order on each pass', async () => {
    const table = encoded(10);
    const dataset = toTfDataset(table, { batchSize: 4, seed: 5 });
    const passes: number[][] = [];
    for (let pass = 0; pass < 2; pass++) {
      const seen: number[] = [];
      await dataset.forEachAsync((element) => {
        const { xs, ys, weights } = element as {
          xs: Record<string, tf.Tensor>;
          ys: Record<string, tf.Tensor>;
          weights: Record<string, tf.Tensor>;
        };
        const rows = Array.from({ length: xs['numeric']!.shape[0]! }, (_, r) => xs['numeric']!.dataSync()[r * 2]!);
        seen.push(...rows);
        expect(Array.from(ys['y']!.dataSync())).toEqual(rows.map((row) => row % 2));
        expect(ys['y']!.shape).toEqual([rows.length, 1]);
        expect(Array.from(weights['z']!.dataSync())).toEqual(rows.map((row) => Number(row % 3 !== 0)));
        expect(xs['ids']!.dtype).toBe('int32');
      });
      passes.push(seen);
    }
    expect(passes[0]).not.toEqual(passes[1]);
    for (const pass of passes) expect(pass.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('trains a tf.layers model by the names of inputs and outputs', async () => {
    const table = encoded(64);
    const numbers = tf.input({ shape: [2], name: 'numeric' });
    const y = tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'y' }).apply(numbers) as tf.SymbolicTensor;
    const model = tf.model({ inputs: numbers, outputs: y });
    model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
    const { history } = await model.fitDataset(
      toTfDataset(table, { batchSize: 16 }) as tf.data.Dataset<tf.TensorContainer>,
      {
        epochs: 2,
        verbose: 0,
      },
    );
    expect(history['loss']!.every((loss) => Number.isFinite(loss))).toBe(true);
    expect(history['loss']!.length).toBe(2);
  });
});
