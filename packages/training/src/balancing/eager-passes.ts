import type { MultiTaskModel, Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { withTrainedRows } from '../optimizers/tables/row-variables.ts';
import type { EnginePasses, FlatState, PassNumbers } from '../steps/flat-step.ts';
import { runPass } from './passes.ts';

/** Passes as plain TF.js operations on the current backend. TF.js keeps no tape, so each backward pass runs a forward pass. */
export const eagerPasses = (model: MultiTaskModel<Tasks>, state: FlatState): EnginePasses => ({
  name: `eager (${tf.getBackend()})`,

  begin(batch) {
    const draws: Float32Array[] = [];
    let names: readonly string[] = [];
    return {
      auxiliary: () => names,
      async run(kind, { weights, ...request } = {}) {
        const results = withTrainedRows(model, batch, (tensors, tables) => {
          const pass = runPass(model, tensors, kind, {
            tables,
            weights: weights && tf.tensor1d([...weights]),
            ...request,
            provide: (draw, index) => tf.tensor((draws[index] ??= draw.sample()), [...draw.shape]),
          });
          names = pass.auxiliary;
          return { ...pass.tensors };
        });
        try {
          const entries = Object.entries(results).map(
            async ([name, tensor]) => [name, Float32Array.from(await tensor.data())] as const,
          );
          return Object.fromEntries(await Promise.all(entries)) as unknown as PassNumbers;
        } finally {
          tf.dispose(results);
        }
      },
    };
  },

  assign(name, values) {
    const { variable } = model.store.get(name);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, 'float32')));
  },

  changed: () => state.write(),
  flush() {}, // the passes train the model's variables themselves
  reload: () => state.read(),
  async close() {},
});
