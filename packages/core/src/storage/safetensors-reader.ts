import { PolytaskError, fits, isObject, parseJson, record, string } from '@polytask/components';
import { alignedFloats } from '../memory/aligned-floats.ts';
import { type NamedTensor, METADATA } from './safetensors.ts';

export interface Safetensors {
  readonly tensors: Record<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file, and checks every offset, shape and dtype. Of a name that its header has twice, the last entry counts.
 *
 * @throws PolytaskError when the file is truncated, inconsistent, or of another format
 * @example const { tensors } = readSafetensors(await readFile('weights.safetensors'), 'weights.safetensors');
 */
export function readSafetensors(bytes: Uint8Array, name = 'the file'): Safetensors {
  const reader = new SafetensorsReader(bytes.length, name);
  reader.add(bytes);
  return reader.finish();
}

/** Reads a file part by part, straight into the arrays of its tensors: a file of some gigabytes is in memory once. */
export class SafetensorsReader {
  readonly #name: string;
  readonly #arrays: Generator<ArrayBufferView, Safetensors, void>;
  /** The array that the next bytes of the file fill, up to `#filled`; or what the file holds. */
  #current: IteratorResult<ArrayBufferView, Safetensors> | undefined;
  #filled = 0;
  #fault: unknown;

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

  /** @throws PolytaskError when the file is truncated, inconsistent, or of another format */
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
  const length = new DataView(first.buffer).getBigUint64(0, true);
  if (length > LONGEST_HEADER) foreign(name, `its first 8 bytes would mean a header of ${length} bytes`);
  if (8n + length > size) foreign(name, `its header should have ${length} bytes, the file has ${size} in all`);
  const json = new Uint8Array(Number(length));
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

const DTYPES = { F32: 'float32', I32: 'int32' } as const;
const LONGEST_HEADER = 100_000_000; // the format's own limit
const CHANGED = 'The file was changed, or written by something else.';

interface TensorEntry extends Omit<NamedTensor, 'data'> {
  readonly tensor: string;
  /** The offsets of its first byte and of the byte after its last, from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array, size: number, name: string) {
  let json: unknown;
  try {
    json = parseJson(bytes, 'a header');
  } catch {
    foreign(name, 'its header is not JSON');
  }
  if (!isObject(json)) return foreign(name, 'its header is not a JSON object');
  const { [METADATA]: metadata = {}, ...tensors } = json;
  if (!fits(record(string), metadata))
    throw new PolytaskError(`${name} has metadata that isn't strings by name. ${CHANGED}`);
  const entries = Object.entries(tensors).map(([tensor, entry]) => checkEntry(tensor, entry, name));
  const start = 8 + bytes.length;
  const cut = entries.find(({ end }) => start + end > size);
  if (cut) {
    throw new PolytaskError(
      `${name} is truncated: tensor "${cut.tensor}" should end at byte ${start + cut.end}, ` +
        `the file has ${size}. Copy or download it again.`,
    );
  }
  checkCoverage(entries, size - start, name);
  return { entries, metadata };
}

function foreign(name: string, why: string): never {
  throw new PolytaskError(`${name} is not a safetensors file: ${why}. Pass the file that save() wrote.`);
}

/** Checks that the tensors' bytes cover the body: no byte belongs to two tensors or to none. */
function checkCoverage(entries: readonly TensorEntry[], length: number, name: string) {
  const changed = 'It was cut, joined or changed after it was written: copy or download it again.';
  let at = 0;
  for (const { tensor, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      throw new PolytaskError(
        `${name}: tensor "${tensor}" starts at byte ${begin} of the numbers, not at ${at}. ${changed}`,
      );
    }
    at = end;
  }
  if (at !== length)
    throw new PolytaskError(`${name} has ${length} bytes of numbers, its header accounts for ${at}. ${changed}`);
}

function checkEntry(tensor: string, entry: unknown, name: string): TensorEntry {
  const bad = (what: string): never => {
    throw new PolytaskError(`${name}: tensor "${tensor}" ${what}. ${CHANGED}`);
  };
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPES, dtype)) {
    bad(`has dtype ${JSON.stringify(dtype)}; F32 and I32 are read here: convert it first`);
  }
  const whole = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(whole)) bad(`has shape ${JSON.stringify(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(whole) || offsets[0] > offsets[1]) {
    bad(`has data_offsets ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const size = (shape as number[]).reduce((product, side) => product * side, 1);
  if (end - begin !== size * 4)
    bad(`of shape [${shape as number[]}] takes ${size * 4} bytes, its offsets span ${end - begin}`);
  return { tensor, dtype: DTYPES[dtype as keyof typeof DTYPES], shape: shape as number[], begin, end };
}
