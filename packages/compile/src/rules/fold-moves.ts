import { permOf } from '../graph/graph.ts';
import { permuted, type Permutation } from '../graph/shapes.ts';
import { sizeOf, type Values } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/** Makes constants of reshaped and transposed constants: the kernels of a bank are stored as one wide matrix. */
export const foldMoves: Rule<Values> = {
  name: 'fold-moves',
  why: 'In the walk of constant-inputs: it folds the moves of parameters.',
  ops: ['Reshape', 'Transpose'],
  match: ({ operands }) => operands[0]!.constant,
  rewrite(values, site, emit) {
    const moved = site.op === 'Transpose' ? transposed(values, site.operands[0]!.shape, permOf(site)) : values;
    return emit.graph.constant(moved, site.result);
  },
};

/** The numbers of a tensor with its axes in another order. */
export function transposed(values: Values, shape: readonly number[], perm: Permutation): Values {
  const result = values.slice();
  const sides = permuted(shape, perm);
  const steps = perm.map((axis) => sizeOf(shape.slice(axis + 1)));
  const index = new Array<number>(perm.length).fill(0);
  for (let to = 0, from = 0; to < result.length; to++) {
    result[to] = values[from]!;
    for (let axis = perm.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < sides[axis]!) break;
      from -= steps[axis]! * sides[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
