import type { ColumnBuilder } from './builder.ts';
import type { Vectors } from './columns.ts';
import { Growing } from './growing.ts';

/** A column with `width` numbers in each row, finite ones of 32 bits. */
export function vectorsBuilder(width: number): ColumnBuilder<Vectors> {
  const values = new Growing((length) => new Float32Array(length));
  return {
    expected: `${width} finite numbers`,
    push(value) {
      const numbers = typeof value === 'number' ? [value] : value;
      if (!isNumbers(numbers) || numbers.length !== width) return false;
      for (let i = 0; i < width; i++) if (!isFinite32(numbers[i])) return false;
      for (let i = 0; i < width; i++) values.push(numbers[i]!);
      return true;
    },
    pushText: () => false,
    finish: () => ({ width, values: values.toArray() }),
  };
}

const isFinite32 = (value: unknown): boolean => Number.isFinite(value) && Number.isFinite(Math.fround(value as number));

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
