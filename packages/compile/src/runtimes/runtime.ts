import type { Values } from '../graph/value.ts';

/** A tensor as plain numbers, on its way into or out of a session. */
export interface HostTensor {
  readonly type: 'float32' | 'int32' | 'bool' | 'int64';
  readonly shape: readonly number[];
  readonly data: Values;
}

/** A loaded ONNX model. */
export interface Session {
  /** Runs it once. The arrays of the feeds are read in place where the runtime can. */
  run(feeds: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  release(): Promise<void>;
}

/** Something that runs ONNX models. */
export interface Runtime {
  readonly name: string;
  /** How many threads run one operation, where that is known. */
  readonly threads?: number;
  load(model: Uint8Array): Promise<Session>;
}
