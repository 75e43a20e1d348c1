import * as tf from '@tensorflow/tfjs';
import { trace, type TensorSpec, type Trace } from '@polytask/compile';
import type { MultiTaskModel, Tasks } from '@polytask/core';

/** Two sizes of a batch: what they differ by is what a row costs, whatever is done once a batch. */
const ROWS = [3, 4] as const;

/**
 * The multiply-adds that a model's matrix products take for one row, from features to logits: for each product in its
 * traced graph, the numbers in the result times the length of the sums. Looking embeddings up, activations, and whatever is
 * done number by number cost none.
 *
 * @throws CompileError when the model does what can't be traced
 */
export function multiplyAdds<T extends Tasks>(model: MultiTaskModel<T>): number {
  const [fewer, more] = ROWS.map((rows) => productsOf(forward(model, rows))) as [number, number];
  return more - fewer;
}

function forward<T extends Tasks>(model: MultiTaskModel<T>, rows: number): Trace['graph'] {
  const { numeric, fields, slots } = model.layout;
  const sides = { numeric, ids: fields, bagIds: slots, bagWeights: slots };
  const spec = (name: string, width: number): TensorSpec => ({
    shape: [rows, width],
    dtype: name.endsWith('ds') ? 'int32' : 'float32',
  });
  const present = Object.entries(sides).filter(([, width]) => width > 0);
  const { graph } = trace(
    (...tensors) => {
      const given = Object.fromEntries(present.map(([name], i) => [name, tensors[i] as tf.Tensor2D]));
      const none = (dtype: 'float32' | 'int32') => tf.zeros<tf.Rank.R2>([rows, 0], dtype);
      const { logits } = model.forward({
        numeric: given['numeric'] ?? none('float32'),
        ids: given['ids'] ?? none('int32'),
        bagIds: given['bagIds'] ?? none('int32'),
        bagWeights: given['bagWeights'] ?? none('float32'),
      });
      return logits;
    },
    Object.fromEntries(present.map(([name, width]) => [name, spec(name, width)])),
  );
  return graph;
}

const productsOf = ({ nodes }: Trace['graph']): number =>
  nodes
    .filter(({ op }) => op === 'MatMul')
    .reduce((sum, { inputs, outputs }) => {
      const [left] = inputs;
      const length = left && 'shape' in left ? left.shape.at(-1)! : 0;
      return sum + length * outputs[0]!.shape.reduce((product, side) => product * side, 1);
    }, 0);
