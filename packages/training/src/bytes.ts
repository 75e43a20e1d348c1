/** Numbers as they are in binary formats: WebAssembly, protocol buffers. */
export type Bytes = readonly number[];

/** A whole number of 0 to 2³² − 1 in LEB128. */
export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

export const bytesOf = (size: number, set: (view: DataView) => void): Bytes => {
  const bytes = new Uint8Array(size);
  set(new DataView(bytes.buffer));
  return [...bytes];
};

export const float = (value: number): Bytes => bytesOf(4, (view) => view.setFloat32(0, value, true));
