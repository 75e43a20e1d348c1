import { isValue, sizeOf, type Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/** Block-diagonal matrices larger than this take longer to read than the products that they stand for. */
const LARGEST = 1 << 16;

/**
 * A batch of products of one row each, [bank, 1, in] × [bank, in, out], as one product of a row [1, bank · in] and a
 * block-diagonal matrix. Most of its numbers are zeros, but one product of a row costs less than several small ones.
 */
export const singleRow: Rule = ({ op, inputs, outputs }, replay) => {
  if (op !== 'MatMul' || !isValue(inputs[0]!) || !isValue(inputs[1]!)) return undefined;
  const [rows, kernel] = inputs;
  if (
    rows.shape.length !== 3 ||
    rows.shape[1] !== 1 ||
    kernel.shape.length !== 3 ||
    kernel.type !== 'float32' ||
    !kernel.constant
  )
    return undefined;
  const [bank, inner, out] = kernel.shape as [number, number, number];
  if (rows.shape[0] !== bank) return undefined;
  const { source, places } = gathered(rows, replay);
  const width = source.shape[0]! * inner;
  if (width * bank * out > LARGEST) return undefined;

  const blocks = new Float32Array(width * bank * out);
  places.forEach((place, member) => {
    for (let i = 0; i < inner; i++) {
      const row = kernel.constant!.subarray((member * inner + i) * out, (member * inner + i + 1) * out);
      blocks.set(row, (place * inner + i) * bank * out + member * out);
    }
  });
  const { emit } = replay;
  const matrix = emit.graph.constant(blocks, { type: 'float32', shape: [width, bank * out] });
  const product = emit.graph.op('MatMul', [emit.reshape(source, [1, width]), matrix], {
    type: 'float32',
    shape: [1, bank * out],
  });
  return [emit.reshape(product, outputs[0]!.shape)];
};

/** What the rows are taken from, and which of its rows each is. */
function gathered(rows: Value, { producer }: Replay): { source: Value; places: readonly number[] } {
  const node = producer(rows);
  const reshaped = node?.op === 'Reshape' ? (node.inputs[0] as Value) : rows;
  const gather = producer(reshaped);
  if (
    gather?.op === 'Gather' &&
    gather.attributes['axis'] === 0 &&
    sizeOf(reshaped.shape.slice(1)) === sizeOf(rows.shape.slice(1))
  ) {
    const [source, places] = gather.inputs as [Value, Value];
    if (places.constant && places.shape.length === 1) return { source, places: [...places.constant] };
  }
  return { source: rows, places: Array.from({ length: rows.shape[0]! }, (_, i) => i) };
}
