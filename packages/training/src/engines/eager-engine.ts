import { registerGradients } from '#gradients';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Batch,
  type MultiTaskModel,
  type Tasks,
  lossGradients,
  type NamedTensor,
  fusionWeightsOf,
  tensorMath,
} from '@polytask/core';
import { namedLosses } from '@polytask/core/internal';
import { trainingStep, type Engine, type Scorer, type Recipe, type StepWork } from '../engine.ts';
import { mapValues, recordOf } from '@polytask/components';
import { createOptimizer, checkSlots, slotName, clipped } from '../optimizers/optimizer.ts';
import { withTrainedRows } from '../optimizers/tables/row-variables.ts';
import type { TableState } from '../optimizers/tables/table-state.ts';

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
    const { balancing, optimizer, tableOptimizer = optimizer } = recipe;
    if (balancing) {
      const [{ trainBalanced }, { eagerPasses }] = await Promise.all([
        import('../balancing/train-balanced.ts'),
        import('../balancing/passes.ts'),
      ]);
      return trainBalanced(model, recipe, balancing, eagerPasses);
    }
    if (model.store.tables().length === 0) return trainingStep(eagerStep(model, recipe));
    const { tableState } = await import('../optimizers/tables/table-state.ts');
    return trainingStep(eagerStep(model, recipe, tableState(model, tableOptimizer)));
  },
  async score(model) {
    await tf.ready();
    if (model.network.onHost) return (await import('./host-scorer.ts')).onHost(model);
    return eagerScorer(model);
  },
};

function eagerScorer<T extends Tasks>(model: MultiTaskModel<T>): Scorer {
  return {
    async logits(batch: Batch) {
      const tensors = tf.tidy(() => {
        const { logits } = model.forward(model.toTensors(batch));
        return model.taskNames.map((task) => logits[task]);
      });
      try {
        const values = await Promise.all(tensors.map((each) => each.data<'float32'>()));
        return recordOf(model.taskNames, (_, t) => values[t]!);
      } finally {
        tf.dispose(tensors);
      }
    },
    weights: (batch: Batch) => fusionWeightsOf(model, batch),
    async close() {},
  };
}

/** A variable that a rule gives back as it is must not be assigned to itself: TF.js would dispose of its numbers. */
const assign = (variable: tf.Variable, value: tf.Tensor): void => void (value === variable || variable.assign(value));

/** Backends that keep numbers in host memory, so that reading a loss needs no waiting. */
const HOST_BACKENDS = ['cpu', 'wasm', 'tensorflow'];

/** The slots are variables. Tables with sparse updates are updated in host memory, as in the compiled engine. */
function eagerStep<T extends Tasks>(model: MultiTaskModel<T>, recipe: Recipe, tables?: TableState): StepWork {
  const optimizer = createOptimizer(recipe.optimizer);
  const parameters = model.store.trainable().map(({ name, variable, rate }) => {
    const slots = Object.entries(optimizer.slots).map(([slot, value]) => [
      slot,
      tf.tidy(() => tf.variable(tf.fill(variable.shape, value), false)),
    ]);
    return { name, variable, rate, slots: Object.fromEntries(slots) as Readonly<Record<string, tf.Variable>> };
  });
  const named = parameters.flatMap(({ name, slots }) =>
    Object.entries(slots).map(([slot, variable]) => [slotName(recipe.optimizer, slot, name), variable] as const),
  );

  function update(gradients: readonly tf.Tensor[], at: { readonly step: number; readonly learningRate: number }): void {
    const coefficientsAt = (factor = 1) =>
      mapValues(optimizer.coefficients({ ...at, learningRate: at.learningRate * factor }), (value) => tf.scalar(value));
    const plain = coefficientsAt();
    parameters.forEach(({ variable, rate, slots }, i) => {
      const coefficients = rate ? coefficientsAt(rate) : plain;
      const next = optimizer.update({ parameter: variable, gradient: gradients[i]!, slots }, coefficients, tensorMath);
      assign(variable, next.parameter);
      for (const [slot, value] of Object.entries(next.slots)) assign(slots[slot]!, value);
    });
  }

  return {
    name: `eager (${tf.getBackend()})`,
    inFlight: !tables && !HOST_BACKENDS.includes(tf.getBackend()) ? 10 : 1,
    tables,

    async step(batch, at) {
      let auxiliary: readonly string[] = [];
      const { losses, ofTables } = withTrainedRows(model, batch, (tensors, rows) => {
        const step = lossGradients(model, tensors, rows);
        auxiliary = step.auxiliary;
        const gradients = clipped(step.gradients, recipe.clip);
        update(gradients, at);
        return { losses: step.losses, ofTables: gradients.slice(parameters.length) };
      });
      const read = async () => {
        try {
          return namedLosses(await losses.data<'float32'>(), model.taskNames, auxiliary);
        } finally {
          losses.dispose();
        }
      };
      const result = read();
      result.catch(() => undefined); // who reads the losses gets the error
      if (!tables) return () => result;
      try {
        const gradients = await Promise.all(ofTables.map((gradient) => gradient.data<'float32'>()));
        tables.rows(batch.size).forEach(({ optimizer: rows }, t) => rows.gradients.set(gradients[t]!));
        tables.update({ step: at.step, learningRate: at.tableLearningRate });
        return () => result;
      } finally {
        tf.dispose(ofTables);
      }
    },

    flush() {}, // a step trains the model's variables and tables themselves

    async readSlots() {
      const entries = named.map(async ([name, slot]): Promise<[string, NamedTensor]> => {
        const data = Float32Array.from(await slot.data<'float32'>());
        return [name, { dtype: 'float32', shape: slot.shape, data }];
      });
      return { ...Object.fromEntries(await Promise.all(entries)), ...tables?.slots() };
    },

    restore(slots) {
      const rest = tables?.restoreSlots(slots) ?? slots;
      checkSlots(Object.fromEntries(named.map(([name, { shape }]) => [name, shape])), rest);
      tf.tidy(() =>
        named.forEach(([name, variable]) => variable.assign(tf.tensor(rest[name]!.data, variable.shape, 'float32'))),
      );
    },

    async close() {
      for (const [, slot] of named) slot.dispose();
    },
  };
}
