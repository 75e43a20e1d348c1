import { isValue, type Node, type Value } from '../graph/value.ts';
import { transposed } from './fold-moves.ts';
import type { Replay, Rule } from './replay.ts';

/** What may stand between a product and its transposition, and can as well come after it. */
const ELEMENTWISE = ['Add', 'Relu', 'Sigmoid', 'Tanh', 'Elu', 'Softplus', 'LeakyRelu'];

/**
 * Several experts that read the same lane are one wide product of that lane: instead of repeating each lane for each of
 * its experts, [lanes · k, batch, in] × [lanes · k, in, out], it is [lanes, batch, in] × [lanes, in, k · out]. Their bias
 * and activation follow where rows are together, [batch, lanes, k · out].
 */
export const widenBanks: Rule = (node, replay) => {
  const { op, inputs, attributes, outputs } = node;
  if (op !== 'Transpose' || (attributes['perm'] as number[]).join() !== '1,0,2') return undefined;
  const found = bankBelow(inputs[0] as Value, replay);
  if (!found) return undefined;
  const { lanes, kernel, each, between } = found;
  const { emit } = replay;
  const [count, batch] = lanes.shape as [number, number, number];
  const [, inner, out] = kernel.shape as [number, number, number];
  const wide = each * out;
  const side = { type: 'float32', shape: [count, inner, wide] } as const;
  const numbers = transposed(kernel.constant!, [count, each, inner, out], [0, 2, 1, 3]);
  const product = emit.graph.op('MatMul', [lanes, emit.graph.constant(numbers, side)], {
    type: 'float32',
    shape: [count, batch, wide],
  });
  let result = emit.transpose(product, [1, 0, 2]);
  for (const { op: name, inputs: operands, attributes: options } of between.reverse()) {
    const rest = operands
      .slice(1)
      .map((bias) => emit.graph.constant((bias as Value).constant!, { type: 'float32', shape: [1, count, wide] }));
    result = emit.graph.op(name, [result, ...rest], result, options);
  }
  return [emit.reshape(result, outputs[0]!.shape)];
};

interface Bank {
  /** [lanes, batch, in] */
  lanes: Value;
  /** [lanes · each, in, out] */
  kernel: Value;
  /** How many experts a lane has. */
  each: number;
  /** The operations after the product, the last one first. */
  between: Node[];
}

function bankBelow(value: Value, { producer, uses }: Replay): Bank | undefined {
  const between: Node[] = [];
  for (let at = value; uses(at) === 1;) {
    const node = producer(at);
    if (!node || !node.inputs.every(isValue)) return undefined;
    const [x, y] = node.inputs as readonly Value[];
    if (node.op === 'MatMul') return bank(x!, y!, between, producer);
    if (!ELEMENTWISE.includes(node.op)) return undefined;
    if (node.op === 'Add' && !isBias(y!, value)) return undefined;
    between.push(node);
    at = x!;
  }
  return undefined;
}

/** [members, 1, out] beside [members, batch, out] */
const isBias = ({ constant, shape }: Value, beside: Value): boolean =>
  constant !== undefined &&
  shape.length === 3 &&
  shape[0] === beside.shape[0] &&
  shape[1] === 1 &&
  shape[2] === beside.shape[2];

function bank(repeated: Value, kernel: Value, between: Node[], producer: Replay['producer']): Bank | undefined {
  const gather = producer(repeated);
  if (gather?.op !== 'Gather' || gather.attributes['axis'] !== 0 || !kernel.constant || kernel.shape.length !== 3)
    return undefined;
  const [lanes, places] = gather.inputs as [Value, Value];
  if (lanes.shape.length !== 3 || !places.constant) return undefined;
  const each = places.constant.length / lanes.shape[0]!;
  if (!Number.isInteger(each) || places.constant.some((place, i) => place !== Math.floor(i / each))) return undefined;
  return { lanes, kernel, each, between };
}
