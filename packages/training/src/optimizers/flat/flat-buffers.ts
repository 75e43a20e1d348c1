import type { Coefficients } from '../optimizer.ts';

/** The names of the buffers. */
export const PARAMETER = 'parameter';
export const GRADIENT = 'gradient';
export const MEAN_SQUARE = 'mean square';
export const slotBuffer = (slot: string): string => `slot ${slot}`;

/** Buffers of the same length, by name, one after the other in the same memory. */
export interface FlatBuffers {
  readonly arrays: Readonly<Record<string, Float32Array>>;
  /** The WebAssembly memory. The offset of each array is its address. Undefined for ordinary memory. */
  readonly memory: WebAssembly.Memory | undefined;
}

/** Updates the numbers of the buffers from `from` (default 0) to `to` − 1 in place, with the coefficients of a step. */
export type Sweep = (coefficients: Coefficients, to: number, from?: number) => void;

/** The bytes of a page of WebAssembly memory. */
const PAGE = 65_536;

/** The bytes of a cache line. Buffers are aligned and padded to cache lines, so that they can be read by four numbers. */
const LINE = 64;

/** Creates buffers of zeros, in a WebAssembly memory where possible. */
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
