export const identity = (size: number): number[] =>
  Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));

/** The gradient of the representation, g = Rᵀ g̃ [rows × width], from that of a head's input. */
export function backTurned(head: readonly number[], kernel: readonly number[], width: number): Float32Array {
  const size = Math.sqrt(kernel.length);
  return Float32Array.from(head, (value, i) => {
    const [row, column] = [i - (i % width), i % width];
    if (column >= size) return value;
    return Array.from({ length: size }, (_, b) => head[row + b]! * kernel[column * size + b]!).reduce(
      (sum, each) => sum + each,
      0,
    );
  });
}
