import type { Coefficients } from '../optimizer.ts';

/** Buffers of one length, by name, one after the other in one piece of memory. */
export interface FlatBuffers {
  readonly arrays: Readonly<Record<string, Float32Array>>;
  /** The memory, where it is WebAssembly's; the arrays' offsets are their addresses in it. */
  readonly memory: WebAssembly.Memory | undefined;
}

/** Updates buffers in place with the coefficients of a step. */
export type Sweep = (coefficients: Coefficients) => void;

const PAGE = 65_536;

/** Each buffer begins on a cache line of its own and has room up to the end of one, so that it can be read by fours. */
const LINE = 64;

/** Buffers of zeros: in a WebAssembly memory, or in ordinary memory where there is none of the size. */
export function flatBuffers(names: readonly string[], size: number): FlatBuffers {
  const stride = Math.ceil((size * Float32Array.BYTES_PER_ELEMENT) / LINE) * LINE;
  const memory = wasmMemory(stride * names.length);
  const bytes = memory?.buffer ?? new ArrayBuffer(stride * names.length);
  return {
    memory,
    arrays: Object.fromEntries(names.map((name, i) => [name, new Float32Array(bytes, i * stride, size)])),
  };
}

function wasmMemory(bytes: number): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  } catch {
    return undefined; // no WebAssembly, more than 4 GB, or no address space left
  }
}
