import { registerGradients } from '#gradients';
import * as tf from '@tensorflow/tfjs-core';
import { fusionWeightsOf, logitsOnHost, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
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
    // what most pages do without is loaded when it is used: tables by rows, and balancers
    if (!isBalanced(recipe)) {
      if (model.store.tables().length === 0) return trainingStep(eagerStep(model, recipe));
      const { TableState } = await import('../optimizers/tables/table-state.ts');
      const tables = new TableState(model, recipe.tableOptimizer ?? recipe.optimizer);
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
    return hostScorer(model) ?? eagerScorer(model);
  },
};

/** Forward passes of a network with loops of its own, which has no levels. Undefined for others. */
export function hostScorer<T extends Tasks>(model: MultiTaskModel<T>): Scorer | undefined {
  const logits = logitsOnHost(model);
  return logits && { logits, weights: (batch) => fusionWeightsOf(model, batch), async close() {} };
}

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
