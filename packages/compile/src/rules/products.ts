import { axisOf, permOf, sizeOf, type Value, isValue } from '../graph/graph.ts';
import type { Rule, View } from '../rewrite/rewrite.ts';

/** With fewer rows, a sum costs no more than a product, and a transpose costs little. */
const FEWEST_ROWS = 64;

/** The cost of the product with zeros grows with the number of blocks. */
const MOST_BLOCKS = 8;

/**
 * Outer products [blocks, batch, 1] × [blocks, 1, dim] that are transposed to [batch, blocks, dim] become one product [batch, blocks] ×
 * [blocks, blocks · dim] with a block-diagonal matrix, without a large transpose. An infinite factor makes its whole row NaN.
 */
export const outerProducts: Rule<{ columns: Value; rows: Value }> = {
  name: 'outer-products',
  why: 'After turn-products, which transposes products. Before reshapes-last, which takes the reshapes that it adds.',
  ops: ['Transpose'],
  match(site, view) {
    const product = permOf(site).join() === '1,0,2' ? view.graph.producer(site.operands[0]!, 'MatMul') : undefined;
    const [columns, rows] = (product?.inputs ?? []) as readonly Value[];
    if (columns?.shape.length !== 3 || rows?.shape.length !== 3) return undefined;
    const [blocks, batch, one] = columns.shape as [number, number, number];
    const isOuter = one === 1 && rows.shape[0] === blocks && blocks <= MOST_BLOCKS && batch >= FEWEST_ROWS;
    return isOuter ? { columns, rows } : undefined;
  },
  rewrite({ columns, rows }, { result }, emit) {
    const { type, shape } = columns;
    const [blocks, batch] = shape as [number, number];
    const width = sizeOf(rows.shape);
    const own = Float32Array.from({ length: blocks * width }, (_, i) =>
      Number(Math.floor((i % width) / (width / blocks)) === Math.floor(i / width)),
    );
    const spec = { type, shape: [blocks, width] };
    const diagonal = emit.graph.op('Mul', [emit.graph.constant(own, spec), emit.reshape(rows, [1, width])], spec);
    const left = emit.transpose(emit.reshape(columns, [blocks, batch]), [1, 0]);
    return emit.reshape(emit.graph.op('MatMul', [left, diagonal], { type, shape: [batch, width] }), result.shape);
  },
};

/** With fewer columns a sum costs less than a product. */
const FEWEST_COLUMNS = 16;

/** A sum over many rows, such as the gradient of a bias, becomes the product of a row of ones with the matrix. */
export const sumsAsProducts: Rule<readonly [rows: number, columns: number]> = {
  name: 'sums-as-products',
  why: 'After softmax-columns, which looks for sums.',
  ops: ['ReduceSum'],
  match({ inputs: [input, axes] }) {
    const { type, shape } = input as Value;
    if (!axes || isValue(axes) || axes.int64.join() !== '0' || type !== 'float32') return undefined;
    const [rows, columns] = [shape[0]!, sizeOf(shape.slice(1))];
    return rows >= FEWEST_ROWS && columns >= FEWEST_COLUMNS ? [rows, columns] : undefined;
  },
  rewrite([rows, columns], { operands, result: { type, shape } }, emit) {
    const ones = emit.graph.filled(1, { type, shape: [1, rows] });
    const matrix = emit.reshape(operands[0]!, [rows, columns]);
    return emit.reshape(emit.graph.op('MatMul', [ones, matrix], { type, shape: [1, columns] }), shape);
  },
};

/** A larger block-diagonal matrix takes longer to read than the products that it replaces. */
const LARGEST = 1 << 16;

/** The tensor that the rows of a bank were gathered from, and the index of each row in it. */
interface Gathered {
  readonly source: Value;
  readonly places: readonly number[];
}

/** Products of one row each, [bank, 1, in] × [bank, in, out], become [1, bank · in] × a block-diagonal matrix. */
export const singleRow: Rule<Gathered> = {
  name: 'single-row',
  why: 'Before sink-reshapes, which puts a bias next to the product that it writes.',
  ops: ['MatMul'],
  match({ operands }, view) {
    const [rows, kernel] = operands as readonly [Value, Value];
    if (rows.shape.length !== 3 || kernel.shape.length !== 3 || kernel.type !== 'float32') return undefined;
    const [bank, inner, out] = kernel.shape as [number, number, number];
    if (!kernel.constant || rows.shape[0] !== bank || rows.shape[1] !== 1) return undefined;
    const gather = gathered(rows, view);
    return gather.source.shape[0]! * inner * bank * out > LARGEST ? undefined : gather;
  },
  rewrite({ source, places }, { operands, result }, emit) {
    const { shape, constant } = operands[1]!;
    const [bank, inner, out] = shape as [number, number, number];
    const [width, columns] = [source.shape[0]! * inner, bank * out];
    const blocks = new Float32Array(width * columns);
    places.forEach((place, member) => {
      for (let i = 0; i < inner; i++) {
        const row = constant!.subarray((member * inner + i) * out, (member * inner + i + 1) * out);
        blocks.set(row, (place * inner + i) * columns + member * out);
      }
    });
    const matrix = emit.graph.constant(blocks, { type: 'float32', shape: [width, columns] });
    const row = emit.reshape(source, [1, width]);
    return emit.reshape(emit.graph.op('MatMul', [row, matrix], { type: 'float32', shape: [1, columns] }), result.shape);
  },
};

function gathered(rows: Value, view: View): Gathered {
  const reshaped = view.graph.reshaped(rows) ?? rows;
  const gather = view.graph.producer(reshaped, 'Gather');
  if (gather && axisOf(gather) === 0 && sizeOf(reshaped.shape.slice(1)) === sizeOf(rows.shape.slice(1))) {
    const [source, places] = gather.inputs as [Value, Value];
    if (places.constant && places.shape.length === 1) return { source, places: [...places.constant] };
  }
  return { source: rows, places: Array.from({ length: rows.shape[0]! }, (_, i) => i) };
}
