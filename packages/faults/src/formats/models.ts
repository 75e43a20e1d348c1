import { adatt } from '@polytask/adatt';
import { binary, load, multiTaskModel, readParameters, regression, toBytes, type MultiTaskModel } from '@polytask/core';
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

/** A saved model, `model.json` with its weights: all that decides a prediction. */
export const model: FaultFormat = {
  name: 'model',
  sealed: true,
  async example() {
    const whole = newModel();
    const files = await toBytes(whole);
    whole.dispose();
    return files;
  },
  async load(files) {
    const loaded = await load(files);
    try {
      return textOf(loaded.predict(rows.slice(0, 5)));
    } finally {
      loaded.dispose();
    }
  },
};

/** A checkpoint of a training. */
export const checkpoint: FaultFormat = {
  name: 'checkpoint',
  sealed: true,
  example: () =>
    inDirectory({}, async (directory) => {
      const trained = newModel();
      await fit(trained, examples, { epochs: 1, batchSize: 8, checkpoint: { directory } });
      trained.dispose();
      return filesBelow(directory);
    }),
  load: (files) =>
    inDirectory(files, async (directory) => {
      const restored = newModel();
      try {
        await restoreWeights(restored, directory);
        return textOf(await readParameters(restored.store));
      } finally {
        restored.dispose();
      }
    }),
};
