import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  labelsOf,
  emptyBatch,
  layoutOf,
  type Batch,
  type Examples,
  type ExampleStream,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { evaluate } from '../evaluation/evaluate.ts';
import { fit } from '../fit/fit.ts';
import type { FitOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import { cosine, warmup } from '../schedules/schedules.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf, WIDTH } from '../testing/tiny.ts';
import { epochBatches, evaluationBatches, type BatchSettings } from './rows.ts';
import { batchesShuffled } from './stream-batches.ts';
import { some } from '../../../../cases.base.ts';

beforeAll(() => tf.setBackend('cpu'));

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));

const ROWS = 150;
const train = tinyExamples(tinyTasks, ROWS, 1);
const validation = tinyExamples(tinyTasks, 80, 2);

/** The rows in pieces of these sizes, in turn. */
function streamOf<T extends Tasks>(examples: Examples<T>, sizes: readonly number[], size?: number): ExampleStream<T> {
  return {
    schema: examples.schema,
    size,
    async *chunks() {
      for (let from = 0, i = 0; from < examples.size; i++) {
        const count = Math.min(sizes[i % sizes.length]!, examples.size - from);
        yield examples.batch(Uint32Array.from({ length: count }, (_, r) => from + r));
        from += count;
      }
    },
  };
}

const settings: BatchSettings = { batchSize: 40, dropLast: false, shuffle: false, seed: 3, shuffleBuffer: 30 };
const tasks = Object.keys(tinyTasks);
const collect = async (batches: AsyncIterable<Batch>) => {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
};

/** A batch's first number of each row: no two rows share it. */
const keys = (batches: readonly Batch[]) =>
  batches.flatMap(({ size, numeric }) => Array.from({ length: size }, (_, row) => numeric[row * WIDTH]!));

test('a stream in the order of labels is a warning, unless its order is asked for', async () => {
  const heard: Error[] = [];
  const listen = (warning: Error) => void heard.push(warning);
  process.on('warning', listen);
  const { labels } = labelsOf(train.batch(Uint32Array.from({ length: ROWS }, (_, row) => row)), tasks[0]!);
  const order = Uint32Array.from(labels.keys()).sort((a, b) => labels[a]! - labels[b]!);
  const sorted = streamOf(
    { ...train, batch: (rows) => train.batch(Uint32Array.from(rows, (row) => order[row]!)) },
    [64],
  );
  const small = { ...settings, batchSize: 5, shuffleBuffer: 10 };
  for (const [epoch, skip, shuffle] of [
    [1, 0, false],
    [2, 0, true],
    [1, 3, true],
    [1, 0, true],
  ] as const)
    await collect(epochBatches(sorted, epoch, skip, { ...small, shuffle }, tasks));
  await new Promise(setImmediate);
  process.off('warning', listen);
  expect(heard.map(({ message }) => message)).toEqual([
    expect.stringContaining(`The stream is in the order of the labels of task ${tasks[0]}`),
  ]);
});

