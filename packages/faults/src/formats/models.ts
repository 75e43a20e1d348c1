import { adatt } from '@polytask/adatt';
import { binary, load, multiTaskModel, regression, toBytes, readParameters, type MultiTaskModel } from '@polytask/core';
import { fromRows, encode, fitSchema, numeric, categorical } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { fit, restoreWeights } from '@polytask/training';
import '@tensorflow/tfjs-backend-cpu';
import type { FaultFormat } from '../format.ts';
import { filesBelow, inDirectory, textOf } from './temporary-files.ts';

/** The rows that the model of {@link newModel} was fitted to. */
export const rows = Array.from({ length: 24 }, (_, i) => ({
  age: i,
  town: 'abc'[i % 3]!,
  bought: i % 2,
  hours: i / 3,
}));
const table = fromRows(rows, {
  features: { age: numeric(), town: categorical() },
  tasks: { bought: binary(), hours: regression() },
});
const examples = encode(table, fitSchema(table));

/** A small model of two tasks, untrained. */
export const newModel = (): MultiTaskModel =>
  multiTaskModel({
    schema: examples.schema,
    network: adatt({ levels: [{ experts: mlp([3]), perTask: 1, shared: 1 }] }),
    tower: mlp([2]),
    seed: 3,
  }) as unknown as MultiTaskModel;

/** Uses a model, and frees it whatever happens. */
export async function withModel<R>(model: MultiTaskModel, use: (model: MultiTaskModel) => R | Promise<R>): Promise<R> {
  try {
    return await use(model);
  } finally {
    model.dispose();
  }
}

/** A saved model, `model.json` with its weights: all that decides a prediction. */
export const model: FaultFormat = {
  name: 'model',
  sealed: true,
  example: () => withModel(newModel(), toBytes),
  load: async (files) => withModel(await load(files), (loaded) => textOf(loaded.predict(rows.slice(0, 5)))),
};

/** A checkpoint of a training. */
export const checkpoint: FaultFormat = {
  name: 'checkpoint',
  sealed: true,
  example: () =>
    inDirectory({}, async (directory) => {
      await withModel(newModel(), (trained) =>
        fit(trained, examples, { epochs: 1, batchSize: 8, checkpoint: { directory } }),
      );
      return filesBelow(directory);
    }),
  load: (files) =>
    inDirectory(files, (directory) =>
      withModel(newModel(), async (restored) => {
        await restoreWeights(restored, directory);
        return textOf(await readParameters(restored.store));
      }),
    ),
};
