import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pcGrad } from '@polytask/balancing';
import {
  checks,
  defineInput,
  embed,
  labelsOf,
  rowEncoder,
  type Batch,
  type NamedTensor,
  type TableUpdate,
  createInput,
  EmbeddingTable,
  readParameters,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { byTurns, repetitions, some } from '../../../../../cases.base.ts';
import { compiledEngine } from '../../engines/compiled/compiled-engine.ts';
import { eagerEngine } from '../../engines/eager-engine.ts';
import type { Engine } from '../../engine.ts';
import { fit, type FitResult, tableNotice } from '../../fit/fit.ts';
import type { FitOptions } from '../../fit/options.ts';
import { adagrad, rowWiseAdagrad } from '../adagrad.ts';
import { adam, adamW, lazyAdam } from '../adam.ts';
import { sgd } from '../sgd.ts';
import type { OptimizerSpec } from '../optimizer.ts';
import { cosine } from '../../schedules/schedules.ts';
import { earlyStopping } from '../../stopping/early-stopping.ts';
import { weightsOf, withBatches } from '../../testing/tiny.ts';
import { idModel, idRows, idSchema } from '../../testing/id-rows.ts';
import { rowOptimizer } from './table-state.ts';

beforeAll(() => tf.setBackend('cpu'));

type Options = FitOptions<typeof idSchema.tasks>;

const ENGINES: readonly Engine[] = [compiledEngine(), eagerEngine];
const train = idRows(46);
const validation = idRows(40, 2);

/** Ids of the same rows as features whose vectors are composed of two rows. */
const composedSchema = {
  ...idSchema,
  features: {
    user: { kind: 'hashed', buckets: 90, quotients: 6 },
    item: { kind: 'hashed', buckets: 60, quotients: 3 },
    tags: { ...idSchema.features.tags, values: { kind: 'hashed', buckets: 20, quotients: 4 } },
  },
} as const;

/** A model of {@link composedRows}. */
const composedModel = (update: TableUpdate) => idModel(update, undefined, undefined, composedSchema);

/** The rows of {@link idRows}, with composed vectors. */
function composedRows(size: number, seed = 1): typeof train {
  const rows = idRows(size, seed);
  const encode = rowEncoder(composedSchema);
  return {
    schema: composedSchema,
    size,
    batch(indices): Batch {
      const { ids, bagIds, tasks, labels, weights } = rows.batch(indices);
      const texts = Array.from(indices, (_, k) => ({
        user: ids[2 * k],
        item: ids[2 * k + 1],
        tags: [...bagIds.subarray(3 * k, 3 * k + 3)],
      }));
      return { ...encode(texts), tasks, labels, weights };
    },
  };
}

interface Kind {
  modelOf(update: TableUpdate): ReturnType<typeof idModel>;
  readonly rows: typeof train;
}

/** Vectors of ids, and the ids themselves as numbers. */
const vectorsAndIds = defineInput(
  'vectors-and-ids',
  ({ layout, ...scope }, { update }) => {
    const vectors = createInput({ ...scope, layout }, embed({ dimension: 4, update, start: 'pytorch' }));
    return {
      outputDim: vectors.outputDim + layout.fields + layout.slots,
      apply(features) {
        const ids = tf.cast(tf.concat([features.ids, features.bagIds], 1), 'float32');
        return tf.concat([vectors.apply(features), tf.div(ids, 200)], 1) as tf.Tensor2D;
      },
    };
  },
  { options: { update: checks.oneOf('dense', 'sparse') } },
);

/** Trains a new model. An epoch has three batches of 12 rows and one of 10. */
async function trained(
  update: TableUpdate,
  options: Options,
  { modelOf, rows }: Kind = { modelOf: idModel, rows: train },
) {
  const model = modelOf(update);
  try {
    const { history, seconds: _, ...result } = await fit(model, rows, { batchSize: 12, progress: false, ...options });
    const reports = history.map(({ seconds: __, ...report }) => report);
    return { ...result, history: reports, parameters: await readParameters(model.store) };
  } finally {
    model.dispose();
  }
}

type Trained = { readonly parameters: Readonly<Record<string, NamedTensor>> };

function largestDifference({ parameters: a }: Trained, { parameters: b }: Trained): number {
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  const differences = Object.entries(a).flatMap(([name, { data }]) =>
    Array.from(data, (value, i) => Math.abs(value - b[name]!.data[i]!)),
  );
  return Math.max(...differences);
}

describe.each(ENGINES.map((engine, i) => [engine.name, engine, i] as const))(
  'a table with sparse updates, %s',
  (_, engine, turn) => {
    // the long runs are the first of two, as the compiled engine is the faster one
    const long = repetitions(50);
    const cases: [string, OptimizerSpec, Partial<Options>][] = [
      ['SGD for a long time', sgd(0.2), { epochs: long }],
      ['gradients clipped by their common norm', sgd(0.2), { epochs: 5, clip: { value: 0.05, norm: 0.02 } }],
      ['Adagrad for a long time', adagrad(0.1, { initialAccumulator: 0.1 }), { epochs: long }],
      ['a balancer of gradients', sgd(0.2), { epochs: 3, balancing: pcGrad() }],
    ];

    it.each(some(byTurns(cases, turn), 1))('trains as a dense one, to 1e-6: %s', async (__, optimizer, rest) => {
      const options = { engine, optimizer, ...rest };
      const [dense, sparse] = [await trained('dense', options), await trained('sparse', options)];
      expect(sparse.steps).toBe(4 * rest.epochs!);
      expect(largestDifference(sparse, dense)).toBeLessThan(1e-6);
    });

    const moments: [string, OptimizerSpec, Partial<Options>][] = [
      ['Adam for a long time', adam(0.01), { epochs: long }],
      ['Adam with a schedule', adam(cosine(0.02, { epochs: 8 })), { epochs: 8 }],
      ['momentum for a long time', sgd(0.02, { momentum: 0.8 }), { epochs: long }],
      [
        'Adam that forgets at once, and a balancer',
        adam(0.01, { beta1: 0, beta2: 0.9 }),
        { epochs: 5, balancing: pcGrad() },
      ],
      ['Nesterov for a long time', sgd(0.02, { momentum: 0.8, nesterov: true }), { epochs: long }],
      ['AdamW without decay', adamW(0.01, { weightDecay: 0 }), { epochs: 8 }],
    ];

    it.each(some(byTurns(moments, turn), 1))(
      'makes up for the steps that do not read a row, to 2e-5: %s',
      async (__, optimizer, rest) => {
        const options = { engine, optimizer, ...rest };
        const [dense, sparse] = [await trained('dense', options), await trained('sparse', options)];
        expect(largestDifference(sparse, dense)).toBeLessThan(2e-5);
        if (rest.balancing) return; // it forgets at once, as the lazy one does
        const lazy = await trained('sparse', { ...options, tableOptimizer: lazyAdam(0.01) });
        expect(largestDifference(lazy, dense)).toBeGreaterThan(1e-3);
      },
    );

    it('gives an input beside it the ids of the features, to 1e-6', async () => {
      const modelOf = (update: TableUpdate) => idModel(update, { units: 6 }, vectorsAndIds({ update }));
      const options = { engine, optimizer: sgd(0.2), epochs: 2, validation };
      const [dense, sparse] = await Promise.all([
        trained('dense', options, { modelOf, rows: train }),
        trained('sparse', options, { modelOf, rows: train }),
      ]);
      expect(largestDifference(sparse, dense)).toBeLessThan(1e-6);
      const losses = ({ history }: typeof dense) => history.map(({ validation: scores }) => scores!.click.logLoss);
      losses(sparse).forEach((loss, epoch) => expect(loss).toBeCloseTo(losses(dense)[epoch]!, 5));
    });

    it('trains composed vectors as a dense table does, to 1e-6', async () => {
      const options = { engine, optimizer: adagrad(0.1), epochs: 5 };
      const composed = { modelOf: composedModel, rows: composedRows(46) };
      const [dense, sparse] = [await trained('dense', options, composed), await trained('sparse', options, composed)];
      expect(largestDifference(sparse, dense)).toBeLessThan(1e-6);
      expect(sparse.parameters['input.table']!.shape).toEqual([2 + 15 + 7 + (2 + 20 + 4) + (2 + 5 + 5), 4]);
    });

    it('keeps a row and its moments where no batch reads it: lazy Adam', async () => {
      const model = idModel('sparse');
      const step = await engine.train(model, { optimizer: lazyAdam(0.1), clip: {} });
      const [table] = model.store.tables();
      const [first, second] = [train.batch([0]), train.batch([1])];
      await step.run(first, 0.1);
      const [row, other] = [first.ids[0]!, second.ids[0]!];
      expect(row).not.toBe(other);
      const now = async () => {
        const slots = await step.readSlots();
        const { shape, data } = slots['lazy-adam.m+v.input.table']!;
        expect(shape).toEqual([176, 8]);
        return [[...table!.values.slice(4 * row, 4 * row + 4)], [...data.slice(8 * row, 8 * row + 8)]];
      };
      const before = await now();
      await step.run(second, 0.1);
      expect(await now()).toEqual(before);
      await step.close();
      model.dispose();
    });

    it('adds the mean of squares of a row with rowWiseAdagrad', async () => {
      const model = idModel('sparse');
      const [learningRate, batch] = [0.5, train.batch([0, 1, 2])];
      const gradient = await gradientOf(engine, batch.ids[0]!);
      const step = await engine.train(model, {
        optimizer: sgd(0.1),
        tableOptimizer: rowWiseAdagrad(learningRate, { initialAccumulator: 0.01 }),
        clip: {},
      });
      const from = 4 * batch.ids[0]!;
      const before = [...model.store.tables()[0]!.values.slice(from, from + 4)];
      await step.run(batch, 0.1, 0, learningRate);
      const sum = 0.01 + gradient.reduce((total, g) => total + g * g, 0) / 4;
      const slots = (await step.readSlots())['row-wise-adagrad.sum.input.table']!;
      expect(slots.shape).toEqual([176, 1]);
      expect(slots.data[batch.ids[0]!]).toBeCloseTo(sum, 6);
      const after = model.store.tables()[0]!.values.slice(from, from + 4);
      after.forEach((value, d) =>
        expect(value).toBeCloseTo(before[d]! - (learningRate * gradient[d]!) / Math.sqrt(sum), 5),
      );
      await step.close();
      model.dispose();
    });
  },
);

/** The gradient of a row for the rows 0 to 2, from a step of SGD on a dense table. */
async function gradientOf(engine: Engine, row: number): Promise<number[]> {
  const model = idModel('dense');
  const read = () => [
    ...model.store
      .get('input.table')
      .variable.dataSync()
      .slice(4 * row, 4 * row + 4),
  ];
  const before = read();
  const step = await engine.train(model, { optimizer: sgd(1), clip: {} });
  await step.run(train.batch([0, 1, 2]), 1);
  await step.close();
  const after = read();
  model.dispose();
  return before.map((value, d) => value - after[d]!);
}

describe('checkpoints', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
  afterEach(async () => rm(directory, { recursive: true, force: true }));

  const common: Options = {
    ...{ validation, epochs: 9, optimizer: adam(0.05) },
    stopping: earlyStopping({ metric: 'loss', patience: 4 }),
  };

  const runs = ENGINES.flatMap((engine, turn) =>
    byTurns([adagrad(0.1), adam(0.05)], turn).map(
      (tableOptimizer) => [engine.name, tableOptimizer.kind, engine, tableOptimizer] as const,
    ),
  );
  it.each(some(runs, 1))(
    'a killed run ends bit for bit as a straight one, with the rows of the best epoch: %s, %s',
    async (_, __, engine, tableOptimizer) => {
      const options = { ...common, tableOptimizer };
      const straight = await trained('sparse', { ...options, engine });
      expect(straight.best!.epoch).toBeLessThan(straight.epochs); // there are rows to return to
      const checkpoint = { directory, everySteps: 3 };
      const after = straight.best!.epoch * 4 + 5; // after the best epoch
      const onStep = ({ step }: { step: number }) => {
        if (step === after) throw new Error('power cut');
      };
      const killed = trained('sparse', { ...options, engine, checkpoint, callbacks: { onStep } });
      await expect(killed).rejects.toThrow('power cut');
      const resumed = await trained('sparse', { ...options, engine, checkpoint, resume: true });
      expect(resumed).toEqual(straight);
    },
  );

  it('early stopping returns to the table of the best epoch', async () => {
    const options = { ...common, tableOptimizer: adagrad(0.1) };
    const stopped = await trained('sparse', { ...options, engine: eagerEngine });
    const { epoch } = stopped.best!;
    const { validation: _, stopping: __, ...plain } = options;
    const straight: FitResult | Trained = await trained('sparse', { ...plain, engine: eagerEngine, epochs: epoch });
    expect(stopped.parameters).toEqual((straight as Trained).parameters);
  });
});

