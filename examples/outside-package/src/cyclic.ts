import { checks, defineFeature, numberOf, type DeclaredFeature } from '@polytask/core';

/** A column of numbers that begin anew after a period, such as hours. */
export interface CyclicDeclaration extends DeclaredFeature {
  readonly kind: 'outside-package/cyclic';
  /** For example 24 for hours. */
  readonly period: number;
}

/** A point on a circle: a sine and a cosine. */
export interface CyclicFeature {
  readonly kind: 'outside-package/cyclic';
  readonly period: number;
}

/**
 * Declares a column of numbers as points on a circle, so that 23 o'clock is beside 0 o'clock. A missing number is the center.
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit; for a value that is no number
 * @example cyclic({ period: 24 })
 */
export const cyclic = defineFeature<CyclicDeclaration, CyclicFeature>('outside-package/cyclic', {
  options: () => ({ period: checks.positive }),
  cell: 'number',
  fit: ({ period }) => ({ finish: () => ({ kind: 'outside-package/cyclic', period }) }),
  declare: ({ period }) => ({ period }),
  fitted: () => ({ period: checks.positive }),
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
});
