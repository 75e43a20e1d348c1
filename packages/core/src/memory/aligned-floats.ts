import { inHugePages } from '#memory';

/** Smaller arrays stay in a processor's caches, where their place doesn't matter. */
const SMALL = 2 ** 18;

/** The bytes of a page of WebAssembly memory. */
const PAGE = 65_536;

/** The bytes from the start of an ordinary array, 16 after that of a page, to the next cache line. */
const TO_LINE = 48;

/**
 * Zeros. A large array begins with a page of memory, which only a WebAssembly memory can promise, so a row of 16 values is one cache line.
 * Node's arrays begin 16 bytes later, and reading rows at random takes twice as long. Where glibc is asked for pages of 2 MB
 * (`GLIBC_TUNABLES=glibc.malloc.hugetlb=1`), which WebAssembly memories don't get, the zeros are an ordinary array.
 */
export function alignedFloats(size: number): Float32Array {
  if (size >= SMALL) {
    const bytes = size * Float32Array.BYTES_PER_ELEMENT;
    if (inHugePages()) return new Float32Array(new ArrayBuffer(bytes + TO_LINE), TO_LINE, size);
    try {
      return new Float32Array(new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) }).buffer, 0, size);
    } catch {
      // more than 4 GiB, no address space left, or no WebAssembly: an ordinary array is slower, not wrong
    }
  }
  return new Float32Array(size);
}
