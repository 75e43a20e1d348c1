import type { Values } from '../graph/value.ts';

/**
 * A tensor in host memory, as an input or output of a session. A runtime may cache data for this object. Use the same object
 * again while `data` is the same array, also when the numbers in `data` change. Use a new object for another array.
 */
export interface HostTensor {
  readonly type: 'float32' | 'int32' | 'bool' | 'int64';
  readonly shape: readonly number[];
  /** The numbers in row-major order. */
  readonly data: Values;
}

export interface RunOptions {
  /**
   * Tensors that the run writes outputs into, by name. The result then contains this tensor itself. A runtime that can't write
   * into existing tensors returns new tensors. The run must not read any of these arrays.
   */
  into?: Readonly<Record<string, HostTensor>>;
}

/** A loaded ONNX model. */
export interface Session {
  /**
   * Runs the model once. Where possible, the runtime reads the arrays of the feeds in place.
   *
   * @returns the outputs by name
   * @throws Error when a feed is missing, or when a tensor of `into` names no output or has another shape
   */
  run(feeds: Readonly<Record<string, HostTensor>>, options?: RunOptions): Promise<Record<string, HostTensor>>;
  release(): Promise<void>;
}

export interface LoadOptions {
  /** Fewer threads than the runtime has, for a small model. A runtime may ignore this option. */
  threads?: number;
}

/** Loads ONNX models into sessions. */
export interface Runtime {
  readonly name: string;
  /** The number of threads that run one operation. Undefined when the number is unknown. */
  readonly threads?: number;
  /** Why this runtime was taken instead of a faster one, in one line. Undefined when nothing faster was tried. */
  readonly note?: string;
  load(model: Uint8Array, options?: LoadOptions): Promise<Session>;
}
