import type { Node, Value } from '../graph/value.ts';
import type { Rule } from './replay.ts';

/**
 * Slices of a transposed tensor are taken before it is transposed: the transposition is left to whoever reads them, and costs
 * a product nothing. So a level's lanes stay [batch, lanes, dim], as the sum over experts gave them.
 */
export const gatherBelow: Rule = ({ op, inputs, outputs, attributes }, { emit, producer }) => {
  if (op !== 'Gather') return undefined;
  const [x, places] = inputs as [Value, Value];
  const transposition: Node | undefined = producer(x);
  if (transposition?.op !== 'Transpose' || places.shape.length !== 1) return undefined;
  const source = transposition.inputs[0] as Value;
  const perm = transposition.attributes['perm'] as readonly number[];
  const { type, shape } = outputs[0]!;
  const inner = perm.map((_, axis) => shape[perm.indexOf(axis)]!);
  const axis = perm[attributes['axis'] as number]!;
  return [emit.transpose(emit.graph.op('Gather', [source, places], { type, shape: inner }, { axis }), perm)];
};