describe.each(ENGINES.map((engine) => [engine.name, engine] as const))(
  'a table of a run that diverges, %s',
  (_, engine) => {
    /** The labels of the ninth batch are NaN: the first of the third epoch. */
    const poisoned = () => {
      let batches = 0;
      return withBatches(train, (batch) => {
        if (++batches >= 9) labelsOf(batch, 'click').labels.fill(NaN);
        return batch;
      });
    };
    const options: Options = { engine, batchSize: 12, epochs: 4, optimizer: adagrad(0.1), progress: false };

    it('is that of the best epoch with early stopping', async () => {
      const model = idModel('sparse');
      const after: Record<string, number[]>[] = [];
      const callbacks = { onEpochEnd: () => void after.push(weightsOf(model)) };
      const stopping = earlyStopping({ metric: 'logLoss', patience: 9 });
      const error = await fit(model, poisoned(), { ...options, validation, stopping, callbacks }).catch(String);
      const epoch = Number(
        /at step 9 .* The model has its weights from epoch (\d) again\.$/.exec(error as string)?.[1],
      );
      expect(after).toHaveLength(2);
      expect(weightsOf(model)).toEqual(after[epoch - 1]);
      model.dispose();
    });

    it('is that of the last step without early stopping, as the error says, and is not trained further', async () => {
      const model = idModel('sparse');
      await expect(fit(model, poisoned(), options)).rejects.toThrow(
        /at step 9 .* The model has the weights of the last step, as its tables are kept with early stopping alone/,
      );
      await expect(fit(model, train, options)).rejects.toThrow(
        /^Expected finite parameters in the model to train, received/,
      );
      model.dispose();
    });

    it('is looked through after the last step, whatever the other parameters are', async () => {
      const model = idModel('sparse');
      const [table] = model.store.tables();
      const callbacks = { onEpochEnd: () => void (table!.values[0] = NaN) };
      await expect(fit(model, train, { ...options, epochs: 1, callbacks })).rejects.toThrow(
        /^"input\.table" has a number that is not finite at step 4 \(epoch 1, batch 4\)/,
      );
      model.dispose();
    });
  },
);

