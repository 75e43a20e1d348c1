import { lastTwoSwapped, sameShape } from '../graph/shapes.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import type { Rule, View } from '../rewrite/rule.ts';

/** A product this many times smaller than its factors costs little to transpose. */
const SMALLER = 2;

/** Aᵀ Bᵀ = (B A)ᵀ: transposes a small product in place of two large factors. The gradients of gates have this pattern. */
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

/** The tensor that became a value by a swap of its last two axes. */
function swapped(value: Value, view: View): Value | undefined {
  const { source, perm } = view.transposed(value) ?? {};
  return perm && sameShape(perm, lastTwoSwapped(perm.length)) ? source : undefined;
}
