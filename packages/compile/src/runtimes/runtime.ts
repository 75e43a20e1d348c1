import type { Values } from '../graph/value.ts';

/**
 * A tensor as plain numbers, on its way into or out of a session. A runtime may keep what it makes of the object: give the
 * same one again for the same array, whatever numbers that has now, and another one for another array.
 */
export interface HostTensor {
  readonly type: 'float32' | 'int32' | 'bool' | 'int64';
  readonly shape: readonly number[];
  readonly data: Values;
}

export interface RunOptions {
  /**
   * Where to put outputs, by name. One that was put there is this very object in the result; a runtime that can't gives an
   * ordinary tensor. None of the arrays may be read by the same run.
   */
  into?: Readonly<Record<string, HostTensor>>;
}

/** A loaded ONNX model. */
export interface Session {
  /**
   * Runs it once. The arrays of the feeds are read in place where the runtime can.
   *
   * @throws Error when a feed is missing, or a tensor of `into` is no output or not of its shape
   */
  run(feeds: Readonly<Record<string, HostTensor>>, options?: RunOptions): Promise<Record<string, HostTensor>>;
  release(): Promise<void>;
}

export interface LoadOptions {
  /** Fewer threads than the runtime has, where waking them takes longer than their work. One that can't ignores it. */
  threads?: number;
}

/** Something that runs ONNX models. */
export interface Runtime {
  readonly name: string;
  /** How many threads run one operation, where that is known. */
  readonly threads?: number;
  load(model: Uint8Array, options?: LoadOptions): Promise<Session>;
}
