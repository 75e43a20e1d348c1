import type { HostTensor, LoadOptions, Runtime, Session } from './runtime.ts';

/** What onnxruntime-node and onnxruntime-web have in common, as far as it is used here. */
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

type Tensors = Readonly<Record<string, OnnxTensor>>;

/** What a runtime is called, and whether it fills the tensors that it is given for its outputs. */
interface About {
  readonly name: string;
  readonly threads: number;
  readonly fillsOutputs: boolean;
}

/**
 * A runtime from one of the two packages.
 *
 * @param options of a session that runs on so many threads
 */
export function onnxRuntime(
  { name, threads, fillsOutputs }: About,
  ort: OnnxRuntime,
  options: (threads: number) => object,
): Runtime {
  const known = new WeakMap<HostTensor, OnnxTensor>();
  const tensorOf = (host: HostTensor): OnnxTensor => {
    let tensor = known.get(host);
    if (!tensor) known.set(host, (tensor = new ort.Tensor(host.type, host.data, host.shape)));
    return tensor;
  };
  return {
    name,
    threads,
    async load(model, { threads: fewer = threads }: LoadOptions = {}): Promise<Session> {
      const session = await ort.InferenceSession.create(model, options(Math.min(fewer, threads)));
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
