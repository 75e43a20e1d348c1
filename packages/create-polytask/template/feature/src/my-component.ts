import { checks, defineFeature, numberOf } from '@polytask/core';

/**
 * Declares a column of numbers whose root enters the model: sign(x) √(|x| / largest). A missing number is 0. Replace the equation.
 *
 * @throws PolytaskError when an option is unknown; when rows are encoded, for a value that is no number
 * @example myComponent({ from: 'visits' })
 */
export const myComponent = defineFeature('my-package/my-component', {
  cell: 'number',
  fit() {
    let largest = 0;
    return {
      add: (value) => void (largest = Math.max(largest, Math.abs(Number(value)))),
      finish: () => ({ largest: largest || 1 }),
    };
  },
  fitted: { largest: checks.positive }, // the largest |x| of the training rows
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
