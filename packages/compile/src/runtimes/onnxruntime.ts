import type { HostTensor, Runtime, Session } from './runtime.ts';

/** What onnxruntime-node and onnxruntime-web have in common, as far as it is used here. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OnnxTensor;
}

interface OnnxSession {
  run(feeds: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

interface OnnxTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A runtime from one of the two packages, with options for its sessions. */
export function onnxRuntime(about: { name: string; threads: number }, ort: OnnxRuntime, options: object): Runtime {
  return {
    ...about,
    async load(model): Promise<Session> {
      const session = await ort.InferenceSession.create(model, options);
      return {
        async run(feeds) {
          const tensors = Object.entries(feeds).map(
            ([key, { type, data, shape }]) => [key, new ort.Tensor(type, data, shape)] as const,
          );
          const results = await session.run(Object.fromEntries(tensors));
          return Object.fromEntries(
            Object.entries(results).map(([key, { type, data, dims }]) => [
              key,
              { type, data, shape: dims } as HostTensor,
            ]),
          );
        },
        release: () => session.release(),
      };
    },
  };
}