it('says what to do when there is no room for the slots of a table', () => {
  const table = new EmbeddingTable('users', [2 ** 30, 16], () => new Float32Array(0));
  expect(() => rowOptimizer(table, adam()).slots()).toThrow(
    // the reason is Node's: "Invalid typed array length" or "Array buffer allocation failed"
    /^Expected room for the slots m and v of the table "users" in one array, received \[1073741824,32\]: \w.* Pass a tableOptimizer/,
  );
});

it('refuses optimizers in the wrong place', async () => {
  await expect(trained('sparse', { optimizer: rowWiseAdagrad() })).rejects.toThrow('Pass it as tableOptimizer');
  await expect(trained('dense', { tableOptimizer: adagrad() })).rejects.toThrow(
    "Build the model with embed({ update: 'sparse' })",
  );
});

it('is announced in one line, unless the declaration asks for it', () => {
  const model = idModel('sparse');
  const { store, config } = model;
  expect(tableNotice(model, { optimizer: adam() })).toBeUndefined();
  const byDefault = { store, config: { ...config, input: embed({ dimension: 4 }) } };
  expect(tableNotice(byDefault, { optimizer: lazyAdam() })).toBe(
    'input.table (176 × 4): sparse updates. With lazy-adam they differ a little from dense ones. ' +
      "Choose by embed({ update: 'dense' or 'sparse' }).",
  );
  expect(tableNotice(byDefault, { optimizer: adam(), tableOptimizer: sgd() })).toContain(
    'With sgd they equal dense ones.',
  );
  const two = { tables: () => [...store.tables(), ...store.tables()] } as unknown as typeof store;
  expect(tableNotice({ ...byDefault, store: two }, { optimizer: adam() })).toContain(
    '(176 × 4) and 1 more: sparse updates.',
  );
  model.dispose();
});
