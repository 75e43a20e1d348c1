import * as tf from '@tensorflow/tfjs-core';
import type { Emitter } from '../graph/emit.ts';
import { sizeOf, type Value, sameShape } from '../graph/graph.ts';
import { axesOf, ofInputs, ofX, tensorLike, type Kernels } from './kernel.ts';

const list = (...numbers: readonly (readonly number[])[]) => ({ int64: numbers.flat() });

/** A part of a tensor. `begin`, `shape` and `step` have one number for each axis. */
function slice(
  emit: Emitter,
  x: Value,
  begin: readonly number[],
  shape: readonly number[],
  step = shape.map(() => 1),
): Value {
  const axes = shape.map((_, i) => i).filter((i) => shape[i] !== x.shape[i] || step[i] !== 1);
  if (axes.length === 0) return x;
  const at = (values: readonly number[]) => axes.map((axis) => values[axis]!);
  const end = shape.map((side, i) => begin[i]! + (side - 1) * step[i]! + Math.sign(step[i]!));
  // −1 would mean the last element, so an end before the first element is −1 − side
  const ends = end.map((each, i) => (each < 0 ? each - x.shape[i]! : each));
  const inputs = [x, list(at(begin)), list(at(ends)), list(axes), list(at(step))];
  return emit.graph.op('Slice', inputs, { type: x.type, shape });
}

function concat(emit: Emitter, parts: readonly Value[], axis: number): Value {
  const filled = parts.filter((part) => part.shape[axis] !== 0);
  const all = filled.length > 0 ? filled : parts.slice(0, 1);
  if (all.length === 1) return all[0]!;
  const side = all.reduce((sum, part) => sum + part.shape[axis]!, 0);
  const shape = all[0]!.shape.with(axis, side);
  return emit.graph.op('Concat', all, { type: all[0]!.type, shape }, { axis });
}

function split(emit: Emitter, x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  if (sizes.length === 1) return [x];
  const specs = sizes.map((size) => ({ type: x.type, shape: x.shape.with(axis, size) }));
  return emit.graph.ops('Split', [x, list(sizes)], specs, { axis });
}

/** Kernels that move numbers without changing them. */
export const shapes: Kernels = {
  Reshape: ofX<{ shape: number[] }>((emit, x, { shape }) =>
    emit.reshape(x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  ),
  ExpandDims: ofInputs<'input', { dim: number }>(({ emit, inputs: { input: x }, attrs }) => {
    const dim = attrs.dim < 0 ? x.shape.length + 1 + attrs.dim : attrs.dim;
    return emit.reshape(x, x.shape.toSpliced(dim, 0, 1));
  }),
  Transpose: ofX<{ perm: number[] }>((emit, x, { perm }) => emit.transpose(x, perm)),
  Concat: ofInputs<never, { axis: number }>(({ emit, list: parts, attrs }) =>
    concat(emit, parts, axesOf(attrs.axis, parts[0]!.shape.length)[0]!),
  ),
  SplitV: ofX<{ numOrSizeSplits: number | number[]; axis: number }>((emit, x, attrs) => {
    const axis = axesOf(attrs.axis, x.shape.length)[0]!;
    return split(emit, x, tf.backend_util.prepareSplitSize(tensorLike(x), attrs.numOrSizeSplits, axis), axis);
  }),
  Slice: ofX<{ begin: number | number[]; size: number | number[] }>((emit, x, attrs) => {
    const [begin, size] = tf.slice_util.parseSliceParams(tensorLike(x), attrs.begin, attrs.size);
    return slice(emit, x, begin!, size!);
  }),
  Pack: ofInputs<never, { axis: number }>(({ emit, list: parts, attrs }) => {
    const axis = axesOf(attrs.axis, parts[0]!.shape.length + 1)[0]!;
    const raised = parts.map((part) => emit.reshape(part, part.shape.toSpliced(axis, 0, 1)));
    return concat(emit, raised, axis);
  }),
  Unpack: ofInputs<'value', { axis: number }>(({ emit, inputs: { value }, attrs }) => {
    const axis = axesOf(attrs.axis, value.shape.length)[0]!;
    const shape = value.shape.toSpliced(axis, 1);
    const parts = split(emit, value, new Array<number>(value.shape[axis]!).fill(1), axis);
    return parts.map((part) => emit.reshape(part, shape));
  }),
  Tile: ofX<{ reps: number[] }>((emit, x, { reps }) => {
    if (reps.every((times) => times === 1)) return x;
    const shape = x.shape.map((side, i) => side * reps[i]!);
    return emit.graph.op('Tile', [x, list(reps)], { type: x.type, shape });
  }),
  BroadcastTo: ofX<{ shape: number[] }>((emit, x, { shape }) => expand(emit, x, shape)),
  PadV2: ofX<{ paddings: [number, number][]; constantValue: number }>((emit, x, { paddings, constantValue }) => {
    const shape = x.shape.map((side, i) => side + paddings[i]![0] + paddings[i]![1]);
    if (sizeOf(x.shape) === 0) return emit.graph.filled(constantValue, { type: x.type, shape });
    const [before, after] = [0, 1].map((end) => paddings.map((padding) => padding[end]!));
    return emit.graph.op('Pad', [x, list(before!, after!), emit.graph.scalar(constantValue, x.type)], {
      type: x.type,
      shape,
    });
  }),
  MirrorPad: ofX<{ paddings: [number, number][]; mode: 'reflect' | 'symmetric' }>((emit, x, { paddings, mode }) =>
    paddings.reduce((padded, padding, axis) => mirror(emit, padded, axis, padding, mode), x),
  ),
  Reverse: ofX<{ dims: number | number[] }>((emit, x, attrs) => {
    const dims = axesOf(attrs.dims, x.shape.length);
    const begin = x.shape.map((side, i) => (dims.includes(i) ? side - 1 : 0));
    const step = x.shape.map((_, i) => (dims.includes(i) ? -1 : 1));
    return slice(emit, x, begin, x.shape, step);
  }),
  StridedSlice: ofX<StridedSliceAttrs>(stridedSlice),
};

export function expand(emit: Emitter, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  return emit.graph.op('Expand', [x, list(shape)], { type: x.type, shape });
}

/** Pads one axis with its mirror image, without (reflect) or with (symmetric) the number at the border. */
function mirror(
  emit: Emitter,
  x: Value,
  axis: number,
  [before, after]: [number, number],
  mode: 'reflect' | 'symmetric',
): Value {
  if (before + after === 0) return x;
  const side = x.shape[axis]!;
  const offset = mode === 'reflect' ? 0 : 1;
  const places = Array.from({ length: before + side + after }, (_, i) => {
    const place = i - before;
    return place < 0 ? -place - offset : place >= side ? 2 * (side - 1) - place + offset : place;
  });
  const shape = x.shape.with(axis, places.length);
  return emit.graph.op('Gather', [x, list(places)], { type: x.type, shape }, { axis });
}

interface StridedSliceAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/** A slice as in NumPy. TF.js resolves the masks, negative indices and new axes. */
function stridedSlice(emit: Emitter, x: Value, attrs: StridedSliceAttrs): Value {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
  const info = tf.slice_util.sliceInfo([...x.shape], begin, end, strides, ...masks);
  const size = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
  return emit.reshape(slice(emit, x, info.begin, size, info.strides), info.finalShape);
}
