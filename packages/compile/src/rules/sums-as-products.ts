import { isValue, sizeOf, type Value } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/** With fewer rows a sum costs no more than a product. */
const FEWEST_ROWS = 64;
/** With fewer columns a sum costs less than a product. */
const FEWEST_COLUMNS = 16;

/** A sum over many rows, such as the gradient of a bias, becomes the product of a row of ones with the matrix. */
export const sumsAsProducts: Rule<readonly [rows: number, columns: number]> = {
  name: 'sums-as-products',
  why: 'After softmax-columns, which looks for sums.',
  ops: ['ReduceSum'],
  match({ inputs: [input, axes] }) {
    const { type, shape } = input as Value;
    if (!axes || isValue(axes) || axes.int64.join() !== '0' || type !== 'float32') return undefined;
    const [rows, columns] = [shape[0]!, sizeOf(shape.slice(1))];
    return rows >= FEWEST_ROWS && columns >= FEWEST_COLUMNS ? [rows, columns] : undefined;
  },
  rewrite([rows, columns], { operands, result: { type, shape } }, emit) {
    const ones = emit.graph.filled(1, { type, shape: [1, rows] });
    const matrix = emit.reshape(operands[0]!, [rows, columns]);
    return emit.reshape(emit.graph.op('MatMul', [ones, matrix], { type, shape: [1, columns] }), shape);
  },
};
