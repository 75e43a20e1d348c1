/** Parts of a WebAssembly binary (core specification, version 2, chapter 5), as lists of bytes. */
export type Bytes = readonly number[];

export const VALUE = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

const FUNCTION = 0x60;
const END = 0x0b;

/** A whole number of 0 to 2³² − 1 in LEB128. */
export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** A float32, little end first. */
export function float(value: number): Bytes {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((i) => bytes.getUint8(i));
}

const list = (items: readonly Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: Bytes): Bytes => [...unsigned(bytes.length), ...bytes];
const text = (value: string): Bytes => sized([...new TextEncoder().encode(value)]);
const section = (id: number, ...items: readonly Bytes[]): Bytes => [id, ...sized(list(items))];

export interface WasmFunction {
  /** Types of its parameters, which are its first locals. */
  readonly parameters: Bytes;
  /** Types of its other locals. */
  readonly locals: Bytes;
  readonly body: Bytes;
}

/** A module that imports `host.memory` and exports `run`, a function without result. */
export function wasmModule({ parameters, locals, body }: WasmFunction): Uint8Array<ArrayBuffer> {
  const code = [...list(locals.map((type) => [1, type])), ...body, END];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
    ...section(1, [FUNCTION, ...sized(parameters), 0]),
    ...section(2, [...text('host'), ...text('memory'), 2, 0, 0]), // a memory of any size
    ...section(3, [0]), // one function, of type 0
    ...section(7, [...text('run'), 0, 0]), // function 0
    ...section(10, sized(code)),
  ]);
}
