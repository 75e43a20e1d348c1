import { permOf, sizeOf, type Values, type Permutation, permuted } from '../graph/graph.ts';
import type { Rule } from '../rewrite/rewrite.ts';

/** Makes constants of inputs whose numbers don't change. ONNX Runtime packs constants for its kernels when it loads them. */
export const constantInputs = (numbers: Readonly<Record<string, Values>>): Rule<Values> => ({
  name: 'constant-inputs',
  why: 'First, before single-row, which looks for constant kernels.',
  ops: ['Input'],
  match: ({ result }) => (Object.hasOwn(numbers, result.input!) ? numbers[result.input!] : undefined),
  rewrite: (values, { result }, emit) => emit.graph.constant(values, result),
});

/** The numbers that transposed constants came from. */
const ORIGINS = new WeakMap<Values, Values>();

/** The numbers of a constant before they were transposed, such as those that `forInference` was given for a parameter. */
export const originOf = (values: Values): Values => ORIGINS.get(values) ?? values;

/** Makes constants of reshaped and transposed constants: the kernels of a bank are stored as one wide matrix. */
export const foldMoves: Rule<Values> = {
  name: 'fold-moves',
  why: 'In the walk of constant-inputs: it folds the moves of parameters.',
  ops: ['Reshape', 'Transpose'],
  match: ({ operands }) => operands[0]!.constant,
  rewrite(values, site, emit) {
    const moved = site.op === 'Transpose' ? transposed(values, site.operands[0]!.shape, permOf(site)) : values;
    if (moved !== values) ORIGINS.set(moved, originOf(values));
    return emit.graph.constant(moved, site.result);
  },
};

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
