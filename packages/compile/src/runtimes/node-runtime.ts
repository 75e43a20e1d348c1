import { missingRuntime } from './missing-runtime.ts';
import { onnxRuntime, type OnnxRuntime } from './onnxruntime.ts';
import type { Runtime } from './runtime.ts';

export interface NodeRuntimeOptions {
  /** Threads within an operation. Default 1: small models lose more by waiting than they win. */
  threads?: number;
  /**
   * How long a waiting thread looks for work before it sleeps, in microseconds; `true` is without end, `false` not at all.
   * Default 50: enough for the next operation of a graph, and too little to take a busy machine's processor from others.
   */
  spinning?: boolean | number;
  /** Such as `['cuda', 'cpu']` where onnxruntime-node has them. Default `['cpu']`. */
  executionProviders?: readonly (string | { readonly name: string })[];
}

/** Microseconds. */
const SPIN = 50;

/** A name that bundlers for browsers don't follow, as they would not get far in it. */
const PACKAGE: string = 'onnxruntime-node';

/**
 * onnxruntime-node: the CPU kernels (and others, where they are installed) of ONNX Runtime, in this process.
 *
 * @throws Error that says what to install, when the package isn't there
 * @example const runtime = await nodeRuntime({ threads: 2 });
 */
export async function nodeRuntime(options: NodeRuntimeOptions = {}): Promise<Runtime> {
  const { threads = 1, spinning = SPIN, executionProviders = ['cpu'] } = options;
  if (typeof spinning === 'number' && !(Number.isInteger(spinning) && spinning >= 0)) {
    throw new Error(
      `Expected microseconds as a whole number of 0 or more for nodeRuntime.spinning, received ${spinning}. Pass 50, or true or false.`,
    );
  }
  let ort: OnnxRuntime;
  try {
    ort = (await import(/* webpackIgnore: true */ /* @vite-ignore */ PACKAGE)) as OnnxRuntime;
  } catch (error) {
    throw missingRuntime('onnxruntime-node', error);
  }
  return onnxRuntime({ name: 'onnxruntime-node', threads, fillsOutputs: true }, ort, (intraOpNumThreads) => ({
    executionProviders,
    intraOpNumThreads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 3,
    extra: {
      session: { intra_op: spinningOptions(spinning) },
      // graphs come with their transpositions where they cost least; ONNX Runtime's pass undoes that
      optimization: { disable_specified_optimizers: 'TransposeOptimizer;TransposeOptimizer_CPUExecutionProvider' },
    },
  }));
}

const spinningOptions = (spinning: boolean | number): object => ({
  allow_spinning: spinning === false || spinning === 0 ? '0' : '1',
  ...(typeof spinning === 'number' && spinning > 0 && { spin_duration_us: String(spinning) }),
});
