import { nodeRuntime, webRuntime, type Runtime } from '@polytask/compile';
import { fail, type MultiTaskModel, type Tasks } from '@polytask/core';
import { readSnapshot } from '@polytask/graphs';
import { CompiledPredictor } from './compiled-predictor.ts';

export interface CompilePredictOptions {
  /** What runs the graphs. Default: onnxruntime-node with one thread in Node, onnxruntime-web elsewhere. */
  runtime?: Runtime;
  /**
   * The sizes for which there are graphs; other numbers of rows are put together from them. Default [1, 16, 256]: on a CPU
   * larger ones leave its caches, and are no faster a row.
   */
  batchSizes?: readonly number[];
}

const SIZES = [1, 16, 256];

/**
 * A model's predictions as graphs that ONNX Runtime runs: much faster than TF.js, above all for a row at a time. There is a
 * graph for each of a few batch sizes, made at its first use (tens of milliseconds); other numbers of rows are padded or
 * divided. The parameters are read now and are constants of the graphs, packed for the kernels; after more training, call
 * `refresh`. The model must not be disposed as long as the predictor is used.
 *
 * @throws PolytaskError when a batch size isn't a positive whole number; Error when the runtime isn't installed; at the
 *   first prediction CompileError, when the model does something that has no graph
 * @example
 * const predictor = await compilePredict(model);
 * const { income } = await predictor.predict([{ age: 41, weeks_worked: 52 }]);
 * await predictor.dispose();
 */
export async function compilePredict<T extends Tasks>(
  model: MultiTaskModel<T>,
  options: CompilePredictOptions = {},
): Promise<CompiledPredictor<T>> {
  const { batchSizes = SIZES } = options;
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
  const runtime = options.runtime ?? (await defaultRuntime());
  return new CompiledPredictor(model, runtime, sizes, await readSnapshot(model));
}

/** onnxruntime-node with one thread in Node, onnxruntime-web elsewhere. */
export const defaultRuntime = (): Promise<Runtime> => (isNode() ? nodeRuntime() : webRuntime());

function isNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}
