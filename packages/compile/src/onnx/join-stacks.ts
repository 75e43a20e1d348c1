import type { Emitter } from '../graph/emit.ts';
import { sizeOf, type Node, type Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/**
 * Stacking what was unstacked: a Concat of the slices of one Split, in any order and number, is a transposition, a
 * Gather, or nothing at all. The lanes of a fusion level are taken apart and put together again at each level.
 */
export const joinStacks: Rule = (node, replay) => {
  const { op, inputs, attributes, outputs } = node;
  if (op !== 'Concat') return undefined;
  const slices = (inputs as readonly Value[]).map((part) => sliceOf(part, replay));
  const from = slices[0]?.split;
  if (!from || slices.some((slice) => slice?.split !== from)) return undefined;
  const order = slices.map((slice) => slice!.place);
  const joined = join(replay.emit, from, order, { shape: outputs[0]!.shape, axis: attributes['axis'] as number });
  return joined && [joined];
};

/** The Split that a value is a part of, reshaped or not, and which part it is. */
function sliceOf(value: Value, { producer }: Replay): { split: Node; place: number } | undefined {
  const given = producer(value);
  const part = given?.op === 'Reshape' ? (given.inputs[0] as Value) : value;
  const split = producer(part);
  if (split?.op !== 'Split' || split.outputs.some(({ shape }) => shape[split.attributes['axis'] as number] !== 1))
    return undefined;
  return { split, place: split.outputs.findIndex(({ id }) => id === part.id) };
}

function join(
  emit: Emitter,
  split: Node,
  order: readonly number[],
  to: { shape: readonly number[]; axis: number },
): Value | undefined {
  const x = split.inputs[0] as Value;
  const at = split.attributes['axis'] as number;
  const count = x.shape[at]!;
  const [before, after] = [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at + 1))]; // x is [before, count, after]
  const outer = sizeOf(to.shape.slice(0, to.axis)); // what is wanted is [outer, order, rest], each [outer, rest] being a [before, after]
  if (outer === 1) {
    const front =
      before === 1
        ? emit.reshape(x, [count, after])
        : emit.transpose(emit.reshape(x, [before, count, after]), [1, 0, 2]);
    return emit.reshape(pick(emit, front, order, 0), to.shape);
  }
  if (outer === before) return emit.reshape(pick(emit, emit.reshape(x, [before, count, after]), order, 1), to.shape);
  if (before !== 1) return undefined;
  const rest = after / outer;
  return emit.reshape(emit.transpose(pick(emit, emit.reshape(x, [count, outer, rest]), order, 0), [1, 0, 2]), to.shape);
}

/** Slices of an axis in an order: all of them in theirs is the tensor itself. */
function pick({ graph }: Emitter, x: Value, order: readonly number[], axis: number): Value {
  if (order.length === x.shape[axis] && order.every((place, i) => place === i)) return x;
  const places = graph.constant(Int32Array.from(order), { type: 'int32', shape: [order.length] });
  return graph.op(
    'Gather',
    [x, places],
    { type: x.type, shape: x.shape.map((side, i) => (i === axis ? order.length : side)) },
    { axis },
  );
}
