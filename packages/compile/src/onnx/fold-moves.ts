import { sizeOf, type Value, type Values } from '../graph/value.ts';
import type { Rule } from './replay.ts';

/** Reshapes and transposes of constants are constants: a bank's kernel becomes one wide matrix before it is written. */
export const foldMoves: Rule = ({ op, inputs, attributes, outputs }, { emit }) => {
  const source = inputs[0] as Value;
  if ((op !== 'Reshape' && op !== 'Transpose') || !source.constant) return undefined;
  const values =
    op === 'Reshape'
      ? source.constant
      : transposed(source.constant, source.shape, attributes['perm'] as readonly number[]);
  return [emit.graph.constant(values, outputs[0]!)];
};

/** The numbers of a tensor with its axes in another order. */
export function transposed(values: Values, shape: readonly number[], perm: readonly number[]): Values {
  const result = values.slice();
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sides = perm.map((axis) => shape[axis]!);
  const steps = perm.map((axis) => strides[axis]!);
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
