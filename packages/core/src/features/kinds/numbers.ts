import { flag, listOf, number, optional, type Read, shown, wholeNumber } from '@polytask/components';
import { registerFeature } from '../feature-kind.ts';
import { scaledNumber, numberOf, textOf, isFinite32, wrongValue } from '../values.ts';
import { vocabularyCodes } from './ids.ts';

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

const ofNumeric = {
  mean: number(),
  deviation: number(),
  log: optional(flag),
  /** Adds a second input that is 1 where the value is missing. */
  indicator: optional(flag),
  /** Repeated values, each with a vector next to the number. All other values share one vector, and missing values have another. */
  repeated: optional(listOf(number())),
};

/** (x − mean) / standard deviation, after sign(x)·log(1 + |x|) with `log`. A missing value becomes the mean. */
export interface NumericFeature extends Read<typeof ofNumeric> {
  readonly kind: 'numeric';
}

registerFeature('numeric', {
  fitted: ofNumeric,
  form: ({ repeated, ...scale }) => ({
    type: 'numbers',
    width: scale.indicator ? 2 : 1,
    scale,
    values: repeated && {
      type: 'id',
      codes: vocabularyCodes({ vocabulary: repeated.map((x) => String(Math.fround(x))) }),
      textOf: numberText,
    },
    write: scaledNumber(scale),
  }),
});

/** A number as a text of a vocabulary. Numbers that are equal in 32 bits are equal, as they are for an exported file. */
const numberText = (value: unknown, name: string): string | null => textOf(Math.fround(numberOf(value, name)), name);
