import { sizeOf, type Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/** How much smaller a product must be than what it is made of, for its own transposition to cost nothing beside it. */
const SMALLER = 2;

/** Aᵀ Bᵀ = (B A)ᵀ: one transposition of a small product for two of large factors. The gradients of gates are such. */
export const swapProducts: Rule = ({ op, inputs, outputs }, replay) => {
  if (op !== 'MatMul') return undefined;
  const [a, b] = (inputs as readonly Value[]).map((each) => swapped(each, replay));
  const { type, shape } = outputs[0]!;
  if (!a || !b || SMALLER * sizeOf(shape) > Math.min(sizeOf(a.shape), sizeOf(b.shape))) return undefined;
  const { emit } = replay;
  const product = emit.graph.op('MatMul', [b, a], {
    type,
    shape: [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!],
  });
  return [emit.transpose(product, lastTwo(shape.length))];
};

const lastTwo = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));

/** What a value is the transposition of, in its last two axes. */
function swapped(value: Value, { producer }: Replay): Value | undefined {
  const node = producer(value);
  if (node?.op !== 'Transpose') return undefined;
  const perm = node.attributes['perm'] as readonly number[];
  return perm.length >= 2 && perm.join() === lastTwo(perm.length).join() ? (node.inputs[0] as Value) : undefined;
}
