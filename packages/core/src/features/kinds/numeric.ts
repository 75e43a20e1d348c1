import { flag, listOf, number, optional, type Read } from '@polytask/components';
import { registerFeature } from '../feature-kind.ts';
import { scaledNumber } from '../scale.ts';
import { numberOf, textOf } from '../values.ts';
import { vocabularyCodes } from './ids.ts';

const ofNumeric = {
  mean: number(),
  deviation: number(),
  log: optional(flag),
  /** Adds a second input that is 1 where the value is missing. */
  indicator: optional(flag),
  /** Repeated values, each with a vector next to the number. All other values share one vector, and missing values have another. */
  repeated: optional(listOf(number())),
};

/**
 * A standardized number: (x − mean) / standard deviation, after sign(x)·log(1 + |x|) with `log`. A missing value becomes the mean.
 */
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
