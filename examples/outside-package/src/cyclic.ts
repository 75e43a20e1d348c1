import { checks, defineFeature, numberOf } from '@polytask/core';

const options = {
  /** For example 24 for hours. */
  period: checks.positive,
};

/**
 * Declares a column of numbers that begin anew after a period, such as hours, as points on a circle: a sine and a cosine. So 23 o'clock is beside 0 o'clock. A missing number is the center.
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit; for a value that is no number
 * @example cyclic({ period: 24 })
 */
export const cyclic = defineFeature('outside-package/cyclic', {
  options,
  cell: 'number',
  fit: (declared) => ({ finish: () => declared }),
  declare: (fitted) => fitted,
  fitted: options,
  form: ({ period }) => ({
    type: 'numbers',
    width: 2,
    write(value, to, at, name) {
      const angle = (2 * Math.PI * numberOf(value, name)) / period; // NaN where it is missing
      to[at] = Number.isNaN(angle) ? 0 : Math.sin(angle);
      to[at + 1] = Number.isNaN(angle) ? 0 : Math.cos(angle);
    },
  }),
  description: 'a point on a circle, for numbers that begin anew after a period',
  package: 'outside-package',
  examples: [{ config: { period: 24 }, values: [0, 6, 23.5, null] }], // for the conformance test
});
