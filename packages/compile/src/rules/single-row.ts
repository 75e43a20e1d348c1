import { axisOf } from '../graph/graph.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import type { Rule, View } from '../rewrite/rule.ts';

/** A larger block-diagonal matrix takes longer to read than the products that it replaces. */
const LARGEST = 1 << 16;

/** The tensor that the rows of a bank were gathered from, and the index of each row in it. */
interface Gathered {
  readonly source: Value;
  readonly places: readonly number[];
}

/**
 * A batch of products of one row each, [bank, 1, in] × [bank, in, out], becomes one product of a row [1, bank · in] with a
 * block-diagonal matrix. Most numbers of the matrix are 0, but one product costs less than several small ones.
 */
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
  const reshaped = view.reshaped(rows) ?? rows;
  const gather = view.producer(reshaped, 'Gather');
  if (gather && axisOf(gather) === 0 && sizeOf(reshaped.shape.slice(1)) === sizeOf(rows.shape.slice(1))) {
    const [source, places] = gather.inputs as [Value, Value];
    if (places.constant && places.shape.length === 1) return { source, places: [...places.constant] };
  }
  return { source: rows, places: Array.from({ length: rows.shape[0]! }, (_, i) => i) };
}
