import { labelsOf, lossesOf, binary, denseSchema, type Batch, type Task, type Tasks } from '@polytask/core';
import { count } from '@polytask/core/tasks';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { evaluate } from '../evaluation/evaluate.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import { cosine } from '../schedules/schedules.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf, withBatches } from '../testing/tiny.ts';
import { fit } from './fit.ts';
import type { FitOptions } from './options.ts';
import type { EpochReport, StepReport } from '../progress/reports.ts';

beforeAll(() => tf.setBackend('cpu'));

const train = tinyExamples(tinyTasks, 150, 1);
const validation = tinyExamples(tinyTasks, 100, 2);

/** Trains a new model; its weights and what fit gave. */
async function trained(options: FitOptions<typeof tinyTasks>, config: Parameters<typeof tinyModel>[0] = {}) {
  const model = tinyModel<typeof tinyTasks>(config as object);
  try {
    return { ...(await fit(model, train, { engine: 'eager', ...options })), weights: weightsOf(model) };
  } finally {
    model.dispose();
  }
}

test('it learns, and the history says what happened', async () => {
  const model = tinyModel();
  const { history, epochs, steps, stopped, engine } = await fit(model, train, {
    ...{ engine: 'eager', validation, epochs: 8, batchSize: 40, optimizer: adam(cosine(0.05, { epochs: 8 })) },
  });
  expect({ epochs, steps, stopped, engine }).toEqual({
    epochs: 8,
    steps: 32,
    stopped: 'epochs',
    engine: 'eager (cpu)',
  });
  expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const [first, last] = [history[0]!, history[7]!];
  for (const task of model.taskNames) expect(last.losses[task], task).toBeLessThan(first.losses[task]);
  expect(Object.keys(last.auxiliary)).toEqual(['entropy']);
  expect(last.loss).toBeCloseTo(
    last.losses.click + last.losses.stars + last.losses.minutes + last.auxiliary['entropy']!,
    1,
  );
  expect(last.validation!.click.auc).toBeGreaterThan(0.8);
  expect(last.validation).toEqual(await evaluate(model, validation, { engine: 'eager' }));
  expect(last.learningRate).toBeCloseTo((0.05 * (1 + Math.cos((Math.PI * 31) / 32))) / 2, 12);
  expect(last.seconds).toBeGreaterThan(0);
  model.dispose();
});

test('a step is the gradient of the total loss, under the optimizer', async () => {
  const model = tinyModel();
  const expected = tf.tidy(() => {
    const batch = model.toTensors(train.batch(Uint32Array.from({ length: 150 }, (_, i) => i)));
    const parameters = model.store.trainable();
    const { grads } = tf.variableGrads(
      () => lossesOf(model, batch, { training: true }).total,
      parameters.map(({ variable }) => variable),
    );
    return parameters.map(({ variable }) => [...tf.sub(variable, tf.mul(grads[variable.name]!, 0.5)).dataSync()]);
  });
  const reports: StepReport<typeof tinyTasks>[] = [];
  const { history } = await fit(model, train, {
    ...{ engine: 'eager', epochs: 1, batchSize: 150, shuffle: false, optimizer: sgd(0.5) },
    callbacks: { onStep: (report) => void reports.push(report) },
  });
  model.store.trainable().forEach(({ name, variable }, i) => {
    const values = [...variable.dataSync()];
    expected[i]!.forEach((value, j) => expect(values[j], name).toBeCloseTo(value, 6));
  });
  expect(reports).toHaveLength(1);
  expect(reports[0]!.losses.click).toBeCloseTo(history[0]!.losses.click, 12);
  model.dispose();
});

test('the last, smaller batch is trained on, unless dropLast', async () => {
  const sizes: number[] = [];
  const watched = withBatches(train, (batch) => (sizes.push(batch.size), batch));
  const model = tinyModel();
  await fit(model, watched, { engine: 'eager', epochs: 1, batchSize: 64 });
  expect(sizes).toEqual([64, 64, 22]);
  sizes.length = 0;
  expect((await fit(model, watched, { engine: 'eager', epochs: 2, batchSize: 64, dropLast: true })).steps).toBe(4);
  expect(sizes).toEqual([64, 64, 64, 64]);
  model.dispose();
});

