import { checks, defineFeature, numberOf, type DeclaredFeature } from '@polytask/core';

/** A fitted feature: the largest |x| of the training rows. */
export interface MyComponentFeature {
  readonly kind: 'my-package/my-component';
  readonly largest: number;
}

/**
 * Declares a column of numbers whose root enters the model: sign(x) √(|x| / largest). A missing number is 0. Replace the equation.
 *
 * @throws PolytaskError when an option is unknown; when rows are encoded, for a value that is no number
 * @example myComponent({ from: 'visits' })
 */
export const myComponent = defineFeature<DeclaredFeature, MyComponentFeature>('my-package/my-component', {
  options: () => ({}), // options of your own
  cell: 'number',
  fit() {
    let largest = 0;
    return {
      add: (value) => void (largest = Math.max(largest, Math.abs(Number(value)))),
      finish: () => ({ kind: 'my-package/my-component', largest: largest || 1 }),
    };
  },
  fitted: () => ({ largest: checks.positive }),
  form: ({ largest }) => ({
    type: 'numbers',
    width: 1,
    write(value, to, at, name) {
      const x = numberOf(value, name); // NaN where it is missing
      to[at] = Number.isNaN(x) ? 0 : Math.sign(x) * Math.sqrt(Math.abs(x) / largest);
    },
  }),
  description: 'the root of a number',
  package: 'my-package',
});