describe('batches of a stream', () => {
  const inMemory = () => collect(epochBatches(train, 1, 0, settings, tasks));

  test.each([[[1]], [[7, 64, 0, 3]], [[40]], [[1000]]])(
    'have the size that was asked for, across pieces of %j rows',
    async (sizes) => {
      const streamed = await collect(epochBatches(streamOf(train, sizes), 1, 0, settings, tasks));
      expect(streamed.map(({ size }) => size)).toEqual([40, 40, 40, 30]);
      expect(streamed).toEqual(await inMemory());
      expect(await collect(evaluationBatches(streamOf(train, sizes), 40, tasks))).toEqual(streamed);
      const dropped = await collect(epochBatches(streamOf(train, sizes), 1, 0, { ...settings, dropLast: true }, tasks));
      expect(dropped).toEqual(streamed.slice(0, 3));
    },
  );

  test('are all rows once in another order each epoch, which the pieces have no say in', async () => {
    const orders = new Set<string>();
    for (const bufferRows of [1, 7, 64, 1000]) {
      for (const epoch of [1, 2]) {
        const shuffle = { ...settings, shuffle: true, shuffleBuffer: bufferRows };
        const [one, other] = await Promise.all(
          [[1], [64, 9]].map((sizes) => collect(epochBatches(streamOf(train, sizes), epoch, 0, shuffle, tasks))),
        );
        expect(one).toEqual(other);
        expect(one!.map(({ size }) => size)).toEqual([40, 40, 40, 30]);
        expect([...keys(one!)].sort()).toEqual([...keys(await inMemory())].sort());
        const first = one![0]!;
        for (const task of tasks) expect(labelsOf(first, task).labels.length).toBe(40);
        orders.add(keys(one!).join());
      }
    }
    expect(orders.size).toBe(7); // a buffer of one row is the order itself
  });

  test('a row comes out of the buffer after about as many others as the buffer holds', async () => {
    // a row leaves at each step with probability 1/B: its delay is geometric with mean B and deviation √(B(B−1))
    const rows = 20_000;
    const B = 100;
    const numbers: ExampleStream = {
      schema: { features: { x: { kind: 'vector', width: 1 } }, tasks: {} },
      async *chunks() {
        const numeric = Float32Array.from({ length: rows }, (_, row) => row);
        yield { ...emptyBatch(rows, layoutOf(numbers.schema)), numeric };
      },
    };
    const out = (await collect(batchesShuffled(numbers, 1, 500, { bufferRows: B, seed: 5 }))).flatMap(({ numeric }) => [
      ...numeric,
    ]);
    const delays = out.map((row, at) => at + B - row).slice(0, rows - 20 * B); // before the end of the stream has a say
    const mean = delays.reduce((a, b) => a + b, 0) / delays.length;
    expect(Math.abs(mean - B)).toBeLessThan(4 * Math.sqrt((B * (B - 1)) / delays.length));
    expect(Math.min(...delays)).toBe(1);
  });

  test('go on at any place with what would have come there', async () => {
    for (const shuffle of [false, true]) {
      for (const rows of [train, streamOf(train, [33])]) {
        const all = await collect(epochBatches(rows, 2, 0, { ...settings, shuffle }, tasks));
        for (let skip = 0; skip <= 4; skip++) {
          expect(await collect(epochBatches(rows, 2, skip, { ...settings, shuffle }, tasks))).toEqual(all.slice(skip));
        }
      }
    }
  });

  test('a stream that is empty, or not what it says, is refused', async () => {
    const read = (stream: ExampleStream, more = {}) =>
      collect(epochBatches(stream, 1, 0, { ...settings, ...more }, tasks));
    await expect(read(streamOf(train, [50], 151))).rejects.toThrow(
      'the 151 rows that the stream says it has, received 150',
    );
    await expect(read({ ...streamOf(train, [50]), async *chunks() {} })).rejects.toThrow(
      '40 rows or more in the stream, received 0',
    );
    await expect(read(streamOf(train, [50]), { batchSize: 151, dropLast: true })).rejects.toThrow(
      '151 rows or more in the stream, received 150',
    );
    const short = {
      ...streamOf(train, [50]),
      async *chunks() {
        yield { ...train.batch([0, 1]), numeric: new Float32Array(3) };
      },
    };
    await expect(read(short)).rejects.toThrow(
      `Expected 2 × ${WIDTH} numbers as numeric in a piece of the stream, received 3`,
    );
    await expect(read(short, { shuffle: true })).rejects.toThrow(`Expected 2 × ${WIDTH} numbers`);
  });
});

const options: FitOptions<typeof tinyTasks> = { epochs: 3, batchSize: 40, optimizer: adam(0.05), engine: 'eager' };

async function trained(
  rows: ExampleStream<typeof tinyTasks> | Examples<typeof tinyTasks>,
  more: FitOptions<typeof tinyTasks> = {},
) {
  const model = tinyModel({ dropout: 0.2, norm: true });
  try {
    const { history, ...rest } = await fit(model, rows, { ...options, ...more });
    return {
      ...rest,
      seconds: 0,
      history: history.map((report) => ({ ...report, seconds: 0 })),
      weights: weightsOf(model),
    };
  } finally {
    model.dispose();
  }
}