describe('the order of rows', () => {
  const orders = async (options: FitOptions<typeof tinyTasks>) => {
    const rows: number[][] = [];
    const model = tinyModel();
    const spied = { ...train, batch: (at: ArrayLike<number>): Batch => (rows.push(Array.from(at)), train.batch(at)) };
    await fit(model, spied, { engine: 'eager', epochs: 2, batchSize: 150, ...options });
    model.dispose();
    return rows;
  };

  test('each epoch has every row once, in an order of its own that the seed decides', async () => {
    const [first, second] = (await orders({})) as [number[], number[]];
    const sorted = Array.from({ length: 150 }, (_, i) => i);
    expect(first).not.toEqual(second);
    for (const order of [first, second]) expect([...order].sort((a, b) => a - b)).toEqual(sorted);
    expect(await orders({})).toEqual([first, second]);
    expect((await orders({ seed: 8 }))[0]).not.toEqual(first);
    expect(await orders({ shuffle: false })).toEqual([sorted, sorted]);
  });
});

test('one seed gives the same weights, bit for bit', async () => {
  const options = { epochs: 2, batchSize: 32 };
  const config = { dropout: 0.3, norm: true };
  const first = await trained(options, config);
  expect((await trained(options, config)).weights).toEqual(first.weights);
  expect((await trained({ ...options, seed: 5 }, config)).weights).not.toEqual(first.weights);
});

test('losses read late are the same losses', async () => {
  const options = { epochs: 2, batchSize: 32, optimizer: sgd(0.1, { momentum: 0.9 }) };
  const [each, late] = [await trained({ ...options, checkEvery: 1 }), await trained({ ...options, checkEvery: 3 })];
  expect(late.weights).toEqual(each.weights);
  expect(late.history.map(({ losses, loss }) => ({ losses, loss }))).toEqual(
    each.history.map(({ losses, loss }) => ({ losses, loss })),
  );
});

test('rows without a label are not read: the loss of an epoch is a mean over labeled rows', async () => {
  const tasks = { click: binary(), like: binary() };
  const rows = tinyExamples(tasks, 60, 4);
  const half = withBatches(rows, (batch) => {
    labelsOf(batch, 'like').weights.fill(0);
    return batch;
  });
  const model = tinyModel({ tasks });
  const { history } = await fit(model, half, { engine: 'eager', epochs: 1, batchSize: 25 });
  expect(history[0]!.losses.click).toBeGreaterThan(0);
  expect(history[0]!.losses.like).toBeNaN();
  expect(history[0]!.loss).toBeGreaterThan(0);
  model.dispose();
});

test('gradients are clipped', async () => {
  const free = await trained({ epochs: 1, batchSize: 150, optimizer: sgd(1) });
  const bound = await trained({ epochs: 1, batchSize: 150, optimizer: sgd(1), clip: { norm: 0.01 } });
  const start = tinyModel();
  const from = weightsOf(start);
  start.dispose();
  const length = (weights: Record<string, number[]>) =>
    Math.hypot(
      ...Object.entries(weights).flatMap(([name, values]) => values.map((value, i) => value - from[name]![i]!)),
    );
  expect(length(free.weights)).toBeGreaterThan(0.1);
  expect(length(bound.weights)).toBeCloseTo(0.01, 4);
});

describe('early stopping', () => {
  test('stops, and the model has the weights and running statistics of the best epoch', async () => {
    const snapshots: Record<string, number[]>[] = [];
    const model = tinyModel({ norm: true });
    const result = await fit(model, train, {
      ...{ engine: 'eager', validation, epochs: 40, batchSize: 50, optimizer: adam(0.3) },
      stopping: earlyStopping({ metric: 'loss', patience: 2 }),
      callbacks: { onEpochEnd: () => void snapshots.push(weightsOf(model)) },
    });
    const means = result.history.map(({ validation: v }) => (v!.click.loss + v!.stars.loss + v!.minutes.loss) / 3);
    const best = means.indexOf(Math.min(...means)) + 1;
    expect(result.stopped).toBe('early');
    expect(result.epochs).toBeLessThan(40);
    expect(result.epochs).toBe(best + 2);
    expect(result.best).toEqual({ epoch: best, value: expect.closeTo(means[best - 1]!, 12) });
    expect(weightsOf(model)).toEqual(snapshots[best - 1]);
    expect(weightsOf(model)).not.toEqual(snapshots.at(-1));
    expect(Object.keys(snapshots[0]!).some((name) => name.endsWith('norm.mean'))).toBe(true);
    model.dispose();
  });

  test('restoreBest: false leaves the last weights', async () => {
    let last = {};
    const model = tinyModel();
    const stopping = earlyStopping({ metric: 'auc', over: { task: 'click' }, patience: 1, restoreBest: false });
    const options = { validation, epochs: 30, batchSize: 50, optimizer: adam(0.3), stopping };
    const { stopped } = await fit(model, train, {
      engine: 'eager',
      ...options,
      callbacks: { onEpochEnd: () => void (last = weightsOf(model)) },
    });
    expect(stopped).toBe('early');
    expect(weightsOf(model)).toEqual(last);
    model.dispose();
  });
});

