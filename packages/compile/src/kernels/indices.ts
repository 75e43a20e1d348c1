import type { Emitter } from '../graph/emit.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import { axesOf, withAttrs, type Kernels } from './kernel.ts';
import { expand } from './shapes.ts';

/** A tensor of zeros of a shape, as a constant that is written as one number. */
const zeros = (emit: Emitter, shape: readonly number[], type: 'float32' | 'int32'): Value =>
  emit.graph.constant(type === 'float32' ? new Float32Array(sizeOf(shape)) : new Int32Array(sizeOf(shape)), { type, shape });

/** Adds the updates up at their places in a tensor. */
function scatter(emit: Emitter, into: Value, indices: Value, updates: Value, reduction: 'add' | 'none'): Value {
  return emit.graph.op('ScatterND', [into, emit.cast(indices, 'int64'), updates], into, reduction === 'add' ? { reduction } : {});
}

/** Kernels that read and write by index. */
export const indices: Kernels = {
  GatherV2: withAttrs<{ axis: number; batchDims: number }>(({ emit, inputs, attrs }) => {
    const { x, indices: places } = inputs as { x: Value; indices: Value };
    if (attrs.batchDims) throw new Error('gather with batchDims is not traced: gather from a flat tensor with offsets.');
    const axis = axesOf(attrs.axis, x.shape.length)[0]!;
    const shape = [...x.shape.slice(0, axis), ...places.shape, ...x.shape.slice(axis + 1)];
    return emit.graph.op('Gather', [x, places], { type: x.type, shape }, { axis });
  }),
  GatherNd: withAttrs(({ emit, inputs }) => {
    const { params, indices: places } = inputs as { params: Value; indices: Value };
    const depth = places.shape.at(-1)!;
    const shape = [...places.shape.slice(0, -1), ...params.shape.slice(depth)];
    return emit.graph.op('GatherND', [params, emit.cast(places, 'int64')], { type: params.type, shape });
  }),
  ScatterNd: withAttrs<{ shape: number[] }>(({ emit, inputs, attrs }) => {
    const { indices: places, updates } = inputs as { indices: Value; updates: Value };
    return scatter(emit, zeros(emit, attrs.shape, updates.type as 'float32'), places, updates, 'add');
  }),
  TensorScatterUpdate: withAttrs(({ emit, inputs }) => {
    const { tensor, indices: places, updates } = inputs as Record<'tensor' | 'indices' | 'updates', Value>;
    return scatter(emit, tensor, places, updates, 'none');
  }),
  UnsortedSegmentSum: withAttrs<{ numSegments: number }>(({ emit, inputs, attrs }) => {
    const { x, segmentIds } = inputs as { x: Value; segmentIds: Value };
    const shape = [attrs.numSegments, ...x.shape.slice(segmentIds.shape.length)];
    const rows = sizeOf(segmentIds.shape);
    const flat = emit.reshape(x, [rows, ...shape.slice(1)]);
    return scatter(emit, zeros(emit, shape, x.type as 'float32'), emit.reshape(segmentIds, [rows, 1]), flat, 'add');
  }),
  OneHot: withAttrs<{ depth: number; onValue: number; offValue: number; dtype?: 'float32' | 'int32' | 'bool' }>(({ emit, inputs, attrs }) => {
    const places = inputs['indices']!;
    const type = attrs.dtype ?? 'int32';
    const { graph } = emit;
    // compared with 0 … depth − 1, so that an index outside gives no 1, as in TF.js
    const columns = graph.constant(Int32Array.from({ length: attrs.depth }, (_, i) => i), { type: 'int32', shape: [attrs.depth] });
    const equal = emit.binary('Equal', emit.reshape(places, [...places.shape, 1]), columns, 'bool');
    if (attrs.onValue === 1 && attrs.offValue === 0) return emit.cast(equal, type);
    return emit.where(equal, graph.scalar(attrs.onValue, type), graph.scalar(attrs.offValue, type));
  }),
  TopK: withAttrs<{ k: number; sorted: boolean }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    const shape = [...x.shape.slice(0, -1), attrs.k];
    const [values, places] = emit.graph.ops('TopK', [x, { int64: [attrs.k] }], [{ type: x.type, shape }, { type: 'int64', shape }], {
      axis: -1,
      sorted: attrs.sorted ? 1 : 0,
    }) as [Value, Value];
    return [values, emit.cast(places, 'int32')];
  }),
  SparseToDense: withAttrs<{ outputShape: number[] }>(({ emit, inputs, attrs }) => {
    const { sparseIndices, sparseValues, defaultValue } = inputs as Record<'sparseIndices' | 'sparseValues' | 'defaultValue', Value>;
    const rows = sparseIndices.shape.length === 2 ? sparseIndices.shape[0]! : sizeOf(sparseIndices.shape);
    const depth = sparseIndices.shape.length === 2 ? sparseIndices.shape[1]! : 1;
    const places = emit.reshape(sparseIndices, [rows, depth]);
    const updates = expand(emit, sparseValues, [rows]);
    return scatter(emit, expand(emit, defaultValue, attrs.outputShape), places, updates, 'none');
  }),
};
