import type { Emitter } from '../graph/emit.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import { withAttrs, type Kernels } from './kernel.ts';
import { zero } from './numbers.ts';
import { expand } from './shapes.ts';

/** Writes the updates at their places in a tensor, or adds them to what is there. */
function scatter(emit: Emitter, into: Value, places: Value, updates: Value, reduction: 'add' | 'none'): Value {
  if (sizeOf(updates.shape) === 0) return into;
  return emit.graph.op('ScatterND', [into, emit.cast(places, 'int64'), updates], into, reduction === 'add' ? { reduction } : {});
}

/** Kernels that write by index. */
export const scatters: Kernels = {
  ScatterNd: withAttrs<{ shape: number[] }>(({ emit, inputs, attrs }) => {
    const { indices, updates } = inputs as Record<'indices' | 'updates', Value>;
    return scatter(emit, emit.graph.filled(0, { type: updates.type, shape: attrs.shape }), indices, updates, 'add');
  }),
  TensorScatterUpdate: withAttrs(({ emit, inputs }) => {
    const { tensor, indices, updates } = inputs as Record<'tensor' | 'indices' | 'updates', Value>;
    return scatter(emit, tensor, indices, updates, 'none');
  }),
  SparseToDense: withAttrs<{ outputShape: number[] }>(({ emit, inputs, attrs }) => {
    const { sparseIndices, sparseValues, defaultValue } = inputs as Record<'sparseIndices' | 'sparseValues' | 'defaultValue', Value>;
    const [rows, depth] = sparseIndices.shape.length === 2 ? (sparseIndices.shape as [number, number]) : [sizeOf(sparseIndices.shape), 1];
    const places = emit.reshape(sparseIndices, [rows, depth]);
    const background = expand(emit, emit.reshape(defaultValue, []), attrs.outputShape);
    return scatter(emit, background, places, expand(emit, sparseValues, [rows]), 'none');
  }),
  UnsortedSegmentSum: withAttrs<{ numSegments: number }>(({ emit, inputs, attrs }) => {
    const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', Value>;
    const rest = x.shape.slice(segmentIds.shape.length);
    const rows = sizeOf(segmentIds.shape);
    const ids = emit.reshape(segmentIds, [rows, 1]);
    const updates = emit.reshape(x, [rows, ...rest]);
    // rows of no segment (a negative id, one that is too large) add nothing to the first
    const exists = emit.binary('And', atLeast(emit, ids, 0), emit.unary('Not', atLeast(emit, ids, attrs.numSegments)));
    const mask = emit.reshape(exists, [rows, ...rest.map(() => 1)]);
    const kept = emit.where(mask, updates, zero(emit, x.type));
    const places = emit.where(exists, ids, emit.graph.scalar(0, 'int32'));
    return scatter(emit, emit.graph.filled(0, { type: x.type, shape: [attrs.numSegments, ...rest] }), places, kept, 'add');
  }),
};

const atLeast = (emit: Emitter, ids: Value, least: number): Value =>
  emit.binary('GreaterOrEqual', ids, emit.graph.scalar(least, 'int32'), 'bool');
