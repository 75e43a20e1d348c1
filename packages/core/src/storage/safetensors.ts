import { byteLengthOf, joinBytes } from './bytes.ts';

type Numbers = Float32Array | Int32Array;

export interface NamedTensor {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** A tensor whose numbers may be in several arrays, one after the other. */
export interface TensorParts extends Omit<NamedTensor, 'data'> {
  readonly data: Numbers | readonly Numbers[];
}

export const METADATA = '__metadata__';

/**
 * The bytes of a safetensors file, a format that PyTorch and JAX read too.
 *
 * @param metadata strings to store in the header
 * @example writeSafetensors({ w: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } })
 */
export const writeSafetensors = (
  tensors: Readonly<Record<string, TensorParts>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => joinBytes(safetensorsArrays(tensors, metadata));

/** The arrays whose bytes are a safetensors file: its header, and the numbers of the tensors themselves, not copies. */
export function safetensorsArrays(
  tensors: Readonly<Record<string, TensorParts>>,
  metadata: Readonly<Record<string, string>> = {},
): ArrayBufferView[] {
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  const numbers: Numbers[] = [];
  let length = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    const arrays = ArrayBuffer.isView(data) ? [data] : data;
    const end = length + byteLengthOf(arrays);
    header.push([name, { dtype: dtype === 'float32' ? 'F32' : 'I32', shape, data_offsets: [length, end] }]);
    for (const array of arrays) numbers.push(array);
    length = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header))); // own keys, `__proto__` too
  const head = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20); // the numbers start aligned
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  head.set(json, 8);
  return [head, ...numbers];
}
