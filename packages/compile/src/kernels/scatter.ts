import type { Emitter } from '../graph/emit.ts';
import { uniformOf } from '../graph/graph.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import { withAttrs, type Kernels } from './kernel.ts';
import { zero } from './numbers.ts';
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
    const places = emit.reshape(sparseIndices, [rows, depth]);
    const background = expand(emit, emit.reshape(defaultValue, []), attrs.outputShape);
    return scatter(emit, background, places, expand(emit, sparseValues, [rows]));
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
    const table = emit.graph.filled(0, { type: x.type, shape: [attrs.numSegments, ...rest] });
    return scatter(emit, table, places, kept, { reduction: 'add' });
  }),
};

const atLeast = (emit: Emitter, ids: Value, least: number): Value =>
  emit.binary('GreaterOrEqual', ids, emit.graph.scalar(least, 'int32'), 'bool');

/**
 * Writes updates [rows, …] at their places [rows, depth] in a tensor, or adds them to what is there.
 *
 * ONNX Runtime's ScatterND shares the rows out among threads, which then write to the same place at once: a sum loses
 * updates, and any of several updates may win. Its ScatterElements, several times slower, goes through them in order.
 */
function scatter(
  emit: Emitter,
  into: Value,
  places: Value,
  updates: Value,
  attributes: { reduction?: 'add' } = {},
): Value {
  const rows = sizeOf(places.shape.slice(0, -1));
  const size = sizeOf(updates.shape);
  if (size === 0) return into;
  if (emit.threads === 1)
    return emit.graph.op('ScatterND', [into, emit.cast(places, 'int64'), updates], into, attributes);

  const depth = places.shape.at(-1)!;
  const width = size / rows;
  if (depth === 1 && width > 1) return scatterColumns(emit, into, places, updates, { rows, width, attributes });
  const starts = Int32Array.from(into.shape.slice(0, depth), (_, axis) => sizeOf(into.shape.slice(axis + 1)));
  const steps = emit.graph.constant(starts, { type: 'int32', shape: [1, depth] });
  const start = emit.reduce('ReduceSum', emit.binary('Mul', emit.reshape(places, [rows, depth]), steps), [1], true);
  const columns = Int32Array.from({ length: width }, (_, i) => i);
  const within = emit.graph.constant(columns, { type: 'int32', shape: [1, width] });
  const flatPlaces = emit.reshape(emit.binary('Add', start, within), [size]);
  const flat = { type: into.type, shape: [sizeOf(into.shape)] };
  const inputs = [emit.reshape(into, flat.shape), flatPlaces, emit.reshape(updates, [size])];
  return emit.reshape(emit.graph.op('ScatterElements', inputs, flat, { axis: 0, ...attributes }), into.shape);
}

/**
 * The same for whole rows of a table, turned: along the columns ScatterElements writes every update at the place itself, and
 * the two transpositions cost less than the places of all numbers would.
 */
function scatterColumns(
  emit: Emitter,
  into: Value,
  places: Value,
  updates: Value,
  { rows, width, attributes }: { rows: number; width: number; attributes: { reduction?: 'add' } },
): Value {
  const turned = (x: Value, count: number) => emit.transpose(emit.reshape(x, [count, width]), [1, 0]);
  const count = sizeOf(into.shape) / width;
  const spec = { type: into.type, shape: [width, count] };
  const uniform = uniformOf(into);
  const table = uniform === undefined ? turned(into, count) : emit.graph.filled(uniform, spec);
  const columns = expand(emit, emit.reshape(places, [1, rows]), [width, rows]);
  const result = emit.graph.op('ScatterElements', [table, columns, turned(updates, rows)], spec, {
    axis: 1,
    ...attributes,
  });
  return emit.reshape(emit.transpose(result, [1, 0]), into.shape);
}
