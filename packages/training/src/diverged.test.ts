import { labelsOf, type Batch } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { fit } from './fit/fit.ts';
import { adam } from './optimizers/adam.ts';
import { sgd } from './optimizers/sgd.ts';
import { earlyStopping } from './stopping/early-stopping.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf, withBatches } from './testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

const train = tinyExamples(tinyTasks, 150, 1);
const validation = tinyExamples(tinyTasks, 100, 2);

describe('a loss that is not finite', () => {
  const poisoned = (task: string, from: number) => {
    let batches = 0;
    return withBatches(train, (batch): Batch => {
      if (++batches >= from) labelsOf(batch, task).labels.fill(Infinity);
      return batch;
    });
  };

  test.each([1, 4])('names the task and the step, read every %i', async (checkEvery) => {
    const model = tinyModel();
    const run = fit(model, poisoned('minutes', 5), { engine: 'eager', epochs: 3, batchSize: 50, checkEvery });
    await expect(run).rejects.toThrow(
      /^The loss of task "minutes" \(Infinity\) is not finite at step 5 \(epoch 2, batch 2\)\. Lower the learning rate/,
    );
    await expect(run).rejects.toThrow('No checkpoint was written before.');
    model.dispose();
  });

  test('a model that diverges names its tasks', async () => {
    await expect(
      fit(tinyModel(), train, { engine: 'eager', epochs: 1, batchSize: 75, optimizer: adam(3e38) }),
    ).rejects.toThrow(/The loss of task "\w+" \((NaN|Infinity)\).* at step \d+/);
  });

  test('after the last step of an epoch, validation finds it', async () => {
    const reckless = { engine: 'eager', epochs: 1, batchSize: 150, optimizer: adam(3e38), validation } as const;
    await expect(fit(tinyModel(), train, reckless)).rejects.toThrow(
      /^Validation after epoch 1 \(step 1\): Task "\w+" has the output/,
    );
  });

  test.each(['eager', 'compiled'] as const)('the last step counts without validation rows: %s', async (engine) => {
    const model = tinyModel();
    const before = weightsOf(model);
    const reckless = { engine, epochs: 1, batchSize: 150 };
    await expect(fit(model, train, { ...reckless, optimizer: sgd(1e300) })).rejects.toThrow(
      /^"[\w.]+" has a number that is not finite at step 1 .* The model has its weights from before this training again\.$/,
    );
    expect(weightsOf(model)).toEqual(before);
    await expect(fit(model, train, { ...reckless, optimizer: adam(3e38) })).rejects.toThrow(
      /^The output of task "\w+" \((NaN|Infinity|-Infinity)\) is not finite after the update at step 1/,
    );
    expect(weightsOf(model)).toEqual(before);
    const { history } = await fit(model, train, { ...reckless, optimizer: adam(1e-3) }); // a lower rate is all that it takes
    expect(history[0]!.loss).toBeGreaterThan(0);
    model.dispose();
  });

  test.each(['eager', 'compiled'] as const)('the model has its last good weights again: %s', async (engine) => {
    const options = { engine, epochs: 4, batchSize: 50 };
    const epochs: Record<string, number[]>[] = [];
    const model = tinyModel();
    const callbacks = { onEpochEnd: () => void epochs.push(weightsOf(model)) };
    await expect(fit(model, poisoned('minutes', 8), { ...options, callbacks })).rejects.toThrow(
      /is not finite at step 8 .* The model has its weights from epoch 2 again\.$/,
    );
    expect(epochs).toHaveLength(2);
    expect(weightsOf(model)).toEqual(epochs[1]);
    model.dispose();

    const stopped = tinyModel();
    const after: Record<string, number[]>[] = [];
    const stopping = earlyStopping({ patience: 9 });
    const record = { onEpochEnd: () => void after.push(weightsOf(stopped)) };
    const failing = { ...options, optimizer: adam(0.5), callbacks: record, validation, stopping };
    const error = await fit(stopped, poisoned('minutes', 10), failing).catch(String);
    const epoch = Number(/The model has its weights from epoch (\d) again\.$/.exec(error as string)?.[1]);
    expect(after).toHaveLength(3);
    expect(epoch).toBeLessThan(3); // the best epoch, not the last one
    expect(weightsOf(stopped)).toEqual(after[epoch - 1]);
    stopped.dispose();
  });

  test('a model that is not finite before the training is not blamed on the learning rate', async () => {
    const model = tinyModel();
    const { name, variable } = model.store.trainable()[0]!;
    variable.assign(tf.fill(variable.shape, NaN));
    await expect(fit(model, train, { engine: 'eager' })).rejects.toThrow(
      `Expected finite parameters in the model to train, received "${name}" with NaN. Its training has diverged: train it anew`,
    );
    model.dispose();
  });
});
