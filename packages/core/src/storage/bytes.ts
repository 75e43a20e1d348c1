/** How many bytes of a large file are in memory at a time. */
export const CHUNK_BYTES = 2 ** 20;

/** The bytes of arrays, one array after the other, in chunks, which are copies. @example [...chunksOf([Uint8Array.of(1, 2, 3)], 2)].length // 2 */
export function* chunksOf(
  arrays: readonly ArrayBufferView[],
  size = CHUNK_BYTES,
): Generator<Uint8Array<ArrayBuffer>, void> {
  let left = byteLengthOf(arrays);
  const nextChunk = () => new Uint8Array(Math.min(size, left));
  let [chunk, filled] = [nextChunk(), 0];
  for (const array of arrays) {
    for (let from = 0; from < array.byteLength;) {
      const count = Math.min(chunk.length - filled, array.byteLength - from);
      chunk.set(new Uint8Array(array.buffer, array.byteOffset + from, count), filled); // a view of all may be too long
      [from, filled] = [from + count, filled + count];
      if (filled < chunk.length) continue;
      yield chunk;
      left -= chunk.length;
      [chunk, filled] = [nextChunk(), 0];
    }
  }
}

export function joinBytes(arrays: readonly ArrayBufferView[]): Uint8Array<ArrayBuffer> {
  const [all = new Uint8Array()] = chunksOf(arrays, Infinity);
  return all;
}

export const byteLengthOf = (arrays: readonly ArrayBufferView[]): number =>
  arrays.reduce((total, { byteLength }) => total + byteLength, 0); // `sum` would load all of components with a page's storage
