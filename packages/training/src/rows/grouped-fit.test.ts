import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gradNorm, pcGrad } from '@polytask/balancing';
import {
  binary,
  bpr,
  jrc,
  listNet,
  regression,
  type Batch,
  type Examples,
  type ExampleStream,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compiledEngine } from '../engines/compiled/compiled-engine.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { fit } from '../fit/fit.ts';
import { adam } from '../optimizers/adam.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { epochBatches, type BatchSettings } from './rows.ts';
import { tinyExamples, tinyModel, weightsOf, WIDTH } from '../testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));

const tasks = {
  click: binary({ loss: bpr() }),
  like: binary({ loss: jrc() }),
  minutes: regression({ loss: listNet() }),
  buy: binary(),
};
const names = Object.keys(tasks);
const ROWS = 150;
/** Groups of different sizes, not in order; each seventh row has none. */
const groupOf = (row: number): number => (row % 7 === 3 ? -1 : (row * row) % 23);
const grouped = <T extends Tasks>(examples: Examples<T>, group = groupOf): Examples<T> => ({
  ...examples,
  batch: (rows) => ({ ...examples.batch(rows), groups: Int32Array.from(rows, group) }),
});
const train = grouped(tinyExamples(tasks, ROWS, 1));
const validation = grouped(tinyExamples(tasks, 90, 2));

/** Rows that arrive by group. */
const sorted: Examples<typeof tasks> = (() => {
  const order = [...Array(ROWS).keys()].sort((a, b) => groupOf(a) - groupOf(b));
  return { ...train, batch: (rows) => train.batch(Array.from(rows, (row) => order[row]!)) };
})();
const streamOf = (examples: Examples<typeof tasks>, sizes: readonly number[]): ExampleStream<typeof tasks> => ({
  schema: examples.schema,
  async *chunks() {
    for (let from = 0, i = 0; from < examples.size; i++) {
      const count = Math.min(sizes[i % sizes.length]!, examples.size - from);
      yield examples.batch(Uint32Array.from({ length: count }, (_, r) => from + r));
      from += count;
    }
  },
});

const settings: BatchSettings = {
  ...{ batchSize: 40, dropLast: false, shuffle: true, seed: 3, shuffleBuffer: 60 },
  grouped: ['click', 'like', 'minutes'],
};
const collect = async (batches: AsyncIterable<Batch>) => {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
};
const keys = (batches: readonly Batch[]) =>
  batches.flatMap(({ size, numeric }) => Array.from({ length: size }, (_, row) => numeric[row * WIDTH]!));
const cut = (batches: readonly Batch[]) => {
  const seen = batches.flatMap(({ groups }) => [...new Set(groups)].filter((group) => group >= 0));
  return seen.length - new Set(seen).size;
};

describe('the batches of an epoch', () => {
  it('have the rows of a group together, each row once, in another order each epoch', async () => {
    const all = keys([train.batch([...Array(ROWS).keys()])]).sort();
    const orders = new Set<string>();
    for (const rows of [train, streamOf(sorted, [17, 3])]) {
      for (const epoch of [1, 2]) {
        const batches = await collect(epochBatches(rows, epoch, 0, settings, names));
        expect(batches.map(({ size }) => size)).toEqual([40, 40, 40, 30]);
        expect(keys(batches).sort()).toEqual(all);
        expect(cut(batches)).toBeLessThanOrEqual(3); // one at each border; by chance nearly all of 12 groups would be
        orders.add(keys(batches).join());
      }
    }
    expect(orders.size).toBe(4);
  });

  it('go on at any place with what would have come there', async () => {
    for (const rows of [train, streamOf(sorted, [33])]) {
      const whole = await collect(epochBatches(rows, 2, 0, settings, names));
      expect(await collect(epochBatches(rows, 2, 2, settings, names))).toEqual(whole.slice(2));
    }
  });

  it('of a stream do not depend on its pieces', async () => {
    for (const shuffle of [false, true]) {
      const [one, other] = await Promise.all(
        [[1], [64, 0, 9]].map((sizes) =>
          collect(epochBatches(streamOf(sorted, sizes), 1, 0, { ...settings, shuffle }, names)),
        ),
      );
      expect(one).toEqual(other);
      expect(cut(one!)).toBeLessThanOrEqual(3);
    }
  });
});

const options = { batchSize: 40, epochs: 3, optimizer: adam(0.02), validation };

