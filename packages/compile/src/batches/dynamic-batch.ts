import { CompileError, requireOptions } from '../compile-error.ts';
import type { Output, Recorded } from '../graph/graph.ts';
import { writeModel, type WriteOptions } from '../onnx/write-model.ts';
import { UnlikeGraphs, isBatch, mergeGraphs, sideOf, zip } from './merge-batches.ts';

export interface DynamicModelOptions extends Pick<WriteOptions, 'external' | 'precisionOf'> {
  /** The name of the batch dimension in the file. Default `batch`. */
  dimension?: string;
}

/** Three sizes show whether a number is a + k · batch. A model may have one of these primes; then the next ones are tried. */
const SIZES = [
  [211, 223, 227],
  [1009, 1013, 1019],
  [67, 71, 73],
];

/**
 * Writes one ONNX model for every batch size. A recorded graph has fixed shapes, so the function is recorded at several
 * batch sizes. Numbers that differ must be a + k · batch; the model computes them from the first dimension of an input. A
 * constant that repeats one number may grow with the batch, too.
 *
 * @param record returns the graph at a batch size, as `trace` or `forInference` do. The batch must be the first dimension of
 *   all inputs and results that depend on it
 * @throws CompileError when the operations depend on the batch size, or a constant has other numbers in other rows
 * @throws Error for an unknown option
 * @example
 * const model = writeDynamicModel((batch) => trace((x) => tf.softmax(x), { x: { shape: [batch, 3] } }));
 */
export function writeDynamicModel(record: (batch: number) => Recorded, options: DynamicModelOptions = {}): Uint8Array {
  requireOptions('writeDynamicModel', options, ['dimension', 'external', 'precisionOf']);
  let firstError: unknown;
  for (const batches of SIZES) {
    try {
      return write(batches.map(record), batches, options);
    } catch (error) {
      if (!(error instanceof UnlikeGraphs)) throw error;
      firstError ??= error;
    }
  }
  throw firstError;
}

function write(
  records: readonly Recorded[],
  batches: readonly number[],
  { dimension: name = 'batch', ...options }: DynamicModelOptions,
): Uint8Array {
  const merged = mergeGraphs(records, batches);
  const dynamicNames = (lists: readonly (readonly Output[])[]) =>
    zip(lists).flatMap((versions) => (startsWithBatch(versions, batches) ? versions[0]!.name : []));
  const inputs = dynamicNames(records.map(({ graph }) => graph.inputs.map((value) => ({ name: value.input!, value }))));
  const outputs = dynamicNames(records.map((recorded) => recorded.outputs));
  return writeModel(merged.graph, merged.outputs, { dynamicBatch: { name, inputs, outputs }, ...options });
}

/** Whether the batch is the first dimension of an input or result. Throws when the batch is another dimension. */
function startsWithBatch(versions: readonly Output[], batches: readonly number[]): boolean {
  const shapes = versions.map(({ value }) => value.shape);
  const sides = zip(shapes).map((numbers) => sideOf(numbers, batches));
  const growing = sides.flatMap((side, i) => (side?.each === 0 ? [] : [i]));
  if (growing.length === 0) return false;
  if (growing.length === 1 && growing[0] === 0 && sides[0] && isBatch(sides[0])) return true;
  throw new CompileError(
    `Expected the batch as the first side of "${versions[0]!.name}" alone, ` +
      `received shapes ${shapes.map((shape) => `[${shape}]`).join(', ')} ` +
      `at the batch sizes ${batches.join(', ')}. Transpose or reshape it in the function.`,
  );
}
