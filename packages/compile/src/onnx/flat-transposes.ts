import { sizeOf, type Value } from '../graph/value.ts';
import type { Rule } from './replay.ts';

/**
 * A transposition that takes the first axis to the end, or the last one to the front, is that of a matrix. ONNX Runtime has
 * a faster kernel for it, and leaves it where it stands.
 */
export const flatTransposes: Rule = ({ op, inputs, attributes, outputs }, { emit }) => {
  if (op !== 'Transpose') return undefined;
  const x = inputs[0] as Value;
  const perm = attributes['perm'] as readonly number[];
  const last = perm.length - 1;
  const toEnd = perm.every((axis, i) => axis === (i + 1) % perm.length);
  const toFront = perm.every((axis, i) => axis === (i + last) % perm.length);
  if (last < 2 || (!toEnd && !toFront)) return undefined;
  const matrix = toEnd ? [x.shape[0]!, sizeOf(x.shape.slice(1))] : [sizeOf(x.shape.slice(0, -1)), x.shape[last]!];
  return [emit.reshape(emit.transpose(emit.reshape(x, matrix), [1, 0]), outputs[0]!.shape)];
};
