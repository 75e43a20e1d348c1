import { permOf } from '../graph/nodes.ts';
import { sizeOf } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/**
 * A transposition that takes the first axis to the end, or the last one to the front, is that of a matrix, for which ONNX
 * Runtime has a faster kernel; a product that reads it has it for nothing. One that turns three axes round, for a product,
 * is that of a matrix and one of the last two axes, which becomes part of the product.
 */
export const flatTransposes: Rule<'around' | 'to-end' | 'to-front'> = {
  name: 'flat-transposes',
  why: 'After softmax-columns, which adds most of the transposes. Before swap-products, which knows transposes of matrices alone.',
  ops: ['Transpose'],
  match(site, view) {
    const perm = permOf(site);
    const readers = view.readers(site);
    const inProducts = readers.length > 0 && readers.every(({ op }) => op === 'MatMul');
    if (inProducts && perm.join() === '2,1,0') return 'around';
    if (perm.length < 3) return undefined;
    if (!inProducts && perm.every((axis, i) => axis === (i + 1) % perm.length)) return 'to-end';
    return perm.every((axis, i) => axis === (i + perm.length - 1) % perm.length) ? 'to-front' : undefined;
  },
  rewrite(move, { operands: [x], result }, emit) {
    const [outer, middle, inner] = x!.shape as [number, number, number];
    const rows = move === 'to-end' ? outer : sizeOf(x!.shape.slice(0, -1));
    const matrix = emit.transpose(emit.reshape(x!, [rows, sizeOf(x!.shape) / rows]), [1, 0]);
    if (move === 'around') return emit.transpose(emit.reshape(matrix, [inner, outer, middle]), [0, 2, 1]);
    return emit.reshape(matrix, result.shape);
  },
};
