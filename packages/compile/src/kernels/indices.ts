import * as tf from '@tensorflow/tfjs';
import type { Emitter } from '../graph/emit.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import { axesOf, withAttrs, type Kernels } from './kernel.ts';
import { countable, zero } from './numbers.ts';

/** 0, 1, …, length − 1, as a constant. */
const upTo = (emit: Emitter, length: number): Value =>
  emit.graph.constant(
    Int32Array.from({ length }, (_, i) => i),
    { type: 'int32', shape: [length] },
  );

/** Whether each whole number is each of 0 … depth − 1, along a new last axis: [… , depth]. */
const oneHot = (emit: Emitter, places: Value, depth: number): Value =>
  emit.binary('Equal', emit.reshape(places, [...places.shape, 1]), upTo(emit, depth), 'bool');

/** Kernels that read by index, make indices, or count them. */
export const indices: Kernels = {
  GatherV2: withAttrs<{ axis: number; batchDims?: number }>(({ emit, inputs, attrs }) => {
    const { x, indices: places } = inputs as Record<'x' | 'indices', Value>;
    const axis = axesOf(attrs.axis, x.shape.length)[0]!;
    if (attrs.batchDims) return gatherInBatches(emit, x, places, axis, attrs.batchDims);
    const shape = [...x.shape.slice(0, axis), ...places.shape, ...x.shape.slice(axis + 1)];
    return emit.graph.op('Gather', [x, places], { type: x.type, shape }, { axis });
  }),
  GatherNd: withAttrs(({ emit, inputs }) => {
    const { params, indices: places } = inputs as Record<'params' | 'indices', Value>;
    const depth = places.shape.at(-1)!;
    const shape = [...places.shape.slice(0, -1), ...params.shape.slice(depth)];
    return emit.graph.op('GatherND', [params, emit.cast(places, 'int64')], { type: params.type, shape });
  }),
  OneHot: withAttrs<{ depth: number; onValue: number; offValue: number; dtype?: 'float32' | 'int32' | 'bool' }>(
    ({ emit, inputs, attrs }) => {
      const { depth, onValue, offValue, dtype: type = 'int32' } = attrs;
      const hits = oneHot(emit, inputs['indices']!, depth); // compared, so that an index outside gives no 1, as in TF.js
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
    const [values, places] = emit.graph.ops('TopK', [x, { int64: [attrs.k] }], specs, attributes);
    return [emit.cast(values!, inputs['x']!.type), emit.cast(places!, 'int32')];
  }),
  Bincount: withAttrs<{ size: number }>(({ emit, inputs, attrs }) =>
    bincount(emit, inputs['x']!, inputs['weights']!, attrs.size),
  ),
  DenseBincount: withAttrs<{ size: number; binaryOutput: boolean }>(
    ({ emit, inputs, attrs: { size, binaryOutput } }) => {
      const { x, weights } = inputs as Record<'x' | 'weights', Value>;
      // the cpu backend doesn't know binaryOutput of one row
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
    const before = emit.binary(op, countable(emit, all), countable(emit, each), 'bool');
    return emit.reduce('ReduceSum', emit.cast(before, 'int32'), [2], false);
  }),
};

/** How often, or with what weight, each of 0 … size − 1 stands in the last axis; other numbers don't count. */
function bincount(emit: Emitter, x: Value, weights: Value, size: number): Value {
  const last = x.shape.length - 1;
  const hits = oneHot(emit, x, size);
  if (sizeOf(weights.shape) === 0)
    return emit.cast(emit.reduce('ReduceSum', emit.cast(hits, 'int32'), [last], false), weights.type);
  const weighed = emit.where(hits, emit.reshape(weights, [...weights.shape, 1]), zero(emit, weights.type));
  return emit.reduce('ReduceSum', weighed, [last], false);
}

/** Gathers from each part of a batch with its own indices: from one flat axis, with the parts' offsets added. */
function gatherInBatches(emit: Emitter, x: Value, places: Value, axis: number, batchDims: number): Value {
  const { collectGatherOpShapeInfo: infoOf } = tf.backend_util.segment_util;
  const info = infoOf(tensorLike(x), tensorLike(places), axis, batchDims);
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
  const parts = batchSize * outerSize;
  const offsets = Int32Array.from({ length: parts }, (_, part) => part * dimSize);
  const starts = emit.graph.constant(offsets, { type: 'int32', shape: [batchSize, outerSize, 1] });
  const each = sizeOf(places.shape) / batchSize;
  const flat = emit.binary('Add', emit.reshape(places, [batchSize, 1, each]), starts);
  const spec = { type: x.type, shape: [batchSize, outerSize, each, sliceSize] };
  const rows = emit.graph.op('Gather', [emit.reshape(x, [parts * dimSize, sliceSize]), flat], spec, { axis: 0 });
  return emit.reshape(rows, outputShape);
}

const tensorLike = ({ shape }: Value) => ({ dataId: {}, shape: [...shape], dtype: 'float32' as const });
