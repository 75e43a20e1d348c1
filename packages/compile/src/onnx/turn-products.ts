import type { Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/**
 * An elementwise product of which one factor was transposed, and which is transposed again: the other factor is transposed in
 * its place, and what was transposed twice is not at all. So it is with the gradient of a ReLU between two layouts.
 */
export const turnProducts: Rule = (node, replay) => {
  const { op, inputs, outputs, attributes } = node;
  if (op !== 'Mul' || !replay.readers(node).includes('Transpose')) return undefined;
  const { emit } = replay;
  const [a, b] = inputs as readonly Value[];
  const { type, shape } = outputs[0]!;
  if (a!.shape.join() !== shape.join() || b!.shape.join() !== shape.join()) return undefined;
  const turned = [a!, b!].map((factor) => transpositionOf(factor, replay));
  const perm = turned[0] ? (turned[1] ? undefined : turned[0]) : turned[1];
  if (!perm) return undefined;
  const inverse = perm.map((_, i) => perm.indexOf(i));
  const factors = [a!, b!].map((factor) => emit.transpose(factor, inverse));
  const product = emit.graph.op('Mul', factors, { type, shape: inverse.map((axis) => shape[axis]!) }, attributes);
  return [emit.transpose(product, perm)];
};

function transpositionOf(value: Value, { producer }: Replay): readonly number[] | undefined {
  const node = producer(value);
  return node?.op === 'Transpose' ? (node.attributes['perm'] as readonly number[]) : undefined;
}
