import { sizeOf, type Value } from '../graph/value.ts';
import type { Rule } from './replay.ts';

/**
 * A transposition that takes the first axis to the end, or the last one to the front, is that of a matrix, for which ONNX
 * Runtime has a faster kernel; a product that reads it has it for nothing. One that turns three axes round, for a product,
 * is that of a matrix and one of the last two axes, which becomes part of the product.
 */
export const flatTransposes: Rule = (node, { emit, readers }) => {
  const { op, inputs, attributes, outputs } = node;
  if (op !== 'Transpose') return undefined;
  const x = inputs[0] as Value;
  const perm = attributes['perm'] as readonly number[];
  const last = perm.length - 1;
  const inProducts = readers(node).length > 0 && readers(node).every((reader) => reader === 'MatMul');
  if (inProducts && perm.join() === '2,1,0') {
    const [outer, middle, inner] = x.shape as [number, number, number];
    const front = emit.transpose(emit.reshape(x, [outer * middle, inner]), [1, 0]);
    return [emit.transpose(emit.reshape(front, [inner, outer, middle]), [0, 2, 1])];
  }
  const toEnd = !inProducts && perm.every((axis, i) => axis === (i + 1) % perm.length);
  const toFront = perm.every((axis, i) => axis === (i + last) % perm.length);
  if (last < 2 || (!toEnd && !toFront)) return undefined;
  const matrix = toEnd ? [x.shape[0]!, sizeOf(x.shape.slice(1))] : [sizeOf(x.shape.slice(0, -1)), x.shape[last]!];
  return [emit.reshape(emit.transpose(emit.reshape(x, matrix), [1, 0]), outputs[0]!.shape)];
};
