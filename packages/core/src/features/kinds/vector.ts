import { shown, wholeNumber, type Read } from '@polytask/components';
import { registerFeature } from '../feature-kind.ts';
import { isFinite32, wrongValue } from '../values.ts';

const ofVector = { width: wholeNumber(1) };

/** A vector of `width` numbers, used as they are. Missing values are errors. */
export interface VectorFeature extends Read<typeof ofVector> {
  readonly kind: 'vector';
}

registerFeature('vector', {
  fitted: ofVector,
  form: ({ width }) => ({
    type: 'numbers',
    width,
    write(value, to, at, name) {
      const numbers = typeof value === 'number' && width === 1 ? [value] : (value as ArrayLike<number>);
      if (numbers?.length !== width || typeof numbers === 'string') wrongValue(name, `${width} numbers`, shown(value));
      for (let i = 0; i < width; i++) {
        if (!isFinite32(numbers[i]!)) wrongValue(name, 'finite 32-bit numbers', `${numbers[i]} at place ${i}`);
        to[at + i] = numbers[i]!;
      }
    },
  }),
});
