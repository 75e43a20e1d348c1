import * as tf from '@tensorflow/tfjs-core';
import type { Emitter } from '../graph/emit.ts';
import { sizeOf, type Value, uniformOf } from '../graph/graph.ts';
import { axesOf, countable, ofInputs, ofX, tensorLike, zero, type Kernels } from './kernel.ts';
import { expand } from './shapes.ts';

/** Compares each index with 0, 1, …, depth − 1: [...] → [..., depth]. */
const oneHot = (emit: Emitter, indices: Value, depth: number): Value =>
  emit.binary('Equal', emit.reshape(indices, [...indices.shape, 1]), emit.graph.int32(Array(depth).keys()), 'bool');

interface OneHotAttrs {
  depth: number;
  onValue: number;
  offValue: number;
  dtype?: 'float32' | 'int32' | 'bool';
}

interface BincountAttrs {
  size: number;
  binaryOutput?: boolean;
}

/** Kernels that read by index, return indices, or count indices. */
export const indices: Kernels = {
  GatherV2: ofInputs<'x' | 'indices', { axis: number; batchDims?: number }>(({ emit, inputs, attrs }) => {
    const { x, indices } = inputs;
    const axis = axesOf(attrs.axis, x.shape.length)[0]!;
    if (attrs.batchDims) return gatherInBatches(emit, x, indices, axis, attrs.batchDims);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return emit.graph.op('Gather', [x, indices], { type: x.type, shape }, { axis });
  }),
  GatherNd: ofInputs<'params' | 'indices'>(({ emit, inputs: { params, indices } }) => {
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return emit.graph.op('GatherND', [params, emit.cast(indices, 'int64')], { type: params.type, shape });
  }),
  OneHot: ofInputs<'indices', OneHotAttrs>(({ emit, inputs, attrs }) => {
    const { depth, onValue, offValue, dtype: type = 'int32' } = attrs;
    const hits = oneHot(emit, inputs.indices, depth); // an index outside of 0 … depth − 1 gives no 1, as in TF.js
    if (onValue === 1 && offValue === 0) return emit.cast(hits, type);
    return emit.where(hits, emit.graph.scalar(onValue, type), emit.graph.scalar(offValue, type));
  }),
  TopK: ofX<{ k: number; sorted: boolean }>((emit, x, { k, sorted }) => {
    const values = countable(emit, x);
    const shape = [...x.shape.slice(0, -1), k];
    const specs = [values.type, 'int64' as const].map((type) => ({ type, shape }));
    const attributes = { axis: -1, sorted: Number(sorted) };
    const [largest, indices] = emit.graph.ops('TopK', [values, { int64: [k] }], specs, attributes);
    return [emit.cast(largest!, x.type), emit.cast(indices!, 'int32')];
  }),
  Bincount: ofInputs<'x' | 'weights', BincountAttrs>(({ emit, inputs: { x, weights }, attrs }) =>
    bincount(emit, x, weights, attrs.size),
  ),
  DenseBincount: ofInputs<'x' | 'weights', BincountAttrs>(({ emit, inputs: { x, weights }, attrs }) => {
    // TF.js's cpu backend ignores binaryOutput for one row
    if (!attrs.binaryOutput || x.shape.length < 2) return bincount(emit, x, weights, attrs.size);
    const hits = emit.cast(oneHot(emit, x, attrs.size), 'int32');
    return emit.cast(emit.reduce('ReduceMax', hits, [x.shape.length - 1], false), weights.type);
  }),
  SearchSorted: ofInputs<'sortedSequence' | 'values', { side: 'left' | 'right' }>(({ emit, inputs, attrs }) => {
    const { sortedSequence: row, values } = inputs;
    const each = emit.reshape(values, [...values.shape, 1]);
    const all = emit.reshape(row, [row.shape[0]!, 1, row.shape[1]!]);
    const op = attrs.side === 'left' ? 'Less' : 'LessOrEqual';
    const isBefore = emit.binary(op, countable(emit, all), countable(emit, each), 'bool');
    return emit.reduce('ReduceSum', emit.cast(isBefore, 'int32'), [2], false);
  }),
  Diag: ofX((emit, x) => {
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

type SparseInputs = 'sparseIndices' | 'sparseValues' | 'defaultValue';

export const scatters: Kernels = {
  ScatterNd: ofInputs<'indices' | 'updates', { shape: number[] }>(({ emit, inputs: { indices, updates }, attrs }) => {
    const table = emit.graph.filled(0, { type: updates.type, shape: attrs.shape });
    return scatter(emit, table, indices, updates, { reduction: 'add' });
  }),
  TensorScatterUpdate: ofInputs<'tensor' | 'indices' | 'updates'>(({ emit, inputs: { tensor, indices, updates } }) =>
    scatter(emit, tensor, indices, updates),
  ),
  SparseToDense: ofInputs<SparseInputs, { outputShape: number[] }>(({ emit, inputs, attrs }) => {
    const { sparseIndices, sparseValues, defaultValue } = inputs;
    const [rows, depth] =
      sparseIndices.shape.length === 2 ? (sparseIndices.shape as [number, number]) : [sizeOf(sparseIndices.shape), 1];
    const positions = emit.reshape(sparseIndices, [rows, depth]);
    const background = expand(emit, emit.reshape(defaultValue, []), attrs.outputShape);
    return scatter(emit, background, positions, expand(emit, sparseValues, [rows]));
  }),
  UnsortedSegmentSum: ofInputs<'x' | 'segmentIds', { numSegments: number }>(({ emit, inputs, attrs }) => {
    const { x, segmentIds } = inputs;
    const rest = x.shape.slice(segmentIds.shape.length);
    const rows = sizeOf(segmentIds.shape);
    const ids = emit.reshape(segmentIds, [rows, 1]);
    const updates = emit.reshape(x, [rows, ...rest]);
    // rows with an invalid id (negative or too large) add 0 to the first segment
    const exists = emit.binary('And', atLeast(emit, ids, 0), emit.unary('Not', atLeast(emit, ids, attrs.numSegments)));
    const mask = emit.reshape(exists, [rows, ...rest.map(() => 1)]);
    const values = emit.where(mask, updates, zero(emit, x.type));
    const positions = emit.where(exists, ids, emit.graph.scalar(0, 'int32'));
    const table = emit.graph.filled(0, { type: x.type, shape: [attrs.numSegments, ...rest] });
    return scatter(emit, table, positions, values, { reduction: 'add' });
  }),
};

const atLeast = (emit: Emitter, ids: Value, least: number): Value =>
  emit.binary('GreaterOrEqual', ids, emit.graph.scalar(least, 'int32'), 'bool');

/**
 * Writes updates [rows, …] into a tensor at the indices [rows, depth], or adds them. With several threads, ScatterND loses updates of one
 * index; ScatterElements applies them in order, and is several times slower.
 */
function scatter(
  emit: Emitter,
  into: Value,
  positions: Value,
  updates: Value,
  attributes: { reduction?: 'add' } = {},
): Value {
  const rows = sizeOf(positions.shape.slice(0, -1));
  const size = sizeOf(updates.shape);
  if (size === 0) return into;
  if (emit.threads === 1)
    return emit.graph.op('ScatterND', [into, emit.cast(positions, 'int64'), updates], into, attributes);

  const depth = positions.shape.at(-1)!;
  const width = size / rows;
  if (depth === 1 && width > 1) return scatterColumns(emit, into, positions, updates, { rows, width, attributes });
  const strides = into.shape.slice(0, depth).map((_, axis) => sizeOf(into.shape.slice(axis + 1)));
  const steps = emit.graph.int32(strides, [1, depth]);
  const start = emit.reduce('ReduceSum', emit.binary('Mul', emit.reshape(positions, [rows, depth]), steps), [1], true);
  const columns = emit.graph.int32(Array(width).keys(), [1, width]);
  const flatIndices = emit.reshape(emit.binary('Add', start, columns), [size]);
  const flat = { type: into.type, shape: [sizeOf(into.shape)] };
  const inputs = [emit.reshape(into, flat.shape), flatIndices, emit.reshape(updates, [size])];
  return emit.reshape(emit.graph.op('ScatterElements', inputs, flat, { axis: 0, ...attributes }), into.shape);
}

/** Scatters rows of a table as columns of the transposed table, which needs one index for each row, and not for each number. */
function scatterColumns(
  emit: Emitter,
  into: Value,
  positions: Value,
  updates: Value,
  { rows, width, attributes }: { rows: number; width: number; attributes: { reduction?: 'add' } },
): Value {
  const transposed = (x: Value, count: number) => emit.transpose(emit.reshape(x, [count, width]), [1, 0]);
  const count = sizeOf(into.shape) / width;
  const spec = { type: into.type, shape: [width, count] };
  const uniform = uniformOf(into);
  const table = uniform === undefined ? transposed(into, count) : emit.graph.filled(uniform, spec);
  const columns = expand(emit, emit.reshape(positions, [1, rows]), [width, rows]);
  const result = emit.graph.op('ScatterElements', [table, columns, transposed(updates, rows)], spec, {
    axis: 1,
    ...attributes,
  });
  return emit.reshape(emit.transpose(result, [1, 0]), into.shape);
}
