import type { Values } from '../graph/graph.ts';

export interface Strictness {
  /** Whether the types must be equal. */
  readonly dtypes: boolean;
  /** The allowed error of float32 values, relative to the largest magnitude. */
  readonly tolerance: number;
}

/**
 * The first difference between tensors, as text; undefined when they agree. NaN equals NaN, and integers must be equal.
 *
 * @example tensorDifference([loss], [expected], { dtypes: true, tolerance: 1e-2 }) // 'tensor 0: expected 0.69 at 0, received 0'
 */
export function tensorDifference(
  received: readonly HostTensor[],
  expected: readonly HostTensor[],
  strictness: Strictness,
): string | undefined {
  if (received.length !== expected.length) return `expected ${expected.length} tensors, received ${received.length}`;
  for (const [i, tensor] of received.entries()) {
    const wrong = between(tensor, expected[i]!, strictness);
    if (wrong) return `tensor ${i}: ${wrong}`;
  }
  return undefined;
}

function between(received: HostTensor, expected: HostTensor, { dtypes, tolerance }: Strictness): string | undefined {
  if (received.shape.join() !== expected.shape.join())
    return `expected shape [${expected.shape}], received [${received.shape}]`;
  if (dtypes && received.type !== expected.type) return `expected ${expected.type}, received ${received.type}`;
  const finite = Array.from(expected.data, Math.abs).filter(Number.isFinite);
  const largest = finite.reduce((most, each) => Math.max(most, each), 0.01);
  const allowed = received.type === 'float32' && expected.type === 'float32' ? tolerance * largest : 0;
  const agrees = (a: number, b: number) =>
    a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= allowed;
  const at = expected.data.findIndex((number, i) => !agrees(received.data[i]!, number));
  if (at < 0) return undefined;
  return `expected ${expected.data[at]} at ${at}, received ${received.data[at]}`;
}

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

export interface DefaultRuntimeOptions {
  /**
   * The number of threads that run one operation. Default 1, as small models lose more time by waiting than they save. More threads of
   * WebAssembly need a cross-origin isolated page.
   */
  threads?: number;
}

/** Loads ONNX models into sessions. */
export interface Runtime {
  readonly name: string;
  /** Undefined when the number is unknown. */
  readonly threads?: number;
  /** Why this runtime was taken instead of a faster one, in one line. Undefined when nothing faster was tried. */
  readonly note?: string;
  load(model: Uint8Array, options?: LoadOptions): Promise<Session>;
}
