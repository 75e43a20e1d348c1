import { sizeOf, type Node, type Value } from '../graph/value.ts';
import { sameShape } from '../graph/shapes.ts';
import type { Rule } from '../rewrite/rule.ts';
import type { View } from '../rewrite/view.ts';

/** A product that was reshaped, and the bias that is added to what it became. An activation has none. */
interface Layer {
  readonly product: Value;
  readonly bias?: Value;
}

/**
 * A bias or an activation of a reshaped product goes before the reshape, so that product, bias and activation are next to
 * each other: ONNX Runtime runs them as one operation then. The activations are those that it makes part of a product.
 *
 * @param rows how many rows the product has at most
 */
export const sinkReshapes = (rows: number): Rule<Layer> => ({
  name: 'sink-reshapes',
  why: 'After relu-mask and single-row, which look for what it moves. Before reshapes-last, which takes the reshapes that it leaves.',
  ops: ['Relu', 'Sigmoid', 'Tanh', 'Add'],
  match({ op, operands, result }, view) {
    const [x, y] = operands as readonly [Value, Value];
    if (op !== 'Add') {
      const product = productBelow(x, rows, view);
      return product && { product };
    }
    return biased(x, y) ?? biased(y, x);

    function biased(value: Value, bias: Value): Layer | undefined {
      const product = sameShape(value.shape, result.shape) ? productBelow(value, rows, view) : undefined;
      return product && isRow(bias, result.shape, product.shape[1]!) ? { product, bias } : undefined;
    }
  },
  rewrite({ product, bias }, { op, result, attributes }, emit) {
    if (!bias) return emit.reshape(emit.graph.op(op, [product], product, attributes), result.shape);
    const shape = [product.shape[1]!];
    const row = bias.constant
      ? emit.graph.constant(bias.constant, { type: bias.type, shape })
      : emit.reshape(bias, shape);
    return emit.reshape(emit.graph.op('Add', [product, row], product), result.shape);
  },
});

/** Whether a bias adds the same numbers to each row of [rows, columns]. */
function isRow(bias: Value, shape: readonly number[], columns: number): boolean {
  const first = bias.shape.findIndex((side) => side !== 1);
  const own = first < 0 ? [] : bias.shape.slice(first);
  return (
    own.length <= shape.length && sameShape(own, shape.slice(shape.length - own.length)) && sizeOf(own) === columns
  );
}

/** The matrix [rows, columns] that a value is when its last reshape is undone: a product, or one with a bias or activation. */
function productBelow(value: Value, rows: number, view: View): Value | undefined {
  const source = view.reshaped(value);
  return source?.shape.length === 2 && source.shape[0]! <= rows && isProduct(source, view) ? source : undefined;
}

function isProduct(value: Value, view: View): boolean {
  const product: Node | undefined = view.producer(value, 'MatMul');
  if (product) return (product.inputs as readonly Value[]).every(({ shape }) => shape.length === 2);
  const sum = view.producer(value, 'Add');
  return sum !== undefined && isProduct(sum.inputs[0] as Value, view);
}
