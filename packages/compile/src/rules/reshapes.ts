import { type Node, sizeOf, type Value, sameShape } from '../graph/value.ts';
import type { Rule, View } from '../rewrite/rewrite.ts';

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

/** Whether a bias adds the same values to each row of a product with so many columns. */
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

/**
 * Elementwise operations run before the reshape of their operands, when all operands were reshaped from one shape. Reshapes
 * then meet and cancel. The gradient of a ReLU in a bank of one expert has this pattern.
 */
export const reshapesLast: Rule<readonly Value[]> = {
  name: 'reshapes-last',
  why: 'After sink-reshapes and outer-products: the reshapes that they leave meet and cancel here.',
  ops: ['Cast', 'HardSigmoid', 'Add', 'Sub', 'Mul'],
  match({ operands, result }, view) {
    const sources = operands.map((x) => (sameShape(x.shape, result.shape) ? view.reshaped(x) : undefined));
    const isAlike = sources.every((source) => source && sameShape(source.shape, sources[0]!.shape));
    return isAlike ? (sources as Value[]) : undefined;
  },
  rewrite(sources, { op, result, attributes }, emit) {
    const spec = { type: result.type, shape: sources[0]!.shape };
    return emit.reshape(emit.graph.op(op, sources, spec, attributes), result.shape);
  },
};

/** An input that all its readers reshape to one shape becomes an input of that shape. It saves many small operations. */
export const inputsAsRead: Rule<readonly number[]> = {
  name: 'inputs-as-read',
  why: 'Last, after sink-reshapes, which decides in which shape a bias is read.',
  ops: ['Input'],
  match(site, view) {
    const readers = view.readers(site);
    const shape = readers[0]?.outputs[0]!.shape;
    const isOne = readers.every(({ op, outputs }) => op === 'Reshape' && sameShape(outputs[0]!.shape, shape!));
    return isOne && !view.isOutput(site) ? shape : undefined;
  },
  rewrite: (shape, { result }, emit) => emit.graph.input(result.input!, { type: result.type, shape }),
};
