import { registerGradients } from '#gradients';
import * as tf from '@tensorflow/tfjs-core';
import { fusionWeightsOf, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import { isBalanced, trainingStep, type Engine, type Scorer } from '../engine.ts';
import { eagerStep } from './eager-step.ts';

/**
 * Plain TF.js operations on the current backend (`tf.setBackend`). This engine runs everywhere.
 *
 * @example await fit(model, train, { engine: eagerEngine });
 */
export const eagerEngine: Engine = {
  name: 'eager',
  async train(model, recipe) {
    await registerGradients();
    await tf.ready();
    // what most pages do without is loaded when it is used: tables with sparse updates, and balancers
    if (!isBalanced(recipe)) {
      const tables =
        model.store.tables().length > 0
          ? new (await import('../optimizers/tables/table-state.ts')).TableState(
              model,
              recipe.tableOptimizer ?? recipe.optimizer,
            )
          : undefined;
      return trainingStep(eagerStep(model, recipe, tables));
    }
    const [{ trainBalanced }, { eagerPasses }] = await Promise.all([
      import('../balancing/train-balanced.ts'),
      import('../balancing/eager-passes.ts'),
    ]);
    return trainBalanced(model, recipe, eagerPasses);
  },
  async score(model) {
    await tf.ready();
    if (model.network.onHost) return (await import('./host-scorer.ts')).onHost(model);
    return eagerScorer(model);
  },
};

/** Forward passes as plain TF.js operations on the current backend. */
function eagerScorer<T extends Tasks>(model: MultiTaskModel<T>): Scorer {
  return {
    async logits(batch: Batch) {
      const tensors = tf.tidy(() => {
        const { logits } = model.forward(model.toTensors(batch));
        return model.taskNames.map((task) => logits[task]);
      });
      try {
        const values = await Promise.all(tensors.map((each) => each.data<'float32'>()));
        return Object.fromEntries(model.taskNames.map((task, t) => [task, values[t]!]));
      } finally {
        tf.dispose(tensors);
      }
    },
    weights: (batch: Batch) => fusionWeightsOf(model, batch),
    async close() {},
  };
}
