import { permOf } from '../graph/graph.ts';
import { sizeOf } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/**
 * Moving the first axis to the end, or the last axis to the front, is the transpose of a matrix. ONNX Runtime has a faster
 * kernel for matrices. A product transposes a matrix that it reads at no cost, so these are left alone. For a product,
 * reversing three axes is the transpose of a matrix and a swap of the last two axes, which becomes part of the product.
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
