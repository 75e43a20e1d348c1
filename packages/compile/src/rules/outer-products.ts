import { permOf } from '../graph/graph.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/** The cost of the product with zeros grows with the number of blocks. */
const MOST_BLOCKS = 8;
/** With fewer rows a transpose costs little. */
const FEWEST_ROWS = 64;

/**
 * Outer products [blocks, batch, 1] × [blocks, 1, dim] that are transposed to [batch, blocks, dim] become one product
 * [batch, blocks] × [blocks, blocks · dim] with a block-diagonal matrix. It needs no transpose of a large tensor. The
 * gradients of the last layers of towers have this pattern. An infinite factor makes its whole row NaN.
 */
export const outerProducts: Rule<{ columns: Value; rows: Value }> = {
  name: 'outer-products',
  why: 'After turn-products, which transposes products. Before reshapes-last, which takes the reshapes that it adds.',
  ops: ['Transpose'],
  match(site, view) {
    const product = permOf(site).join() === '1,0,2' ? view.producer(site.operands[0]!, 'MatMul') : undefined;
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