describe('callbacks', () => {
  test('hear every step and epoch, in order, and are waited for', async () => {
    const heard: string[] = [];
    await trained({
      ...{ epochs: 2, batchSize: 75 },
      callbacks: [
        { onStep: async ({ epoch, batch, step }) => void heard.push(`${epoch}.${batch} ${step}`) },
        {
          onEpochEnd: async ({ epoch }) =>
            void (await new Promise((done) => setTimeout(done, 5)), heard.push(`end ${epoch}`)),
        },
      ],
    });
    expect(heard).toEqual(['1.1 1', '1.2 2', 'end 1', '2.1 3', '2.2 4', 'end 2']);
  });

  test('may stop after an epoch, or after a step: the epoch ends there, with its report', async () => {
    const afterEpoch = await trained({
      epochs: 9,
      batchSize: 50,
      callbacks: { onEpochEnd: ({ epoch }) => (epoch === 2 ? 'stop' : undefined) },
    });
    expect({ ...afterEpoch, weights: 0, history: 0, seconds: 0 }).toMatchObject({
      epochs: 2,
      steps: 6,
      stopped: 'callback',
    });
    const afterStep = await trained({
      epochs: 9,
      batchSize: 50,
      validation,
      callbacks: { onStep: ({ step }) => (step === 4 ? 'stop' : undefined) },
    });
    expect(afterStep).toMatchObject({ epochs: 2, steps: 4, stopped: 'callback' });
    expect(afterStep.history[1]).toMatchObject({ steps: 1 });
    expect(afterStep.history[1]!.validation!.click.auc).toBeGreaterThan(0);
  });

  test('their errors come out', async () => {
    const failing = () => Promise.reject(new Error('disk full'));
    await expect(trained({ epochs: 1, callbacks: { onEpochEnd: failing } })).rejects.toThrow('disk full');
    await expect(trained({ epochs: 1, callbacks: { onStep: failing } })).rejects.toThrow('disk full');
  });
});

test('a signal stops it, and fit rejects with its reason', async () => {
  const controller = new AbortController();
  let steps = 0;
  const onStep = () => void (++steps === 3 && controller.abort(new Error('page closed')));
  await expect(trained({ epochs: 9, batchSize: 20, signal: controller.signal, callbacks: { onStep } })).rejects.toThrow(
    'page closed',
  );
  expect(steps).toBe(3);
});

test('the event loop turns while it trains', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await trained({ epochs: 5000, batchSize: 150, callbacks: { onEpochEnd: () => (turns >= 3 ? 'stop' : undefined) } });
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(3);
});

