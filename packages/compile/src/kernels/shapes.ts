import type { Emitter } from '../graph/emit.ts';
import type { Value } from '../graph/value.ts';
import { axesOf, withAttrs, type Kernels } from './kernel.ts';

const list = (...numbers: readonly (readonly number[])[]) => ({ int64: numbers.flat() });

/** A part of a tensor, with its begin, size and step along each axis. */
export function slice(emit: Emitter, x: Value, begin: readonly number[], size: readonly number[], step = size.map(() => 1)): Value {
  const shape = size.map((side, i) => (side === -1 ? x.shape[i]! - begin[i]! : side));
  const axes = shape.map((_, i) => i).filter((i) => shape[i] !== x.shape[i] || step[i] !== 1);
  if (axes.length === 0) return x;
  const at = (values: readonly number[]) => axes.map((axis) => values[axis]!);
  const end = shape.map((side, i) => begin[i]! + (side - 1) * step[i]! + Math.sign(step[i]!));
  // an end before the first element is −1 − side, as −1 alone would mean the last
  const ends = end.map((each, i) => (each < 0 ? each - x.shape[i]! : each));
  return emit.graph.op('Slice', [x, list(at(begin)), list(at(ends)), list(axes), list(at(step))], { type: x.type, shape });
}

export function concat(emit: Emitter, parts: readonly Value[], axis: number): Value {
  const filled = parts.filter((part) => part.shape[axis] !== 0);
  const all = filled.length > 0 ? filled : parts.slice(0, 1);
  if (all.length === 1) return all[0]!;
  const shape = all[0]!.shape.map((side, i) => (i === axis ? all.reduce((sum, part) => sum + part.shape[axis]!, 0) : side));
  return emit.graph.op('Concat', all, { type: all[0]!.type, shape }, { axis });
}

export function split(emit: Emitter, x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  if (sizes.length === 1) return [x];
  const specs = sizes.map((size) => ({ type: x.type, shape: x.shape.map((side, i) => (i === axis ? size : side)) }));
  return emit.graph.ops('Split', [x, list(sizes)], specs, { axis });
}

