import { uniformOf } from '../graph/graph.ts';
import { sameShape } from '../graph/shapes.ts';
import type { Value } from '../graph/value.ts';
import type { Rule, View } from '../rewrite/rule.ts';

/** (a · ones) · b = a · b, when b has the full shape: it broadcasts a, too. The gradient of a sum begins with ones. */
export const withoutOnes: Rule<readonly [Value, Value]> = {
  name: 'without-ones',
  why: 'Anywhere: no place changes the graph of a model.',
  ops: ['Mul'],
  match({ operands, result }, view) {
    const [a, b] = operands as readonly [Value, Value];
    const isWhole = ({ shape }: Value) => sameShape(shape, result.shape);
    const left = isWhole(b) ? spreadBelow(a, view) : undefined;
    if (left) return [left, b];
    const right = isWhole(a) ? spreadBelow(b, view) : undefined;
    return right && [a, right];
  },
  rewrite: (factors, { result, attributes }, emit) => emit.graph.op('Mul', factors, result, attributes),
};

/** The other factor of a product, when one factor is a constant of ones. */
function spreadBelow(value: Value, view: View): Value | undefined {
  const [x, y] = (view.producer(value, 'Mul')?.inputs ?? []) as readonly Value[];
  return y && uniformOf(y) === 1 ? x : x && uniformOf(x) === 1 ? y : undefined;
}
