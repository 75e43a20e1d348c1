import { importPackage, keepTransposes, onnxRuntime, type OnnxRuntime } from './onnxruntime.ts';
import type { Runtime } from './runtime.ts';

export interface WebRuntimeOptions {
  /** The number of threads that run one operation. Default 1, as more threads need a cross-origin isolated page. */
  threads?: number;
  /** The execution providers in the order of preference, such as `['webgpu', 'wasm']`. Default `['wasm']`. */
  executionProviders?: readonly (string | { readonly name: string })[];
  /** The URL of the folder with the .wasm files. Default: the folder of the package's script. */
  wasmPaths?: string;
}

interface OnnxRuntimeWeb extends OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number; wasmPaths?: string } };
}

/** The number of threads of all sessions. The package reads this setting when the first model is loaded. */
let threadsOfAll: number | undefined;

/**
 * A runtime of onnxruntime-web: ONNX Runtime as WebAssembly, in browsers and in Node.
 *
 * @throws Error that says how to install onnxruntime-web, when the package is missing
 * @throws Error when an earlier web runtime has another number of threads
 * @example const runtime = await webRuntime();
 */
export async function webRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const { threads = threadsOfAll ?? 1, executionProviders = ['wasm'], wasmPaths } = options;
  if (threadsOfAll !== undefined && threads !== threadsOfAll) {
    throw new Error(
      `onnxruntime-web has one number of threads for all models: ${threadsOfAll} already, so it can't be ${threads}.`,
    );
  }
  const name = 'onnxruntime-web';
  const ort = await importPackage<OnnxRuntimeWeb>(name, () => import('onnxruntime-web'));
  threadsOfAll = threads;
  ort.env.wasm.numThreads = threads;
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  return onnxRuntime({ name, threads, executionProviders, fillsOutputs: false }, ort, () => ({
    extra: keepTransposes,
  }));
}