describe('fit', () => {
  it('learns an order, alike on both engines', { tags: ['long'] }, async () => {
    const [eager, compiled] = [tinyModel({ tasks }), tinyModel({ tasks })];
    const one = await fit(eager, train, { ...options, epochs: 6, engine: 'eager' });
    const other = await fit(compiled, train, { ...options, epochs: 6, engine: compiledEngine({ verify: true }) });
    one.history.forEach((report, i) => {
      for (const task of ['click', 'like', 'minutes', 'buy'] as const)
        expect(other.history[i]!.losses[task]).toBeCloseTo(report.losses[task], 4);
    });
    const [first, last] = [one.history[0]!, one.history.at(-1)!];
    expect(last.losses.click).toBeLessThan(0.8 * first.losses.click);
    expect(last.validation!.click.auc).toBeGreaterThan(0.7);
    expect(last.validation!.like.auc).toBeGreaterThan(0.7);
  });

  it.each([
    ['losses', gradNorm()],
    ['gradients', pcGrad()],
  ])('balances %s, alike on both engines', { tags: ['long'] }, async (_, balancing) => {
    const [eager, compiled] = [tinyModel({ tasks }), tinyModel({ tasks })];
    const one = await fit(eager, train, { ...options, epochs: 2, balancing, engine: 'eager' });
    const other = await fit(compiled, train, { ...options, epochs: 2, balancing, engine: compiledEngine() });
    expect(one.history.at(-1)!.losses.click).toBeLessThan(one.history[0]!.losses.click);
    for (const task of ['click', 'like', 'minutes', 'buy'] as const)
      expect(other.history.at(-1)!.losses[task]).toBeCloseTo(one.history.at(-1)!.losses[task], 3);
  });

  it('that was killed and goes on ends at the same weights', { tags: ['long'] }, async () => {
    const weightsAfter = async (more: object, rows: typeof train | ExampleStream<typeof tasks>) => {
      const model = tinyModel({ tasks });
      await fit(model, rows, { ...options, epochs: 2, engine: 'eager', ...more });
      return weightsOf(model);
    };
    for (const [i, rows] of [train, streamOf(sorted, [33])].entries()) {
      const checkpoint = { directory: join(directory, String(i)), everySteps: 1 };
      const expected = await weightsAfter({}, rows);
      const onStep = ({ step }: { step: number }) => {
        if (step === 6) throw new Error('power cut');
      };
      await expect(weightsAfter({ checkpoint, callbacks: { onStep } }, rows)).rejects.toThrow('power cut');
      expect(await weightsAfter({ checkpoint, resume: true }, rows)).toEqual(expected);
    }
  });

  it('says that rows have no groups, and how they get them', async () => {
    const plain = tinyExamples(tasks, ROWS, 1);
    const model = tinyModel({ tasks });
    await expect(fit(model, plain, { engine: 'eager' })).rejects.toThrow(
      'the group of each row in the training rows, as the loss "bpr" compares the rows of a group, received none. Name their column',
    );
    await expect(fit(model, train, { validation: plain, engine: 'eager' })).rejects.toThrow('in the validation rows');
    await expect(evaluate(model, plain, { engine: 'eager' })).rejects.toThrow('in the rows to evaluate');
    await expect(fit(model, streamOf(plain, [50]), { engine: 'eager' })).rejects.toThrow(
      /numbers as groups in a piece of the stream, received none. .* with groups if a loss compares rows/,
    );
    await expect(evaluate(model, streamOf(plain, [50]), { engine: 'eager' })).rejects.toThrow(
      'in a piece of the stream',
    );
  });

  it('refuses groups in which nothing can be compared', async () => {
    const alone = grouped(tinyExamples(tasks, ROWS, 1), (row) => row);
    await expect(fit(tinyModel({ tasks }), alone, { ...options, engine: 'eager' })).rejects.toThrow(
      'two rows of one group with different labels of task "click" in some batch, as its loss compares them, received 4 batches without',
    );
  });
});

it('fit validates by the groups that the rows carry, and stops by them', async () => {
  const stopping = earlyStopping({ metric: 'gauc', over: { task: 'click' }, patience: 9 });
  const model = tinyModel({ tasks });
  const { history, best } = await fit(model, train, { ...options, stopping, engine: 'eager' });
  const values = history.map(({ validation: scores }) => scores!.click.gauc!);
  expect(best!.epoch).toBe(values.indexOf(Math.max(...values)) + 1);
  const groups = Array.from({ length: 90 }, (_, row) => (groupOf(row) < 0 ? `row ${row}` : groupOf(row)));
  const scores = await evaluate(model, validation, { groups, engine: 'eager' });
  expect(scores.click.gauc).toBe(values[best!.epoch - 1]);
});

it('evaluate compares all rows of a group, whatever the batches and engine', async () => {
  const model = tinyModel({ tasks });
  const scores = await evaluate(model, validation, { engine: 'eager' });
  for (const batchSize of [7, 90]) {
    const again = await evaluate(model, validation, { batchSize, engine: 'eager' });
    const streamed = await evaluate(model, streamOf(validation, [11]), { batchSize, engine: compiledEngine() });
    for (const task of ['click', 'like', 'minutes', 'buy'] as const) {
      expect(again[task].loss).toBeCloseTo(scores[task].loss, 6);
      expect(streamed[task].loss).toBeCloseTo(scores[task].loss, 5);
    }
  }
});
