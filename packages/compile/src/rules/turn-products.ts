import { inverse, permuted, sameShape, type Permutation } from '../graph/shapes.ts';
import type { Rule } from '../rewrite/rule.ts';

/**
 * An elementwise product has one transposed factor, and a reader transposes the result. The rule transposes the other factor
 * instead, so that the two transposes cancel. The gradient of a ReLU between two layouts has this pattern.
 */
export const turnProducts: Rule<Permutation> = {
  name: 'turn-products',
  why: 'After softmax-columns, whose transposes it meets. Before outer-products, whose pattern it may write: a transposed product.',
  ops: ['Mul'],
  match(site, view) {
    const { operands, result } = site;
    if (!operands.every(({ shape }) => sameShape(shape, result.shape))) return undefined;
    if (!view.readers(site).some(({ op }) => op === 'Transpose')) return undefined;
    const [left, right] = operands.map((factor) => view.transposed(factor)?.perm);
    return left && right ? undefined : (left ?? right);
  },
  rewrite(perm, { operands, result: { type, shape }, attributes }, emit) {
    const back = inverse(perm);
    const factors = operands.map((factor) => emit.transpose(factor, back));
    return emit.transpose(emit.graph.op('Mul', factors, { type, shape: permuted(shape, back) }, attributes), perm);
  },
};
