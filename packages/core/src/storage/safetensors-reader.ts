import { PolytaskError } from '@polytask/components';
import { alignedFloats } from '../memory/aligned-floats.ts';
import { foreign, headerLength, readHeader } from './safetensors-header.ts';
import type { NamedTensor } from './safetensors.ts';

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: Record<string, NamedTensor>;
  /** The strings of the header. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file. Every offset, shape and dtype is checked. The tensors must follow each other without overlap or
 * gap, as the format requires.
 *
 * @param name the file, as error messages name it
 * @throws PolytaskError when the file is truncated, inconsistent, or of another format
 * @example const { tensors } = readSafetensors(await readFile('weights.safetensors'), 'weights.safetensors');
 */
export function readSafetensors(bytes: Uint8Array, name = 'the file'): Safetensors {
  const reader = new SafetensorsReader(bytes.length, name);
  reader.add(bytes);
  return reader.finish();
}

/**
 * Reads a safetensors file that comes part by part. Numbers go from a part into the array of their tensor, so a file of some
 * gigabytes is in memory once.
 */
export class SafetensorsReader {
  readonly #name: string;
  readonly #arrays: Generator<ArrayBufferView, Safetensors, void>;
  /** The array that the next bytes of the file fill, up to `#filled`; or what the file holds. */
  #current: IteratorResult<ArrayBufferView, Safetensors> | undefined;
  #filled = 0;
  #fault: unknown;

  /**
   * @param size the size of the file in bytes
   * @param name the file, as error messages name it
   */
  constructor(size: number, name: string) {
    this.#name = name;
    this.#arrays = arraysOf(size, name);
    this.#advance();
  }

  /** Adds the next bytes of the file. A fault of the file is an error of {@link finish}, so you can hash all bytes before. */
  add(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length && this.#current?.done === false;) {
      const array = this.#current.value;
      const count = Math.min(bytes.length - from, array.byteLength - this.#filled);
      const place = new Uint8Array(array.buffer, array.byteOffset + this.#filled, count); // a view of all may be too long
      place.set(bytes.subarray(from, from + count));
      [from, this.#filled] = [from + count, this.#filled + count];
      if (this.#filled === array.byteLength) this.#advance();
    }
  }

  #advance(): void {
    this.#filled = 0;
    try {
      do this.#current = this.#arrays.next();
      while (!this.#current.done && this.#current.value.byteLength === 0);
    } catch (error) {
      [this.#current, this.#fault] = [undefined, error];
    }
  }

  /**
   * What the file holds. Call it after the last bytes.
   *
   * @throws PolytaskError when the file is truncated, inconsistent, or of another format
   */
  finish(): Safetensors {
    if (!this.#current) throw this.#fault;
    if (this.#current.done) return this.#current.value;
    throw new PolytaskError(`${this.#name} was cut while it was read. Copy or download it again.`);
  }
}

/** The arrays that the bytes of a file fill, in their order: 8 bytes, the header, and the numbers of each tensor. */
function* arraysOf(size: number, name: string): Generator<ArrayBufferView, Safetensors, void> {
  if (size < 8) foreign(name, `it has ${size} bytes, and the header's length alone takes 8`);
  const first = new Uint8Array(8);
  yield first;
  const json = new Uint8Array(headerLength(first, size, name));
  yield json;
  const { entries, metadata } = readHeader(json, size, name);
  const tensors = entries.map(({ tensor, dtype, shape, begin, end }) => {
    const count = (end - begin) / 4;
    const data = dtype === 'float32' ? alignedFloats(count) : new Int32Array(count);
    return { name: tensor, begin, of: { dtype, shape, data } };
  });
  for (const { of } of [...tensors].sort((a, b) => a.begin - b.begin)) yield of.data;
  return { tensors: Object.fromEntries(tensors.map(({ name: own, of }) => [own, of])), metadata };
}
