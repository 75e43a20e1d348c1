import type { HostTensor, TensorSpec } from '@polytask/compile';
import { fail, type Batch, type Layout } from '@polytask/core';

const PARTS = ['numeric', 'ids', 'bagIds', 'bagWeights'] as const;

/** An array of a batch that a graph reads. */
export interface PartSpec {
  readonly part: (typeof PARTS)[number];
  readonly width: number;
  readonly type: 'float32' | 'int32';
}

/** Those with columns, in the order of a graph's inputs; the others are no inputs. */
export function partsOf({ numeric, fields, slots }: Layout): PartSpec[] {
  const widths = { numeric, ids: fields, bagIds: slots, bagWeights: slots };
  return PARTS.flatMap((part): PartSpec[] => {
    const type = part === 'ids' || part === 'bagIds' ? 'int32' : 'float32';
    return widths[part] > 0 ? [{ part, width: widths[part], type }] : [];
  });
}

export const partSpecs = (parts: readonly PartSpec[], batch: number): Record<string, TensorSpec> =>
  Object.fromEntries(parts.map(({ part, width, type }) => [part, { shape: [batch, width], dtype: type }]));

/**
 * Rows `from` up to `to` of a batch as inputs of a graph of `size` rows: views of the batch's arrays where they fill the
 * graph, and copies with zeros after them where they don't.
 *
 * @throws PolytaskError when the batch has another layout
 */
export function feedsOf(
  parts: readonly PartSpec[],
  batch: Batch,
  rows: { from: number; to: number; size: number },
): Record<string, HostTensor> {
  const { from, to, size } = rows;
  const feeds: Record<string, HostTensor> = {};
  for (const { part, width, type } of parts) {
    const all = batch[part];
    if (all?.length !== batch.size * width) {
      fail({
        expected: `a batch of ${batch.size} rows with ${width} columns of ${part}`,
        received: `${all?.length ?? 'no'} numbers`,
        mend: 'Encode it with the schema of this model.',
      });
    }
    const own = all.length === size * width ? all : all.subarray(from * width, to * width);
    feeds[part] = { type, shape: [size, width], data: own.length === size * width ? own : padded(own, size * width) };
  }
  return feeds;
}

function padded(numbers: Float32Array | Int32Array, length: number): Float32Array | Int32Array {
  const data = numbers instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
  data.set(numbers);
  return data;
}
