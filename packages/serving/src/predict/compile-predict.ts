import { defaultRuntime, type Runtime } from '@polytask/compile';
import { fail, type MultiTaskModel, type Tasks } from '@polytask/core';
import { readSnapshot } from '@polytask/graphs';
import { CompiledPredictor } from './compiled-predictor.ts';

export interface CompilePredictOptions {
  /**
   * The ONNX Runtime, with one thread. Default: onnxruntime-node in Node, or onnxruntime-web where that doesn't load and
   * outside of Node. The predictor's `runtime` and `runtimeNote` say which one it is and why.
   */
  runtime?: Runtime;
  /**
   * The batch sizes of the graphs. Other numbers of rows are divided into these sizes. Default: [1, 16, 256]. Larger batches
   * don't fit into the caches of a CPU, and aren't faster per row.
   */
  batchSizes?: readonly number[];
}

/**
 * Compiles the predictions of a model for ONNX Runtime. They are much faster than TF.js, most of all for single rows.
 *
 * Each batch size has its own graph, compiled at its first use (tens of milliseconds). Other numbers of rows are padded or
 * divided. The graphs hold the present parameters as constants. Call `refresh` after further training. Don't dispose the
 * model while you use the predictor.
 *
 * @throws PolytaskError when a batch size isn't a positive whole number
 * @throws Error when the runtime isn't installed
 * @throws CompileError at the first prediction, when the model has an operation that can't be compiled
 * @example
 * const predictor = await compilePredict(model);
 * const { income } = await predictor.predict([{ age: 41, weeks_worked: 52 }]);
 * await predictor.dispose();
 */
export async function compilePredict<T extends Tasks>(
  model: MultiTaskModel<T>,
  { runtime, batchSizes = [1, 16, 256] }: CompilePredictOptions = {},
): Promise<CompiledPredictor<T>> {
  if (
    !Array.isArray(batchSizes) ||
    batchSizes.length === 0 ||
    !batchSizes.every((size) => Number.isInteger(size) && size > 0)
  ) {
    fail({
      expected: 'one or more batch sizes above 0',
      received: JSON.stringify(batchSizes),
      mend: 'Pass batchSizes: [1, 256].',
    });
  }
  const sizes = [...new Set(batchSizes)].sort((a, b) => a - b);
  return new CompiledPredictor(model, runtime ?? (await defaultRuntime()), sizes, await readSnapshot(model));
}
