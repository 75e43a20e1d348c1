import { onnxRuntime, type OnnxRuntime } from './onnxruntime.ts';
import type { Runtime } from './runtime.ts';

export interface NodeRuntimeOptions {
  /** Threads within an operation. Default 1: small models lose more by waiting than they win. */
  threads?: number;
  /** Whether waiting threads spin. Default false: on a busy machine spinning costs more than it saves. */
  spinning?: boolean;
  /** Such as `['cuda', 'cpu']` where onnxruntime-node has them. Default `['cpu']`. */
  executionProviders?: readonly string[];
}

/**
 * onnxruntime-node: the CPU kernels (and others, where they are installed) of ONNX Runtime, in this process.
 *
 * @throws Error that says what to install, when the package isn't there
 */
export async function nodeRuntime(options: NodeRuntimeOptions = {}): Promise<Runtime> {
  const { threads = 1, spinning = false, executionProviders = ['cpu'] } = options;
  let ort: OnnxRuntime;
  try {
    ort = (await import('onnxruntime-node')) as unknown as OnnxRuntime;
  } catch (error) {
    throw new Error('onnxruntime-node is not installed: npm install onnxruntime-node --onnxruntime-node-install=skip', { cause: error });
  }
  return onnxRuntime('onnxruntime-node', ort, {
    executionProviders,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' } } },
  });
}
