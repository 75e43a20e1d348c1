import { missingRuntime } from './missing-runtime.ts';
import { onnxRuntime, type OnnxRuntime } from './onnxruntime.ts';
import type { Runtime } from './runtime.ts';

export interface NodeRuntimeOptions {
  /** Threads within an operation. Default 1: small models lose more by waiting than they win. */
  threads?: number;
  /** Whether waiting threads spin. Default false: on a busy machine spinning costs more than it saves. */
  spinning?: boolean;
  /** Such as `['cuda', 'cpu']` where onnxruntime-node has them. Default `['cpu']`. */
  executionProviders?: readonly (string | { readonly name: string })[];
}

/** A name that bundlers for browsers don't follow, as they would not get far in it. */
const PACKAGE: string = 'onnxruntime-node';

/**
 * onnxruntime-node: the CPU kernels (and others, where they are installed) of ONNX Runtime, in this process.
 *
 * @throws Error that says what to install, when the package isn't there
 * @example const runtime = await nodeRuntime({ threads: 2 });
 */
export async function nodeRuntime(options: NodeRuntimeOptions = {}): Promise<Runtime> {
  const { threads = 1, spinning = false, executionProviders = ['cpu'] } = options;
  let ort: OnnxRuntime;
  try {
    ort = (await import(/* webpackIgnore: true */ /* @vite-ignore */ PACKAGE)) as OnnxRuntime;
  } catch (error) {
    throw missingRuntime('onnxruntime-node', error);
  }
  return onnxRuntime({ name: 'onnxruntime-node', threads, fillsOutputs: true }, ort, {
    executionProviders,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 3,
    extra: {
      session: { intra_op: { allow_spinning: spinning ? '1' : '0' } },
      // graphs come with their transpositions where they cost least; ONNX Runtime's pass undoes that
      optimization: { disable_specified_optimizers: 'TransposeOptimizer;TransposeOptimizer_CPUExecutionProvider' },
    },
  });
}
