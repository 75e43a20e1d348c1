import { lastTwoSwapped } from '../graph/permutation.ts';
import { sameShape } from '../graph/shapes.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';
import type { View } from '../rewrite/view.ts';

/** How much smaller a product must be than what it is made of, for its own transposition to cost nothing beside it. */
const SMALLER = 2;

/** Aᵀ Bᵀ = (B A)ᵀ: one transposition of a small product for two of large factors. The gradients of gates are such. */
export const swapProducts: Rule<readonly [Value, Value]> = {
  name: 'swap-products',
  why: 'After flat-transposes, which leaves transposes of matrices in front of products.',
  ops: ['MatMul'],
  match({ operands, result }, view) {
    const [a, b] = operands.map((each) => swapped(each, view));
    if (!a || !b) return undefined;
    return SMALLER * sizeOf(result.shape) <= Math.min(sizeOf(a.shape), sizeOf(b.shape)) ? [a, b] : undefined;
  },
  rewrite([a, b], { result: { type, shape } }, emit) {
    const spec = { type, shape: [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] };
    return emit.transpose(emit.graph.op('MatMul', [b, a], spec), lastTwoSwapped(shape.length));
  },
};

/** What a value is the transposition of, in its last two axes. */
function swapped(value: Value, view: View): Value | undefined {
  const { source, perm } = view.transposed(value) ?? {};
  return perm && sameShape(perm, lastTwoSwapped(perm.length)) ? source : undefined;
}
