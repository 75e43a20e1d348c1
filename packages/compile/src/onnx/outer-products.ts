import { sizeOf, type Node, type Value } from '../graph/value.ts';
import type { Rule } from './replay.ts';

/** The product with zeros between the blocks costs as many times more as there are blocks. */
const MOST_BLOCKS = 8;
/** With fewer rows a transposition costs little. */
const FEWEST_ROWS = 64;

/**
 * Outer products side by side, [blocks, batch, 1] × [blocks, 1, dim] turned to [batch, blocks, dim]: one product with a matrix
 * that has each block's row in its own columns and zeros elsewhere, [batch, blocks] × [blocks, blocks · dim]. It writes the rows where
 * they are read. So it is with the gradient of towers' last layers. (An infinite factor makes its whole row NaN then.)
 */
export const outerProducts: Rule = ({ op, inputs, attributes, outputs }, { emit, producer }) => {
  if (op !== 'Transpose' || (attributes['perm'] as readonly number[]).join() !== '1,0,2') return undefined;
  const product: Node | undefined = producer(inputs[0] as Value);
  if (product?.op !== 'MatMul') return undefined;
  const [columns, rows] = product.inputs as readonly [Value, Value];
  const [blocks, batch, one] = columns.shape as [number, number, number];
  if (columns.shape.length !== 3 || rows.shape.length !== 3 || one !== 1 || rows.shape[0] !== blocks) return undefined;
  if (blocks > MOST_BLOCKS || batch < FEWEST_ROWS) return undefined;
  const width = sizeOf(rows.shape);
  const own = Float32Array.from({ length: blocks * width }, (_, i) =>
    Number(Math.floor((i % width) / (width / blocks)) === Math.floor(i / width)),
  );
  const spec = { type: columns.type, shape: [blocks, width] };
  const diagonal = emit.graph.op('Mul', [emit.graph.constant(own, spec), emit.reshape(rows, [1, width])], spec);
  const left = emit.transpose(emit.reshape(columns, [blocks, batch]), [1, 0]);
  const all = emit.graph.op('MatMul', [left, diagonal], { type: columns.type, shape: [batch, width] });
  return [emit.reshape(all, outputs[0]!.shape)];
};