test('no tensor is left, however it ends', async () => {
  const model = tinyModel({ dropout: 0.2, norm: true });
  const before = tf.memory().numTensors;
  const options = { epochs: 2, batchSize: 60, validation, stopping: earlyStopping(), clip: { norm: 1 } };
  await fit(model, train, { engine: 'eager', ...options });
  expect(tf.memory().numTensors).toBe(before);
  const thrower = {
    onStep: ({ step }: { step: number }) => {
      if (step === 2) throw new Error('no');
    },
  };
  await expect(fit(model, train, { engine: 'eager', ...options, callbacks: thrower })).rejects.toThrow('no');
  expect(tf.memory().numTensors).toBe(before);
  const nan = withBatches(train, (batch) => ({ ...batch, numeric: batch.numeric.map(() => NaN) }));
  await expect(fit(model, nan, { engine: 'eager', ...options, checkEvery: 5 })).rejects.toThrow('not finite');
  expect(tf.memory().numTensors).toBe(before);
  const broken = withBatches(train, (batch) => ({ ...batch, tasks: [] }));
  await expect(fit(model, broken, { engine: 'eager', ...options, checkEvery: 5 })).rejects.toThrow(
    'Expected 60 labels and weights of task "click" in a batch, received no labels',
  );
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

test('the types of history follow the tasks and the metrics', async () => {
  const tasks = { click: binary() };
  const model = tinyModel({ tasks });
  const rows = tinyExamples(tasks, 20);
  const plain = await fit(model, rows, { engine: 'eager', epochs: 1, validation: rows });
  expectTypeOf(plain.history[0]!.losses).toEqualTypeOf<{ readonly click: number }>();
  expectTypeOf(plain.history[0]!.validation!.click.ne).toEqualTypeOf<number>();
  // @ts-expect-error a binary task has no rmse
  expect(plain.history[0]!.validation!.click.rmse).toBeUndefined();
  const chosen = await fit(model, rows, {
    ...{ engine: 'eager', epochs: 1, validation: rows, metrics: { click: ['prAuc'] } },
    callbacks: {
      onEpochEnd: ({ validation: scores }) => void expectTypeOf(scores!.click.prAuc).toEqualTypeOf<number>(),
    },
  });
  expect(chosen.history[0]!.validation!.click.prAuc).toBeGreaterThan(0);
  const reports: readonly EpochReport[] = plain.history; // by any task, for who doesn't know them
  expect(reports[0]!.validation!['click']!['auc']).toBeGreaterThan(0);
  model.dispose();
});

test('nonsense is refused before anything is trained', async () => {
  const refused = (options: object, message: string) => expect(trained(options)).rejects.toThrow(message);
  await refused({ epoch: 3 }, 'Expected an option of fit, received "epoch". Did you mean "epochs"?');
  await refused({ epochs: 0 }, 'fit.epochs, received 0');
  await refused({ batchSize: 2.5 }, 'fit.batchSize, received 2.5');
  await refused({ optimizer: 'adam' }, 'Expected an optimizer for fit.optimizer, received "adam".');
  await refused({ optimizer: { ...adam(), config: { learningRate: -1 } } }, 'for adam.learningRate, received -1');
  await refused({ clip: { norm: -1 } }, 'fit.clip.norm, received -1');
  await refused({ stopping: earlyStopping() }, 'Expected validation rows for early stopping, received none.');
  await refused({ stopping: { metric: 'auc' }, validation }, 'fit.stopping');
  await refused({ stopping: earlyStopping({ metric: 'auc' }), validation }, 'task "stars" is validated by');
  await refused({ validationGroups: ['a'] }, 'validation rows beside their groups');
  await refused({ validation, validationGroups: ['a'] }, 'Expected 100 groups, one a row, received 1.');
  await refused({ resume: true }, 'Expected a checkpoint directory to resume from, received none.');
  await refused({ dropLast: true, batchSize: 151 }, 'Expected 151 training rows or more with dropLast, received 150.');
  await refused({ progress: 'never' }, 'fit.progress');
  await refused({ engine: 'gpu' }, 'Expected an engine');
  await refused({ callbacks: () => {} }, 'an object for fit.callbacks');
  await refused({ checkpoint: {} }, 'Expected a text for fit.checkpoint.directory');
  const model = tinyModel();
  const other = { ...train, schema: denseSchema(4, tinyTasks) };
  await expect(fit(model, other)).rejects.toThrow("Expected the training rows to be encoded with the model's schema");
  model.dispose();
});

test('labels that all mean yes are refused, and numbers that are all above 0 are not', async () => {
  const fitAll = (tasks: Tasks) => fit(tinyModel({ tasks }), tinyExamples(tasks, 20), { epochs: 1 });
  await expect(fitAll({ a: { ...binary(), fitted: { rate: 1 } } })).rejects.toThrow(
    'training rows of both classes for task "a", received labels that all mean yes',
  );
  const fitted: Task['fitted'] = { mean: 2, deviation: 1, rate: 1 };
  await fitAll({ a: { ...(count() as Task), fitted: fitted! } });
});
