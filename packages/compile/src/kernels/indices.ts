import * as tf from '@tensorflow/tfjs-core';
import type { Emitter } from '../graph/emit.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import { axesOf, countable, tensorLike, withAttrs, zero, type Kernels } from './kernel.ts';

/** Compares each index with 0, 1, …, depth − 1: [...] → [..., depth]. */
const oneHot = (emit: Emitter, indices: Value, depth: number): Value =>
  emit.binary('Equal', emit.reshape(indices, [...indices.shape, 1]), emit.graph.int32(Array(depth).keys()), 'bool');

/** Kernels that read by index, return indices, or count indices. */
export const indices: Kernels = {
  GatherV2: withAttrs<{ axis: number; batchDims?: number }>(({ emit, inputs, attrs }) => {
    const { x, indices } = inputs as Record<'x' | 'indices', Value>;
    const axis = axesOf(attrs.axis, x.shape.length)[0]!;
    if (attrs.batchDims) return gatherInBatches(emit, x, indices, axis, attrs.batchDims);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return emit.graph.op('Gather', [x, indices], { type: x.type, shape }, { axis });
  }),
  GatherNd: withAttrs(({ emit, inputs }) => {
    const { params, indices } = inputs as Record<'params' | 'indices', Value>;
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return emit.graph.op('GatherND', [params, emit.cast(indices, 'int64')], { type: params.type, shape });
  }),
  OneHot: withAttrs<{ depth: number; onValue: number; offValue: number; dtype?: 'float32' | 'int32' | 'bool' }>(
    ({ emit, inputs, attrs }) => {
      const { depth, onValue, offValue, dtype: type = 'int32' } = attrs;
      const hits = oneHot(emit, inputs['indices']!, depth); // an index outside of 0 … depth − 1 gives no 1, as in TF.js
      if (onValue === 1 && offValue === 0) return emit.cast(hits, type);
      return emit.where(hits, emit.graph.scalar(onValue, type), emit.graph.scalar(offValue, type));
    },
  ),
  TopK: withAttrs<{ k: number; sorted: boolean }>(({ emit, inputs, attrs }) => {
    const x = countable(emit, inputs['x']!);
    const shape = [...x.shape.slice(0, -1), attrs.k];
    const specs = [
      { type: x.type, shape },
      { type: 'int64' as const, shape },
    ];
    const attributes = { axis: -1, sorted: Number(attrs.sorted) };
    const [values, indices] = emit.graph.ops('TopK', [x, { int64: [attrs.k] }], specs, attributes);
    return [emit.cast(values!, inputs['x']!.type), emit.cast(indices!, 'int32')];
  }),
  Bincount: withAttrs<{ size: number }>(({ emit, inputs, attrs }) =>
    bincount(emit, inputs['x']!, inputs['weights']!, attrs.size),
  ),
  DenseBincount: withAttrs<{ size: number; binaryOutput: boolean }>(
    ({ emit, inputs, attrs: { size, binaryOutput } }) => {
      const { x, weights } = inputs as Record<'x' | 'weights', Value>;
      // TF.js's cpu backend ignores binaryOutput for one row
      if (!binaryOutput || x.shape.length < 2) return bincount(emit, x, weights, size);
      const hits = emit.cast(oneHot(emit, x, size), 'int32');
      return emit.cast(emit.reduce('ReduceMax', hits, [x.shape.length - 1], false), weights.type);
    },
  ),
  SearchSorted: withAttrs<{ side: 'left' | 'right' }>(({ emit, inputs, attrs }) => {
    const { sortedSequence: row, values } = inputs as Record<'sortedSequence' | 'values', Value>;
    const each = emit.reshape(values, [...values.shape, 1]);
    const all = emit.reshape(row, [row.shape[0]!, 1, row.shape[1]!]);
    const op = attrs.side === 'left' ? 'Less' : 'LessOrEqual';
    const isBefore = emit.binary(op, countable(emit, all), countable(emit, each), 'bool');
    return emit.reduce('ReduceSum', emit.cast(isBefore, 'int32'), [2], false);
  }),
  Diag: withAttrs(({ emit, inputs }) => {
    const x = inputs['x']!;
    const size = sizeOf(x.shape);
    const eye = Uint8Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
    const mask = emit.graph.constant(eye, { type: 'bool', shape: [size, size] });
    const matrix = emit.where(mask, emit.reshape(x, [size, 1]), zero(emit, x.type));
    return emit.reshape(matrix, [...x.shape, ...x.shape]);
  }),
};

/** The count, or the total weight, of each of 0 … size − 1 along the last axis. Other numbers don't count. */
function bincount(emit: Emitter, x: Value, weights: Value, size: number): Value {
  const last = x.shape.length - 1;
  const hits = oneHot(emit, x, size);
  if (sizeOf(weights.shape) === 0)
    return emit.cast(emit.reduce('ReduceSum', emit.cast(hits, 'int32'), [last], false), weights.type);
  const weighed = emit.where(hits, emit.reshape(weights, [...weights.shape, 1]), zero(emit, weights.type));
  return emit.reduce('ReduceSum', weighed, [last], false);
}

/** Gathers from each part of a batch with the indices of this part. The parts become one axis, and indices get offsets. */
function gatherInBatches(emit: Emitter, x: Value, indices: Value, axis: number, batchDims: number): Value {
  const { collectGatherOpShapeInfo: infoOf } = tf.backend_util.segment_util;
  const info = infoOf(tensorLike(x), tensorLike(indices), axis, batchDims);
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
  const parts = batchSize * outerSize;
  const offsets = Array.from({ length: parts }, (_, part) => part * dimSize);
  const starts = emit.graph.int32(offsets, [batchSize, outerSize, 1]);
  const each = sizeOf(indices.shape) / batchSize;
  const flat = emit.binary('Add', emit.reshape(indices, [batchSize, 1, each]), starts);
  const spec = { type: x.type, shape: [batchSize, outerSize, each, sliceSize] };
  const rows = emit.graph.op('Gather', [emit.reshape(x, [parts * dimSize, sliceSize]), flat], spec, { axis: 0 });
  return emit.reshape(rows, outputShape);
}
