import { missingRuntime } from './missing-runtime.ts';
import { onnxRuntime, type OnnxRuntime } from './onnxruntime.ts';
import type { Runtime } from './runtime.ts';

export interface WebRuntimeOptions {
  /** Threads within an operation. Default 1: more need a page that is cross-origin isolated. */
  threads?: number;
  /** Such as `['webgpu', 'wasm']`. Default `['wasm']`. */
  executionProviders?: readonly (string | { readonly name: string })[];
  /** Where the .wasm files are, for a page that serves them itself. Default: beside the package's script. */
  wasmPaths?: string;
}

interface OnnxRuntimeWeb extends OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number; wasmPaths?: string } };
}

/** The package has one setting for all sessions, which counts when the first model is loaded. */
let threadsOfAll: number | undefined;

/**
 * onnxruntime-web: ONNX Runtime as WebAssembly, in browsers and in Node.
 *
 * @throws Error that says what to install, when the package isn't there; when an earlier web runtime has another number of threads
 * @example const runtime = await webRuntime();
 */
export async function webRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const { threads = threadsOfAll ?? 1, executionProviders = ['wasm'], wasmPaths } = options;
  if (threadsOfAll !== undefined && threads !== threadsOfAll) {
    throw new Error(
      `onnxruntime-web has one number of threads for all models: ${threadsOfAll} already, so it can't be ${threads}.`,
    );
  }
  let ort: OnnxRuntimeWeb;
  try {
    ort = (await import('onnxruntime-web')) as unknown as OnnxRuntimeWeb;
  } catch (error) {
    throw missingRuntime('onnxruntime-web', error);
  }
  threadsOfAll = threads;
  ort.env.wasm.numThreads = threads;
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  return onnxRuntime({ name: 'onnxruntime-web', threads, fillsOutputs: false }, ort, () => ({
    executionProviders,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 3,
  }));
}
