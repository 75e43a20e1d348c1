import { fits, isObject, parseJson, PolytaskError, record, string } from '@polytask/components';
import { METADATA, type NamedTensor } from './safetensors.ts';

const DTYPES = { F32: 'float32', I32: 'int32' } as const;
const LONGEST_HEADER = 100_000_000; // the format's own limit

/** A tensor of a file, and where its numbers are. */
export interface TensorEntry extends Omit<NamedTensor, 'data'> {
  readonly tensor: string;
  /** The offsets of its first byte and of the byte after its last, from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the length of a file's header.
 *
 * @param first the first 8 bytes
 * @param size the size of the file
 * @param name the file, as error messages name it
 * @throws PolytaskError when the file can't have a header of this length
 */
export function headerLength(first: Uint8Array, size: number, name: string): number {
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(LONGEST_HEADER)) foreign(name, `its first 8 bytes would mean a header of ${length} bytes`);
  if (8n + length > BigInt(size)) {
    foreign(name, `its header should have ${length} bytes, the file has ${size} in all`);
  }
  return Number(length);
}

/**
 * Reads the header of a file. Every offset, shape and dtype is checked. The tensors must follow each other without overlap or
 * gap, as the format requires.
 *
 * @param bytes the JSON of the header
 * @throws PolytaskError when the header is inconsistent, or doesn't fit the size of the file
 */
export function readHeader(bytes: Uint8Array, size: number, name: string) {
  const json = objectOf(bytes, name);
  const metadata = checkMetadata(json, name);
  const entries = Object.entries(json)
    .filter(([tensor]) => tensor !== METADATA)
    .map(([tensor, entry]) => checkEntry(tensor, entry, name));
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

/** @throws PolytaskError that says why the file is of another format */
export function foreign(name: string, why: string): never {
  throw new PolytaskError(`${name} is not a safetensors file: ${why}. Pass the file that save() wrote.`);
}

function objectOf(bytes: Uint8Array, name: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = parseJson(bytes, 'a header');
  } catch {
    foreign(name, 'its header is not JSON');
  }
  return isObject(json) ? json : foreign(name, 'its header is not a JSON object');
}

/** Checks that the tensors' bytes cover the body: no byte belongs to two tensors or to none. */
function checkCoverage(entries: readonly TensorEntry[], length: number, name: string) {
  const changed = 'It was cut, joined or changed after it was written: copy or download it again.';
  const coverage = entries.reduce((sum, { begin, end }) => sum + end - begin, 0);
  if (coverage !== length) {
    throw new PolytaskError(`${name} has ${length} bytes of numbers, its header accounts for ${coverage}. ${changed}`);
  }
  let at = 0;
  for (const { tensor, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      throw new PolytaskError(
        `${name}: tensor "${tensor}" starts at byte ${begin} of the numbers, not at ${at}. ${changed}`,
      );
    }
    at = end;
  }
}

function checkMetadata(json: Readonly<Record<string, unknown>>, name: string): Record<string, string> {
  const metadata = Object.hasOwn(json, METADATA) ? json[METADATA] : {};
  if (fits(record(string), metadata)) return metadata;
  throw new PolytaskError(
    `${name} has metadata that isn't strings by name. The file was changed, or written by something else.`,
  );
}

function checkEntry(tensor: string, entry: unknown, name: string): TensorEntry {
  const bad = (what: string): never => {
    throw new PolytaskError(`${name}: tensor "${tensor}" ${what}. The file was changed, or written by something else.`);
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
