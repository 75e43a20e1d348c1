import { requireOptions } from '../compile-error.ts';
import { limitOperands } from '../onnx/limit-operands.ts';
import { importPackage, inNode, keepTransposes, onnxRuntime, type OnnxRuntime } from './onnxruntime.ts';
import {
  type DefaultRuntimeOptions,
  type Runtime,
  type HostTensor,
  type Session,
  tensorDifference,
} from './runtime.ts';

export interface WebRuntimeOptions extends DefaultRuntimeOptions {
  /**
   * The execution providers in the order of preference, such as `['webgpu', 'wasm']`. Default `['wasm']`. Providers other than
   * WebAssembly need `ort`.
   */
  executionProviders?: readonly (string | { readonly name: string })[];
  /** The URL of the folder with the .wasm file, or of the file itself. Default: the folder of the package's script. */
  wasmPaths?: string | { wasm?: string | URL; mjs?: string | URL };
  /**
   * The package, for an entry other than the default: `await import('onnxruntime-web/webgpu')`. The default is
   * `onnxruntime-web/wasm` in a page or worker, which is the smallest, and `onnxruntime-web` in Node.
   */
  ort?: OnnxRuntimeWeb;
}

/** The part of onnxruntime-web that a {@link Runtime} needs. */
export interface OnnxRuntimeWeb extends OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number; wasmPaths?: WebRuntimeOptions['wasmPaths'] } };
}

/** The package, and its entry for Node. A variable, so that bundlers for browsers don't bundle this entry. */
const name: string = 'onnxruntime-web';

/** WebGPU guarantees 8 storage buffers: the inputs of an operation and its output. */
const GPU_OPERANDS = 7;

/** The number of threads of all sessions. The package reads this setting when the first model is loaded. */
let threadsOfAll: number | undefined;

/**
 * A runtime of onnxruntime-web: ONNX Runtime as WebAssembly, in browsers and in Node. The package is loaded by this call, and its
 * .wasm file by the first model.
 *
 * With another execution provider, such as WebGPU, the first run of each model is compared with WebAssembly. A difference is an
 * error, because drivers can fail silently.
 *
 * @throws Error that says how to install onnxruntime-web, when the package is missing
 * @throws Error in a page whose Content-Security-Policy forbids WebAssembly
 * @throws Error when an earlier web runtime has another number of threads
 * @throws Error in `load`, when the .wasm file isn't where the package looks for it
 * @example const runtime = await webRuntime();
 */
export async function webRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  requireOptions('webRuntime', options, ['threads', 'executionProviders', 'wasmPaths', 'ort']);
  const { threads = threadsOfAll ?? 1, executionProviders = ['wasm'], wasmPaths, ort: given } = options;
  if (threadsOfAll !== undefined && threads !== threadsOfAll) {
    throw new Error(
      `onnxruntime-web has one number of threads for all models: ${threadsOfAll} already, so it can't be ${threads}.`,
    );
  }
  needsWebAssembly();
  const ort = given ?? (await importPackage<OnnxRuntimeWeb>(name, importEntry));
  threadsOfAll = threads;
  ort.env.wasm.numThreads = threads;
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  const runtimeOn = (executionProviders: WebRuntimeOptions['executionProviders'] = ['wasm']): Runtime =>
    onnxRuntime({ name, threads, executionProviders, fillsOutputs: false }, ort, () => ({ extra: keepTransposes }));
  const wasm = runtimeOn();
  const providers = executionProviders.map((each) => (typeof each === 'string' ? each : each.name));
  const device = providers.find((each) => each !== 'wasm' && each !== 'cpu');
  if (device === undefined) return { ...wasm, load: (model) => wasm.load(model).catch(explain) };
  const runtime = runtimeOn(executionProviders);
  return {
    ...runtime,
    async load(model) {
      const file = limitOperands(model, GPU_OPERANDS);
      return checkedSession(await runtime.load(file), device, () => wasm.load(file));
    },
  };
}

/** The smallest module of WebAssembly. */
const NOTHING = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Whether WebAssembly runs here; tried once, because a browser writes each refusal to the console. */
let refusal: { readonly error: Error | undefined } | undefined;

/** Fails where nothing can be compiled to WebAssembly. ONNX Runtime would fail later, with several errors on the console. */
function needsWebAssembly(): void {
  try {
    refusal ??= { error: void new WebAssembly.Module(NOTHING) };
  } catch (cause) {
    const reason = (cause as Error).message.replace(/\.?\s*$/, '');
    const fix = "If the page has a Content-Security-Policy, add 'wasm-unsafe-eval' to its script-src";
    const error = new Error(`${name} needs WebAssembly, which is refused here (${reason}). ${fix}.`, { cause });
    refusal = { error };
  }
  if (refusal.error) throw refusal.error;
}

const importEntry = (): Promise<unknown> =>
  inNode() ? import(/* webpackIgnore: true */ /* @vite-ignore */ name) : import('onnxruntime-web/wasm');

/** Adds the remedy to the error of a .wasm file that wasn't found. */
function explain(error: unknown): never {
  const message = (error as Error).message;
  if (!message.includes('no available backend')) throw error;
  throw new Error(
    `onnxruntime-web can't start: ${message}. Serve its file ort-wasm-simd-threaded.wasm next to the script, or pass its ` +
      'URL as wasmPaths.',
    { cause: error },
  );
}

/** GPUs round float32 values differently, and some compute in float16. */
const STRICTNESS = { dtypes: true, tolerance: 1e-2 };

/** A session whose first run is compared with another session's: drivers of GPUs can fail without an error. */
function checkedSession(session: Session, name: string, load: () => Promise<Session>): Session {
  let check: Promise<string | undefined> | undefined;
  return {
    async run(feeds, options) {
      const results = await session.run(feeds, options);
      check ??= difference(results, feeds, load);
      const fault = await check;
      if (fault === undefined) return results;
      throw new Error(
        `Expected ${name} to compute what WebAssembly computes, received a difference: ${fault}. The device or its driver is ` +
          'not reliable for this model. Leave out executionProviders.',
      );
    },
    release: () => session.release(),
  };
}

type Tensors = Readonly<Record<string, HostTensor>>;

async function difference(results: Tensors, feeds: Tensors, load: () => Promise<Session>): Promise<string | undefined> {
  const other = await load();
  try {
    const expected = await other.run(feeds);
    const received = Object.keys(expected).map((each) => results[each]!);
    return tensorDifference(received, Object.values(expected), STRICTNESS);
  } finally {
    await other.release();
  }
}
