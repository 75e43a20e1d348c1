import type { Emitter } from '../graph/emit.ts';
import { axisOf, sizeOf, type Node, type Value, isIdentity } from '../graph/graph.ts';
import type { Rule, View } from '../rewrite/rewrite.ts';

/** Slices of a tensor [before, count, after] that are stacked again. */
interface Restacked {
  readonly x: Value;
  readonly sides: readonly [before: number, count: number, after: number];
  /** The indices of the slices, in the order of the Concat. */
  readonly order: readonly number[];
  /** The product of the dimensions of the result in front of the axis of the Concat. */
  readonly outer: number;
}

/** A Concat of the slices of one Split is a transpose, a Gather, or the tensor itself, as where fusion levels restack lanes. */
export const joinStacks: Rule<Restacked> = {
  name: 'join-stacks',
  why: 'Before gather-below, which looks for the Gathers that it writes.',
  ops: ['Concat'],
  match(site, view) {
    const slices = site.operands.map((part) => sliceOf(part, view));
    const split = slices[0]?.split;
    if (!split || slices.some((slice) => slice?.split !== split)) return undefined;
    const x = split.inputs[0] as Value;
    const at = axisOf(split);
    const [before, count, after] = [sizeOf(x.shape.slice(0, at)), x.shape[at]!, sizeOf(x.shape.slice(at + 1))];
    const outer = sizeOf(site.result.shape.slice(0, axisOf(site)));
    const isSupported = outer === 1 || outer === before || before === 1;
    return isSupported
      ? { x, sides: [before, count, after], order: slices.map((slice) => slice!.place), outer }
      : undefined;
  },
  rewrite({ x, sides: [before, count, after], order, outer }, { result }, emit) {
    // the result is [outer, order, rest], where each [outer, rest] is a [before, after]
    if (outer === 1) {
      const front =
        before === 1
          ? emit.reshape(x, [count, after])
          : emit.transpose(emit.reshape(x, [before, count, after]), [1, 0, 2]);
      return emit.reshape(pick(emit, front, order, 0), result.shape);
    }
    if (outer === before) {
      return emit.reshape(pick(emit, emit.reshape(x, [before, count, after]), order, 1), result.shape);
    }
    const picked = pick(emit, emit.reshape(x, [count, outer, after / outer]), order, 0);
    return emit.reshape(emit.transpose(picked, [1, 0, 2]), result.shape);
  },
};

/** The Split that computes a value, reshaped or not, and the index of the value among its results. */
function sliceOf(value: Value, view: View): { split: Node; place: number } | undefined {
  const part = view.graph.reshaped(value) ?? value;
  const split = view.graph.producer(part, 'Split');
  if (!split || split.outputs.some(({ shape }) => shape[axisOf(split)] !== 1)) return undefined;
  return { split, place: split.outputs.findIndex(({ id }) => id === part.id) };
}

/** Slices of an axis in an order. All slices in their own order are the tensor itself. */
function pick({ graph }: Emitter, x: Value, order: readonly number[], axis: number): Value {
  if (order.length === x.shape[axis] && isIdentity(order)) return x;
  return graph.op(
    'Gather',
    [x, graph.int32(order)],
    { type: x.type, shape: x.shape.with(axis, order.length) },
    { axis },
  );
}
