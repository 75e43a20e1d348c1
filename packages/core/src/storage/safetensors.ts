import { parseJson } from '../documents/parse-json.ts';
import { PolytaskError } from '../errors/errors.ts';

/** An array with its dtype and shape, as a safetensors file stores it. */
export interface NamedTensor {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

const DTYPES = { F32: 'float32', I32: 'int32' } as const;
const METADATA = '__metadata__';
const LONGEST_HEADER = 100_000_000; // the format's own limit

/**
 * Converts tensors to the bytes of a safetensors file, a format that PyTorch and JAX read too. The file has 8 bytes of
 * header length, a JSON header with the dtype, shape and offsets of each tensor, and the little-endian numbers.
 *
 * @param metadata strings to store in the header
 * @example writeSafetensors({ w: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } })
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors);
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let length = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    const offsets = [length, length + data.byteLength];
    header.push([name, { dtype: dtype === 'float32' ? 'F32' : 'I32', shape, data_offsets: offsets }]);
    length += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header))); // own keys, `__proto__` too
  const padded = Math.ceil(json.length / 8) * 8; // the numbers start aligned
  const bytes = new Uint8Array(8 + padded + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + padded);
  let at = 8 + padded;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. Every offset, shape and dtype is checked. The tensors must follow each other without overlap or
 * gap, as the format requires.
 *
 * @param name the file, as error messages name it
 * @throws PolytaskError when the file is truncated, inconsistent, or of another format
 * @example const { tensors } = readSafetensors(await readFile('weights.safetensors'), 'weights.safetensors');
 */
export function readSafetensors(
  bytes: Uint8Array,
  name = 'the file',
): { tensors: Record<string, NamedTensor>; metadata: Record<string, string> } {
  const header = readHeader(bytes, name);
  const body = bytes.subarray(header.end);
  const metadata = checkMetadata(header.json, name);
  const entries = Object.entries(header.json)
    .filter(([tensor]) => tensor !== METADATA)
    .map(([tensor, entry]) => ({ tensor, ...checkEntry(tensor, entry, name) }));
  const cut = entries.find(({ end }) => end > body.length);
  if (cut) {
    throw new PolytaskError(
      `${name} is truncated: tensor "${cut.tensor}" should end at byte ${header.end + cut.end}, ` +
        `the file has ${bytes.length}. Copy or download it again.`,
    );
  }
  checkCoverage(entries, body.length, name);
  const tensors = entries.map(({ tensor, dtype, shape, begin, end }): [string, NamedTensor] => {
    const copy = new Uint8Array(body.subarray(begin, end)).buffer; // aligned, and independent of the file's bytes
    return [tensor, { dtype, shape, data: dtype === 'float32' ? new Float32Array(copy) : new Int32Array(copy) }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

/** Checks that the tensors' bytes cover the body: no byte belongs to two tensors or to none. */
function checkCoverage(
  entries: readonly { tensor: string; begin: number; end: number }[],
  length: number,
  name: string,
) {
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

function checkMetadata(json: Record<string, unknown>, name: string): Record<string, string> {
  const metadata = Object.hasOwn(json, METADATA) ? json[METADATA] : {};
  const fits =
    typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    Object.values(metadata).every((value) => typeof value === 'string');
  if (fits) return metadata as Record<string, string>;
  throw new PolytaskError(
    `${name} has metadata that isn't strings by name. The file was changed, or written by something else.`,
  );
}

function readHeader(bytes: Uint8Array, name: string): { json: Record<string, unknown>; end: number } {
  const foreign = (why: string): never => {
    throw new PolytaskError(`${name} is not a safetensors file: ${why}. Pass the file that save() wrote.`);
  };
  if (bytes.length < 8) foreign(`it has ${bytes.length} bytes, and the header's length alone takes 8`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(LONGEST_HEADER)) foreign(`its first 8 bytes would mean a header of ${length} bytes`);
  const end = 8 + Number(length);
  if (end > bytes.length) foreign(`its header should have ${length} bytes, the file has ${bytes.length} in all`);
  let json: unknown;
  try {
    json = parseJson(bytes.subarray(8, end), 'a header');
  } catch {
    foreign('its header is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) foreign('its header is not a JSON object');
  return { json: json as Record<string, unknown>, end };
}

function checkEntry(tensor: string, entry: unknown, name: string) {
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
  return { dtype: DTYPES[dtype as keyof typeof DTYPES], shape: shape as number[], begin, end };
}
