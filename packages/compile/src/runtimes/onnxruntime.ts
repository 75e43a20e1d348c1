import type { HostTensor, LoadOptions, Runtime, Session } from './runtime.ts';

export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OnnxTensor;
}

interface OnnxSession {
  readonly outputNames: readonly string[];
  run(feeds: Tensors, fetches: Readonly<Record<string, OnnxTensor | null>>): Promise<Tensors>;
  release(): Promise<void>;
}

interface OnnxTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** The rules place the transposes where they cost least. ONNX Runtime would move them again in this pass. */
export const keepTransposes = {
  optimization: { disable_specified_optimizers: 'TransposeOptimizer;TransposeOptimizer_CPUExecutionProvider' },
};

type Tensors = Readonly<Record<string, OnnxTensor>>;

interface PackageTraits {
  readonly name: string;
  readonly threads: number;
  readonly executionProviders: readonly (string | { readonly name: string })[];
  /** Whether a session can write its outputs into existing tensors. */
  readonly fillsOutputs: boolean;
}

/** Makes a runtime from one of the two packages. @param options further options of a session, by its threads */
export function onnxRuntime(
  { name, threads, executionProviders, fillsOutputs }: PackageTraits,
  ort: OnnxRuntime,
  options: (threads: number) => object,
): Runtime {
  const onnxTensors = new WeakMap<HostTensor, OnnxTensor>();
  const tensorOf = (host: HostTensor): OnnxTensor => {
    let tensor = onnxTensors.get(host);
    if (!tensor) onnxTensors.set(host, (tensor = new ort.Tensor(host.type, host.data, host.shape)));
    return tensor;
  };
  return {
    name,
    threads,
    async load(model, { threads: fewer = threads }: LoadOptions = {}): Promise<Session> {
      const session = await ort.InferenceSession.create(model, {
        executionProviders,
        graphOptimizationLevel: 'all',
        executionMode: 'sequential',
        logSeverityLevel: 3,
        ...options(Math.min(fewer, threads)),
      });
      return {
        async run(feeds, { into = {} } = {}) {
          const inputs: Record<string, OnnxTensor> = {};
          for (const name in feeds) inputs[name] = tensorOf(feeds[name]!);
          const fetches: Record<string, OnnxTensor | null> = {};
          for (const name of session.outputNames) fetches[name] = null;
          for (const name in into) {
            if (!Object.hasOwn(fetches, name)) {
              throw new Error(`There is no output "${name}": the model has "${session.outputNames.join('", "')}".`);
            }
            if (fillsOutputs) fetches[name] = tensorOf(into[name]!);
          }
          const outputs = await session.run(inputs, fetches);
          const results: Record<string, HostTensor> = {};
          for (const name in outputs) results[name] = fetches[name] ? into[name]! : hostOf(outputs[name]!);
          return results;
        },
        release: () => session.release(),
      };
    },
  };
}

const hostOf = ({ type, data, dims }: OnnxTensor) => ({ type, data, shape: dims }) as HostTensor;

/** Whether this is Node. In a page or worker, bundlers and the package itself need other entries. */
export const inNode = (): boolean =>
  (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined;

/** @throws Error that says how to install the package, when the import fails */
export const importPackage = <R extends OnnxRuntime>(name: string, load: () => Promise<unknown>): Promise<R> =>
  load().catch((cause: unknown) => {
    const text = String(cause instanceof Error ? cause.message.split('\n')[0] : cause);
    const reason = text.replace(/ imported from .*/, '');
    // the script of onnxruntime-node downloads files for GPUs, and the CPU kernels are inside the package
    const options = name === 'onnxruntime-node' ? '--ignore-scripts ' : '';
    throw new Error(`${name} can't be loaded: ${reason}. Install it with npm install ${options}${name}.`, { cause });
  }) as Promise<R>;