/** Kernels that move numbers about. */
export const shapes: Kernels = {
  Reshape: withAttrs<{ shape: number[] }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    const known = attrs.shape.reduce((product, side) => (side === -1 ? product : product * side), 1);
    const whole = x.shape.reduce((product, side) => product * side, 1);
    return emit.reshape(x, attrs.shape.map((side) => (side === -1 ? whole / known : side)));
  }),
  ExpandDims: withAttrs<{ dim: number }>(({ emit, inputs, attrs }) => {
    const x = inputs['input']!;
    const dim = attrs.dim < 0 ? x.shape.length + 1 + attrs.dim : attrs.dim;
    return emit.reshape(x, [...x.shape.slice(0, dim), 1, ...x.shape.slice(dim)]);
  }),
  Transpose: withAttrs<{ perm: number[] }>(({ emit, inputs, attrs }) => emit.transpose(inputs['x']!, attrs.perm)),
  Concat: withAttrs<{ axis: number }>(({ emit, list: parts, attrs }) =>
    concat(emit, parts, axesOf(attrs.axis, parts[0]!.shape.length)[0]!),
  ),
  SplitV: withAttrs<{ numOrSizeSplits: number | number[]; axis: number }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    const axis = axesOf(attrs.axis, x.shape.length)[0]!;
    const side = x.shape[axis]!;
    const { numOrSizeSplits: sizes } = attrs;
    if (typeof sizes === 'number') return split(emit, x, new Array<number>(sizes).fill(side / sizes), axis);
    const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
    return split(emit, x, sizes.map((size) => (size === -1 ? side - known : size)), axis);
  }),
  Slice: withAttrs<{ begin: number | number[]; size: number | number[] }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    const begin = [attrs.begin].flat();
    const size = [attrs.size].flat();
    const filled = (values: number[], rest: number) => x.shape.map((_, i) => values[i] ?? rest);
    return slice(emit, x, filled(begin, 0), filled(size, -1));
  }),
  Pack: withAttrs<{ axis: number }>(({ emit, list: parts, attrs }) => {
    const axis = axesOf(attrs.axis, parts[0]!.shape.length + 1)[0]!;
    const raised = parts.map((part) => emit.reshape(part, [...part.shape.slice(0, axis), 1, ...part.shape.slice(axis)]));
    return concat(emit, raised, axis);
  }),
  Unpack: withAttrs<{ axis: number }>(({ emit, inputs, attrs }) => {
    const value = inputs['value']!;
    const axis = axesOf(attrs.axis, value.shape.length)[0]!;
    const parts = split(emit, value, new Array<number>(value.shape[axis]!).fill(1), axis);
    return parts.map((part) => emit.reshape(part, value.shape.filter((_, i) => i !== axis)));
  }),
  Tile: withAttrs<{ reps: number[] }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    if (attrs.reps.every((times) => times === 1)) return x;
    return emit.graph.op('Tile', [x, list(attrs.reps)], { type: x.type, shape: x.shape.map((side, i) => side * attrs.reps[i]!) });
  }),
  BroadcastTo: withAttrs<{ shape: number[] }>(({ emit, inputs, attrs }) => expand(emit, inputs['x']!, attrs.shape)),
  PadV2: withAttrs<{ paddings: [number, number][]; constantValue: number }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    const shape = x.shape.map((side, i) => side + attrs.paddings[i]![0] + attrs.paddings[i]![1]);
    const pads = list(attrs.paddings.map(([before]) => before), attrs.paddings.map(([, after]) => after));
    return emit.graph.op('Pad', [x, pads, emit.graph.scalar(attrs.constantValue, x.type)], { type: x.type, shape });
  }),
  Reverse: withAttrs<{ dims: number[] }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    const dims = axesOf(attrs.dims, x.shape.length);
    const reversed = (i: number) => attrs.dims.length > 0 && dims.includes(i);
    const begin = x.shape.map((side, i) => (reversed(i) ? side - 1 : 0));
    return slice(emit, x, begin, x.shape, x.shape.map((_, i) => (reversed(i) ? -1 : 1)));
  }),
  StridedSlice: withAttrs<StridedSliceAttrs>(({ emit, inputs, attrs }) => stridedSlice(emit, inputs['x']!, attrs)),
};

export function expand(emit: Emitter, x: Value, shape: readonly number[]): Value {
  if (x.shape.join() === shape.join()) return x;
  return emit.graph.op('Expand', [x, list(shape)], { type: x.type, shape });
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

/** NumPy's slices; an ellipsis and new axes are what a tabular step doesn't use, and are refused by name. */
function stridedSlice(emit: Emitter, x: Value, attrs: StridedSliceAttrs): Value {
  if (attrs.ellipsisMask || attrs.newAxisMask) {
    throw new Error('StridedSlice with an ellipsis or a new axis is not traced: use slice, expandDims and squeeze.');
  }
  const has = (mask: number, i: number) => ((mask >> i) & 1) === 1;
  const step = x.shape.map((_, i) => attrs.strides[i] ?? 1);
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  const place = (given: number | undefined, masked: boolean, whole: number, i: number) => {
    const side = x.shape[i]!;
    if (given === undefined || masked) return whole;
    return clamp(given < 0 ? given + side : given, step[i]! > 0 ? 0 : -1, step[i]! > 0 ? side : side - 1);
  };
  const begin = x.shape.map((side, i) => place(attrs.begin[i], has(attrs.beginMask, i), step[i]! > 0 ? 0 : side - 1, i));
  const end = x.shape.map((side, i) =>
    has(attrs.shrinkAxisMask, i) ? begin[i]! + 1 : place(attrs.end[i], has(attrs.endMask, i), step[i]! > 0 ? side : -1, i),
  );
  const size = begin.map((from, i) => Math.max(0, Math.ceil((end[i]! - from) / (has(attrs.shrinkAxisMask, i) ? 1 : step[i]!))));
  const part = slice(emit, x, begin, size, step.map((each, i) => (has(attrs.shrinkAxisMask, i) ? 1 : each)));
  return emit.reshape(part, size.filter((_, i) => !has(attrs.shrinkAxisMask, i)));
}
