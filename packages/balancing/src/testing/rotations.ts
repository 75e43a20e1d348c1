/** The identity, [size, size] row-major. */
export const identity = (size: number): number[] =>
  Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));

/**
 * Converts the gradient g̃ of a head's input to the gradient of the representation, [rows × width]: g = Rᵀ g̃. Each row
 * becomes g̃ Kᵀ over the rotated features.
 */
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
