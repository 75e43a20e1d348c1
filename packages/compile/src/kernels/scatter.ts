import type { Emitter } from '../graph/emit.ts';
import { uniformOf } from '../graph/graph.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import { withAttrs, zero, type Kernels } from './kernel.ts';
import { expand } from './shapes.ts';

/** Kernels that write by index. */
export const scatters: Kernels = {
  ScatterNd: withAttrs<{ shape: number[] }>(({ emit, inputs, attrs }) => {
    const { indices, updates } = inputs as Record<'indices' | 'updates', Value>;
    const table = emit.graph.filled(0, { type: updates.type, shape: attrs.shape });
    return scatter(emit, table, indices, updates, { reduction: 'add' });
  }),
  TensorScatterUpdate: withAttrs(({ emit, inputs }) => {
    const { tensor, indices, updates } = inputs as Record<'tensor' | 'indices' | 'updates', Value>;
    return scatter(emit, tensor, indices, updates);
  }),
  SparseToDense: withAttrs<{ outputShape: number[] }>(({ emit, inputs, attrs }) => {
    const { sparseIndices, sparseValues, defaultValue } = inputs as Record<
      'sparseIndices' | 'sparseValues' | 'defaultValue',
      Value
    >;
    const [rows, depth] =
      sparseIndices.shape.length === 2 ? (sparseIndices.shape as [number, number]) : [sizeOf(sparseIndices.shape), 1];
    const positions = emit.reshape(sparseIndices, [rows, depth]);
    const background = expand(emit, emit.reshape(defaultValue, []), attrs.outputShape);
    return scatter(emit, background, positions, expand(emit, sparseValues, [rows]));
  }),
  UnsortedSegmentSum: withAttrs<{ numSegments: number }>(({ emit, inputs, attrs }) => {
    const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', Value>;
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
 * Writes updates [rows, …] into a tensor at the indices [rows, depth], or adds the updates to the tensor.
 *
 * The ScatterND of ONNX Runtime divides the rows among threads. Several threads may write to the same index at once, so a sum
 * loses updates. The ScatterElements of ONNX Runtime applies the updates in order, and is several times slower.
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

/**
 * Scatters whole rows of a table as columns of the transposed table. There, ScatterElements needs one index for each row. The
 * two transposes cost less than an index for each number.
 */
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
