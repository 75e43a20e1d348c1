import { defineTask, type Task } from '@polytask/core';
import { poisson } from '@polytask/core/tasks';

/** A task that predicts a number of 0 or more: one output, the logarithm of the mean. The prediction is the mean, [rows]. */
export interface MyComponentTask extends Task {
  readonly kind: 'my-package/my-component';
}

/**
 * Declares a task that predicts a number of 0 or more: the prediction is e^z of the output z. Replace label, prediction and loss by yours.
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit
 * @example myComponent({ from: 'visits' })
 */
export const myComponent = defineTask<MyComponentTask>('my-package/my-component', {
  options: () => ({}), // options of your own
  label: () => ({ type: 'number', scale: 'mean', minimum: 0 }), // the mean of the training rows divides it
  prediction: () => ({ type: 'number' }),
  loss: () => poisson(),
  losses: ['poisson', 'gamma'],
  predict: (z, { exp, minimum }) => exp(minimum(z, 40)), // beyond 40, 32 bits overflow
  start: ({ fitted }) => fitted && [0], // the output of the best constant: e⁰ times the mean
  metrics: () => ['rmse', 'mae'],
  description: 'a number of 0 or more',
  package: 'my-package',
});
