import type { Trace } from '@polytask/compile';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import { traceModel } from '@polytask/graphs';

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
  const forward = (rows: number) =>
    traceModel(model, ({ batch }) => model.forward(batch).logits, { rows, labeled: false });
  const [fewer, more] = ROWS.map((rows) => productsOf(forward(rows).recorded.graph)) as [number, number];
  return more - fewer;
}

const productsOf = ({ nodes }: Trace['graph']): number =>
  nodes
    .filter(({ op }) => op === 'MatMul')
    .reduce((sum, { inputs, outputs }) => {
      const [left] = inputs;
      const length = left && 'shape' in left ? left.shape.at(-1)! : 0;
      return sum + length * outputs[0]!.shape.reduce((product, side) => product * side, 1);
    }, 0);
