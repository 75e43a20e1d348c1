import { isValue, sizeOf, type Value } from '../graph/value.ts';
import type { Rule } from './replay.ts';

/** With fewer rows a sum costs no more than a product. */
const FEWEST_ROWS = 64;
/** With fewer columns it costs less. */
const FEWEST_COLUMNS = 16;

/** The sum of many rows, such as the gradient of a bias: the product of a row of ones with them, which reads them once, in their order. */
export const sumsAsProducts: Rule = ({ op, inputs, outputs }, { emit }) => {
  const [x, axes] = inputs;
  if (op !== 'ReduceSum' || !isValue(x!) || !axes || isValue(axes) || axes.int64.join() !== '0') return undefined;
  const { type, shape } = x;
  const rows = shape[0]!;
  const columns = sizeOf(shape.slice(1));
  if (type !== 'float32' || rows < FEWEST_ROWS || columns < FEWEST_COLUMNS) return undefined;
  const ones = emit.graph.filled(1, { type, shape: [1, rows] });
  const sum: Value = emit.graph.op('MatMul', [ones, emit.reshape(x, [rows, columns])], { type, shape: [1, columns] });
  return [emit.reshape(sum, outputs[0]!.shape)];
};
