import { defineTask } from '@polytask/core';
import { poisson } from '@polytask/core/tasks';

/**
 * Declares a task that predicts a number of 0 or more: one output z, the logarithm of the mean. The prediction is e^z, [rows]. Replace label,
 * prediction and loss by yours.
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit
 * @example myComponent({ from: 'visits' })
 */
export const myComponent = defineTask(
  'my-package/my-component',
  () => ({
    label: { type: 'number', scale: 'mean', minimum: 0 }, // the mean of the training rows divides it
    prediction: { type: 'number' },
    loss: () => poisson(),
    predict: (z, { exp, minimum }) => exp(minimum(z, 40)), // beyond 40, 32 bits overflow
    start: () => [0], // the output of the best constant: e⁰ times the mean
    metrics: ['rmse', 'mae'],
  }),
  { losses: ['poisson', 'gamma'], description: 'a number of 0 or more', package: 'my-package' },
);
