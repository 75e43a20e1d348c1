import { permOf } from '../graph/nodes.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/** The product with zeros between the blocks costs as many times more as there are blocks. */
const MOST_BLOCKS = 8;
/** With fewer rows a transposition costs little. */
const FEWEST_ROWS = 64;

/**
 * Outer products side by side, [blocks, batch, 1] × [blocks, 1, dim] turned to [batch, blocks, dim]: one product with a matrix
 * that has each block's row in its own columns and zeros elsewhere, [batch, blocks] × [blocks, blocks · dim]. It writes the rows where
 * they are read. So it is with the gradient of towers' last layers. (An infinite factor makes its whole row NaN then.)
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
