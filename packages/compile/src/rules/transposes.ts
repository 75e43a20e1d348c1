import { axisOf, permOf, type Transposition } from '../graph/graph.ts';
import { sizeOf, type Value, inverse, lastTwoSwapped, type Permutation, permuted, sameShape } from '../graph/value.ts';
import type { Rule, View } from '../rewrite/rewrite.ts';

/**
 * Gathers slices before a transpose in place of after it. The transpose moves to the readers of the slices; it costs
 * nothing where a product reads them. So the lanes of a level stay [batch, lanes, dim], as the sum over experts wrote them.
 */
export const gatherBelow: Rule<Transposition> = {
  name: 'gather-below',
  why: 'After join-stacks, which writes the Gathers. Before swap-products, which looks for transposes in front of products.',
  ops: ['Gather'],
  match: ({ operands: [x, places] }, view) => (places!.shape.length === 1 ? view.transposed(x!) : undefined),
  rewrite({ source, perm }, site, emit) {
    const { type, shape } = site.result;
    const spec = { type, shape: permuted(shape, inverse(perm)) };
    const axis = perm[axisOf(site)]!;
    return emit.transpose(emit.graph.op('Gather', [source, site.operands[1]!], spec, { axis }), perm);
  },
};

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