describe('fit on a stream', () => {
  test('in its own order is fit on the same rows in memory, to the last bit', async () => {
    const more = { shuffle: false, validation };
    const streamed = await trained(streamOf(train, [37]), { ...more, validation: streamOf(validation, [9]) });
    expect(streamed).toEqual(await trained(train, more));
    expect(streamed.steps).toBe(12);
  });

  test('is the same with the compiled engine', { tags: ['long'] }, async () => {
    const more = { shuffle: false, engine: 'compiled' } as const;
    const [one, other] = [tinyModel(), tinyModel()];
    await fit(one, streamOf(train, [37]), { ...options, ...more });
    await fit(other, train, { ...options, ...more });
    expect(weightsOf(one)).toEqual(weightsOf(other));
    const given = { engine: 'compiled', batchSize: 32 } as const;
    expect(await evaluate(one, streamOf(validation, [9]), given)).toEqual(await evaluate(other, validation, given));
    for (const model of [one, other]) model.dispose();
  });

  test.each(
    some(
      [
        ['in the middle of an epoch', { everySteps: 3 }, 8],
        ['at the end of one', { everySteps: 4 }, 5],
        ['between two', { everyEpochs: 1 }, 10],
      ] as const,
      1,
    ),
  )('goes on %s to the same bits', async (_, every, after) => {
    const more = { validation, stopping: earlyStopping({ patience: 9 }), shuffleBuffer: 64 };
    const straight = await trained(streamOf(train, [37]), more);
    const checkpoint = { directory, ...every };
    const onStep = ({ step }: { step: number }) => {
      if (step === after) throw new Error('power cut');
    };
    await expect(trained(streamOf(train, [37]), { ...more, checkpoint, callbacks: { onStep } })).rejects.toThrow(
      'power cut',
    );
    let first: number | undefined;
    const resumed = await trained(streamOf(train, [64, 5]), {
      ...more,
      checkpoint,
      resume: true,
      callbacks: { onStep: ({ step }) => void (first ??= step) },
    });
    expect(first).toBeGreaterThan(1);
    expect(resumed).toEqual(straight);
  });

  test('is refused where the rows or the buffer are others than those of the checkpoint', async () => {
    const checkpoint = { directory };
    await trained(streamOf(train, [37]), { epochs: 1, checkpoint });
    const again = (rows: ExampleStream<typeof tinyTasks>, more = {}) =>
      trained(rows, { checkpoint, resume: true, ...more });
    await expect(again(streamOf(validation, [37]))).rejects.toThrow('training rows.sample');
    await expect(again(streamOf(train, [37]), { shuffleBuffer: 10 })).rejects.toThrow(
      'options.shuffleBuffer: 65536 there, 10 here',
    );
  });

  test('closes its source, and does the steps before a piece that fails', async () => {
    const steps: number[] = [];
    let closed = 0;
    const failing = (after: number): ExampleStream<typeof tinyTasks> => ({
      ...streamOf(train, [40]),
      async *chunks() {
        try {
          for (let piece = 0; ; piece++) {
            if (piece === after) throw new Error('the file is gone');
            yield train.batch(Uint32Array.from({ length: 40 }, (_, row) => row));
          }
        } finally {
          closed++;
        }
      },
    });
    const onStep = ({ step }: { step: number }) => {
      steps.push(step);
      return step === 3 ? ('stop' as const) : undefined;
    };
    const more = { shuffle: false, callbacks: { onStep } };
    await expect(trained(failing(2), more)).rejects.toThrow('the file is gone');
    expect([steps, closed]).toEqual([[1, 2], 1]);
    expect((await trained(failing(Infinity), more)).stopped).toBe('callback');
    expect([steps, closed]).toEqual([[1, 2, 1, 2, 3], 2]);
  });

  test('takes a schedule in epochs only where it knows how long they are', { tags: ['long'] }, async () => {
    const optimizer = adam(cosine(0.05, { epochs: 3 }));
    expect(await trained(streamOf(train, [37], ROWS), { optimizer, shuffle: false })).toEqual(
      await trained(train, { optimizer, shuffle: false }),
    );
    await expect(trained(streamOf(train, [37]), { optimizer })).rejects.toThrow(
      'how many rows an epoch has, for a schedule in epochs, received none. Give the stream its size',
    );
    const late = adam(warmup(cosine(0.05, { epochs: 3 }), { steps: 1 }));
    await expect(trained(streamOf(train, [37]), { optimizer: late })).rejects.toThrow('how many rows an epoch has');
    expect((await trained(streamOf(train, [37]), { optimizer: adam(cosine(0.05, { steps: 9 })) })).steps).toBe(12);
  });
});

describe('evaluate on a stream', () => {
  test('gives the scores of the same rows in memory, groups among them', async () => {
    const model = tinyModel();
    const groups = Array.from({ length: 80 }, (_, row) => row % 5);
    const given = { engine: 'eager', batchSize: 32, groups } as const;
    const scores = await evaluate(model, validation, given);
    expect(await evaluate(model, streamOf(validation, [13]), given)).toEqual(scores);
    expect(scores.click.gauc).toBeGreaterThan(0);
    await expect(evaluate(model, streamOf(validation, [13]), { ...given, groups: groups.slice(1) })).rejects.toThrow(
      'Expected 80 groups, one a row, received 79',
    );
    model.dispose();
  });
});
