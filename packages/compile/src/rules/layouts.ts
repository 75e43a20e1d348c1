import {
  type Node,
  sizeOf,
  type Value,
  sameShape,
  axisOf,
  permOf,
  type Transposition,
  inverse,
  lastTwoSwapped,
  type Permutation,
  permuted,
} from '../graph/graph.ts';
import type { Rule, View } from '../rewrite/rewrite.ts';

/** Gathers slices before a transpose, which moves to their readers and costs nothing where a product reads them. */
export const gatherBelow: Rule<Transposition> = {
  name: 'gather-below',
  why: 'After join-stacks, which writes the Gathers. Before swap-products, which looks for transposes in front of products.',
  ops: ['Gather'],
  match: ({ operands: [x, places] }, view) => (places!.shape.length === 1 ? view.graph.transposed(x!) : undefined),
  rewrite({ source, perm }, site, emit) {
    const { type, shape } = site.result;
    const spec = { type, shape: permuted(shape, inverse(perm)) };
    const axis = perm[axisOf(site)]!;
    return emit.transpose(emit.graph.op('Gather', [source, site.operands[1]!], spec, { axis }), perm);
  },
};

/**
 * Moving the first axis to the end, or the last one to the front, is the transpose of a matrix, which is faster, unless a product reads it.
 * For a product, reversing three axes is that and a swap of the last two axes, which becomes part of the product.
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
  const { source, perm } = view.graph.transposed(value) ?? {};
  return perm && sameShape(perm, lastTwoSwapped(perm.length)) ? source : undefined;
}

/** Transposes the other factor of a product, so that the transposes of one factor and of the result cancel. */
export const turnProducts: Rule<Permutation> = {
  name: 'turn-products',
  why: 'After softmax-columns, whose transposes it meets. Before outer-products, whose pattern it may write: a transposed product.',
  ops: ['Mul'],
  match(site, view) {
    const { operands, result } = site;
    if (!operands.every(({ shape }) => sameShape(shape, result.shape))) return undefined;
    if (!view.readers(site).some(({ op }) => op === 'Transpose')) return undefined;
    const [left, right] = operands.map((factor) => view.graph.transposed(factor)?.perm);
    return left && right ? undefined : (left ?? right);
  },
  rewrite(perm, { operands, result: { type, shape }, attributes }, emit) {
    const back = inverse(perm);
    const factors = operands.map((factor) => emit.transpose(factor, back));
    return emit.transpose(emit.graph.op('Mul', factors, { type, shape: permuted(shape, back) }, attributes), perm);
  },
};

/** A product before its reshape, and the bias that is added after it. An activation has no bias. */
interface Layer {
  readonly product: Value;
  readonly bias?: Value;
}

/** Moves bias and activation of a product of at most `rows` before its reshape: next to each other they run as one operation. */
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
  const source = view.graph.reshaped(value);
  return source?.shape.length === 2 && source.shape[0]! <= rows && isProduct(source, view) ? source : undefined;
}

function isProduct(value: Value, view: View): boolean {
  const product: Node | undefined = view.graph.producer(value, 'MatMul');
  if (product) return (product.inputs as readonly Value[]).every(({ shape }) => shape.length === 2);
  const sum = view.graph.producer(value, 'Add');
  return sum !== undefined && isProduct(sum.inputs[0] as Value, view);
}

/** Elementwise operations run before the reshapes of their operands, which then meet and cancel. */
export const reshapesLast: Rule<readonly Value[]> = {
  name: 'reshapes-last',
  why: 'After sink-reshapes and outer-products: the reshapes that they leave meet and cancel here.',
  ops: ['Cast', 'HardSigmoid', 'Add', 'Sub', 'Mul'],
  match({ operands, result }, view) {
    const sources = operands.map((x) => (sameShape(x.shape, result.shape) ? view.graph.reshaped(x) : undefined));
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
