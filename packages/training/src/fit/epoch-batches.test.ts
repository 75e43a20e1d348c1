import type { Batch } from '@polytask/core';
import { expect, test } from 'vitest';
import { tinyExamples, tinyTasks } from '../testing/tiny.ts';
import { EpochBatches } from './epoch-batches.ts';

const train = tinyExamples(tinyTasks, 6);

function watched(batch: (rows: ArrayLike<number>) => Batch = (rows) => train.batch(rows)) {
  const asked: number[][] = [];
  const examples = { ...train, batch: (rows: ArrayLike<number>) => (asked.push(Array.from(rows)), batch(rows)) };
  const order = Uint32Array.of(5, 4, 3, 2, 1);
  const taskNames = Object.keys(train.schema.tasks);
  return { asked, batches: new EpochBatches({ train: examples, taskNames, order, batchSize: 2, stepsPerEpoch: 3 }) };
}

test('a batch that was prepared is not assembled again; none is prepared past the end', () => {
  const { asked, batches } = watched();
  batches.prepare(1);
  expect(batches.take(1)).toEqual(train.batch([3, 2]));
  expect(batches.take(2).size).toBe(1);
  batches.prepare(3);
  expect(asked).toEqual([[3, 2], [1]]);
});

test('another batch than the prepared one is assembled', () => {
  const { batches } = watched();
  batches.prepare(1);
  expect(batches.take(0)).toEqual(train.batch([5, 4]));
  expect(batches.take(1)).toEqual(train.batch([3, 2]));
});

test('what goes wrong ahead is thrown when the batch is taken', () => {
  const { batches } = watched(() => {
    throw new Error('the file is gone');
  });
  batches.prepare(0);
  expect(() => batches.take(0)).toThrow('the file is gone');
});
