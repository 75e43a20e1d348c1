import { sizeOf, type Node, type Value } from '../graph/value.ts';
import { sameShape } from '../graph/shapes.ts';
import type { Rule, View } from '../rewrite/rule.ts';

/** A product before its reshape, and the bias that is added after it. An activation has no bias. */
interface Layer {
  readonly product: Value;
  readonly bias?: Value;
}

/**
 * Moves the bias and the activation of a reshaped product before the reshape. ONNX Runtime runs a product, its bias and its
 * activation as one operation when they are next to each other.
 *
 * @param rows products with more rows are left alone
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

/** Whether a bias adds the same numbers to each row of a product with so many columns. */
function isRow(bias: Value, shape: readonly number[], columns: number): boolean {
  const first = bias.shape.findIndex((side) => side !== 1);
  const own = first < 0 ? [] : bias.shape.slice(first);
  return (
    own.length <= shape.length && sameShape(own, shape.slice(shape.length - own.length)) && sizeOf(own) === columns
  );
}

/** The matrix that was reshaped to a value, when it is a product, or a product with a bias. */
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
